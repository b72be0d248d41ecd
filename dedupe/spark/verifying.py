"""Candidates -> edges."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from dedupe import jobs, sets
from dedupe.config import Config
from dedupe.jobs import Verifying
from dedupe.model import Story
from dedupe.profiles import Shelf
from dedupe.spark import tables
from dedupe.spark.candidates import pairs_of
from dedupe.spark.texts import WANTED, Files, fetched
from dedupe.store.rows import STORY_COLUMNS, pack_passages, story_from

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BATCH = 2048  # candidates verified at once
# What verification looks at; a story's claims and attributions are not among it.
COMPARED: tables.Columns = {
    name: tables.STORIES[name] for name in ("id", "url", "outlet", "title", "published_at", "removed", "text")
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """Stories by number: :class:`dedupe.jobs.Source` over rows in the order of STORY_COLUMNS."""

    rows: Mapping[int, tuple[Any, ...]]

    def keys(self, numbers: Sequence[int]) -> Sequence[Hashable]:
        """The numbers themselves: a document has one story in a run."""
        return numbers

    def stories(self, numbers: Sequence[int]) -> list[Story]:
        """The stories, in the order asked for."""
        return [story_from(self.rows[number]) for number in numbers]


def fetched_rows(found: pa.Table) -> Fetched:
    """The stories of a table, in which columns that nobody asks for may be missing."""
    empty = [None] * len(found)
    names = set(found.column_names)
    columns = (found.column(name).to_pylist() if name in names else empty for name in STORY_COLUMNS)
    filled = (
        ["" if value is None else value for value in column] if name in _NEVER_NULL else column
        for name, column in zip(STORY_COLUMNS, columns, strict=True)
    )
    return Fetched(dict(zip(found.column("document").to_pylist(), zip(*filled, strict=True), strict=True)))


_NEVER_NULL = ("path", "member")


def verify(candidates: DataFrame, files: Files, config: Config, compiled: bool) -> DataFrame:
    """The EDGES among blocks of candidates."""
    wanted = candidates.mapInArrow(_wanted, tables.ddl(WANTED))
    stories = fetched(wanted, files, COMPARED).groupBy("bucket")
    work = partial(_verified, config=config, compiled=compiled)
    return candidates.groupBy("bucket").cogroup(stories).applyInArrow(work, tables.ddl(tables.EDGES))


def _wanted(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for some in batches:
        for bucket, block in tables.rows_of(some, ("bucket", "block")):
            pairs = pairs_of([block])
            documents = sets.distinct(np.concatenate([pairs.a, pairs.b])).tolist()
            yield from tables.batches(WANTED, ((bucket, document) for document in documents))


def _verified(candidates: pa.Table, stories: pa.Table, config: Config, compiled: bool) -> pa.Table:
    pairs = pairs_of(candidates.column("block").to_pylist())
    source = fetched_rows(stories)
    outlet = dict(tables.rows_of(stories, ("document", "outlet")))
    verifying = Verifying(source, Shelf(), config, compiled)
    order = np.lexsort((pairs.b, pairs.a, pairs.near))
    ordered = np.stack([pairs.a, pairs.b], axis=1)[order]
    edges = [
        (
            a, b, edge.a, edge.b, edge.relation, edge.resemblance, edge.containment_of_a,
            edge.containment_of_b, pack_passages(edge.passages), outlet[a], outlet[b],
        )
        for begin in range(0, len(ordered), BATCH)
        for a, b, edge in jobs.verified(ordered[begin : begin + BATCH], verifying)
    ]  # fmt: skip
    return tables.table(tables.EDGES, edges)
