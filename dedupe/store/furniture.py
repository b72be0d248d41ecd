"""Furniture that only the crawl reveals: lines under many different titles of one outlet.

The count is of distinct titles, absolute, over the documents that are stored: adding documents in any
order ends in the same set of lines, and so does removing them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from dedupe.config import TextConfig
from dedupe.store import postings
from dedupe.store.database import get_meta, put_meta
from dedupe.store.documents import Stage
from dedupe.store.postings import Kind

Array = npt.NDArray[np.int64]
PROSE_BIT = 1  # of a line key: set for lines as long as prose (dedupe.text.line_keys)
_KEY_MASK = (1 << postings.KEY_BITS) - 1


class FurnitureLines:
    """The lines that are furniture at some outlets: ``key in lines`` for 64-bit line keys."""

    def __init__(self, stored: Iterable[int]) -> None:
        self._stored = frozenset(stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and key & _KEY_MASK in self._stored


def known_lines(connection: sqlite3.Connection, outlets: Iterable[str | None]) -> FurnitureLines:
    """The lines that are furniture at any of these outlets."""
    found: list[int] = []
    for outlet in {outlet for outlet in outlets if outlet is not None}:
        rows = connection.execute("SELECT line_key FROM furniture WHERE outlet = ?", [outlet])
        found.extend(key for (key,) in rows)
    return FurnitureLines(found)


def unlearned_since(connection: sqlite3.Connection) -> int:
    """Documents above this number were not counted yet."""
    return int(get_meta(connection, "lines_learned") or 0)


def learn(connection: sqlite3.Connection, config: TextConfig, keys: Array | None = None) -> int:
    """Count again the titles of ``keys`` (all with an uncounted document when None).

    Lines that have become furniture, or are no longer, change in `furniture`; the documents that hold
    them are sent to be signed anew. Returns how many lines changed.
    """
    since = unlearned_since(connection)
    title_of = _title_keys(connection)
    runs = [postings.lookup(connection, Kind.LINE, keys)] if keys is not None else _scan_lines(connection)
    changed = 0
    for run_keys, numbers in runs:
        stored = title_of[np.minimum(numbers, len(title_of) - 1)] != 0
        stored &= numbers < len(title_of)
        counted = _distinct_titles(run_keys[stored], title_of[numbers[stored]])
        touched = keys if keys is not None else np.unique(run_keys[numbers > since])
        changed += _apply(connection, touched, counted, config, (run_keys[stored], numbers[stored]))
    if keys is None:
        put_meta(connection, "lines_learned", str(len(title_of) - 1).encode())
    return changed


def _scan_lines(connection: sqlite3.Connection) -> Iterator[postings.Run]:
    return postings.scan(connection, Kind.LINE)


def _title_keys(connection: sqlite3.Connection) -> Array:
    """title_key by document number, 0 where no document has the number."""
    (top,) = connection.execute("SELECT coalesce(max(document), 0) FROM documents").fetchone()
    since = max(top, unlearned_since(connection))
    title_of = np.zeros(since + 1, np.int64)
    found = connection.execute("SELECT document, title_key FROM documents")
    columns = np.array(found.fetchall(), np.int64).reshape(-1, 2)
    title_of[columns[:, 0]] = np.maximum(columns[:, 1], 1)
    return title_of


def _distinct_titles(keys: Array, titles: Array) -> tuple[Array, Array]:
    """Distinct keys, ascending, and the number of distinct titles of each."""
    order = np.lexsort((titles, keys))
    keys, titles = keys[order], titles[order]
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (titles[1:] != titles[:-1])
    distinct, counts = np.unique(keys[fresh], return_counts=True)
    return distinct, counts


def _apply(
    connection: sqlite3.Connection,
    touched: Array,
    counted: tuple[Array, Array],
    config: TextConfig,
    run: postings.Run,
) -> int:
    keys, counts = counted
    needed = np.where(keys & PROSE_BIT, config.furniture_prose_titles, config.furniture_titles)
    frequent = np.intersect1d(keys[counts >= needed], touched, assume_unique=True)
    known = _already_known(connection, touched)
    gained, lost = np.setdiff1d(frequent, known), np.setdiff1d(known, frequent)
    _replace(connection, gained, lost, run)
    holders = np.unique(run[1][np.isin(run[0], np.concatenate([gained, lost]))])
    connection.executemany(
        "UPDATE documents SET stage = ? WHERE document = ?", ((Stage.SIGN, h) for h in holders.tolist())
    )
    return len(gained) + len(lost)


def _already_known(connection: sqlite3.Connection, touched: Array) -> Array:
    rows = connection.execute("SELECT line_key FROM furniture ORDER BY line_key")
    known = np.fromiter((key for (key,) in rows), np.int64)
    return np.intersect1d(known, touched, assume_unique=True)


def _replace(connection: sqlite3.Connection, gained: Array, lost: Array, run: postings.Run) -> None:
    connection.executemany("DELETE FROM furniture WHERE line_key = ?", ((key,) for key in lost.tolist()))
    places = np.searchsorted(run[0], gained)
    connection.executemany(
        "INSERT INTO furniture SELECT ?, outlet FROM documents WHERE document = ?",
        zip(gained.tolist(), run[1][places].tolist(), strict=True),
    )


def line_numbers(keys: Sequence[npt.NDArray[np.uint64]], documents: Sequence[int]) -> postings.Run:
    """Line keys per document as one run of postings, keys cut to the stored width."""
    counts = [len(each) for each in keys]
    flat = np.concatenate(keys) if keys else np.empty(0, np.uint64)
    return postings.sort_run(line_key(flat), np.repeat(np.asarray(documents, np.int64), counts))


def line_key(keys: npt.NDArray[np.uint64]) -> Array:
    """64-bit line keys as they are stored: their low 48 bits."""
    return (keys & np.uint64(_KEY_MASK)).astype(np.int64)
