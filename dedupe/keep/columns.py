"""Rows of Parquet files as the files have them, read again in a process of its own.

That a file was indexed makes it no safer: the part that stands for gigabytes may lie behind the rows that
were taken from it, or in a column that the index never asked for. :mod:`dedupe.crawl.columns` says more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedupe.crawl.columns import BATCH_BYTES, MEMORY, SECONDS, parquet_batches
from dedupe.crawl.serving import bound_memory
from dedupe.crawl.workers import Job, WorkerPool
from dedupe.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Ask:
    """For table ``number`` of a file, or for its schema. The rows that are wanted come with the first."""

    path: Path
    number: int = 0
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """In Arrow's format for streams, nothing behind the last table; or why there is none."""

    data: bytes = b""
    fault: str = ""


class ColumnReader:
    """The process that reads. Its errors are those of the file.

    Raises:
        InputError: the file cannot be read within the memory and the time that there are.
    """

    def __init__(self) -> None:
        self._pool = WorkerPool(1)

    def __enter__(self) -> ColumnReader:
        self._pool.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def schema(self, path: Path) -> pa.Schema:
        """The columns of a file."""
        import pyarrow as pa

        [[answer]] = self._pool.imap(_SCHEMA, [[_Ask(path)]])
        return pa.ipc.open_stream(_data(answer, path)).schema

    def tables(self, path: Path, rows: Rows) -> Iterator[pa.Table]:
        """The rows with these numbers (int64, ascending, the first is 1), as many as the file has of them."""
        import pyarrow as pa

        asks = ([_Ask(path, number, None if number else rows)] for number in count())
        for (answer,) in self._pool.imap(_TABLE, asks):
            data = _data(answer, path)
            if not data:
                return
            yield pa.ipc.open_stream(data).read_all()


def _data(answer: _Answer, path: Path) -> bytes:
    if answer.fault:
        raise InputError(f"cannot read {path} again: {answer.fault}", hint="--format ids needs no crawl")
    return answer.data


def _blamed(ask: _Ask, reason: str, detail: str) -> _Answer:
    return _Answer(fault=f"{reason} ({detail})" if detail else reason)


# In the process: the tables that are left of the file it reads.
_left: list[Iterator[pa.RecordBatch]] = []


def _schemas(asks: Sequence[_Ask]) -> list[_Answer]:
    import pyarrow.parquet as pq

    bound_memory(MEMORY)
    schemas = [pq.read_schema(ask.path).remove_metadata() for ask in asks]
    return [_Answer(_stream([], schema)) for schema in schemas]


def _tables(asks: Sequence[_Ask]) -> list[_Answer]:
    return [_next_table(ask) for ask in asks]


def _next_table(ask: _Ask) -> _Answer:
    if ask.rows is not None:
        bound_memory(MEMORY)
        _left[:] = [_wanted(ask.path, ask.rows)]
    try:
        batch = next(_left[0], None)
    except MemoryError:
        return _Answer(fault=f"a part of it takes more than {MEMORY >> 20} MiB of memory")
    return _Answer() if batch is None else _Answer(_stream([batch], batch.schema))


def _wanted(path: Path, rows: Rows) -> Iterator[pa.RecordBatch]:
    """What is behind the last row that is wanted is not read."""
    import pyarrow as pa

    found = before = 0
    for batch in parquet_batches(path):
        batch.validate(full=True)
        after = before + batch.num_rows
        upto = int(np.searchsorted(rows, after, side="right"))
        if upto > found:
            yield batch.take(pa.array(rows[found:upto] - before - 1))
        found, before = upto, after
        if found == len(rows):
            return


def _stream(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
    return bytes(sink.getvalue())


def _weight(ask: _Ask) -> int:
    return BATCH_BYTES


_SCHEMA = Job(_schemas, _blamed, SECONDS)
_TABLE = Job(_tables, _blamed, SECONDS, weigh=_weight)
