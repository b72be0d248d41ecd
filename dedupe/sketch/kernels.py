"""Shingle hashes, signatures, samples and counts as numba kernels: arrays in, arrays out.

Importing this module imports numba (a third of a second), so only the compiled paths do. The code is
compiled at the first call and cached on disk, beside this file or, where that cannot be written, in the
user's cache directory. Numba notices changes of this file alone: after a change of ``hashing.py``, touch
this one.

Source of the signature: datasketch 2, ``MinHash(scheme="affine32")``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.compiled import inlined, kernel
from dedupe.model import Tokens
from dedupe.sketch.hashing import (
    Bytes,
    UInt64,
    absorb32,
    absorb64,
    finish32,
    finish64,
    fmix32,
)

Indices = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Mixed = npt.NDArray[np.uint32]

NO_SEED = np.uint64(0)
ALL_BITS = np.uint64(2**64 - 1)
EMPTY = np.uint32(2**32 - 1)  # every value of the signature of nothing
LENGTHS = 128  # lengths told apart when shingles are put in order; longer ones are hashed last


class Batch(NamedTuple):
    """The fields of :class:`dedupe.model.Tokens` that shingles are made of."""

    folded: Bytes
    byte_begin: Indices
    byte_end: Indices
    first: Indices


class Spans(NamedTuple):
    """Room for the shingles of a text: their places in ``Batch.folded``, and lengths."""

    begin: Indices
    end: Indices
    length: npt.NDArray[np.uint8]


def batch_of(tokens: Tokens) -> Batch:
    """Tokens for a kernel. Arrays that are read-only or not contiguous are copied: for each other layout
    the kernels would be compiled once more.
    """
    return Batch(
        np.require(tokens.folded, requirements=["C", "W"]),
        np.require(tokens.byte_begin, requirements=["C", "W"]),
        np.require(tokens.byte_end, requirements=["C", "W"]),
        np.require(tokens.first, requirements=["C", "W"]),
    )


@inlined
def shingles_of(batch: Batch, text: int, size: int) -> int:
    """How many shingles a text has."""
    tokens = batch.first[text + 1] - batch.first[text]
    return max(tokens - size + 1, 1) if tokens > 0 else 0


@inlined
def by_length(batch: Batch, text: int, size: int, order: Spans) -> int:
    """Where the shingles of a text begin and end, shorter ones first; their number.

    A counting sort: hashing inputs of one length after another keeps the branches of the hash functions
    predictable, which saves more than the sort costs.
    """
    first = batch.first[text]
    count = shingles_of(batch, text, size)
    begin = batch.byte_begin[first : first + count]
    end = batch.byte_end[batch.first[text + 1] - count : batch.first[text + 1]]
    places = np.zeros(LENGTHS + 1, np.int32)
    for k in range(count):
        order.length[k] = min(end[k] - begin[k], LENGTHS - 1)
    for k in range(count):
        places[order.length[k] + 1] += 1
    for length in range(LENGTHS):
        places[length + 1] += places[length]
    for k in range(count):
        place = np.uint64(places[order.length[k]])
        order.begin[place], order.end[place] = begin[k], end[k]
        places[order.length[k]] += 1
    return count


@inlined
def mix_spans(folded: Bytes, order: Spans, count: int, mixed: Mixed) -> None:
    """The xxh32 of each span, mixed."""
    for i in range(count):
        mixed[i] = absorb32(folded, order.begin[i], order.end[i])
    for i in range(count):
        mixed[i] = fmix32(finish32(mixed[i]))


@inlined
def hash_spans(folded: Bytes, order: Spans, count: int, hashes: Hashes) -> None:
    """The xxh64 of each span."""
    for i in range(count):
        hashes[i] = absorb64(folded, order.begin[i], order.end[i], NO_SEED)
    for i in range(count):
        hashes[i] = finish64(hashes[i])


@inlined
def minima(mixed: Mixed, count: int, permutations: Any, signature: Any) -> None:
    """The smallest ``a * h + b`` modulo 2**32 over the first ``count`` of ``mixed``, per permutation.

    ``mixed`` has room to be padded to a multiple of eight with its last value: eight hashes at a time
    leave the loop over the permutations to vector registers.
    """
    a, b = permutations[0], permutations[1]
    padded = (count + 7) & ~7
    for i in range(count, padded):
        mixed[i] = mixed[count - 1]
    for i in range(0, padded, 8):
        h0, h1, h2, h3 = mixed[i], mixed[i + 1], mixed[i + 2], mixed[i + 3]
        h4, h5, h6, h7 = mixed[i + 4], mixed[i + 5], mixed[i + 6], mixed[i + 7]
        for p in range(len(a)):
            low = min(signature[p], np.uint32(a[p] * h0 + b[p]))
            low = min(low, np.uint32(a[p] * h1 + b[p]))
            low = min(low, np.uint32(a[p] * h2 + b[p]))
            low = min(low, np.uint32(a[p] * h3 + b[p]))
            low = min(low, np.uint32(a[p] * h4 + b[p]))
            low = min(low, np.uint32(a[p] * h5 + b[p]))
            low = min(low, np.uint32(a[p] * h6 + b[p]))
            signature[p] = min(low, np.uint32(a[p] * h7 + b[p]))


@inlined
def keep_distinct(hashes: Hashes, table: npt.NDArray[np.int32]) -> int:
    """Moves the distinct hashes to the front; their number.

    ``table`` int32[at least twice as many]: room for an open-addressed set of places in ``hashes``, plus
    one.
    """
    slots = 16
    while slots < 2 * len(hashes):
        slots *= 2
    table[:slots] = 0
    distinct = 0
    for value in hashes:
        slot = np.int64(value) & np.int64(slots - 1)
        while table[slot] != 0 and hashes[table[slot] - 1] != value:
            slot = (slot + 1) & np.int64(slots - 1)
        if table[slot] == 0:
            hashes[distinct] = value
            distinct += 1
            table[slot] = distinct
    return distinct


@inlined
def sort_hashes(values: Hashes, highest: UInt64, scratch: Hashes, places: Any) -> None:
    """Ascending, in place: distribution by the upper bits, then insertion.

    Hashes are uniform up to ``highest``, so a value stands next to its place after the first step.
    ``scratch`` as long as ``values``; ``places`` int32[at least 2 * len + 18].
    """
    buckets, shift = 2, np.uint64(63)
    while buckets < len(values):
        buckets, shift = buckets * 2, shift - np.uint64(1)
    while shift > 0 and highest >> (shift - np.uint64(1)) < buckets:
        shift -= np.uint64(1)
    places[: buckets + 1] = 0
    for value in values:
        places[np.int64(value >> shift) + 1] += 1
    for bucket in range(buckets):
        places[bucket + 1] += places[bucket]
    for value in values:
        upper = np.int64(value >> shift)
        scratch[places[upper]] = value
        places[upper] += 1
    for i in range(len(values)):
        value, at = scratch[i], i
        while at > 0 and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value


@inlined
def sample_of(hashes: Hashes, highest: UInt64, floor: int, out: Hashes, places: Any) -> int:
    """Writes the sample of distinct hashes to ``out``, ascending; its size. Overwrites ``hashes``."""
    size = 0
    for value in hashes:
        out[size] = value
        size += value <= highest
    floor = min(floor, len(hashes))
    if size >= floor:
        sort_hashes(out[:size], highest, hashes, places)
        return size
    for i, value in enumerate(hashes):  # a slice takes the compiler three seconds
        out[i] = value
    sort_hashes(out[: len(hashes)], ALL_BITS, hashes, places)
    return floor


@inlined
def most_shingles(batch: Batch, size: int) -> tuple[int, int]:
    """The shingles of all texts, and of the one with most."""
    total, longest = 0, 0
    for text in range(len(batch.first) - 1):
        count = shingles_of(batch, text, size)
        total, longest = total + count, max(longest, count)
    return total, longest


@inlined
def spans(longest: int) -> Spans:
    return Spans(np.empty(longest, np.int64), np.empty(longest, np.int64), np.empty(longest, np.uint8))


@kernel
def signatures_of(batch: Batch, size: int, permutations: Mixed) -> Mixed:
    """Signatures alone; ``permutations`` uint32[2, num_perm]."""
    texts = len(batch.first) - 1
    _, longest = most_shingles(batch, size)
    order, mixed = spans(longest), np.empty(longest + 8, np.uint32)
    signatures = np.full((texts, permutations.shape[1]), EMPTY, np.uint32)
    for text in range(texts):
        count = by_length(batch, text, size, order)
        mix_spans(batch.folded, order, count, mixed)
        minima(mixed, count, permutations, signatures[text])
    return signatures


@kernel
def sign_texts(
    batch: Batch, size: int, permutations: Mixed, highest: UInt64, floor: int
) -> tuple[Mixed, Hashes, Indices, npt.NDArray[np.int32]]:
    """Signatures, samples, where the samples of each text begin, and its number of distinct shingles.

    ``highest`` is the largest hash in the sample.
    """
    texts = len(batch.first) - 1
    total, longest = most_shingles(batch, size)
    order, mixed = spans(longest), np.empty(longest + 8, np.uint32)
    hashes, table = np.empty(longest, np.uint64), np.empty(4 * longest + 18, np.int32)
    signatures = np.full((texts, permutations.shape[1]), EMPTY, np.uint32)
    samples, first = np.empty(total + 1, np.uint64), np.zeros(texts + 1, np.int64)
    shingles = np.zeros(texts, np.int32)
    for text in range(texts):
        count = by_length(batch, text, size, order)
        mix_spans(batch.folded, order, count, mixed)
        minima(mixed, count, permutations, signatures[text])
        hash_spans(batch.folded, order, count, hashes)
        distinct = keep_distinct(hashes[:count], table)
        shingles[text] = distinct
        at = first[text]
        first[text + 1] = at + sample_of(hashes[:distinct], highest, floor, samples[at:], table)
    return signatures, samples[: first[-1]].copy(), first, shingles


@kernel
def hash_texts(batch: Batch, size: int) -> tuple[Hashes, Indices]:
    """xxh64 of every shingle in text order, and where those of each text begin."""
    texts = len(batch.first) - 1
    first = np.zeros(texts + 1, np.int64)
    for text in range(texts):
        first[text + 1] = first[text] + shingles_of(batch, text, size)
    hashes = np.empty(first[-1], np.uint64)
    for text in range(texts):
        last = batch.first[text + 1]
        for k in range(first[text + 1] - first[text]):
            token = batch.first[text] + k
            end = batch.byte_end[min(token + size, last) - 1]
            hashes[first[text] + k] = finish64(absorb64(batch.folded, batch.byte_begin[token], end, NO_SEED))
    return hashes, first


@kernel
def distinct_texts(hashes: Hashes, first: Indices) -> tuple[Hashes, Indices]:
    """The hashes of each text ascending and without repetition, and where those of each text begin."""
    longest = 0
    for text in range(len(first) - 1):
        longest = max(longest, first[text + 1] - first[text])
    scratch, places = np.empty(longest, np.uint64), np.empty(2 * longest + 18, np.int32)
    distinct, distinct_first = hashes.copy(), np.zeros_like(first)
    count = 0
    for text in range(len(first) - 1):
        values = hashes[first[text] : first[text + 1]].copy()
        sort_hashes(values, ALL_BITS, scratch, places)
        for i in range(len(values)):
            if i == 0 or values[i] != values[i - 1]:
                distinct[count] = values[i]
                count += 1
        distinct_first[text + 1] = count
    return distinct[:count].copy(), distinct_first


@kernel
def hash_bands(signatures: npt.NDArray[np.uint32], bands: int, rows: int) -> Hashes:
    """uint64[n, bands]: xxh64, seeded with the number of the band, of its rows."""
    keys = np.empty((len(signatures), bands), np.uint64)
    for text in range(len(signatures)):
        data = signatures[text].view(np.uint8)
        for band in range(bands):
            hash_ = absorb64(data, 4 * rows * band, 4 * rows * (band + 1), np.uint64(band))
            keys[text, band] = finish64(hash_)
    return keys
