"""A run of postings as blocks of bytes, and back.

A block holds the differences between its ascending keys, then its numbers less the least of them, each in
as few hexadecimal digits as the largest of them needs, little-endian. Two values of an odd number of digits
share a byte. Pure: bytes and arrays, no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

# A query decodes some hundred blocks for one key each: of 1,024 postings they took most of its time. Of these
# twelve, at 11 digits a posting and 48 bytes besides, fill a page of 16 KiB.
BLOCK_POSTINGS = 238  # even, so that no block but the last ends within a byte
MAX_DIGITS = 16
_MAX_ODD = 7  # digits: two such values are put together in 64 bits

Array = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Run = tuple[Array, Array]


class Block(NamedTuple):
    """The columns of one block; ``last_key`` only serves to find it."""

    first_key: int
    last_key: int
    base: int  # the least number
    postings: int
    key_digits: int  # hexadecimal
    number_digits: int
    packed: bytes

    @property
    def checksum(self) -> int:
        """63 bits of a hash of all columns."""
        return xxhash.xxh3_64_intdigest(b"%d %d %d %d %d %d " % self[:-1] + self.packed) >> 1

    @property
    def size(self) -> int:
        """The bytes that so many postings take."""
        return self.key_bytes + _size(self.postings, self.number_digits)

    @property
    def key_bytes(self) -> int:
        """Of these, those of the keys, which come first."""
        return _size(self.postings, self.key_digits)


COLUMNS = ", ".join(Block._fields)  # of the table `blocks`


def encode(run: Run) -> Iterator[Block]:
    """The blocks of a run: what they have in common is computed for all at once."""
    whole = len(run[0]) - len(run[0]) % BLOCK_POSTINGS
    for begin, end, length in ((0, whole, BLOCK_POSTINGS), (whole, len(run[0]), len(run[0]) - whole)):
        if begin < end:
            yield from _encode_alike(*(column[begin:end].reshape(-1, length) for column in run))


def _encode_alike(keys: Array, numbers: Array) -> Iterator[Block]:
    """The blocks of postings int64[blocks, postings] in key order."""
    first, last = keys[:, 0], keys[:, -1]
    base = numbers.min(axis=1)
    key_digits, packed_keys = _packed(np.diff(keys, axis=1, prepend=first[:, None]))
    number_digits, packed_numbers = _packed(numbers - base[:, None])
    told = (first.tolist(), last.tolist(), base.tolist(), [keys.shape[1]] * len(keys))
    packed = map(bytes.__add__, packed_keys, packed_numbers)
    return map(Block, *told, key_digits, number_digits, packed)


def _packed(values: Array) -> tuple[list[int], list[bytes]]:
    """The digits of each row, and its bytes."""
    digits = [_digits_of(value) for value in values.max(axis=1).tolist()]
    packed = [b""] * len(digits)
    for count in set(digits):
        rows = np.flatnonzero(np.array(digits) == count)
        for row, data in zip(rows.tolist(), _pack(values[rows], count), strict=True):
            packed[row] = data.tobytes()
    return digits, packed


def _digits_of(largest: int) -> int:
    digits = max(1, (largest.bit_length() + 3) // 4)
    return digits if digits <= _MAX_ODD else digits + digits % 2


def _pack(values: Array, digits: int) -> Bytes:
    """int64[rows, n] -> uint8[rows, bytes]."""
    if digits % 2:
        filled = np.pad(values, ((0, 0), (0, values.shape[1] % 2)))
        values, digits = filled[:, ::2] | (filled[:, 1::2] << 4 * digits), 2 * digits
    octets = np.ascontiguousarray(values, "<i8").view(np.uint8).reshape(*values.shape, 8)
    return octets[:, :, : digits // 2].reshape(len(values), -1)


def decode(blocks: Sequence[Block]) -> Run:
    """The postings of some blocks of one segment, given in their order."""
    runs = [_decode_alike(list(alike), *shape) for shape, alike in groupby(blocks, _shape)]
    if not runs:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([keys for keys, _ in runs]), np.concatenate([numbers for _, numbers in runs])


def _shape(block: Block) -> tuple[int, int, int]:
    return block.postings, block.key_digits, block.number_digits


def _decode_alike(blocks: Sequence[Block], postings: int, key_digits: int, number_digits: int) -> Run:
    """The same for blocks of one shape, all at once."""
    packed = np.frombuffer(b"".join(block.packed for block in blocks), np.uint8).reshape(len(blocks), -1)
    parted = _size(postings, key_digits)
    keys = _unpack(packed[:, :parted], postings, key_digits).cumsum(axis=1)
    keys += np.array([block.first_key for block in blocks])[:, None]
    numbers = _unpack(packed[:, parted:], postings, number_digits)
    numbers += np.array([block.base for block in blocks])[:, None]
    return keys.ravel(), numbers.ravel()


def _unpack(packed: Bytes, count: int, digits: int) -> Array:
    """The inverse of :func:`_pack`: uint8[rows, bytes] -> int64[rows, count]."""
    width = digits if digits % 2 else digits // 2
    octets = np.zeros((len(packed), packed.shape[1] // width, 8), np.uint8)
    octets[:, :, :width] = packed.reshape(len(packed), -1, width)
    values = octets.view("<i8").reshape(len(packed), -1)
    if digits % 2:
        pairs = np.stack([values & (1 << 4 * digits) - 1, values >> 4 * digits], axis=2)
        return pairs.reshape(len(packed), -1)[:, :count]
    return values


def _size(postings: int, digits: int) -> int:
    """The bytes of so many values."""
    return (postings + 1) // 2 * digits if digits % 2 else postings * digits // 2
