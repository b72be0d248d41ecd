"""The stories of some documents, brought to where they are compared.

A join would shuffle every text to find the few that are wanted. Instead the wanted numbers, a few bytes
each, go to tasks that open the documents' own files: each text travels once for each group that wants it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dedupe import sets
from dedupe.spark import tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Array = npt.NDArray[np.int64]
Files = Mapping[int, Sequence[str]]  # part -> the files that hold its documents

WANTED: tables.Columns = {"bucket": "int", "document": "long"}


def files_of(documents: DataFrame) -> Files:
    """Where the documents of each part are, in a table that was read from files."""
    from pyspark.sql.functions import col, input_file_name, shiftright

    places = documents.select(
        shiftright("document", tables.ROW_BITS).alias("part"), input_file_name().alias("name")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in places.distinct().orderBy(col("part"), col("name")).collect():
        found[row.part].append(unquote(urlsplit(row.name).path))  # file:///…
    return dict(found)


def fetched(wanted: DataFrame, files: Files, columns: tables.Columns) -> DataFrame:
    """The `columns` of the documents that each bucket wants, with `bucket` and `document`; wanted twice is
    fetched once."""
    from pyspark.sql.functions import shiftright

    together = wanted.repartition(max(1, len(files)), shiftright("document", tables.ROW_BITS))
    fetch = partial(_fetch, files=files, columns=list(columns))
    return together.mapInArrow(fetch, tables.ddl({**WANTED, **columns}))


def _fetch(
    batches: Iterable[pa.RecordBatch], files: Files, columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    wanted = [np.empty((0, 2), np.int64)]
    for some in batches:
        wanted.append(np.stack([tables.ints(some, "bucket"), tables.ints(some, "document")], axis=1))
    asked = np.unique(np.concatenate(wanted), axis=0)
    part = asked[:, 1] >> tables.ROW_BITS
    for number in sets.distinct(part).tolist():
        for name in files[number]:
            yield from _found(name, asked[part == number], columns)


def _found(name: str, asked: Array, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """What a file holds of the documents asked for, int64[n, 2] of bucket and document."""
    stored = pq.read_table(name, columns=["document", *columns], memory_map=True)
    held = tables.ints(stored, "document")
    order = np.argsort(held)
    place = np.minimum(np.searchsorted(held, asked[:, 1], sorter=order), len(held) - 1)
    here = held[order[place]] == asked[:, 1]
    taken = pc.take(stored, pa.array(order[place[here]]))
    bucket = pa.array(asked[here, 0].astype(np.int32))
    yield from taken.add_column(0, "bucket", bucket).to_batches(max_chunksize=tables.ROWS)
