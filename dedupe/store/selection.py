"""Which documents a command means: by id, path, outlet, URL pattern or age."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from dedupe.errors import InputError
from dedupe.store.documents import number_of


@dataclass(frozen=True, slots=True)
class Selection:
    """A document is selected when one of ``ids`` is its id, or when it meets every other condition
    that is given. ``path`` and ``url`` are globs (``*``, ``?``, ``[…]``); ``before`` is a date, compared
    with published_at, or seen_at where that is unknown.

    Raises:
        InputError: ``before`` is no date.
    """

    ids: tuple[str, ...] = ()
    path: str | None = None
    outlet: str | None = None
    url: str | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if self.before is not None:
            require_date(self.before)


def require_date(text: str) -> None:
    """Times are compared as text with those of the index, so that anything else would be compared too.

    >>> require_date("2019-11-01"), require_date("2019-11-01T12:00:00Z")
    (None, None)

    Raises:
        InputError: the text is neither a day nor a second of UTC, written in these two ways.
    """
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            if datetime.strptime(text, form).strftime(form) == text:  # "2019-1-1" would be read, too
                return
        except ValueError:
            continue
    raise InputError(f"{text!r} is not a date", hint="write 2019-11-01 or 2019-11-01T12:00:00Z")


def selected(connection: sqlite3.Connection, selection: Selection) -> list[int]:
    """The numbers of the selected documents, ascending.

    Raises:
        NotFound: one of the ids is not in the index.
    """
    numbers = {number_of(connection, public_id) for public_id in selection.ids}
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
