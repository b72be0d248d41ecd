"""Clusters as reports and pages read them: plain rows, filtered in SQL where that spares reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dedupe.model import Attribution, EditKind, MemberOrigin, Origin, OriginKind, Relation, Role
from dedupe.names import folded
from dedupe.store import rows

MOST_RELATED = 10


@dataclass(frozen=True, slots=True)
class StoredMember:
    """One document of a cluster: what it is, and how it came by the story."""

    document: int
    path: str
    url: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    published_at: str | None
    seen_at: str | None
    language: str | None
    attributions: tuple[Attribution, ...]
    origin: MemberOrigin


@dataclass(frozen=True, slots=True)
class StoredCluster:
    """One cluster with its members, ordered by id."""

    id: str
    anchor: str
    origin: Origin
    members: tuple[StoredMember, ...]


def clusters(connection: sqlite3.Connection, min_size: int = 1) -> Iterator[StoredCluster]:
    """All clusters of at least ``min_size`` documents, ordered by id."""
    found = connection.execute(f"{_SELECT_CLUSTERS} WHERE size >= ? ORDER BY clusters.id", [min_size])
    return (_cluster(connection, row) for row in found)


def count(connection: sqlite3.Connection, min_size: int = 1) -> int:
    """How many clusters have at least ``min_size`` documents."""
    (total,) = connection.execute("SELECT count(*) FROM clusters WHERE size >= ?", [min_size]).fetchone()
    return int(total)


def count_from(connection: sqlite3.Connection, origin: str) -> int:
    """How many clusters come from an origin, named in any case."""
    names = connection.execute("SELECT origin_name FROM clusters WHERE origin_name IS NOT NULL")
    return sum(folded(name) == folded(origin) for (name,) in names)


def cluster(connection: sqlite3.Connection, public_id: str) -> StoredCluster | None:
    """The cluster with this id, if there is one."""
    row = connection.execute(f"{_SELECT_CLUSTERS} WHERE clusters.id = ?", [public_id]).fetchone()
    return None if row is None else _cluster(connection, row)


def clusters_of(connection: sqlite3.Connection, document: int) -> list[str]:
    """The ids of the clusters that a document is in."""
    found = connection.execute(
        "SELECT clusters.id FROM members JOIN clusters USING (cluster)"
        " WHERE document = ? ORDER BY clusters.id",
        [document],
    )
    return [public_id for (public_id,) in found]


def related(connection: sqlite3.Connection, public_id: str) -> list[tuple[str, int]]:
    """(id, pairs) of the clusters that share text with this one, most pairs first, at most MOST_RELATED.

    A pair counts when one of its documents is a member here alone and the other one there alone: a
    round-up that is in both says nothing of the two. Quotations and partial reuse count, templates do
    not. Such clusters often tell of one event.
    """
    links = " UNION ALL ".join(
        f"SELECT {own}, {other} FROM here CROSS JOIN pairs ON {own} = here.document WHERE relation <> ?2"
        for own, other in (("a", "b"), ("b", "a"))
    )
    return connection.execute(
        "WITH here AS (SELECT document FROM clusters JOIN members USING (cluster) WHERE id = ?1),"
        f" links (own, other) AS ({links})"
        " SELECT id, count(*) FROM links JOIN members ON document = other JOIN clusters USING (cluster)"
        " WHERE other NOT IN here AND NOT EXISTS"
        " (SELECT 1 FROM members AS both WHERE both.cluster = clusters.cluster AND both.document = own)"
        " GROUP BY id ORDER BY 2 DESC, 1 LIMIT ?3",
        [public_id, Relation.BOILERPLATE, MOST_RELATED],
    ).fetchall()


_SELECT_CLUSTERS = (
    "SELECT cluster, clusters.id, anchors.id, origin_name, origin_kind, origins.id, confidence, evidence"
    " FROM clusters JOIN documents AS anchors ON anchors.document = anchor"
    " LEFT JOIN documents AS origins ON origins.document = origin_document"
)


def _cluster(connection: sqlite3.Connection, row: tuple[Any, ...]) -> StoredCluster:
    number, public_id, anchor, name, kind, document, confidence, evidence = row
    origin = Origin(name, OriginKind(kind), document, confidence, rows.unpack_evidence(evidence))
    members = connection.execute(
        "SELECT members.document, files.path, url, outlet, title, byline, published_at, seen_at, language,"
        " attributions, documents.id, role, credited, byline_swap, headline_changed, edit, share_kept, delay,"
        " (SELECT id FROM documents WHERE document = parent)"
        " FROM members JOIN documents USING (document) JOIN files USING (file)"
        " WHERE cluster = ? ORDER BY documents.id",
        [number],
    )
    return StoredCluster(public_id, anchor, origin, tuple(map(_member, members)))


def _member(row: tuple[Any, ...]) -> StoredMember:
    document, path, url, outlet, title, byline, published_at, seen_at, language = row[:9]
    public_id, role, *flags, edit, kept, delay, parent = row[10:]
    credited, swapped, headline = (None if flag is None else bool(flag) for flag in flags)
    came = MemberOrigin(
        id=public_id,
        role=Role(role),
        credited=bool(credited),
        byline_swap=bool(swapped),
        headline_changed=headline,
        edit=None if edit is None else EditKind(edit),
        share_kept=kept,
        delay=delay,
        parent=parent,
    )
    return StoredMember(
        document=document,
        path=path,
        url=url,
        outlet=outlet,
        title=title,
        byline=byline,
        published_at=published_at,
        seen_at=seen_at,
        language=language,
        attributions=rows.unpack_attributions(row[9]),
        origin=came,
    )
