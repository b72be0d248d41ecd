"""JSON and JSON Lines, streamed: one story a line, in both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import orjson

from dedupe.report.record import Record


def write_lines(records: Iterable[Record], stream: BinaryIO) -> None:
    """One object a line."""
    for record in records:
        stream.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def write_array(records: Iterable[Record], stream: BinaryIO) -> None:
    """One array; each object still has a line of its own, so that two exports can be compared."""
    separator = b"[\n"
    for record in records:
        stream.write(separator + orjson.dumps(record))
        separator = b",\n"
    stream.write(b"[]\n" if separator == b"[\n" else b"\n]\n")
