"""Clusters a page at a time, for readers that turn pages: chosen in SQL, in the order of their ids."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from dedupe.model import Role
from dedupe.names import folded


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which clusters: one document must meet ``outlet``, ``role`` and ``since`` at once. Names are
    compared without case; ``since`` is a date or a time, compared as far as both are written."""

    min_size: int = 1
    origin: str | None = None
    outlet: str | None = None
    role: Role | None = None
    since: str | None = None


def cluster_ids(connection: sqlite3.Connection, wanted: Wanted, after: str, most: int) -> list[str]:
    """The ids behind ``after``, ascending, at most ``most`` of them."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    conditions, values = _of_document(wanted)
    if conditions:
        conditions = [
            "EXISTS (SELECT 1 FROM members JOIN documents USING (document)"
            f" WHERE members.cluster = clusters.cluster AND {' AND '.join(conditions)})"
        ]
    if wanted.origin is not None:
        conditions.append("folded(origin_name) = ?")
        values.append(_folded(wanted.origin))
    found = connection.execute(
        f"SELECT id FROM clusters WHERE {' AND '.join(['id > ?', 'size >= ?', *conditions])}"
        " ORDER BY id LIMIT ?",
        [after, wanted.min_size, *values, most],
    )
    return [public_id for (public_id,) in found]


def _of_document(wanted: Wanted) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.outlet is not None:
        conditions.append("folded(outlet) = ?")
        values.append(_folded(wanted.outlet))
    if wanted.role is not None:
        conditions.append("role = ?")
        values.append(wanted.role.value)
    if wanted.since is not None:
        at = "coalesce(published_at, seen_at)"
        conditions.append(f"substr({at}, 1, length(?)) >= substr(?, 1, length({at}))")
        values += [wanted.since, wanted.since]
    return conditions, values


def _folded(name: str | None) -> str | None:
    return None if name is None else folded(name)
