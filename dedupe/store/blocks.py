"""A run of postings as blocks of bytes, and back.

A block holds the differences between its ascending keys, then its numbers less the least of them, each
little-endian in as few bytes as the largest of them needs. Pure: bytes and arrays, no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

# A query decodes some hundred blocks for one key each: of 1,024 postings they took most of its time, and
# wasted a fifth of a page of 16 KiB, which these fill. A block costs 45 bytes.
BLOCK_POSTINGS = 240

Array = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Run = tuple[Array, Array]


class Block(NamedTuple):
    """The columns of one block; ``last_key`` only serves to find it."""

    first_key: int
    last_key: int
    base: int  # the least number
    key_bytes: int
    number_bytes: int
    packed: bytes

    @property
    def checksum(self) -> int:
        """63 bits of a hash of all columns."""
        return xxhash.xxh3_64_intdigest(b"%d %d %d %d %d " % self[:-1] + self.packed) >> 1


COLUMNS = ", ".join(Block._fields)  # of the table `blocks`


def encode(run: Run) -> Iterator[Block]:
    """The blocks of a run: what they have in common is computed for all at once."""
    keys, numbers = run
    begins = np.arange(0, len(keys), BLOCK_POSTINGS)
    lasts = np.minimum(begins + BLOCK_POSTINGS, len(keys)) - 1
    deltas = np.diff(keys, prepend=keys[:1])
    deltas[begins] = 0
    bases = np.minimum.reduceat(numbers, begins)
    rest = numbers - np.repeat(bases, lasts - begins + 1)
    widths = zip(_widths(deltas, begins), _widths(rest, begins), strict=True)
    columns = zip(begins.tolist(), keys[begins].tolist(), keys[lasts].tolist(), bases.tolist(), strict=True)
    delta_bytes, rest_bytes = _bytes(deltas), _bytes(rest)
    for (at, first, last, base), (key_bytes, number_bytes) in zip(columns, widths, strict=True):
        block = slice(at, at + BLOCK_POSTINGS)
        packed = delta_bytes[block, :key_bytes].tobytes() + rest_bytes[block, :number_bytes].tobytes()
        yield Block(first, last, base, key_bytes, number_bytes, packed)


def decode(blocks: Sequence[Block]) -> Run:
    """The postings of some blocks of one segment, given in their order."""
    runs = [_decode_alike(list(alike), *shape) for shape, alike in groupby(blocks, _shape)]
    if not runs:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([keys for keys, _ in runs]), np.concatenate([numbers for _, numbers in runs])


def _shape(block: Block) -> tuple[int, int, int]:
    return block.key_bytes, block.number_bytes, len(block.packed)


def _decode_alike(blocks: Sequence[Block], key_bytes: int, number_bytes: int, size: int) -> Run:
    """The same for blocks of one shape, all at once."""
    length = size // (key_bytes + number_bytes)
    packed = np.frombuffer(b"".join(block.packed for block in blocks), np.uint8).reshape(len(blocks), size)
    keys = _widen(packed[:, : length * key_bytes], key_bytes).cumsum(axis=1)
    keys += np.array([block.first_key for block in blocks])[:, None]
    numbers = _widen(packed[:, length * key_bytes :], number_bytes)
    numbers += np.array([block.base for block in blocks])[:, None]
    return keys.ravel(), numbers.ravel()


def _widths(values: Array, begins: Array) -> list[int]:
    """How many bytes the largest value of each block takes."""
    largest = np.maximum.reduceat(values, begins).tolist()
    return [max(1, (value.bit_length() + 7) // 8) for value in largest]


def _bytes(values: Array) -> Bytes:
    """uint8[n, 8]: the bytes of each value, the lowest first."""
    return values.astype("<i8", copy=False).view(np.uint8).reshape(-1, 8)


def _widen(packed: Bytes, width: int) -> Array:
    """uint8[n, length * width] -> int64[n, length]."""
    columns = np.zeros((len(packed), packed.shape[1] // width, 8), np.uint8)
    columns[:, :, :width] = packed.reshape(len(packed), -1, width)
    return columns.view("<i8").reshape(len(packed), -1)
