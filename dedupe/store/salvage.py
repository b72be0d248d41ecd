"""Reading from a file that SQLite itself finds damaged: all rows that still can be read, and which cannot.

A table is read along its own tree by row numbers, never through an index. Where a stretch cannot be read
it is halved until the rows that are lost stand alone. Not handled here: pages that no tree leads to any
more, and a first page that is damaged, without which there is no database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dedupe.store.kept import SELECT_KEPT, Kept, kept

STRETCH = 256  # rows at once
Row = tuple[Any, ...]


class Range(NamedTuple):
    """Numbers of rows, ``last`` included."""

    first: int
    last: int


def readable(connection: sqlite3.Connection, query: str, last: int) -> Iterator[Row | Range]:
    """The rows of a query that ends in ``BETWEEN ? AND ?``, up to number ``last``; ranges that are lost."""
    pending = [Range(first, min(last, first + STRETCH - 1)) for first in range(1, last + 1, STRETCH)][::-1]
    while pending:
        wanted = pending.pop()
        try:
            rows = connection.execute(query, wanted).fetchall()
        except sqlite3.DatabaseError:
            first, last = wanted
            if first == last:
                yield wanted
            else:
                middle = (first + last) // 2
                pending += [Range(middle + 1, last), Range(first, middle)]
            continue
        yield from rows


def last_number(connection: sqlite3.Connection, table: str, column: str) -> int:
    """The highest number of a row, by whatever still can be read."""
    queries = (
        f"SELECT max({column}) FROM {table}",
        f"SELECT max(seq) FROM sqlite_sequence WHERE name = '{table}'",
        "SELECT max(document) FROM texts",
    )
    found = [0]
    for query in queries if table == "documents" else queries[:1]:
        try:
            found += [number for (number,) in connection.execute(query) if isinstance(number, int)]
        except sqlite3.DatabaseError:
            continue
    return max(found)


def whole(connection: sqlite3.Connection, query: str) -> tuple[list[Row], bool]:
    """The rows of a query up to the first that cannot be read, and whether that was all."""
    found: list[Row] = []
    try:
        for row in connection.execute(query):
            found.append(row)
    except sqlite3.DatabaseError:
        return found, False
    return found, True


class LostDocument(NamedTuple):
    """A document that cannot be had any more, and why; ``file`` is 0 where it is not known."""

    name: str
    file: int
    why: str


def kept_documents(connection: sqlite3.Connection) -> Iterator[Kept | LostDocument]:
    """All documents there are or were, ascending, as they were read."""
    last = last_number(connection, "documents", "document")
    texts = iter(_with_numbers(connection, "SELECT document, text FROM texts WHERE document", last))
    names = _Names(connection)
    for number, row in _with_numbers(connection, f"{SELECT_KEPT} WHERE document", last):
        _, packed = next(texts)
        if row is None and packed is not None:
            yield names.lost(number, "its row is gone")
        elif row is None and names.has(number):
            yield names.lost(number, "its row and its text are gone")
        elif row is not None and packed is None:
            yield LostDocument(names.of(number, row), row[1], "its text is gone")
        elif row is not None and packed is not None:
            yield kept(row, packed[1])


def _with_numbers(connection: sqlite3.Connection, query: str, last: int) -> Iterator[tuple[int, Row | None]]:
    """(number, row) for every number up to ``last``: None where there is no row, or none to be had."""
    at = 1
    for found in readable(connection, f"{query} BETWEEN ? AND ?", last):
        number = found.first if isinstance(found, Range) else found[0]
        yield from ((gap, None) for gap in range(at, number))
        yield number, None if isinstance(found, Range) else found
        at = number + 1
    yield from ((gap, None) for gap in range(at, last + 1))


class _Names:
    """What documents are called by the indexes over them, which may outlive their rows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[int, str] | None = None
        self._files: dict[int, int] = {}

    def has(self, number: int) -> bool:
        return number in self._known()

    def of(self, number: int, row: Sequence[Any]) -> str:
        """The name of a document whose row is there."""
        return self._known().get(number) or row[4] or f"document {number}"

    def lost(self, number: int, why: str) -> LostDocument:
        name = self._known().get(number, f"document {number}")
        return LostDocument(name, self._files.get(number, 0), why)

    def _known(self) -> dict[int, str]:
        if self._ids is None:
            autoindex = "documents INDEXED BY sqlite_autoindex_documents"
            ids, _ = whole(self._connection, f"SELECT document, id FROM {autoindex}_1 ORDER BY id")
            self._ids = dict(ids)
            places, _ = whole(
                self._connection, f"SELECT document, file FROM {autoindex}_3 ORDER BY file, member"
            )
            self._files = dict(places)
        return self._ids
