"""Edges -> connected components, as an iterated join.

The alternating algorithm of Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, "Connected Components
in MapReduce and Beyond" (SoCC 2014): a large-star step hooks the larger neighbours of each document to the
smallest document it knows, a small-star step the smaller ones, until the edges are stars. A document's
neighbours are never collected: their minimum is aggregated, then joined. Each round is written out, so that
neither the plan nor what a lost machine takes with it grows with the rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from dedupe import cluster
from dedupe.spark import tables
from dedupe.spark.learning import gathered

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

HELD = 4 << 20  # links that one task contracts, 16 bytes each and some 100 while it does
_LINKS: tables.Columns = {"document": "long", "component": "long"}


def components(
    edges: DataFrame, checkpoint: Callable[[DataFrame, str], DataFrame], held: int = HELD
) -> DataFrame:
    """`document` and `component`, the smallest document that pairs `a_document`-`b_document` connect it to.

    ``checkpoint`` writes a table under a name and reads it back. Each task first reduces its own pairs to
    stars. Where no more than ``held`` links are left, a single task ends the work; else rounds of joins do.
    """
    contracted = partial(_contracted, held=max(1, held))
    pairs = edges.select("a_document", "b_document").mapInArrow(contracted, tables.ddl(_LINKS))
    links = checkpoint(pairs, "links-0")
    before = _sum(links)
    if before[0] <= held:
        renamed = links.selectExpr("document AS a_document", "component AS b_document").coalesce(1)
        links = checkpoint(renamed.mapInArrow(contracted, tables.ddl(_LINKS)), "links-1")
    else:
        links = _joined(links, before, checkpoint)
    anchors = links.select("component").distinct()
    return links.union(anchors.selectExpr("component AS document", "component"))


def _joined(
    links: DataFrame, before: tuple[int, int], checkpoint: Callable[[DataFrame, str], DataFrame]
) -> DataFrame:
    """Rounds of joins, until one changes nothing."""
    for number in count(1):
        links = checkpoint(_small_star(_large_star(links)), f"links-{number}")
        after = _sum(links)
        if after == before:
            break
        before = after
    return links


def _contracted(batches: Iterable[pa.RecordBatch], held: int) -> Iterator[pa.RecordBatch]:
    """Stars of pairs, ``held`` or somewhat more at a time."""
    for pairs in gathered(batches, held):
        yield from _stars(pairs)


def _stars(pairs: pa.Table) -> Iterator[pa.RecordBatch]:
    found = cluster.components(tables.ints(pairs, "a_document"), tables.ints(pairs, "b_document"))
    if found:
        documents = np.concatenate([component[1:] for component in found])
        first = np.repeat([component[0] for component in found], [len(component) - 1 for component in found])
        yield pa.RecordBatch.from_arrays([pa.array(documents), pa.array(first)], names=list(_LINKS))


def _large_star(links: DataFrame) -> DataFrame:
    """Each document's larger neighbours are linked to its smallest neighbour, or to itself."""
    both = links.union(links.selectExpr("component AS document", "document AS component"))
    least = both.groupBy("document").agg({"component": "min"}).withColumnRenamed("min(component)", "lowest")
    hooked = both.join(least, "document").where("component > document")
    return hooked.selectExpr("component AS document", "least(document, lowest) AS component").distinct()


def _small_star(links: DataFrame) -> DataFrame:
    """Each document and its smaller neighbours are linked to the smallest of these."""
    least = links.groupBy("document").agg({"component": "min"}).withColumnRenamed("min(component)", "lowest")
    others = links.join(least, "document").where("component > lowest")
    moved = others.selectExpr("component AS document", "lowest AS component")
    return moved.union(least.selectExpr("document", "lowest AS component")).distinct()


def _sum(links: DataFrame) -> tuple[int, int]:
    """How many links there are, and their hashes together: the same for the same links."""
    row = links.selectExpr("count(*) AS links", "bit_xor(xxhash64(document, component)) AS hashes").first()
    assert row is not None
    return row.links, row.hashes
