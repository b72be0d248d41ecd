"""CSV and TSV: a row is a document, its columns are named as JSON fields are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO, cast

from dedupe.config import CrawlConfig
from dedupe.crawl.encoding import codec_of
from dedupe.crawl.lines import is_binary_stream, utf8
from dedupe.crawl.record import Kind, Record, Source
from dedupe.model import Skipped

DELIMITERS = ("\t", ";", "|", ",")
HEAD_BYTES = 64 * 2**10


def csv_rows(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The rows behind the header, member ``#1`` for the first; a malformed row costs that row."""
    csv.field_size_limit(config.max_document_bytes)
    buffered = utf8(stream)
    if is_binary_stream(buffered):
        yield source.skipped("", "not text")
        return
    head: bytes = buffered.peek(HEAD_BYTES)[:HEAD_BYTES]  # type: ignore[attr-defined]
    with io.TextIOWrapper(cast(Any, buffered), codec_of(head), errors="replace", newline="") as lines:
        bounded = _Lines(lines, config.max_document_bytes)
        yield from _csv_rows(csv.reader(bounded, delimiter=_delimiter(head)), bounded, source)


class _Lines:
    """Lines for a reader of rows, which would else read on for as long as a row does not end."""

    def __init__(self, lines: io.TextIOWrapper, limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self.taken = 0  # characters since a row ended; to be reset by whoever sees it

    def __iter__(self) -> Iterator[str]:
        while line := self._lines.readline(self._limit + 1):
            self.taken += len(line)
            if self.taken > self._limit:
                raise csv.Error(f"a row of more than {self._limit} characters, with which reading ends")
            yield line


def _csv_rows(rows: Any, lines: _Lines, source: Source) -> Iterator[Record | Skipped]:
    """``rows`` is a :func:`csv.reader`, whose type has no public name."""
    try:
        names = next(rows, None)
    except csv.Error as error:
        yield source.skipped("", "malformed row", f"{source.path} line {rows.line_num}: {error}")
        return
    if not names:
        yield source.skipped("", "empty")
        return
    for number in count(1):
        lines.taken = 0
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield source.skipped(
                f"#{number}", "malformed row", f"{source.path} line {rows.line_num}: {error}"
            )
            continue
        if any(row):
            fields = {name: value for name, value in zip(names, row, strict=False) if value}
            yield source.record(f"#{number}", Kind.FIELDS, fields)


def _delimiter(head: bytes) -> str:
    header = head.partition(b"\n")[0].decode("utf-8", "replace")
    return max(reversed(DELIMITERS), key=header.count)
