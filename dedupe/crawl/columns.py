"""Parquet and Arrow: a row is a document. Read in a process of its own.

A few hundred bytes of these formats may stand for terabytes: pages, dictionaries and buffers are
compressed, one value may be said to stand in any number of rows, one list to hold any number of items, and
no figure that a file gives of itself need be true. So they are decoded by a process whose memory and time
are bounded, and what it hands over is counted against a budget, as what comes out of a compressed file is.
A reader that came to the end of its file and did not grow is kept for the next one.
"""

from __future__ import annotations

import atexit
import io
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.record import Kind, Record, Source
from dedupe.crawl.serving import bound_memory, peak_memory
from dedupe.crawl.streams import BUFFER, DAMAGE, Budget, budget_of, damage
from dedupe.crawl.workers import Job, WorkerPool
from dedupe.model import Skipped

ROWS = 256  # at once
ROW_BYTES = 1024  # that a row counts at least: a file of some bytes may claim a billion rows of nothing
PART_BYTES = 1 << 20  # that is handed over at once, or one row
BATCH_BYTES = 64 << 20  # that rows are decoded together
MEMORY = 640 << 20  # bytes: with the interpreter and what it loads the process stays below a gigabyte
SECONDS = 60.0  # for a part; the first one loads pyarrow
_HEAD = struct.Struct("<ii")  # of a stream: -1 and a length, or (before Arrow 0.15) only the length


@dataclass(frozen=True, slots=True)
class Columns:
    """A file of columns: Parquet, or else Arrow."""

    path: Path
    is_parquet: bool
    source: Source
    config: CrawlConfig


@dataclass(frozen=True, slots=True)
class _Ask:
    """For part ``number`` of a file; parts are asked for in order."""

    file: Columns
    number: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows, and what they count. Behind the last part there is nothing; after it the reader may be kept."""

    rows: list[Record | Skipped]
    size: int
    is_last: bool
    is_lean: bool


def parquet_rows(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The rows of a Parquet file, member ``#1`` for the first."""
    return _bounded(stream, True, source, config)


def arrow_rows(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The rows of an Arrow file or stream, member ``#1`` for the first."""
    return _bounded(stream, False, source, config)


def _bounded(
    stream: BinaryIO, is_parquet: bool, source: Source, config: CrawlConfig
) -> Iterator[Record | Skipped]:
    """
    Raises:
        BombError: the file gives more than its size can honestly hold.
    """
    if find_spec("pyarrow") is None:
        hint = "pip install 'dedupe-news[parquet]' to read Parquet and Arrow"
        yield source.skipped("", "missing extra", hint)
        return
    with _on_disk(stream) as (path, budget):
        for part in _parts(Columns(path, is_parquet, source, config)):
            budget.take(part.size)
            yield from part.rows


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[tuple[Path, Budget]]:
    """The file that another process can open, a copy unless the stream is one, and what may come out."""
    raw = getattr(stream, "raw", None)
    if isinstance(raw, io.FileIO) and not isinstance(raw.name, int):
        path = Path(os.fsdecode(raw.name)).absolute()
        yield path, budget_of(stream)
        return
    with tempfile.TemporaryDirectory(prefix="dedupe-") as folder:
        path = Path(folder) / "columns"
        with path.open("wb") as copy:
            while chunk := stream.read(BUFFER):
                copy.write(chunk)
        yield path, getattr(raw, "budget", None) or Budget(path.stat().st_size)


_kept: list[WorkerPool] = []  # readers that wait for the next file


def _parts(file: Columns) -> Iterator[_Part]:
    """The parts of a file. Whoever does not take all of them ends the reader."""
    pool = _kept.pop() if _kept else WorkerPool(1).__enter__()
    is_done = False
    try:
        for (part,) in pool.imap(_JOB, ([_Ask(file, number)] for number in count())):
            if part.is_last:
                is_done = part.is_lean
                yield part
                return
            yield part
    finally:
        if is_done:
            _kept.append(pool)
        else:
            pool.__exit__(None, None, None)


@atexit.register
def end_readers() -> None:
    """End the readers that wait."""
    while _kept:
        _kept.pop().__exit__(None, None, None)


def _blamed(ask: _Ask, reason: str, detail: str) -> _Part:
    return _Part([ask.file.source.skipped("", reason, detail)], 0, is_last=True, is_lean=False)


# In the reader: the rows that are left of the file it reads.
_left: list[Iterator[Record | Skipped]] = []


def _answer(asks: Sequence[_Ask]) -> list[_Part]:
    """The next part of the file for each of ``asks``; nothing where it has none left."""
    return [_next_part(ask) for ask in asks]


def _at_most(ask: _Ask) -> int:
    """Bytes of a part: of one row, where rows are large."""
    return max(PART_BYTES, ask.file.config.max_document_bytes)


_JOB = Job(_answer, _blamed, SECONDS, weigh=_at_most)


def _next_part(ask: _Ask) -> _Part:
    if ask.number == 0:
        bound_memory(MEMORY)
        _left[:] = [rows(ask.file)]
    found: list[Record | Skipped] = []
    size, is_last = 0, True
    for row in _left[0] if _left else ():
        found.append(row)
        size += max(ROW_BYTES, size_of(row.payload)) if isinstance(row, Record) else ROW_BYTES
        if size >= PART_BYTES:
            is_last = False
            break
    if is_last:
        _left.clear()
    return _Part(found, size, is_last, is_lean=2 * peak_memory() < MEMORY)


def rows(file: Columns) -> Iterator[Record | Skipped]:
    """The rows of a file, decoded in this process, whatever that takes."""
    from pyarrow import ArrowException

    try:
        yield from _rows(parquet_batches(file.path) if file.is_parquet else _arrow(file.path), file)
    except MemoryError:  # pyarrow's too
        told = f"a part of it takes more than {MEMORY >> 20} MiB of memory"
        yield file.source.skipped("", "too large", told)
    except (ArrowException, UnicodeDecodeError) as error:  # the latter for names of columns
        yield file.source.skipped("", "damaged", str(error).partition("\n")[0][:200])
    except DAMAGE as error:
        yield file.source.skipped("", *damage(error))


def parquet_batches(path: Path) -> Iterator[Any]:
    """The rows of a Parquet file, ROWS or some BATCH_BYTES at once, decoded in this process."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, buffer_size=BUFFER, pre_buffer=False) as file:
        groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
        row = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=0)
        size = min(ROWS, max(1, BATCH_BYTES // max(1, row)))
        yield from file.iter_batches(batch_size=size, use_threads=False)


def _arrow(path: Path) -> Iterator[Any]:
    from pyarrow import ArrowInvalid, OSFile, ipc

    with OSFile(str(path)) as file:
        options = ipc.IpcReadOptions(use_threads=False)
        try:
            opened = ipc.open_file(file, options=options)
            batches: Iterable[Any] = map(opened.get_batch, range(opened.num_record_batches))
        except ArrowInvalid:
            file.seek(0)
            _check_stream(file)
            batches = ipc.open_stream(file, options=options)
        yield from batches


def _check_stream(file: Any) -> None:
    """Noise says that its first message has gigabytes, for which memory would be asked.

    Raises:
        ArrowInvalid: the file does not begin as a stream does, with the length of what follows.
    """
    from pyarrow import ArrowInvalid

    head = file.read(_HEAD.size)
    first, second = _HEAD.unpack(head) if len(head) == _HEAD.size else (0, 0)
    if not 0 < (second if first == -1 else first) <= file.size():
        raise ArrowInvalid("neither an Arrow file nor a stream")
    file.seek(0)


def _rows(batches: Iterable[Any], file: Columns) -> Iterator[Record | Skipped]:
    number, limit = 0, file.config.max_document_bytes
    for batch in batches:
        batch.validate(full=True)  # a damaged file may point anywhere, and nothing else would look
        for row in _dicts(batch):
            number += 1
            fields = {str(name): value for name, value in row.items() if value is not None}
            if size_of(fields) > limit:
                yield file.source.skipped(f"#{number}", "too large", f"more than {limit} characters")
            else:
                yield file.source.record(f"#{number}", Kind.FIELDS, fields)


def _dicts(batch: Any) -> Iterator[dict[str, Any]]:
    """The rows of a batch, a few at a time: it may say that it has any number of them."""
    step = ROWS if batch.nbytes <= BATCH_BYTES else 1
    for begin in range(0, batch.num_rows, step):
        yield from batch.slice(begin, step).to_pylist()


def size_of(value: object) -> int:
    """About how many bytes, or characters, are in a value.

    >>> size_of({"text": "some words", "tags": ["a", "b"], "n": 3})
    20
    """
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    return 8
