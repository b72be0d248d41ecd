"""``--where``: a condition in SQL over the columns of the tables, asked of one document at a time.

SQLite evaluates it in a database of its own that is empty and in memory, on the values of one row, so
the same text means the same whatever a report is written as and wherever its rows come from.
"""

from __future__ import annotations

import sqlite3

import orjson

from dedupe.errors import InputError
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.record import COLUMNS, table_row

#: Recursion is not among them, so every row comes to an end.
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION)


class Condition:
    """Whether a document of a cluster meets an SQL expression over :data:`~dedupe.report.record.COLUMNS`.

    Truths are 1 and 0, lists are JSON, the unknown is NULL.

    Raises:
        InputError: the expression is no SQL, names a column that is not there, or cannot be computed.
    """

    def __init__(self, expression: str) -> None:
        self._expression = expression
        columns = ", ".join(f'? AS "{name}"' for name in COLUMNS)
        # The line break ends a comment that the expression may end with.
        self._query = f"SELECT 1 FROM (SELECT {columns}) WHERE ({expression}\n)"
        # A server may ask from several threads; SQLite itself lets only one in at a time.
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.set_authorizer(_authorize)
        self._asked((None,) * len(COLUMNS))

    def __call__(self, cluster: ClusterRow, document: DocumentRow) -> bool:
        row = table_row(cluster, document)
        return self._asked(tuple(_value(row[name]) for name in COLUMNS))

    def _asked(self, values: tuple[object, ...]) -> bool:
        try:
            return self._connection.execute(self._query, values).fetchone() is not None
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise InputError(
                f"--where {self._expression!r}: {error}", hint=f"an SQL condition over {', '.join(COLUMNS)}"
            ) from error


def _value(value: object) -> object:
    """As SQLite takes it."""
    return orjson.dumps(value).decode() if isinstance(value, list) else value


def _authorize(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
