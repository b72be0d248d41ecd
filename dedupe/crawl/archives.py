"""Tar and zip files: each member is read as the file it would be, without unpacking to disk."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.dates import moment, utc
from dedupe.crawl.files import Format, name_parts
from dedupe.crawl.record import Record, Source
from dedupe.crawl.streams import DAMAGE, damage, decompressed, seekable
from dedupe.model import Skipped

Split = Callable[[BinaryIO, Format | None, Source, CrawlConfig], Iterator[Record | Skipped]]
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the least a zip file can say, and what says nothing; in tar files it is 0
NESTED = frozenset((Format.TAR, Format.ZIP, Format.WACZ))  # an archive in an archive is not opened


def tar_members(
    stream: BinaryIO, source: Source, config: CrawlConfig, split: Split
) -> Iterator[Record | Skipped]:
    """The records of a tar file's members, in their order; the stream is read once."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                if not member.isfile() or _is_hidden(member.name):
                    continue
                inner = replace(
                    source,
                    member=f"{source.member}#{_name(member.name)}",
                    seen_at=moment(member.mtime) if member.mtime > 0 else source.seen_at,
                )
                file = archive.extractfile(member)
                if file is not None:
                    yield from _member(file, member.name, member.size, inner, config, split)  # type: ignore[arg-type]
    except tarfile.TarError as error:
        yield source.skipped("", "damaged", str(error))


def zip_members(
    stream: BinaryIO, source: Source, config: CrawlConfig, split: Split
) -> Iterator[Record | Skipped]:
    """The records of a zip file's members, by name."""
    try:
        with zipfile.ZipFile(seekable(stream)) as archive:
            for info in sorted(archive.infolist(), key=lambda i: i.filename):
                if info.is_dir() or _is_hidden(info.filename) or stat.S_ISLNK(info.external_attr >> 16):
                    continue
                changed = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*info.date_time)
                inner = replace(
                    source,
                    member=f"{source.member}#{_name(info.filename)}",
                    seen_at=source.seen_at if info.date_time == NO_TIME else utc(changed) or source.seen_at,
                )
                if info.file_size > 250 * max(info.compress_size, 2**18):
                    yield inner.skipped("", "decompression bomb", f"{info.file_size} bytes")
                    continue
                with archive.open(info) as file:
                    yield from _member(file, info.filename, info.compress_size, inner, config, split)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        yield source.skipped("", "damaged", str(error))


def _member(
    file: BinaryIO, name: str, size: int, source: Source, config: CrawlConfig, split: Split
) -> Iterator[Record | Skipped]:
    """The records of one member."""
    format_, compression = name_parts(name)
    if format_ is None or format_ in NESTED:
        yield source.skipped("", "unknown format", f"{name} in an archive")
        return
    try:
        stream = file if format_ is Format.WARC else decompressed(file, compression, size)
        yield from split(stream, format_, source, config)
    except DAMAGE as error:
        yield source.skipped("", *damage(error))


def _name(name: str) -> str:
    return name.removeprefix("./").replace("\\", "/").encode("utf-8", "replace").decode("utf-8")


def _is_hidden(name: str) -> bool:
    return any(
        (part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in name.split("/")
    )
