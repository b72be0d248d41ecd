"""Postings -> candidates: which documents are worth comparing.

Two documents become a candidate when they share a signature band (MinHash/LSH, Mining of Massive
Datasets ch. 3.4) or at least ``shared_samples`` sampled shingles (FracMinHash). A bucket with more than
``bucket_cap`` documents compares all of them with its ``representatives`` only: the documents of lowest
rank, a hash of the id, so that the choice depends on the set of documents and not on their order.

Whether a pair is a candidate is thus a function of the live documents alone. To keep it one while
documents come, only *unsettled* documents (new ones, and those whose bucket changed its rule) have
their pairs made again, against everything.

Arrays: ``keys`` and ``numbers`` int64[p], ordered by key; ``unsettled`` bool and ``rank`` int64, both
indexed by number. A pair is one int64, the smaller number in the upper 32 bits.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dedupe import sets
from dedupe.config import MatchConfig

Array = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

STAR_DOCUMENTS = 1 << 16  # of a bucket over the cap that are paired at once
BAND_WEIGHT = 1 << 20  # a shared band alone makes a candidate; below it the weight counts samples


def pair_code(left: Array, right: Array) -> Array:
    """One int64 a pair, the same whichever number comes first."""
    return (np.minimum(left, right) << 32) | np.maximum(left, right)


def pair_numbers(codes: Array) -> tuple[Array, Array]:
    """The two numbers of each pair, the smaller first."""
    return codes >> 32, codes & 0xFFFFFFFF


def neighbourly(codes: Array, keys: Array) -> Array:
    """The pairs ordered by a key that both documents have: those of one bucket follow each other, so that
    a batch of them meets few documents many times."""
    return codes[np.lexsort((codes, keys))]


def weights(keys: Array, band_from: int) -> Array:
    """What sharing each of ``keys`` weighs: BAND_WEIGHT for bands, the keys from ``band_from`` on, else 1."""
    return np.where(keys >= band_from, BAND_WEIGHT, 1)


def is_candidate(weights: Array, config: MatchConfig) -> Mask:
    """Which summed weights make a candidate."""
    return weights >= config.shared_samples


def newly_unsettled(keys: Array, numbers: Array, unsettled: Mask, rank: Array, config: MatchConfig) -> Array:
    """Settled numbers whose pairs must be made again because their bucket changed its rule.

    A bucket that outgrew the cap: all its settled documents. One that was over it already: the
    representatives that newcomers have displaced.
    """
    found: list[Array] = []
    for begin, end in _large_buckets(keys, unsettled[numbers], config.bucket_cap):
        bucket = numbers[begin:end]
        settled = bucket[~unsettled[bucket]]
        if len(settled) > config.bucket_cap:
            before = representatives(settled, rank, config)
            after = sets.distinct(representatives(bucket, rank, config))
            found.append(sets.difference(before, after))
        else:
            found.append(settled)
    return sets.distinct(np.concatenate(found)) if found else np.empty(0, np.int64)


def left_behind(keys: Array, numbers: Array, gone: Array, rank: Array, config: MatchConfig) -> Array:
    """Numbers whose pairs must be made again because documents have left their bucket.

    ``keys``, ``numbers``: what is left of the buckets; ``gone`` int64: a key for each posting that left.
    A bucket that is no longer over the cap: all of it. One that still is: its representatives.
    """
    found: list[Array] = []
    bounds = _bounds(keys) if len(keys) else np.zeros(1, np.int64)
    left_keys, left_counts = np.unique(gone, return_counts=True)
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        place = np.searchsorted(left_keys, keys[begin])
        before = end - begin + int(left_counts[place])
        if before > config.bucket_cap:
            bucket = numbers[begin:end]
            small = end - begin <= config.bucket_cap
            found.append(bucket if small else representatives(bucket, rank, config))
    return sets.distinct(np.concatenate(found)) if found else np.empty(0, np.int64)


def representatives(bucket: Array, rank: Array, config: MatchConfig) -> Array:
    """The numbers of lowest rank in a bucket."""
    return bucket[np.argsort(rank[bucket], kind="stable")[: config.representatives]]


def bucket_pairs(
    keys: Array, numbers: Array, unsettled: Mask, rank: Array, config: MatchConfig
) -> Iterator[tuple[Array, Array]]:
    """Pair codes of every bucket, where at least one of the two is unsettled, and the key of the bucket."""
    keys, numbers = _in_company(keys, numbers)
    for begin, end in _large_buckets(keys, unsettled[numbers], config.bucket_cap):
        centres = representatives(numbers[begin:end], rank, config)
        for at in range(begin, end, STAR_DOCUMENTS):
            codes = _star(numbers[at : min(at + STAR_DOCUMENTS, end)], centres, unsettled)
            yield codes, np.full(len(codes), keys[begin])
    yield from _all_pairs(*_small_buckets(keys, numbers, unsettled, config.bucket_cap), unsettled)


def _in_company(keys: Array, numbers: Array) -> tuple[Array, Array]:
    """The postings whose key is not the only one of its kind: of most documents a few."""
    same = keys[1:] == keys[:-1]
    kept = np.zeros(len(keys), np.bool_)
    kept[1:] |= same
    kept[:-1] |= same
    return keys[kept], numbers[kept]


def _star(some: Array, centres: Array, unsettled: Mask) -> Array:
    """The pairs of some documents of a bucket with its centres; of two centres the larger makes theirs."""
    left, right = np.repeat(centres, len(some)), np.tile(some, len(centres))
    wanted = (left < right) | ~np.isin(right, centres)
    wanted &= unsettled[left] | unsettled[right]
    return sets.distinct(pair_code(left[wanted], right[wanted]))


def _all_pairs(keys: Array, numbers: Array, unsettled: Mask) -> Iterator[tuple[Array, Array]]:
    """Pairs at distance 1, 2, … within a bucket, until none is left; one vector pass a distance."""
    distance = 1
    while len(keys) > distance:
        same = keys[distance:] == keys[:-distance]
        left, right = numbers[:-distance][same], numbers[distance:][same]
        wanted = (left != right) & (unsettled[left] | unsettled[right])
        yield pair_code(left[wanted], right[wanted]), keys[distance:][same][wanted]
        # Buckets no longer than this distance are done: dropping them keeps the passes short.
        long_enough = _sizes(keys) > distance + 1
        keys, numbers = keys[long_enough], numbers[long_enough]
        distance += 1


def _bounds(keys: Array) -> Array:
    change = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    return np.concatenate([[0], change, [len(keys)]])


def _sizes(keys: Array) -> Array:
    """The size of its bucket, for each posting."""
    sizes = np.diff(_bounds(keys))
    return np.repeat(sizes, sizes)


def _large_buckets(keys: Array, touched: Mask, cap: int) -> list[tuple[int, int]]:
    """[begin, end) of the buckets over the cap that hold an unsettled document."""
    if not len(keys):
        return []
    bounds = _bounds(keys)
    large = (np.diff(bounds) > cap) & np.logical_or.reduceat(touched, bounds[:-1])
    return list(zip(bounds[:-1][large].tolist(), bounds[1:][large].tolist(), strict=True))


def _small_buckets(keys: Array, numbers: Array, unsettled: Mask, cap: int) -> tuple[Array, Array]:
    """The postings of buckets of 2 to ``cap`` documents with an unsettled one among them."""
    if not len(keys):
        return keys, numbers
    bounds = _bounds(keys)
    sizes = np.diff(bounds)
    wanted = (sizes > 1) & (sizes <= cap) & np.logical_or.reduceat(unsettled[numbers], bounds[:-1])
    kept = np.repeat(wanted, sizes)
    return keys[kept], numbers[kept]
