"""Furniture that only the crawl reveals: lines under many different titles of one outlet.

The count is of distinct titles, absolute, over the documents that are stored: adding documents in any
order ends in the same set of lines, and so does removing them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import orjson

from dedupe import sets
from dedupe.config import TextConfig
from dedupe.store import lookups, postings
from dedupe.store.blocks import Run
from dedupe.store.database import get_meta, put_meta
from dedupe.store.documents import last_number
from dedupe.store.findings import Finding, Part, finding
from dedupe.store.lookups import Known
from dedupe.store.postings import FEW, Kind
from dedupe.store.stages import Stage, pending, set_stage

Array = npt.NDArray[np.int64]
PROSE_BIT = 1  # of a line key: set for lines as long as prose (dedupe.text.line_keys)
_KEY_MASK = (1 << postings.KEY_BITS) - 1
_SUM_MASK = (1 << 63) - 1


class FurnitureLines:
    """The lines that are furniture at some outlets: ``key in lines`` for 64-bit line keys."""

    def __init__(self, stored: Iterable[int]) -> None:
        self._stored = frozenset(stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and key & _KEY_MASK in self._stored


class KnownLines:
    """The lines that are furniture, an outlet's read when it is first asked for.

    What an ``earlier`` one has read is taken over, unless lines have come or gone since.
    """

    def __init__(self, connection: sqlite3.Connection, earlier: KnownLines | None = None) -> None:
        self._connection = connection
        self._version = get_meta(connection, "furniture_version")
        self._of: dict[str | None, FurnitureLines] = {None: FurnitureLines(())}
        if earlier is not None and self._version is not None and earlier._version == self._version:
            self._of = earlier._of

    def of(self, outlet: str | None) -> FurnitureLines:
        """The lines that are furniture of an outlet."""
        known = self._of.get(outlet)
        if known is None:
            assert outlet is not None
            known = self._of[outlet] = known_lines(self._connection, outlet)
        return known


def known_lines(connection: sqlite3.Connection, outlet: str) -> FurnitureLines:
    """The lines that are furniture of an outlet."""
    rows = connection.execute("SELECT line_key FROM furniture WHERE outlet = ?", [outlet])
    return FurnitureLines(key for (key,) in rows)


def fingerprint(keys: Array, known: FurnitureLines) -> int:
    """Tells which of a document's stored line keys, int64[k], are furniture: 63 bits of their sum."""
    return sum(key for key in keys.tolist() if key in known) & _SUM_MASK if len(known) else 0


def counted_documents(connection: sqlite3.Connection) -> int:
    """The lines of the documents up to this number have been counted."""
    return int(get_meta(connection, "lines_learned") or 0)


def is_learned(connection: sqlite3.Connection) -> bool:
    """Whether the lines of all documents have been counted; of some that have gone they may have been too."""
    return last_number(connection) <= counted_documents(connection)


def learn(connection: sqlite3.Connection, config: TextConfig, known: Known | None = None) -> None:
    """Count the titles of the lines of documents that were not counted yet.

    `furniture` then holds the lines that have enough. Documents that were signed with others taken for
    furniture are sent to be signed again: those read before their lines were known, for the most part.
    """
    if is_learned(connection):
        return
    last, counted = last_number(connection), counted_documents(connection)
    if (last - counted) * FEW < last:
        stale = _learn_few(connection, config, counted, known)
    else:
        stale = _learn_anew(connection, config)
    set_stage(connection, stale.tolist(), Stage.SIGN)
    note_counted(connection, last)


def note_counted(connection: sqlite3.Connection, last: int) -> None:
    """The lines of the documents up to number ``last``, and of all segments, have been counted."""
    put_meta(connection, "lines_learned", str(last).encode())
    put_meta(connection, "next_unlearned_segment", str(postings.next_segment(connection)).encode())


def _learn_anew(connection: sqlite3.Connection, config: TextConfig) -> Array:
    """Count all lines; returns the documents to be signed again."""
    counted = _count_all(connection, config)
    known = _all_lines(connection)
    _forget(connection, sets.difference(known, counted.lines))
    gained = ~sets.is_in(counted.lines, known)
    _note(connection, counted.lines[gained], counted.holders[gained])
    return counted.stale


class _Counted(NamedTuple):
    """``lines`` with enough titles, ascending, a document that holds each, and the documents that were
    signed with others taken for furniture; int64 each."""

    lines: Array
    holders: Array
    stale: Array


def _count_all(connection: sqlite3.Connection, config: TextConfig) -> _Counted:
    last = last_number(connection)
    columns = _Columns.of_all(connection, last)
    sums = np.zeros(last + 1, np.uint64)
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for run_keys, numbers in postings.scan(connection, Kind.LINE):
        keys, numbers = columns.stored(run_keys, numbers)
        lines = common_lines(keys, columns.title[numbers], config)
        np.add.at(sums, *_taken(keys, numbers, lines))
        found.append((lines, numbers[np.searchsorted(keys, lines)]))
    lines, holders = (np.concatenate(column) for column in zip(*found, strict=True))
    stale = np.flatnonzero((sums & np.uint64(_SUM_MASK)).astype(np.int64) != columns.furniture)
    return _Counted(lines, holders, stale)


def faults(connection: sqlite3.Connection, config: TextConfig) -> Iterator[Finding]:
    """Where the furniture is not what the documents say, all of which were counted."""
    counted = _count_all(connection, config)
    known = _all_lines(connection)
    yield from finding(Part.FURNITURE, "a line is missing", sets.difference(counted.lines, known))
    yield from finding(Part.FURNITURE, "a line is there that is none", sets.difference(known, counted.lines))
    held = zip(counted.lines.tolist(), counted.holders.tolist(), strict=True)
    query = (
        "SELECT outlet FROM furniture WHERE line_key = ?"
        " EXCEPT SELECT outlet FROM documents WHERE document = ?"
    )
    foreign = (key for key, number in held if connection.execute(query, (key, number)).fetchone())
    yield from finding(Part.FURNITURE, "a line is not its outlet's", foreign)
    otherwise = sets.difference(
        counted.stale, sets.distinct(np.array(pending(connection, Stage.SIGN), np.int64))
    )
    yield from finding(Part.FURNITURE, "a document was signed with other lines", otherwise)


def _learn_few(
    connection: sqlite3.Connection, config: TextConfig, counted: int, known: Known | None
) -> Array:
    """The same, where documents have come and only their lines can have become furniture."""
    segment = int(get_meta(connection, "next_unlearned_segment") or 1)
    written = [keys[numbers > counted] for keys, numbers in postings.since(connection, Kind.LINE, segment)]
    found = lookups.lookup(connection, Kind.LINE, sets.distinct(np.concatenate(written)), known)
    columns = _Columns.of_some(connection, sets.distinct(found[1]))
    keys, numbers = columns.stored(*found)
    lines = common_lines(keys, columns.title[numbers], config)
    gained = sets.difference(lines, _all_lines(connection))
    _note(connection, gained, numbers[np.searchsorted(keys, gained)])
    holding = numbers[sets.is_in(keys, gained)]
    sums = np.zeros(len(columns.title), np.uint64)
    np.add.at(sums, *_taken(keys, numbers, lines))
    otherwise = (sums & np.uint64(_SUM_MASK)).astype(np.int64) != columns.furniture
    otherwise[: counted + 1] = False  # of these not all lines were looked up
    return sets.union(holding, np.flatnonzero(otherwise))


def put_lines(connection: sqlite3.Connection, lines: Iterable[tuple[int, str]]) -> None:
    """Insert lines that are furniture, each with an outlet."""
    put_meta(connection, "furniture_version", os.urandom(16))
    connection.executemany("INSERT INTO furniture VALUES (?, ?)", lines)


def unlearn(
    connection: sqlite3.Connection, config: TextConfig, keys: Array, looked_up: Known | None = None
) -> None:
    """Count the titles of ``keys`` anew, whose documents have gone: lines with too few are no furniture
    any more, and the documents that hold them are sent to be signed again."""
    found = lookups.lookup(connection, Kind.LINE, keys, looked_up)
    columns = _Columns.of_some(connection, sets.distinct(found[1]))
    run_keys, numbers = columns.stored(*found)
    known = sets.intersection(_all_lines(connection), keys)
    lost = sets.difference(known, common_lines(run_keys, columns.title[numbers], config))
    _forget(connection, lost)
    set_stage(connection, sets.distinct(numbers[sets.is_in(run_keys, lost)]).tolist(), Stage.SIGN)


_COLUMNS = "SELECT document, title_key, coalesce(furniture, 0) FROM documents"


class _Columns:
    """Columns of `documents` by document number, of all or of some.

    ``title`` int64 is the title key, 0 where no document has the number; ``furniture`` int64, 0 there too.
    """

    def __init__(self, rows: sqlite3.Cursor, last: int) -> None:
        columns = np.fromiter(rows, np.dtype((np.int64, 3)))
        self.title = np.zeros(last + 1, np.int64)
        self.furniture = np.zeros(last + 1, np.int64)
        self.title[columns[:, 0]] = np.maximum(columns[:, 1], 1)
        self.furniture[columns[:, 0]] = columns[:, 2]

    @classmethod
    def of_all(cls, connection: sqlite3.Connection, last: int) -> Self:
        """Of the documents up to number ``last``."""
        return cls(connection.execute(_COLUMNS), last)

    @classmethod
    def of_some(cls, connection: sqlite3.Connection, numbers: Array) -> Self:
        """Of those among ``numbers``, ascending, that are stored."""
        rows = connection.execute(
            f"{_COLUMNS} WHERE document IN (SELECT value FROM json_each(?))",
            [orjson.dumps(numbers.tolist()).decode()],
        )
        return cls(rows, int(numbers[-1]) if len(numbers) else 0)

    def stored(self, keys: Array, numbers: Array) -> Run:
        """The postings of documents that are stored still."""
        here = numbers < len(self.title)
        here[here] = self.title[numbers[here]] != 0
        return keys[here], numbers[here]


def _taken(keys: Array, numbers: Array, lines: Array) -> tuple[Array, npt.NDArray[np.uint64]]:
    """Of postings in key order those of furniture ``lines``, ascending: their numbers, and their keys."""
    taken = sets.is_in(keys, lines)
    return numbers[taken], keys[taken].astype(np.uint64)


def common_lines(keys: Array, titles: Array, config: TextConfig) -> Array:
    """Which of ``keys``, ascending, stand under enough different ``titles``: distinct, ascending."""
    bounds = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1], [True])))
    sizes = np.diff(bounds) if len(keys) else np.empty(0, np.int64)
    often = np.repeat(sizes >= min(config.furniture_titles, config.furniture_prose_titles), sizes)
    keys, titles = keys[often], titles[often]
    order = np.lexsort((titles, keys))
    keys, titles = keys[order], titles[order]
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (titles[1:] != titles[:-1])
    distinct, counts = np.unique(keys[fresh], return_counts=True)
    needed = np.where(distinct & PROSE_BIT, config.furniture_prose_titles, config.furniture_titles)
    return distinct[counts >= needed]


def _all_lines(connection: sqlite3.Connection) -> Array:
    rows = connection.execute("SELECT line_key FROM furniture ORDER BY line_key")
    return np.fromiter((key for (key,) in rows), np.int64)


def _forget(connection: sqlite3.Connection, lines: Array) -> None:
    if not len(lines):
        return
    put_meta(connection, "furniture_version", os.urandom(16))
    connection.executemany("DELETE FROM furniture WHERE line_key = ?", ((key,) for key in lines.tolist()))


def _note(connection: sqlite3.Connection, lines: Array, holders: Array) -> None:
    """``lines`` are furniture; ``holders`` has a document for each."""
    if not len(lines):
        return
    put_meta(connection, "furniture_version", os.urandom(16))
    connection.executemany(
        "INSERT INTO furniture SELECT ?, outlet FROM documents WHERE document = ?",
        zip(lines.tolist(), holders.tolist(), strict=True),
    )


def line_key(keys: npt.NDArray[np.uint64]) -> Array:
    """64-bit line keys as they are stored: their low 46 bits."""
    return (keys & np.uint64(_KEY_MASK)).astype(np.int64)
