"""Every block of postings, read once: is it as it was written, and what does each number have in it?"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe.store.blocks import MAX_DIGITS, Block, Run, decode
from dedupe.store.findings import Finding, Part, finding
from dedupe.store.postings import KEY_BITS, Kind

Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """By number, each int64[n]: how many postings it has, and their keys added up modulo 2**64."""

    counts: Array
    sums: Array

    @classmethod
    def of(cls, size: int) -> Tally:
        """Nothing yet of the numbers below ``size``."""
        return cls(np.zeros(size, np.int64), np.zeros(size, np.int64))

    def add(self, keys: Array, numbers: Array) -> None:
        """Count postings."""
        np.add.at(self.counts, numbers, 1)
        np.add.at(self.sums, numbers, keys)

    def differing(self, other: Tally, numbers: Array) -> Array:
        """Those of ``numbers`` of which the two do not have the same."""
        counts = self.counts[numbers] != other.counts[numbers]
        found: Array = numbers[counts | (self.sums[numbers] != other.sums[numbers])]
        return found


class BlockCheck:
    """Reads all blocks; then ``tallies`` has what is in them, and :meth:`faults` what is wrong with them.

    ``sizes``: for each kind of postings the first number that none may have.
    """

    def __init__(self, connection: sqlite3.Connection, sizes: dict[Kind, int]) -> None:
        self.tallies = {kind: Tally.of(size) for kind, size in sizes.items()}
        self._wrong: defaultdict[str, list[str]] = defaultdict(list)
        for segment, kind, postings in connection.execute("SELECT segment, kind, postings FROM segments"):
            if kind not in self.tallies:
                self._wrong["there is no such kind"].append(f"segment {segment}")
                continue
            found = self._read(connection, segment, self.tallies[kind])
            if found != postings:
                self._wrong["a block is missing, or too many are there"].append(f"segment {segment}")

    def faults(self) -> Iterator[Finding]:
        """What is wrong with the blocks."""
        for what, places in self._wrong.items():
            yield from finding(Part.POSTINGS, what, places)

    def _read(self, connection: sqlite3.Connection, segment: int, tally: Tally) -> int:
        """How many postings a segment has."""
        total, reached = 0, 0
        rows = connection.execute(
            f"SELECT block, checksum, {', '.join(Block._fields)} FROM blocks"
            " WHERE segment = ? ORDER BY block",
            [segment],
        )
        for number, noted, *columns in rows:
            block = Block(*columns)
            try:
                if noted is not None and noted != block.checksum:
                    raise ValueError("a block is not what was written")
                keys, numbers = _sound(block, len(tally.counts))
                if keys[-1] != block.last_key or block.first_key < reached:
                    raise ValueError("a block is out of order")
            except (ValueError, TypeError) as error:
                self._wrong[str(error)].append(f"block {number}")
                continue
            tally.add(keys, numbers)
            total, reached = total + len(keys), block.last_key
        return total


def _sound(block: Block, size: int) -> Run:
    """The postings of a block.

    Raises:
        ValueError: they cannot be.
    """
    if not (1 <= block.key_digits <= MAX_DIGITS and 1 <= block.number_digits <= MAX_DIGITS):
        raise ValueError("a block has numbers of no known length")
    if not block.postings or len(block.packed) != block.size:
        raise ValueError("a block has other postings than it should")
    keys, numbers = decode([block])
    if keys[0] < 0 or keys[-1] >= 1 << KEY_BITS or (keys[1:] < keys[:-1]).any():
        raise ValueError("a block is out of order")
    if numbers.min() < 1 or numbers.max() >= size:
        raise ValueError("a block names documents that never were")
    return keys, numbers
