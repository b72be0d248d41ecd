"""Walking a crawl directory: which files there are, and which of them can be read.

Deterministic: the same tree gives the same files in the same order on every machine. Hidden files and
directories are left out without a word; everything else is either a :class:`CrawlFile` or a
:class:`~dedupe.model.Skipped` with its reason.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dedupe.errors import InputError
from dedupe.model import Skipped


class Format(StrEnum):
    """What a file holds, by its name."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    LINES = "json lines"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"
    WARC = "warc"
    WACZ = "wacz"
    FEED = "feed"
    MBOX = "mbox"
    TAR = "tar"
    ZIP = "zip"


_OF_FIELDS = frozenset(
    (Format.LINES, Format.JSON, Format.CSV, Format.PARQUET, Format.ARROW, Format.TAR, Format.ZIP)
)

FORMATS = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".shtml": Format.HTML,
    ".jsonl": Format.LINES,
    ".ndjson": Format.LINES,
    ".json": Format.JSON,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".warc": Format.WARC,
    ".wet": Format.WARC,
    ".wacz": Format.WACZ,
    ".rss": Format.FEED,
    ".atom": Format.FEED,
    ".xml": Format.FEED,
    ".mbox": Format.MBOX,
    ".tar": Format.TAR,
    ".zip": Format.ZIP,
}
COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst")
SHORTHANDS = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".tzst": ".tar.zst"}


@dataclass(frozen=True, slots=True)
class CrawlFile:
    """One file of a crawl. ``name`` is relative to the crawl's root, with ``/``."""

    path: Path
    name: str
    size: int  # bytes
    mtime_ns: int


def has_fields(path: str) -> bool:
    """Whether a file may hold records of named fields; an archive may hold such files."""
    return name_parts(path)[0] in _OF_FIELDS


def name_parts(name: str) -> tuple[Format | None, str]:
    """The format of a file by its name, and its compression (a suffix, or empty).

    >>> name_parts("2024/news.jsonl.gz")
    (<Format.LINES: 'json lines'>, '.gz')
    >>> name_parts("crawl.tgz")
    (<Format.TAR: 'tar'>, '.gz')
    >>> name_parts("logo.png")
    (None, '')
    """
    lower = name.rpartition("/")[2].lower()
    stem, suffix = _split(lower)
    if suffix in SHORTHANDS:
        stem, suffix = _split(stem + SHORTHANDS[suffix])
    if suffix not in COMPRESSIONS:
        return FORMATS.get(suffix), ""
    return FORMATS.get(_split(stem)[1]), suffix


def stem_of(name: str) -> str:
    """The file's own name without the suffixes that say what it is.

    >>> stem_of("2024/news.jsonl.gz"), stem_of("story.final.txt")
    ('news', 'story.final')
    """
    stem, suffix = _split(name.rpartition("/")[2])
    return _split(stem)[0] if suffix.lower() in COMPRESSIONS else stem


def _split(name: str) -> tuple[str, str]:
    """``a.b.txt`` -> ``a.b``, ``.txt``; many times faster than a path object."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem else (name, "")


def walk(paths: Sequence[Path]) -> Iterator[CrawlFile | Skipped]:
    """The files below ``paths``, sorted by name within each directory.

    A directory given is a crawl root; a file given is a crawl of one file. Links are followed, and
    each directory is read once, so a link back to an ancestor ends there.

    Raises:
        InputError: a path is not there.
    """
    require(paths)
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_dir():
            yield from _walk_directory(path.absolute(), "", seen)
        else:
            yield _file(path.absolute(), path.name)


def require(paths: Iterable[Path]) -> None:
    """
    Raises:
        InputError: a path is not there.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"no such file or directory: {path}", hint="check the path you gave")


def root_of(path: Path) -> Path:
    """The crawl directory that names below ``path`` are relative to."""
    return (path if path.is_dir() else path.parent).absolute()


def _walk_directory(
    directory: Path, prefix: str, seen: set[tuple[int, int]]
) -> Iterator[CrawlFile | Skipped]:
    """Every directory is entered once, so loops of links end and no file is read twice.

    A stack, not recursion: a tree may be deeper than Python's stack.
    """
    stack = [_Pending(directory, prefix, is_directory=True)]
    while stack:
        pending = stack.pop()
        if not pending.is_directory:
            yield _file(pending.path, pending.name)
            continue
        try:
            status = pending.path.stat()
            identity = (status.st_dev, status.st_ino)
            if identity in seen:
                continue
            seen.add(identity)
            stack.extend(_children(pending))
        except OSError as error:
            yield Skipped(pending.name or pending.path.name, "", "unreadable", _reason(error))


@dataclass(frozen=True, slots=True)
class _Pending:
    path: Path
    name: str
    is_directory: bool


def _children(parent: _Pending) -> list[_Pending]:
    """In reverse order, since they go on a stack."""
    prefix = f"{parent.name}/" if parent.name else ""
    with os.scandir(parent.path) as entries:
        visible = sorted(
            (e for e in entries if not e.name.startswith(".")), key=lambda e: e.name, reverse=True
        )
    return [_Pending(Path(e.path), _printable(prefix + e.name), e.is_dir()) for e in visible]


def _file(path: Path, name: str) -> CrawlFile | Skipped:
    if name_parts(name)[0] is None:
        return Skipped(name, "", "unknown format", Path(name).suffix or "no suffix")
    try:
        status = path.stat()
    except OSError as error:
        return Skipped(name, "", "unreadable", _reason(error))
    if not stat.S_ISREG(status.st_mode):
        return Skipped(name, "", "not a regular file")
    if status.st_size == 0:
        return Skipped(name, "", "empty")
    return CrawlFile(path, name, status.st_size, status.st_mtime_ns)


def _printable(name: str) -> str:
    """A name whose bytes are no UTF-8 still has to be stored and printed."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
