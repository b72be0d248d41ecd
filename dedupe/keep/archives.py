"""WARC: records byte for byte, with each archive's own description (warcinfo) before them.

Requests, revisits and what was no page are left behind. Memory holds one record.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from dedupe.crawl.files import Format, name_parts
from dedupe.crawl.warc import pages_from
from dedupe.errors import InputError
from dedupe.keep.again import Stays, changed, staying, unchanged
from dedupe.store import keeping
from dedupe.store.keeping import KeptFile

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord


def write_warc(connection: sqlite3.Connection, stays: Stays, stream: BinaryIO, compress: bool) -> None:
    """The records that stay, each a gzip member of its own where ``compress``.

    Raises:
        InputError: a document that stays is not from a WARC file, or a file has changed.
    """
    for file in keeping.files(connection):
        if not any(staying(connection, file, stays)):
            continue
        if name_parts(file.path)[0] is not Format.WARC:
            raise InputError(
                f"{file.path} holds a document to keep and is no WARC file", hint="--format jsonl, or paths"
            )
        for record in _records(connection, file, stays):
            stream.write(gzip.compress(record, mtime=0) if compress else record)


def _records(connection: sqlite3.Connection, file: KeptFile, stays: Stays) -> Iterator[bytes]:
    """A document's member is the offset of its record, as crawl.warc gives it."""
    from fastwarc.warc import WarcRecordType

    members = [member for document, member in keeping.members(connection, file.file) if stays(document)]
    with unchanged(file).open("rb") as stream:
        first = _record_at(stream, 0)
        if first is not None and first.record_type == WarcRecordType.warcinfo:
            yield _bytes(first)
        is_whole = any("." in member for member in members)
        found = _scanned(stream, set(members)) if is_whole else (_named(stream, member) for member in members)
        written = 0
        for record in found:
            if record is None:
                raise changed(file)
            yield _bytes(record)
            written += 1
        if written < len(members):
            raise changed(file)


def _named(stream: BinaryIO, member: str) -> WarcRecord | None:
    return _record_at(stream, int(member.removeprefix("#")))


def _scanned(stream: BinaryIO, members: set[str]) -> Iterator[WarcRecord]:
    """The records of an archive that was compressed as a whole, which can be read from its begin alone."""
    stream.seek(0)
    with suppress(OSError):
        for _, member, record in pages_from(stream, 0, parse_http=False):
            if member in members:
                yield record


def _record_at(stream: BinaryIO, offset: int) -> WarcRecord | None:
    from fastwarc.warc import ArchiveIterator

    stream.seek(offset)
    try:
        return next(ArchiveIterator(stream, quirks_mode=True, auto_decode="none", parse_http=False), None)
    except OSError:
        return None


def _bytes(record: WarcRecord) -> bytes:
    written = io.BytesIO()
    record.write(written)
    return written.getvalue()
