"""Parquet and Arrow files of some kilobytes that stand for gigabytes, for :mod:`hostile` and the tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
from pyarrow import ipc, parquet

MB = 2**20
ROWS = 20_000
BILLION = 10**9


def parquet_of(columns: dict[str, pa.Array]) -> bytes:
    buffer = io.BytesIO()
    table = pa.table(columns)
    parquet.write_table(table, buffer, compression="zstd", row_group_size=max(1, table.num_rows))
    return buffer.getvalue()


def arrow_of(columns: dict[str, pa.Array]) -> bytes:
    buffer = io.BytesIO()
    batch = pa.record_batch(columns)
    with ipc.new_file(buffer, batch.schema, options=ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_batch(batch)
    return buffer.getvalue()


def one_text(megabytes: int) -> dict[str, pa.Array]:
    """A single text."""
    return {"text": pa.array(["word " * (megabytes * MB // 5)])}


def same_text(megabytes: int) -> dict[str, pa.Array]:
    """A text that a dictionary holds once and all rows say."""
    texts = one_text(megabytes)["text"]
    return {"text": pa.DictionaryArray.from_arrays(pa.array(np.zeros(ROWS, np.int32)), texts)}


def long_list(megabytes: int) -> dict[str, pa.Array]:
    """An article with a list of as many million numbers."""
    items = pa.array(np.zeros(megabytes * MB, np.int8))
    return {"text": pa.array(["A story."]), "n": pa.ListArray.from_arrays(pa.array([0, len(items)]), items)}


def rows_of_nothing() -> dict[str, pa.Array]:
    return {"text": pa.nulls(BILLION)}


def one_run() -> dict[str, pa.Array]:
    """One text, said to stand in a billion rows."""
    ends = pa.array([BILLION], pa.int32())
    return {"text": pa.RunEndEncodedArray.from_arrays(ends, pa.array(["A story."]))}


def bombs(megabytes: int) -> dict[str, Callable[[], bytes]]:
    """By name of the file; texts of so many megabytes."""

    def made(of: Callable[[dict[str, pa.Array]], bytes], columns: Callable[[], dict[str, pa.Array]]) -> bytes:
        return of(columns())

    return {
        "one.parquet": partial(made, parquet_of, partial(one_text, megabytes)),
        "same.parquet": partial(made, parquet_of, partial(same_text, megabytes)),
        "list.parquet": partial(made, parquet_of, partial(long_list, megabytes)),
        "one.arrow": partial(made, arrow_of, partial(one_text, megabytes)),
        "same.arrow": partial(made, arrow_of, partial(same_text, megabytes)),
        "nothing.arrow": partial(made, arrow_of, rows_of_nothing),
        "run.arrow": partial(made, arrow_of, one_run),
    }
