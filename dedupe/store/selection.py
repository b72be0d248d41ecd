"""Which documents a command means: by id, path, outlet, URL pattern or age."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from dedupe.errors import NotFound


@dataclass(frozen=True, slots=True)
class Selection:
    """A document is selected when one of ``ids`` is its id, or when it meets every other condition
    that is given. ``path`` and ``url`` are globs (``*``, ``?``, ``[…]``); ``before`` is a date, compared
    with published_at, or seen_at where that is unknown."""

    ids: tuple[str, ...] = ()
    path: str | None = None
    outlet: str | None = None
    url: str | None = None
    before: str | None = None


def selected(connection: sqlite3.Connection, selection: Selection) -> list[int]:
    """The numbers of the selected documents, ascending.

    Raises:
        NotFound: one of the ids is not in the index.
    """
    numbers = set()
    for public_id in selection.ids:
        row = connection.execute("SELECT document FROM documents WHERE id = ?", [public_id]).fetchone()
        if row is None:
            raise NotFound(f"no document has the id {public_id!r}", hint="dedupe stats lists what is there")
        numbers.add(row[0])
    conditions = {
        "files.path GLOB ?": selection.path,
        "outlet = ?": selection.outlet,
        "url GLOB ?": selection.url,
        "coalesce(published_at, seen_at) < ?": selection.before,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    if given:
        found = connection.execute(
            f"SELECT document FROM documents JOIN files USING (file) WHERE {' AND '.join(given)}",
            list(given.values()),
        )
        numbers.update(document for (document,) in found)
    return sorted(numbers)
