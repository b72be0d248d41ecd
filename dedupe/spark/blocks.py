"""Postings on their way between machines: few bytes, and whole arrays instead of rows.

A row a posting would take 28 bytes in Spark's format and as much work as all the rest. A block holds what
one task has for one partition: keys in ascending order, so that the differences between them are small; for
each the place of its document in a table; and the table, a few columns of int64. Each array is stored as
bytes of equal rank together, as few as the largest value needs: the upper ones are mostly zero and compress.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.int64]

_HEAD = struct.Struct("<IBBq")  # length, bytes a value, are they differences, what they begin with
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio (Knuth, TAOCP 6.4): spreads keys evenly
MIXED_BITS = 24


class Postings(NamedTuple):
    """``keys`` int64[p] ascending, ``places`` int64[p] into the ``columns``, int64[d] each."""

    keys: Array
    places: Array
    columns: tuple[Array, ...]


def mixed(values: Array) -> Array:
    """24 bits of hash for each value: int64, 0 to 2**24 - 1."""
    return ((values.astype(np.uint64) * _MIX) >> np.uint64(64 - MIXED_BITS)).astype(np.int64)


def pack(*arrays: Array) -> bytes:
    """Arrays of int64, of any length and any values, as bytes."""
    return b"".join(map(_packed, arrays))


def unpack(packed: bytes) -> list[Array]:
    """The inverse of :func:`pack`."""
    found, at = [], 0
    while at < len(packed):
        length, width, are_steps, base = _HEAD.unpack_from(packed, at)
        at += _HEAD.size
        planes = np.frombuffer(packed, np.uint8, length * width, at).reshape(width, length)
        at += length * width
        values = np.zeros((length, 8), np.uint8)
        values[:, :width] = planes.T
        rest = values.view("<u8").reshape(length)
        rest = np.cumsum(rest, dtype=np.uint64) if are_steps else rest
        found.append((rest + np.int64(base).astype(np.uint64)).astype(np.int64))
    return found


def split(keys: Array, places: Array, columns: Sequence[Array], parts: int) -> Iterator[tuple[int, bytes]]:
    """Postings in any order as one block for each of ``parts`` partitions that gets any, by key."""
    part = mixed(keys) % parts
    order = np.lexsort((keys, part))
    bounds = np.searchsorted(part[order], np.arange(parts + 1)).tolist()
    for number, (begin, end) in enumerate(pairwise(bounds)):
        if begin < end:
            chosen = order[begin:end]
            used, local = np.unique(places[chosen], return_inverse=True)
            yield number, pack(keys[chosen], local.astype(np.int64), *(column[used] for column in columns))


def join(blocks: Iterable[bytes]) -> Postings:
    """The postings of several blocks of one partition, ordered by key."""
    parts = [unpack(block) for block in blocks]
    offsets = np.cumsum([0, *(len(part[2]) for part in parts)])
    keys = np.concatenate([part[0] for part in parts])
    places = np.concatenate([part[1] + offset for part, offset in zip(parts, offsets, strict=False)])
    columns = tuple(np.concatenate(column) for column in zip(*(part[2:] for part in parts), strict=True))
    order = np.argsort(keys)
    return Postings(keys[order], places[order], columns)


def _packed(values: Array) -> bytes:
    if not len(values):
        return _HEAD.pack(0, 1, False, 0)
    ascend = bool((values[1:] >= values[:-1]).all())
    base = values[0] if ascend else values.min()
    rest = values.astype(np.uint64) - base.astype(np.uint64)  # modulo 2**64, as any two int64 differ
    rest = np.diff(rest, prepend=rest[:1]) if ascend else rest
    width = max(1, (int(rest.max()).bit_length() + 7) // 8)
    planes = rest.astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)[:, :width].T
    head = _HEAD.pack(len(values), width, ascend, int(base))
    return head + bytes(planes.tobytes())
