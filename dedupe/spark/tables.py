"""Columns of the tables, and their rows as Arrow batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedupe.store.rows import COLUMNS as READ
from dedupe.store.rows import STORY_COLUMNS

Array = npt.NDArray[np.int64]
Columns = Mapping[str, str]  # name -> type as Spark calls it

ROWS = 1024  # of a batch
ROW_BITS = 32  # of a document's number: its row in its part, whose number is above
BLOCKS: Columns = {"bucket": "int", "block": "binary"}

_SEEN: Columns = {name: "int" if name == "status" else "string" for name in READ}
PARSED: Columns = {
    "document": "long", "file": "int", "path": "string", "member": "string", "id": "string", **_SEEN,
    "text": "string", "content": "long", "title_key": "long", "line_keys": "binary", "reason": "string",
    "detail": "string",
}  # fmt: skip
DOCUMENTS: Columns = {
    **{name: kind for name, kind in PARSED.items() if name not in ("reason", "detail")},
    "rank": "long", "shingles": "int", "furniture": "long", "removed": "string", "attributions": "string",
    "posting_keys": "binary",
}  # fmt: skip
STORIES: Columns = {name: DOCUMENTS[name] for name in STORY_COLUMNS}
EDGES: Columns = {
    "a_document": "long", "b_document": "long", "a": "string", "b": "string", "relation": "string",
    "resemblance": "double", "containment_of_a": "double", "containment_of_b": "double",
    "passages": "string", "a_outlet": "string", "b_outlet": "string",
}  # fmt: skip

_TYPES = {
    "int": pa.int32(), "long": pa.int64(), "double": pa.float64(), "boolean": pa.bool_(),
    "string": pa.string(), "binary": pa.binary(),
}  # fmt: skip


def ddl(columns: Columns) -> str:
    """The columns as Spark reads them."""
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())


def schema(columns: Columns) -> pa.Schema:
    """The columns as Arrow reads them."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])


def batch(columns: Columns, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    """Rows as one batch; all values of a row, in the order of the columns."""
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = [_TYPES[kind] for kind in columns.values()]
    arrays = [pa.array(column, kind) for column, kind in zip(values, kinds, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def batches(columns: Columns, rows: Iterable[Sequence[Any]]) -> Iterator[pa.RecordBatch]:
    """Rows as batches of ROWS."""
    remaining = iter(rows)
    while some := list(islice(remaining, ROWS)):
        yield batch(columns, some)


def table(columns: Columns, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Rows as one table."""
    return pa.Table.from_batches([batch(columns, rows)])


def rows_of(found: pa.RecordBatch | pa.Table, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Some columns, row by row."""
    return zip(*(found.column(name).to_pylist() for name in names), strict=True)


def ints(found: pa.RecordBatch | pa.Table, name: str) -> Array:
    """A column without nulls: int64."""
    column: Array = np.asarray(found.column(name).to_numpy(zero_copy_only=False), np.int64)
    return column
