"""Names that begin as somebody has typed them so far: for a shell that completes a line."""

from __future__ import annotations

import sqlite3
from enum import Enum


class Names(Enum):
    """What is named, and where its names stand."""

    DOCUMENTS = ("documents", "id")
    CLUSTERS = ("clusters", "id")
    OUTLETS = ("documents", "outlet")
    ORIGINS = ("clusters", "origin_name")


def beginning(connection: sqlite3.Connection, names: Names, typed: str, most: int) -> list[str]:
    """The first ``most`` of these names that begin with what was typed, ascending."""
    table, column = names.value
    found = connection.execute(
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} BETWEEN ? AND ? ORDER BY 1 LIMIT ?",
        [typed, f"{typed}\U0010ffff", most],
    )
    return [name for (name,) in found]
