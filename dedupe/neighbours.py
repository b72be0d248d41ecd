"""The buckets that unsettled documents are in, and which of the documents there are alive.

Two ways to the same: all postings are read; or, where few documents are unsettled, only their keys are
looked up, so that a few new documents cost the same in an index of any size, all but the look-up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dedupe import jobs, sets
from dedupe.config import Config
from dedupe.sketch import Permutations
from dedupe.store import lookups, postings, sizes, sketches
from dedupe.store.blocks import Run
from dedupe.store.lookups import Known
from dedupe.store.postings import FEW, Kind
from dedupe.store.sketches import SketchTable

Array = npt.NDArray[np.int64]


class Neighbours(Protocol):
    """``table`` knows every document that is in one of the buckets."""

    table: SketchTable

    def runs(self) -> Iterator[Run]:
        """The live postings of each bucket, in key order, some buckets at a time."""

    def unsettle(self, numbers: Array) -> None:
        """These sketch numbers are unsettled now too."""


class AllPostings:
    """Everything is read, and written back as one segment, so that a query has fewer to look into."""

    def __init__(self, connection: sqlite3.Connection, chunk_postings: int) -> None:
        self._connection = connection
        self._chunk_postings = chunk_postings
        self.table = sketches.load_table(connection)

    def runs(self) -> Iterator[Run]:
        """The live postings of all buckets. The caller holds the transaction."""
        return postings.compacted(self._connection, Kind.SHINGLE, self.table.live, self._chunk_postings)

    def unsettle(self, numbers: Array) -> None:
        """Note it."""
        self.table.unsettled[numbers] = True


class LookedUp:
    """The buckets of some sketches: their keys are those just written, or are made again from the texts."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        unsettled: Array,
        permutations: Permutations,
        config: Config,
        known: Known,
    ) -> None:
        self._connection = connection
        self._known = known
        self._permutations = permutations
        self._config = config
        written, holders = sketches.written_keys(connection, unsettled)
        rest = self._made_keys(sets.difference(unsettled, sets.distinct(holders)))
        self._keys = sets.union(written, rest)
        self._found = lookups.lookup(connection, Kind.SHINGLE, self._keys, known)
        self.table = self._table()

    def runs(self) -> Iterator[Run]:
        """The live postings of these buckets, all at once."""
        keys, numbers = self._found
        alive = self.table.live(numbers)
        yield keys[alive], numbers[alive]

    def unsettle(self, numbers: Array) -> None:
        """Look up the buckets of these too."""
        more = sets.difference(self._made_keys(numbers), self._keys)
        self._keys = sets.union(self._keys, more)
        found = lookups.lookup(self._connection, Kind.SHINGLE, more, self._known)
        keys, held = (np.concatenate(pair) for pair in zip(self._found, found, strict=True))
        self._found = postings.sort_run(keys, held)
        self.table = self._table()

    def _table(self) -> SketchTable:
        return sketches.load_table(self._connection, sets.distinct(self._found[1]))

    def _made_keys(self, numbers: Array) -> Array:
        """The distinct keys of sketches, ascending, from the stories themselves."""
        named = sketches.load_table(self._connection, numbers).document[numbers]
        made = partial(jobs.posting_keys, permutations=self._permutations, config=self._config)
        return sets.distinct(sizes.of_stories(self._connection, named.tolist(), made))


def are_few(unsettled: int, stored: int) -> bool:
    """Whether looking up the keys of so many documents takes less than reading the postings of all."""
    return unsettled * FEW < stored
