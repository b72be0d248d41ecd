"""Full-text search over titles and stories: a table that is made when it is asked for, and not before.

``search`` is SQLite's FTS5; its rowid is ``documents.document``, its columns ``title`` and ``story`` (the
text without what is not story). Once it is there, triggers take out whatever a later run changes or
removes, so it never gives a wrong answer; what it has not taken in yet is counted by :func:`missing` and
added by the next :func:`build`. It holds the texts uncompressed: SQLite before 3.43 cannot take a row out
of an index without them, and programs that open the file can show them.

Not handled here: words of scripts that write without spaces are found as they stand between two signs.
"""

from __future__ import annotations

import sqlite3

from dedupe.store.documents import load_stories
from dedupe.store.stages import Stage

BATCH = 500  # documents in memory at once

_MAKE = (
    "CREATE VIRTUAL TABLE search USING fts5 (title, story, tokenize = 'unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_loses_removed AFTER DELETE ON documents BEGIN"
    " DELETE FROM search WHERE rowid = old.document; END",
    "CREATE TRIGGER search_loses_changed AFTER UPDATE OF title, removed ON documents"
    " WHEN old.title IS NOT new.title OR old.removed IS NOT new.removed BEGIN"
    " DELETE FROM search WHERE rowid = old.document; END",
    "CREATE TRIGGER search_loses_rewritten AFTER UPDATE OF text ON texts BEGIN"
    " DELETE FROM search WHERE rowid = old.document; END",
)

TRIGGERS = frozenset({"search_loses_removed", "search_loses_changed", "search_loses_rewritten"})


def is_built(connection: sqlite3.Connection) -> bool:
    """Whether there is a table to search."""
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'search'").fetchone() is not None


def missing(connection: sqlite3.Connection) -> int | None:
    """How many documents the search has not taken in; None where there is none."""
    if not is_built(connection):
        return None
    (count,) = connection.execute(
        "SELECT count(*) FROM documents WHERE document NOT IN (SELECT rowid FROM search)"
    ).fetchone()
    return int(count)


def build(connection: sqlite3.Connection) -> int:
    """Take in every document whose story is known and that is not in the search; how many that were.

    Each batch is a transaction of its own: a build that was interrupted goes on where it stopped.
    """
    if not is_built(connection):
        with connection:
            connection.execute("BEGIN")
            for statement in _MAKE:
                connection.execute(statement)
    found = connection.execute(
        "SELECT document FROM documents WHERE stage > ? AND document NOT IN (SELECT rowid FROM search)"
        " ORDER BY document",
        [Stage.SIGN],
    )
    numbers = [number for (number,) in found]
    for begin in range(0, len(numbers), BATCH):
        with connection:
            connection.execute("BEGIN")
            _add(connection, numbers[begin : begin + BATCH])
    return len(numbers)


def _add(connection: sqlite3.Connection, numbers: list[int]) -> None:
    stories = load_stories(connection, numbers, attributed=False)
    connection.executemany(
        "INSERT INTO search (rowid, title, story) VALUES (?, ?, ?)",
        (
            (number, story.document.title, _paragraphs(story.text))
            for number, story in zip(numbers, stories, strict=True)
        ),
    )


def _paragraphs(text: str) -> str:
    """The lines of a story without the blanks that stand for what is not story."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
