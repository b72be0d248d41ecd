"""Documents -> candidates: the buckets' rules, a partition of keys at a time.

A pair's weight is the sum over the partitions of what it shares in each, saturated where it is a candidate
already: a byte. The document numbers of a partition are places in a table, so the rules run on small dense
numbers, and the ranks they choose representatives by are beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedupe import sets
from dedupe.config import MatchConfig
from dedupe.match import buckets
from dedupe.spark import blocks, tables
from dedupe.spark.learning import buckets_of, flat, gathered
from dedupe.store import postings
from dedupe.store.spill import PairSums

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Array = npt.NDArray[np.int64]

HELD_PAIRS = 4 << 20  # in memory, 24 bytes each; more goes to disk


class Pairs(NamedTuple):
    """Pairs int64[m] each: two documents, what they share, and a number that pairs of one bucket share."""

    a: Array
    b: Array
    weights: Array
    near: Array


def candidates(documents: DataFrame, parts: int, groups: int, config: MatchConfig) -> DataFrame:
    """Blocks of candidates, each in one of ``groups`` buckets; those of one bucket meet few documents."""
    ddl = tables.ddl(tables.BLOCKS)
    signed = documents.select("document", "rank", "posting_keys")
    by_key = signed.mapInArrow(partial(_postings, parts=parts), ddl)
    shared = _together(by_key, parts).mapInArrow(partial(_shared, parts=parts, config=config), ddl)
    return _together(shared, parts).mapInArrow(partial(_summed, groups=groups, config=config), ddl)


def pairs_of(packed: Iterable[bytes]) -> Pairs:
    """The pairs of some blocks."""
    parts = [blocks.unpack(block) for block in packed]
    unfolded = [(documents[a], documents[b], weights, near) for documents, a, b, weights, near in parts]
    return Pairs(*(np.concatenate(column) for column in zip(*unfolded, strict=True)))


def _together(packed: DataFrame, parts: int) -> DataFrame:
    return packed.repartition(parts, "bucket").sortWithinPartitions("bucket")


def _postings(batches: Iterable[pa.RecordBatch], parts: int) -> Iterator[pa.RecordBatch]:
    for some in gathered(batches):
        keys, places = flat(some.column("posting_keys").to_pylist())
        columns = (tables.ints(some, "document"), tables.ints(some, "rank"))
        yield from tables.batches(tables.BLOCKS, blocks.split(keys, places, columns, parts))


def _shared(batches: Iterable[pa.RecordBatch], parts: int, config: MatchConfig) -> Iterator[pa.RecordBatch]:
    """What pairs share in a partition of keys, dealt out by pair."""
    for _, packed in buckets_of(batches):
        run = blocks.join(packed)
        documents, ranks = run.columns
        every = np.ones(len(documents), np.bool_)
        near = _Nearness(run, config)
        with PairSums(HELD_PAIRS) as sums:
            for codes, shared in buckets.bucket_pairs(run.keys, run.places, every, ranks, config):
                sums.add(codes, buckets.weights(shared, postings.FIRST_BAND), near.of(codes, shared))
            for codes, weights, nearest in sums.sums():
                a, b = (documents[side] for side in buckets.pair_numbers(codes))
                weights = np.minimum(weights, config.shared_samples)  # more makes no difference
                found = Pairs(np.minimum(a, b), np.maximum(a, b), weights, nearest)
                part = blocks.mixed(found.a ^ (found.b << 7)) % parts
                yield from tables.batches(tables.BLOCKS, _parted(found, part))


class _Nearness:
    """By which pairs are kept together: a hash of the bucket; of the document that is compared with the
    representatives, where a bucket is over the cap, so that no task gets all its pairs."""

    def __init__(self, run: blocks.Postings, config: MatchConfig) -> None:
        self._documents, self._ranks = run.columns
        keys, counts = np.unique(run.keys, return_counts=True)
        self._large = keys[counts > config.bucket_cap]

    def of(self, codes: Array, keys: Array) -> Array:
        """int64 for each pair of a bucket."""
        near = blocks.mixed(keys)
        starred = sets.is_in(keys, self._large)
        a, b = buckets.pair_numbers(codes[starred])
        compared = np.where(self._ranks[a] > self._ranks[b], a, b)
        near[starred] = blocks.mixed(self._documents[compared])
        return near


def _summed(batches: Iterable[pa.RecordBatch], groups: int, config: MatchConfig) -> Iterator[pa.RecordBatch]:
    for _, packed in buckets_of(batches):
        pairs = pairs_of(packed)
        documents, a, b = _numbered(pairs.a, pairs.b)
        with PairSums(len(a)) as sums:
            sums.add(buckets.pair_code(a, b), pairs.weights, pairs.near)
            ((codes, weights, near),) = sums.sums()
        wanted = buckets.is_candidate(weights, config)
        a, b = (documents[side] for side in buckets.pair_numbers(codes[wanted]))
        found = Pairs(a, b, weights[wanted], near[wanted])
        yield from tables.batches(tables.BLOCKS, _parted(found, blocks.mixed(found.near) % groups))


def _parted(pairs: Pairs, part: Array) -> Iterator[tuple[int, bytes]]:
    """A block of the pairs of each part."""
    order = np.lexsort((pairs.b, pairs.a, part))
    bounds = [0, *(np.flatnonzero(np.diff(part[order])) + 1).tolist(), len(order)]
    for begin, end in pairwise(bounds):
        if begin < end:
            chosen = order[begin:end]
            documents, a, b = _numbered(pairs.a[chosen], pairs.b[chosen])
            yield (
                int(part[chosen[0]]),
                blocks.pack(documents, a, b, pairs.weights[chosen], pairs.near[chosen]),
            )


def _numbered(a: Array, b: Array) -> tuple[Array, Array, Array]:
    """The documents of pairs, ascending, and the pairs by places among these."""
    documents, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    return documents, places[: len(a)], places[len(a) :]
