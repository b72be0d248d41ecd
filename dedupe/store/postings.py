"""Postings (key, number) in sorted blocks inside the SQLite file.

Written as immutable segments, merged in tiers as they pile up, so opening costs nothing and a look-up
reads a few blocks. Keys are 46 bits (the low ones of a 63-bit posting key; at 10^8 postings a key is
shared by chance with probability 3e-6), stored as the differences between them; numbers are
uint32. Both in as few bytes as a block's largest needs.

In memory a run of postings is a pair of arrays of one length: keys int64, numbers int64, ordered by key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import xxhash

BLOCK_POSTINGS = 1024
FAN_IN = 8  # segments of one level that are merged into one of the next
KEY_BITS = 46
FIRST_BAND = 1 << (KEY_BITS - 1)  # stored keys from here on are bands, those below sampled shingles

Array = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Run = tuple[Array, Array]


class Kind(IntEnum):
    """Which postings: they share the tables, not the segments."""

    LINE = 0
    SHINGLE = 1


@dataclass(frozen=True, slots=True)
class _Block:
    block: int
    first_key: int
    last_key: int


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
    segments = _segments(connection, kind)
    written = _Writer(connection, kind, _top_level(connection, kind)) if len(segments) > 1 else None
    for keys, numbers in _scan_segments(connection, segments, chunk_postings):
        kept = alive(numbers)
        run = keys[kept], numbers[kept]
        if written:
            written.write(run)
        yield run
    if written:
        _drop_segments(connection, segments)


def _top_level(connection: sqlite3.Connection, kind: Kind) -> int:
    (level,) = connection.execute("SELECT max(level) FROM segments WHERE kind = ?", [kind]).fetchone()
    return int(level)


def _drop_segments(connection: sqlite3.Connection, segments: Sequence[int]) -> None:
    marks = ",".join("?" * len(segments))
    connection.execute(f"DELETE FROM blocks WHERE segment IN ({marks})", segments)
    connection.execute(f"DELETE FROM segments WHERE segment IN ({marks})", segments)


def scan(connection: sqlite3.Connection, kind: Kind, chunk_postings: int = 1 << 21) -> Iterator[Run]:
    """All postings in key order, in runs that never part the postings of one key."""
    return _scan_segments(connection, _segments(connection, kind), chunk_postings)


def count(connection: sqlite3.Connection, kind: Kind) -> int:
    """How many postings are stored, dead ones included."""
    (total,) = connection.execute(
        "SELECT coalesce(sum(postings), 0) FROM segments WHERE kind = ?", [kind]
    ).fetchone()
    return int(total)


def lookup(connection: sqlite3.Connection, kind: Kind, keys: Array) -> Run:
    """All postings of ``keys`` (ascending, distinct)."""
    found_keys: list[Array] = []
    found_numbers: list[Array] = []
    for segment in _segments(connection, kind):
        for block in _blocks_of(connection, segment, keys):
            block_keys, numbers = _read_block(connection, block)
            place = np.minimum(np.searchsorted(keys, block_keys), len(keys) - 1)
            hit = keys[place] == block_keys
            if hit.any():
                found_keys.append(block_keys[hit])
                found_numbers.append(numbers[hit])
    if not found_keys:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return sort_run(np.concatenate(found_keys), np.concatenate(found_numbers))


def _segments(connection: sqlite3.Connection, kind: Kind) -> list[int]:
    rows = connection.execute("SELECT segment FROM segments WHERE kind = ? ORDER BY segment", [kind])
    return [segment for (segment,) in rows]


def _blocks_of(connection: sqlite3.Connection, segment: int, keys: Array) -> Iterable[int]:
    """The blocks of a segment that may hold any of ``keys``, ascending."""
    (blocks,) = connection.execute("SELECT count(*) FROM blocks WHERE segment = ?", [segment]).fetchone()
    if len(keys) * 16 < blocks:
        return _seek_blocks(connection, segment, keys)
    rows = connection.execute(
        "SELECT block, first_key, last_key FROM blocks WHERE segment = ? ORDER BY block", [segment]
    )
    fences = np.array(rows.fetchall(), dtype=np.int64).reshape(-1, 3)
    begin = np.searchsorted(keys, fences[:, 1], side="left")
    end = np.searchsorted(keys, fences[:, 2], side="right")
    wanted: list[int] = fences[end > begin, 0].tolist()
    return wanted


def _seek_blocks(connection: sqlite3.Connection, segment: int, keys: Array) -> list[int]:
    """The same by one b-tree descent a key: a single query touches a few of many blocks."""
    found: list[int] = []
    for key in keys.tolist():
        # Index order (last_key, first_key): the first row whose last_key reaches the key opens the
        # range; a key may run over several blocks, which follow until one begins beyond it.
        for block, first_key in connection.execute(
            "SELECT block, first_key FROM blocks WHERE segment = ? AND last_key >= ?"
            " ORDER BY last_key, first_key",
            [segment, key],
        ):
            if first_key > key:
                break
            found.append(block)
    return sorted(set(found))


_PACKED = "first_key, base, key_bytes, number_bytes, packed"


def _read_block(connection: sqlite3.Connection, block: int) -> Run:
    row = connection.execute(f"SELECT {_PACKED} FROM blocks WHERE block = ?", [block])
    return decode(*row.fetchone())


def decode(first_key: int, base: int, key_bytes: int, number_bytes: int, packed: bytes) -> Run:
    """The postings of one row of `blocks`."""
    length = len(packed) // (key_bytes + number_bytes)
    keys = _widen(packed, 0, length, key_bytes).cumsum()
    numbers = _widen(packed, length * key_bytes, length, number_bytes)
    keys += first_key
    numbers += base
    return keys, numbers


def checksum(row: Sequence[int], packed: bytes) -> int:
    """63 bits of a hash of a block's columns before `packed`, in their order, and of `packed`."""
    return xxhash.xxh3_64_intdigest(b"%d %d %d %d %d " % tuple(row) + packed) >> 1


def _encode(run: Run) -> Iterator[tuple[int, int, int, int, int, bytes, int]]:
    """The columns of each block of a run: what its blocks have in common is computed for all at once."""
    keys, numbers = run
    begins = np.arange(0, len(keys), BLOCK_POSTINGS)
    lasts = np.minimum(begins + BLOCK_POSTINGS, len(keys)) - 1
    deltas = np.diff(keys, prepend=keys[:1])
    deltas[begins] = 0
    bases = np.minimum.reduceat(numbers, begins)
    rest = numbers - np.repeat(bases, lasts - begins + 1)
    widths = zip(_widths(deltas, begins), _widths(rest, begins), strict=True)
    columns = zip(begins.tolist(), keys[begins].tolist(), keys[lasts].tolist(), bases.tolist(), strict=True)
    deltas, rest = _bytes(deltas), _bytes(rest)
    for (at, first, last, base), (key_bytes, number_bytes) in zip(columns, widths, strict=True):
        block = slice(at, at + BLOCK_POSTINGS)
        packed = deltas[block, :key_bytes].tobytes() + rest[block, :number_bytes].tobytes()
        row = first, last, base, key_bytes, number_bytes
        yield *row, packed, checksum(row, packed)


def _widths(values: Array, begins: Array) -> list[int]:
    """How many bytes the largest value of each block takes."""
    largest = np.maximum.reduceat(values, begins).tolist()
    return [max(1, (value.bit_length() + 7) // 8) for value in largest]


def _bytes(values: Array) -> npt.NDArray[np.uint8]:
    """uint8[n, 8]: the bytes of each value, the lowest first."""
    return values.astype("<i8", copy=False).view(np.uint8).reshape(-1, 8)


def _widen(packed: bytes, at: int, length: int, width: int) -> Array:
    """``length`` values of ``width`` bytes each, from byte ``at`` on: int64[length]."""
    columns = np.zeros((length, 8), np.uint8)
    columns[:, :width] = np.frombuffer(packed, np.uint8, length * width, at).reshape(length, width)
    return columns.view("<i8").reshape(length)


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
            "INSERT INTO blocks"
            " (segment, first_key, last_key, base, key_bytes, number_bytes, packed, checksum)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._segment, *block) for block in _encode(run)),
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
            f"SELECT {_PACKED} FROM blocks WHERE segment = ? ORDER BY block", [segment]
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
        decoded = [decode(*row) for row in rows]
        self._keys = np.concatenate([self._keys, *(part[0] for part in decoded)])
        self._numbers = np.concatenate([self._numbers, *(part[1] for part in decoded)])
        self.finished = self.finished or not rows

    def take(self, limit: int | None) -> Run:
        """Give out what lies below ``limit``, or all."""
        end = len(self._keys) if limit is None else int(np.searchsorted(self._keys, limit, side="left"))
        taken = self._keys[:end], self._numbers[:end]
        self._keys, self._numbers = self._keys[end:], self._numbers[end:]
        return taken
