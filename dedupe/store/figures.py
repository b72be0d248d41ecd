"""Figures of an index: what `dedupe stats` and the summary of a run show."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """``clustered`` counts documents that are in at least one cluster; ``pairs`` those of any relation."""

    documents: int
    outlets: int
    clusters: int
    clustered: int
    pairs: int
    furniture_lines: int
    skipped: int
    relations: tuple[tuple[str, int], ...]
    roles: tuple[tuple[str, int], ...]
    origins: tuple[tuple[str, int], ...]  # organisation -> clusters, most first


def figures(connection: sqlite3.Connection) -> Figures:
    """All figures of an index."""

    def one(query: str) -> int:
        return int(connection.execute(query).fetchone()[0])

    def grouped(query: str) -> tuple[tuple[str, int], ...]:
        return tuple(connection.execute(query).fetchall())

    return Figures(
        documents=one("SELECT count(*) FROM documents"),
        outlets=one("SELECT count(DISTINCT outlet) FROM documents"),
        clusters=one("SELECT count(*) FROM clusters"),
        clustered=one("SELECT count(DISTINCT document) FROM members"),
        pairs=one("SELECT count(*) FROM pairs"),
        furniture_lines=one("SELECT count(*) FROM furniture"),
        skipped=one("SELECT count(*) FROM skipped"),
        relations=grouped("SELECT relation, count(*) FROM pairs GROUP BY relation ORDER BY 2 DESC, 1"),
        roles=grouped("SELECT role, count(*) FROM members GROUP BY role ORDER BY 2 DESC, 1"),
        origins=grouped(
            "SELECT origin_name, count(*) FROM clusters WHERE origin_name IS NOT NULL"
            " GROUP BY origin_name ORDER BY 2 DESC, 1"
        ),
    )
