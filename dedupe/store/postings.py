"""Postings (key, number) in sorted blocks inside the SQLite file.

Written as immutable segments, merged in tiers as they pile up, so opening costs nothing and a look-up
reads a few blocks. Keys are 46 bits (the low ones of a 63-bit posting key; at 10^8 postings a key is
shared by chance with probability 3e-6), stored as the differences between them; numbers are
uint32. How a block holds them is in :mod:`dedupe.store.blocks`.

In memory a run of postings is a pair of arrays of one length: keys int64, numbers int64, ordered by key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from dedupe.store.blocks import BLOCK_POSTINGS, COLUMNS, Block, Run, decode, encode

FEW = 32  # one document in so many, or fewer: their keys are looked up, and not all postings read
FAN_IN = 8  # segments of one level that are merged into one of the next
KEY_BITS = 46
FIRST_BAND = 1 << (KEY_BITS - 1)  # stored keys from here on are bands, those below sampled shingles

Array = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Kind(IntEnum):
    """Which postings: they share the tables, not the segments."""

    LINE = 0
    SHINGLE = 1


def stored_keys(keys: npt.NDArray[np.uint64]) -> Array:
    """63-bit posting keys as stored: the top bit (a band's key) kept, 45 bits of hash below it."""
    band = (keys >> np.uint64(62)) << np.uint64(KEY_BITS - 1)
    return (band | (keys & np.uint64((1 << (KEY_BITS - 1)) - 1))).astype(np.int64)


def run_of(keys: Sequence[bytes], numbers: Iterable[int]) -> Run:
    """The postings of documents given by their keys, int64 as bytes, and their numbers, ascending."""
    flat = np.frombuffer(b"".join(keys), np.int64)
    counts = np.fromiter(map(len, keys), np.int64, len(keys)) // flat.itemsize
    return sort_run(flat, np.repeat(np.fromiter(numbers, np.int64, len(keys)), counts))


def sort_run(keys: Array, numbers: Array) -> Run:
    """The same postings ordered by key; in what order those of one key come, is left open."""
    order = np.argsort(keys)
    return keys[order], numbers[order]


def append_segment(connection: sqlite3.Connection, kind: Kind, run: Run) -> None:
    """Write one level-0 segment. The caller holds the transaction."""
    if len(run[0]):
        _Writer(connection, kind, 0).write(run)


def merge_segments(connection: sqlite3.Connection, kind: Kind) -> bool:
    """Merge the lowest level that has FAN_IN segments, if any. The caller holds the transaction."""
    row = connection.execute(
        "SELECT level FROM segments WHERE kind = ? GROUP BY level HAVING count(*) >= ? ORDER BY level",
        [kind, FAN_IN],
    ).fetchone()
    if row is None:
        return False
    merged = [
        segment
        for (segment,) in connection.execute(
            "SELECT segment FROM segments WHERE kind = ? AND level = ? ORDER BY segment", [kind, row[0]]
        )
    ]
    segment = _Writer(connection, kind, row[0] + 1)
    for run in _scan_segments(connection, merged, 1 << 20):
        segment.write(run)
    _drop_segments(connection, merged)
    return True


def compacted(
    connection: sqlite3.Connection, kind: Kind, alive: Callable[[Array], Mask], chunk_postings: int
) -> Iterator[Run]:
    """:func:`scan`, of the postings whose numbers are ``alive``; several segments are made one of these,
    once they are read to the end. The caller holds the transaction."""
    merged = list(segments(connection, kind))
    written = _Writer(connection, kind, _top_level(connection, kind)) if len(merged) > 1 else None
    for keys, numbers in _scan_segments(connection, merged, chunk_postings):
        kept = alive(numbers)
        run = keys[kept], numbers[kept]
        if written:
            written.write(run)
        yield run
    if written:
        _drop_segments(connection, merged)


def _top_level(connection: sqlite3.Connection, kind: Kind) -> int:
    (level,) = connection.execute("SELECT max(level) FROM segments WHERE kind = ?", [kind]).fetchone()
    return int(level)


def _drop_segments(connection: sqlite3.Connection, segments: Sequence[int]) -> None:
    marks = ",".join("?" * len(segments))
    connection.execute(f"DELETE FROM blocks WHERE segment IN ({marks})", segments)
    connection.execute(f"DELETE FROM segments WHERE segment IN ({marks})", segments)


def next_segment(connection: sqlite3.Connection) -> int:
    """Segments written from now on have this number or a higher one."""
    (last,) = connection.execute("SELECT coalesce(max(segment), 0) FROM segments").fetchone()
    return int(last) + 1


def since(connection: sqlite3.Connection, kind: Kind, segment: int) -> Iterator[Run]:
    """All postings of the segments from number ``segment`` on: those that were written since then, and
    those that these were merged with."""
    written = [number for number in segments(connection, kind) if number >= segment]
    return _scan_segments(connection, written, 1 << 21)


def scan(connection: sqlite3.Connection, kind: Kind, chunk_postings: int = 1 << 21) -> Iterator[Run]:
    """All postings in key order, in runs that never part the postings of one key."""
    return _scan_segments(connection, list(segments(connection, kind)), chunk_postings)


def count(connection: sqlite3.Connection, kind: Kind) -> int:
    """How many postings are stored, dead ones included."""
    (total,) = connection.execute(
        "SELECT coalesce(sum(postings), 0) FROM segments WHERE kind = ?", [kind]
    ).fetchone()
    return int(total)


def segments(connection: sqlite3.Connection, kind: Kind) -> dict[int, int]:
    """segment -> how many postings it holds, the oldest first."""
    rows = connection.execute(
        "SELECT segment, postings FROM segments WHERE kind = ? ORDER BY segment", [kind]
    )
    return dict(rows.fetchall())


class _Writer:
    """One new segment, written run by run in key order."""

    def __init__(self, connection: sqlite3.Connection, kind: Kind, level: int) -> None:
        self._connection = connection
        cursor = connection.execute(
            "INSERT INTO segments (kind, level, postings) VALUES (?, ?, 0)", [kind, level]
        )
        self._segment = cursor.lastrowid

    def write(self, run: Run) -> None:
        if not len(run[0]):
            return
        self._connection.executemany(
            f"INSERT INTO blocks (segment, {COLUMNS}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._segment, *block, block.checksum) for block in encode(run)),
        )
        self._connection.execute(
            "UPDATE segments SET postings = postings + ? WHERE segment = ?", [len(run[0]), self._segment]
        )


def _scan_segments(connection: sqlite3.Connection, segments: list[int], chunk: int) -> Iterator[Run]:
    """Merge segments in key order, ``chunk`` postings at a time or somewhat more.

    Each step reads on in the segment that is behind until enough is buffered, then gives out all that
    lies below the smallest key that any unfinished segment has reached.
    """
    if not segments:
        return
    streams = [_Stream(connection, segment) for segment in segments]
    share = max(1, chunk // (BLOCK_POSTINGS * len(segments)))
    while True:
        for stream in streams:
            stream.fill(share)
        open_ends = [stream.reached for stream in streams if not stream.finished]
        limit = min(open_ends) if open_ends else None
        parts = [stream.take(limit) for stream in streams]
        keys = np.concatenate([part[0] for part in parts])
        if len(keys):
            yield sort_run(keys, np.concatenate([part[1] for part in parts]))
        if limit is None:
            return


class _Stream:
    """One segment, read block by block."""

    def __init__(self, connection: sqlite3.Connection, segment: int) -> None:
        self._rows = connection.execute(
            f"SELECT {COLUMNS} FROM blocks WHERE segment = ? ORDER BY block", [segment]
        )
        self._keys: Array = np.empty(0, np.int64)
        self._numbers: Array = np.empty(0, np.int64)
        self.finished = False

    @property
    def reached(self) -> int:
        """The last key buffered: more of it may follow."""
        return int(self._keys[-1])

    def fill(self, blocks: int) -> None:
        """Read on until ``blocks`` blocks are buffered, always at least one more."""
        if self.finished:
            return
        wanted = max(1, blocks - len(self._keys) // BLOCK_POSTINGS)
        rows = self._rows.fetchmany(wanted)
        self.finished = len(rows) < wanted
        keys, numbers = decode([Block(*row) for row in rows])
        self._keys = np.concatenate([self._keys, keys])
        self._numbers = np.concatenate([self._numbers, numbers])
        self.finished = self.finished or not rows

    def take(self, limit: int | None) -> Run:
        """Give out what lies below ``limit``, or all."""
        end = len(self._keys) if limit is None else int(np.searchsorted(self._keys, limit, side="left"))
        taken = self._keys[:end], self._numbers[:end]
        self._keys, self._numbers = self._keys[end:], self._numbers[end:]
        return taken
