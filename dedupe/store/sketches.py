"""Sketch numbers: the link between postings and documents.

A document gets a new number each time its story changes; postings of an old number stay in their
segment, dead, until a merge meets them. Numbers are never used twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson

from dedupe import sets
from dedupe.model import blanked
from dedupe.store import postings, rows
from dedupe.store.blocks import Run
from dedupe.store.database import get_meta, put_meta
from dedupe.store.postings import Kind
from dedupe.store.rows import SignedStory
from dedupe.store.stages import IS_WAITING, Stage

Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SketchTable:
    """Columns by sketch number, each of length s (the next free number).

    ``document`` int64, 0 for dead numbers; ``rank`` int64; ``unsettled`` bool: its pairs are to be found.
    """

    document: Array
    rank: Array
    unsettled: npt.NDArray[np.bool_]

    def live(self, numbers: Array) -> npt.NDArray[np.bool_]:
        """Which of ``numbers`` belong to a document now."""
        alive: npt.NDArray[np.bool_] = self.document[numbers] > 0
        return alive


def next_sketch(connection: sqlite3.Connection) -> int:
    """The first sketch number that was never given."""
    return int(get_meta(connection, "next_sketch") or 1)


def put_signed(connection: sqlite3.Connection, signed: Mapping[int, SignedStory], first: int) -> None:
    """Give documents, by number, the sketch numbers ``first``, ``first + 1``, … and send them to matching."""
    connection.executemany(
        "UPDATE documents SET sketch = ?, shingles = ?, removed = ?, attributions = ?, furniture = ?,"
        " stage = ? WHERE document = ?",
        (
            (first + i, each.shingles, each.removed, each.attributions, each.furniture, Stage.MATCH, number)
            for i, (number, each) in enumerate(signed.items())
        ),
    )
    reserve(connection, first + len(signed))


def reserve(connection: sqlite3.Connection, following: int) -> None:
    """Sketch numbers below ``following`` are given."""
    put_meta(connection, "next_sketch", str(following).encode())


def numbered(signed: Sequence[SignedStory], first: int) -> Run:
    """The postings of stories under the sketch numbers ``first``, ``first + 1``, …, in key order."""
    return postings.run_of([each.keys for each in signed], range(first, first + len(signed)))


def load_table(connection: sqlite3.Connection, among: Array | None = None) -> SketchTable:
    """The columns of all live sketches, or of those ``among`` these, int64[n]."""
    size = next_sketch(connection)
    found = connection.execute(
        "SELECT sketch, document, rank, stage < ?1 FROM documents WHERE sketch"
        + (" IS NOT NULL" if among is None else " IN (SELECT value FROM json_each(?2))"),
        [Stage.CLUSTER] if among is None else [Stage.CLUSTER, orjson.dumps(among.tolist()).decode()],
    )
    columns: Array = np.fromiter(found, np.dtype((np.int64, 4)))
    table = SketchTable(np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.bool_))
    numbers = columns[:, 0]
    table.document[numbers] = columns[:, 1]
    table.rank[numbers] = columns[:, 2]
    table.unsettled[numbers] = columns[:, 3] > 0
    return table


def story_keys(connection: sqlite3.Connection, documents: Sequence[int]) -> list[tuple[str, int, str | None]]:
    """For each document what tells its story, as last signed, from all others: its id, the hash of its
    fields, and what of its text is not story."""
    found = connection.execute(
        "SELECT document, id, content, removed FROM documents"
        " WHERE document IN (SELECT value FROM json_each(?))",
        [orjson.dumps(list(documents)).decode()],
    )
    key_of = {row[0]: row[1:] for row in found}
    return [key_of[document] for document in documents]


def note_matched(connection: sqlite3.Connection) -> None:
    """All sketches there are have been compared with all others."""
    put_meta(connection, "next_unmatched", str(next_sketch(connection)).encode())
    put_meta(connection, "next_unmatched_segment", str(postings.next_segment(connection)).encode())


def unsettled(connection: sqlite3.Connection) -> Array:
    """The sketch numbers of the documents whose pairs are to be found, ascending."""
    found = connection.execute(
        # The plus keeps SQLite from walking all sketches in their order in search of those that wait.
        f"SELECT sketch FROM documents WHERE {IS_WAITING} AND stage < ? AND +sketch IS NOT NULL"
        " ORDER BY +sketch",
        [Stage.CLUSTER],
    )
    return np.fromiter((sketch for (sketch,) in found), np.int64)


def written_keys(connection: sqlite3.Connection, numbers: Array) -> Run:
    """The postings of sketches, ascending, as far as they were written since all were last compared."""
    segment = int(get_meta(connection, "next_unmatched_segment") or 1)
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for keys, written in postings.since(connection, Kind.SHINGLE, segment):
        mine = sets.is_in(written, numbers)
        found.append((keys[mine], written[mine]))
    keys, written = (np.concatenate(column) for column in zip(*found, strict=True))
    return keys, written


def earlier_stories(connection: sqlite3.Connection, documents: Sequence[int]) -> dict[int, str]:
    """document -> the story text its postings were made from, for documents that were compared before."""
    unmatched = int(get_meta(connection, "next_unmatched") or 1)
    found = {}
    for document in documents:
        row = connection.execute(
            "SELECT text, removed FROM documents JOIN texts USING (document)"
            " WHERE document = ? AND sketch < ?",
            [document, unmatched],
        ).fetchone()
        if row is not None:
            found[document] = blanked(rows.unpack_text(row[0]), rows.unpack_removed(row[1]))
    return found
