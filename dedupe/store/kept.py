"""Documents as they were read: the columns from which all others can be derived, and their texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from dedupe.model import Document
from dedupe.store import documents, rows
from dedupe.store.rows import COLUMNS


class Kept(NamedTuple):
    """``columns`` are those of :data:`dedupe.store.rows.COLUMNS`, ``content`` is the hash of them and of
    ``text``, which is compressed."""

    document: int
    file: int
    member: str
    content: int
    columns: tuple[Any, ...]
    text: bytes

    @property
    def own_id(self) -> str | None:
        """The id that the crawl gave the document, if it gave one."""
        source_id: str | None = self.columns[0]
        return source_id

    def read(self, path: str) -> tuple[Document, int]:
        """The document, and the hash of it: another one than ``content`` where it is not what was read.

        Raises:
            ValueError: something is not what such a column holds.
        """
        try:
            text = rows.unpack_text(self.text)
            *named, status, content_type, digest, claims = self.columns
            said = rows.unpack_attributions(claims)
            fields = (path, self.member, text, *named, said, status, content_type, digest)
            return Document(*fields), rows.content_of(self.columns, text.encode())
        except (TypeError, ValueError, rows.DamagedText) as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error


SELECT_KEPT = f"SELECT document, file, member, content, {', '.join(COLUMNS)} FROM documents"


def kept(row: Sequence[Any], text: bytes) -> Kept:
    """One row of SELECT_KEPT."""
    return Kept(row[0], row[1], row[2], row[3], tuple(row[4:]), text)


class Derived(NamedTuple):
    """What else is stored of a document."""

    id: str
    title_key: int
    path: str
    place: str


def with_derived(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[tuple[Kept, Derived]]:
    """Those of the documents that have a text, ascending."""
    columns = ", ".join(f"documents.{name}" for name in COLUMNS)
    found = connection.execute(
        f"SELECT documents.document, file, member, documents.content, {columns}, text, id, title_key,"
        " path, root || '/' || path || member"
        " FROM documents JOIN texts USING (document) JOIN files USING (file) JOIN crawls USING (crawl)"
        " WHERE documents.document IN (SELECT value FROM json_each(?)) ORDER BY documents.document",
        [orjson.dumps(list(numbers)).decode()],
    )
    last = 4 + len(COLUMNS)
    for row in found:
        yield kept(row[:last], row[last]), Derived(*row[last + 1 :])


def has_id(connection: sqlite3.Connection, kept: Kept, derived: Derived) -> bool:
    """Whether a document has the id that is its own, or another one's that comes first has that."""
    wanted = derived.path + kept.member if kept.own_id is None else kept.own_id
    if derived.id == wanted:
        return True
    row = connection.execute("SELECT file, member FROM documents WHERE id = ?", [wanted]).fetchone()
    first = row is not None and documents.place_of(connection, *row) < derived.place
    return first and derived.id == documents.second_id(wanted, derived.place)
