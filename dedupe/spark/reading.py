"""Parts -> parsed documents, furniture still in them."""

from __future__ import annotations

import atexit
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from dedupe import crawl, jobs, text
from dedupe.config import Config
from dedupe.crawl import Record, WorkerPool, watched
from dedupe.model import Document, Skipped
from dedupe.spark import tables
from dedupe.spark.plan import pieces_of
from dedupe.store import furniture, rows

BATCH_RECORDS = 128
BATCH_BYTES = 1 << 20  # of payload: what a worker is sent at once


class _Event(NamedTuple):
    file: int
    read: Record | Skipped


def read_parts(numbers: Iterable[pa.RecordBatch], folder: Path, config: Config) -> Iterator[pa.RecordBatch]:
    """The documents of parts, given by number, and what was left out of them: batches of PARSED."""
    for part in (number for some in numbers for number in some.column(0).to_pylist()):
        yield from tables.batches(tables.PARSED, _rows(part, folder, config))


def _rows(part: int, folder: Path, config: Config) -> Iterator[tuple[Any, ...]]:
    for number, (file, found) in enumerate(_results(_events(part, folder, config), config)):
        document = part << tables.ROW_BITS | number
        if isinstance(found, Skipped):
            nothing = [None] * (len(tables.PARSED) - 6)
            yield document, file, found.path, found.member, *nothing, found.reason, found.detail
        else:
            yield document, file, *found, None, None


def _events(part: int, folder: Path, config: Config) -> Iterator[_Event]:
    for file, piece in pieces_of(folder, part):
        for each in crawl.piece_records(piece, config.crawl):
            yield _Event(file, each)


def _results(events: Iterable[_Event], config: Config) -> Iterator[tuple[int, tuple[Any, ...] | Skipped]]:
    """What became of each record, in order, with the number of its file."""
    waiting: deque[list[_Event]] = deque()

    def sent() -> Iterator[list[Record]]:
        for batch in _batched(events):
            waiting.append(batch)
            yield [event.read for event in batch if isinstance(event.read, Record)]

    job = jobs.guarded(partial(_parsed, config=config), config)
    for results in _worker().imap(job, sent()):
        answers = iter(results)
        for file, each in waiting.popleft():
            yield file, next(answers) if isinstance(each, Record) else each


def _batched(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    batch: list[_Event] = []
    size = 0
    for event in events:
        batch.append(event)
        size += event.read.size if isinstance(event.read, Record) else 0
        if len(batch) >= BATCH_RECORDS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@cache
def _worker() -> WorkerPool:
    """A process that can be killed, beside this one, for pages that hang a parser: one for all tasks that
    Spark gives to this process. It ends when this one does, however that ends."""
    pool = WorkerPool(1).__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool


def _parsed(records: Sequence[Record], config: Config) -> list[tuple[Any, ...] | Skipped]:
    found = (crawl.parse(record, config.crawl) for record in watched(records))
    return [each if isinstance(each, Skipped) else _row(each) for each in found]


def _row(document: Document) -> tuple[Any, ...]:
    """From `path` on, in the order of PARSED."""
    columns = rows.columns_of(document)
    keys = furniture.line_key(text.line_keys(document))
    return (
        document.path, document.member, document.id, *columns, document.text,
        rows.content_of(columns, document.text.encode()), text.title_key(document), keys.tobytes(),
    )  # fmt: skip
