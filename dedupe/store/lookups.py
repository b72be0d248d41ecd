"""The postings of keys: which blocks of which segments hold them.

A segment never changes and its number is not given again, so what a look-up has learned of it holds
whatever is committed meanwhile: :class:`Known` keeps it for the next. SQLite keeps nothing so long: each
commit of another process empties its page cache.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from dedupe import sets
from dedupe.store.blocks import BLOCK_POSTINGS, COLUMNS, Block, Run, decode
from dedupe.store.postings import Kind, segments, sort_run

SEEK_BLOCKS = 16  # blocks a key, from which on it is quicker to seek each key than to read all fences
DECODED_BLOCKS = 1024  # that a look-up holds at once
WHOLE_POSTINGS = 3 << 20  # of a kind's smallest segments are kept, at 12 bytes each
FENCED_BLOCKS = 1 << 20  # of its others have their fences kept, at 24 bytes each

Array = npt.NDArray[np.int64]


class Known:
    """What look-ups have learned of the segments of one file, bounded in memory.

    The small ones are kept whole: whoever writes a little at a time makes many of them, and most of their
    blocks hold some key of any article. Of the others the fences are kept. Worthless after a transaction
    that has written segments and was taken back.
    """

    def __init__(self, whole: int = WHOLE_POSTINGS, fenced: int = FENCED_BLOCKS) -> None:
        self._whole, self._fenced = whole, fenced
        self._sizes: dict[Kind, Mapping[int, int]] = {}
        self._runs: dict[int, Run | None] = {}  # of the segments to be kept; None until it is asked for
        self._fences: dict[int, Array | None] = {}

    def update(self, kind: Kind, sizes: Mapping[int, int]) -> None:
        """The segments of a kind are these now, given with their numbers of postings."""
        earlier = self._sizes.get(kind, {})
        if earlier == sizes:
            return
        self._sizes[kind] = sizes
        whole = _smallest(sizes, self._whole)
        fenced = _smallest({n: sizes[n] for n in sizes.keys() - whole}, self._fenced * BLOCK_POSTINGS)
        _keep(self._runs, earlier, whole)
        _keep(self._fences, earlier, fenced)

    def run(self, connection: sqlite3.Connection, segment: int) -> Run | None:
        """All postings of a segment, numbers as uint32; None where they are not kept."""
        found = self._runs.get(segment)
        if found is None and segment in self._runs:
            keys, numbers = decode(_blocks(connection, "segment = ?", segment))
            found = self._runs[segment] = keys, numbers.astype(np.uint32)
        return found

    def fences(self, connection: sqlite3.Connection, segment: int) -> Array | None:
        """:func:`_fences` of a segment; None where they are not kept."""
        found = self._fences.get(segment)
        if found is None and segment in self._fences:
            found = self._fences[segment] = _fences(connection, segment)
        return found


def _smallest(sizes: Mapping[int, int], room: int) -> set[int]:
    """The smallest segments, as many as there is room for."""
    chosen = set()
    for segment, size in sorted(sizes.items(), key=lambda item: item[1]):
        room -= size
        if room < 0:
            break
        chosen.add(segment)
    return chosen


def _keep(kept: dict[int, Any], earlier: Iterable[int], now: Set[int]) -> None:
    """Forget what is kept of ``earlier`` segments and is none to be kept ``now``."""
    for segment in earlier:
        if segment not in now:
            kept.pop(segment, None)
    for segment in now:
        kept.setdefault(segment, None)


def lookup(connection: sqlite3.Connection, kind: Kind, keys: Array, known: Known | None = None) -> Run:
    """All postings of ``keys`` (ascending, distinct). ``known`` is of earlier look-ups into this file."""
    known = known or Known(0, 0)
    known.update(kind, sizes := segments(connection, kind))
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for segment, size in sizes.items():
        whole = known.run(connection, segment)
        if whole is not None:
            found.append(_postings_of(whole, keys))
            continue
        wanted = _wanted(connection, known, segment, size, keys)
        for begin in range(0, len(wanted), DECODED_BLOCKS):
            some = orjson.dumps(wanted[begin : begin + DECODED_BLOCKS]).decode()
            blocks = _blocks(connection, "block IN (SELECT value FROM json_each(?))", some)
            found.append(_postings_in(blocks, keys))
    found_keys, numbers = (np.concatenate(column) for column in zip(*found, strict=True))
    return sort_run(found_keys, numbers.astype(np.int64, copy=False))


def _blocks(connection: sqlite3.Connection, condition: str, value: int | str) -> list[Block]:
    """The blocks of which a condition holds, in their order."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM blocks WHERE {condition} ORDER BY block", [value])
    return [Block(*row) for row in rows]


def _postings_in(blocks: Sequence[Block], keys: Array) -> Run:
    """Those in some blocks of one segment that belong to one of ``keys``."""
    if "numba" not in sys.modules:
        return _postings_of(decode(blocks), keys)
    from dedupe.store.block_kernels import postings_in

    return postings_in(blocks, keys)


def _postings_of(run: Run, keys: Array) -> Run:
    """Those of a run, in key order, that belong to one of ``keys``."""
    if not len(run[0]):
        return run
    asked = keys[np.searchsorted(keys, run[0][0]) : np.searchsorted(keys, run[0][-1], side="right")]
    begins = np.searchsorted(run[0], asked)
    places = _ranges(begins, np.searchsorted(run[0], asked, side="right"))
    return run[0][places], run[1][places]


def _ranges(begins: Array, ends: Array) -> Array:
    """The numbers of all ranges, one behind the other."""
    sizes = ends - begins
    before = np.cumsum(sizes) - sizes
    numbers: Array = np.arange(sizes.sum()) + np.repeat(begins - before, sizes)
    return numbers


def _wanted(connection: sqlite3.Connection, known: Known, segment: int, size: int, keys: Array) -> list[int]:
    """The blocks of a segment that may hold any of ``keys``, ascending."""
    fences = known.fences(connection, segment)
    if fences is None:
        if len(keys) * SEEK_BLOCKS * BLOCK_POSTINGS < size:
            return _seek_blocks(connection, segment, keys)
        fences = _fences(connection, segment)
    blocks, first_keys, last_keys = fences
    # A key may run over several blocks, and one block may hold many of the keys.
    begins = np.searchsorted(last_keys, keys, side="left")
    ends = np.searchsorted(first_keys, keys, side="right")
    wanted: list[int] = blocks[sets.distinct(_ranges(begins, ends))].tolist()
    return wanted


def _fences(connection: sqlite3.Connection, segment: int) -> Array:
    """int64[3, b]: the number of each block of a segment, its first and its last key, in key order."""
    rows = connection.execute(
        "SELECT block, first_key, last_key FROM blocks WHERE segment = ? ORDER BY last_key, first_key",
        [segment],
    )
    fences: Array = np.fromiter(rows, np.dtype((np.int64, 3)))
    return fences.T.copy()  # columns in a row each: searching them does not copy them first


def _seek_blocks(connection: sqlite3.Connection, segment: int, keys: Array) -> list[int]:
    """:func:`_wanted` by one b-tree descent a key: a single query touches a few of many blocks."""
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
