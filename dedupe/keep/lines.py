"""JSON Lines: a line of a JSONL file as it stands there, with all its fields.

An item of a JSON array is written on one line; a document of any other file as an object of
:data:`~dedupe.keep.again.FIELDS`. Memory holds one document.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from dedupe.config import CrawlConfig
from dedupe.crawl import CrawlFile, Kind, Record, records
from dedupe.crawl.fields import load
from dedupe.crawl.files import Format, name_parts
from dedupe.keep.again import Stays, changed, own_record, staying, unchanged
from dedupe.model import Skipped
from dedupe.store import documents, keeping
from dedupe.store.keeping import KeptFile

OBJECTS = (Format.LINES, Format.JSON, Format.TAR, Format.ZIP)  # may hold JSON objects


def write_jsonl(connection: sqlite3.Connection, stays: Stays, stream: BinaryIO) -> None:
    """One line a document.

    Raises:
        InputError: a file is gone or has changed since it was indexed.
    """
    for file in keeping.files(connection):
        if name_parts(file.path)[0] in OBJECTS:
            _write_again(connection, file, stays, stream)
        else:
            for document in staying(connection, file, stays):
                stream.write(_own_line(connection, document))


def _write_again(connection: sqlite3.Connection, file: KeptFile, stays: Stays, stream: BinaryIO) -> None:
    left = sum(1 for _ in staying(connection, file, stays))
    if not left:
        return
    for document, record in _staying_records(connection, file, stays):
        line = _own_line(connection, document) if record.kind is not Kind.JSON else _line(record.payload)
        stream.write(line)
        left -= 1
    if left:
        raise changed(file)


def _staying_records(
    connection: sqlite3.Connection, file: KeptFile, stays: Stays
) -> Iterator[tuple[int, Record]]:
    found = CrawlFile(unchanged(file), file.path, file.size, file.mtime_ns)
    for record in records(found, CrawlConfig()):
        if not isinstance(record, Skipped):
            stored = documents.stored_member(connection, file.file, record.member)
            if stored is not None and stays(stored.document):
                yield stored.document, record


def _line(payload: object) -> bytes:
    """An object on one line; what stands on several, as items of an array do, is written anew."""
    assert isinstance(payload, bytes)
    text = payload.strip()
    return (orjson.dumps(load(text)) if b"\n" in text else text) + b"\n"


def _own_line(connection: sqlite3.Connection, document: int) -> bytes:
    return orjson.dumps(own_record(connection, document), option=orjson.OPT_APPEND_NEWLINE)
