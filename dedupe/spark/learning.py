"""Parsed documents -> the lines that are furniture, by counting titles over the whole crawl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from dedupe.config import TextConfig
from dedupe.spark import blocks, tables
from dedupe.store.furniture import FurnitureLines, common_lines

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Array = npt.NDArray[np.int64]

BLOCK_DOCUMENTS = 32_768  # whose postings are held until they are packed
FURNITURE: tables.Columns = {"line_key": "long", "outlet": "string"}
_FOUND: tables.Columns = {"line_key": "long", "outlet": "long"}


def learn(parsed: DataFrame, parts: int, config: TextConfig) -> list[tuple[int, str]]:
    """The lines that are furniture, each with its outlet, ordered."""
    documents = parsed.select("line_keys", "title_key", "outlet").where("outlet is not null")
    packed = documents.mapInArrow(partial(_blocks, parts=parts), tables.ddl(tables.BLOCKS))
    found = packed.repartition(parts, "bucket").sortWithinPartitions("bucket")
    lines = found.mapInArrow(partial(_common, config=config), tables.ddl(_FOUND)).collect()
    outlets = {_outlet_key(row.outlet): row.outlet for row in documents.select("outlet").distinct().collect()}
    return sorted((line.line_key, outlets[line.outlet]) for line in lines)


class LearnedLines:
    """The lines that a run has learned: :class:`dedupe.jobs.Lines` over their table."""

    def __init__(self, keys: Array, outlets: list[str]) -> None:
        of: dict[str | None, list[int]] = {}
        for key, outlet in zip(keys.tolist(), outlets, strict=True):
            of.setdefault(outlet, []).append(key)
        self._of = {outlet: FurnitureLines(lines) for outlet, lines in of.items()}
        self._none = FurnitureLines(())

    def of(self, outlet: str | None) -> FurnitureLines:
        """The lines that are furniture of an outlet."""
        return self._of.get(outlet, self._none)


@cache
def learned(path: Path) -> LearnedLines:
    """The lines of the table at ``path``, read once in each process."""
    found = pq.read_table(path)
    return LearnedLines(tables.ints(found, "line_key"), found.column("outlet").to_pylist())


def _blocks(batches: Iterable[pa.RecordBatch], parts: int) -> Iterator[pa.RecordBatch]:
    """The line postings of documents, with the title and the outlet of each."""
    for some in gathered(batches):
        keys, places = flat(some.column("line_keys").to_pylist())
        titles = np.maximum(tables.ints(some, "title_key"), 1)
        outlets = np.array([_outlet_key(outlet) for outlet in some.column("outlet").to_pylist()], np.int64)
        yield from tables.batches(tables.BLOCKS, blocks.split(keys, places, (titles, outlets), parts))


def _common(batches: Iterable[pa.RecordBatch], config: TextConfig) -> Iterator[pa.RecordBatch]:
    for _, packed in buckets_of(batches):
        keys, places, (titles, outlets) = blocks.join(packed)
        lines = common_lines(keys, titles[places], config)
        holders = outlets[places[np.searchsorted(keys, lines)]]
        yield from tables.batches(_FOUND, zip(lines.tolist(), holders.tolist(), strict=True))


def gathered(batches: Iterable[pa.RecordBatch], rows: int = BLOCK_DOCUMENTS) -> Iterator[pa.Table]:
    """Batches put together, ``rows`` rows or somewhat more at a time."""
    held: list[pa.RecordBatch] = []
    for some in batches:
        held.append(some)
        if sum(map(len, held)) >= rows:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def flat(keys: list[bytes]) -> tuple[Array, Array]:
    """The keys of all documents one after the other, and the place of the document of each."""
    counts = np.fromiter(map(len, keys), np.int64, len(keys)) // 8
    return np.frombuffer(b"".join(keys), np.int64), np.repeat(np.arange(len(keys)), counts)


def buckets_of(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, list[bytes]]]:
    """The blocks of each bucket of a partition that is ordered by bucket."""
    rows = (row for some in batches for row in tables.rows_of(some, ("bucket", "block")))
    for bucket, found in groupby(rows, key=lambda row: row[0]):
        yield bucket, [block for _, block in found]


def _outlet_key(outlet: str) -> int:
    return xxhash.xxh3_64_intdigest(outlet.encode()) - (1 << 63)
