"""Verified pairs and clusters: written by a run, read by clustering and by the exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from dedupe.model import Cluster, Edge, MemberOrigin, Origin, Relation
from dedupe.store import rows
from dedupe.store.changes import drop_cluster
from dedupe.store.stages import IS_WAITING, Stage

Array = npt.NDArray[np.int64]

# What is told of a pair, in the order of the columns.
TOLD = ("relation", "resemblance", "containment_of_a", "containment_of_b", "passages")

SELECT_EDGES = (
    "SELECT da.id, db.id, relation, resemblance, containment_of_a, containment_of_b, passages"
    " FROM pairs JOIN documents AS da ON da.document = a JOIN documents AS db ON db.document = b"
)
REUSE = ", ".join(f"'{relation}'" for relation in Relation if relation.is_reuse)  # as SQL lists them

PairRow = tuple[int, int, Relation, float, float, float, str]


def pair_row(a: int, b: int, edge: Edge) -> PairRow:
    """The row of a verified pair, given with the numbers of its documents."""
    return (
        a, b, edge.relation, edge.resemblance, edge.containment_of_a, edge.containment_of_b,
        rows.pack_passages(edge.passages),
    )  # fmt: skip


def put_pairs(connection: sqlite3.Connection, found: Iterable[PairRow]) -> None:
    """Insert or replace verified pairs."""
    connection.executemany("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?)", found)


def touch(connection: sqlite3.Connection, documents: Iterable[int]) -> None:
    """Send documents that have gained a pair to clustering."""
    connection.executemany(
        "UPDATE documents SET stage = ? WHERE document = ? AND stage = ?",
        ((Stage.CLUSTER, document, Stage.SETTLED) for document in documents),
    )


def end_matching(connection: sqlite3.Connection) -> None:
    """All pairs of the documents that waited for theirs are known: those with one go on to clustering."""
    connection.execute(
        "UPDATE documents SET stage = CASE WHEN EXISTS (SELECT 1 FROM pairs WHERE a = document)"
        f" OR EXISTS (SELECT 1 FROM pairs WHERE b = document) THEN ? ELSE ? END WHERE {IS_WAITING}"
        " AND stage = ?",
        [Stage.CLUSTER, Stage.SETTLED, Stage.MATCH],
    )


def edges_among(connection: sqlite3.Connection, id_of: Mapping[int, str]) -> list[Edge]:
    """All verified pairs of which both documents, given with their ids by number, are among these; ordered
    by the two ids."""
    among = "IN (SELECT value FROM json_each(?1))"
    found = connection.execute(
        # The plus keeps b from the search: to look every two documents up takes the square of their number.
        "SELECT a, b, relation, resemblance, containment_of_a, containment_of_b, passages"
        f" FROM pairs WHERE a {among} AND +b {among}",
        [orjson.dumps(list(id_of)).decode()],
    )
    edges = [edge_of((id_of[a], id_of[b], *rest)) for a, b, *rest in found]
    return sorted(edges, key=lambda edge: (edge.a, edge.b))


def all_edges(connection: sqlite3.Connection) -> Iterator[Edge]:
    """Every verified pair, ordered by the two ids."""
    return map(edge_of, connection.execute(f"{SELECT_EDGES} ORDER BY da.id, db.id"))


def edges_of(connection: sqlite3.Connection, public_id: str) -> dict[str, Edge]:
    """The verified pairs of one document, by the id of the other."""
    rows_of = [
        connection.execute(f"{SELECT_EDGES} WHERE {side}.id = ?", [public_id]) for side in ("da", "db")
    ]
    edges = [edge_of(row) for found in rows_of for row in found]
    return {edge.other(public_id): edge for edge in edges}


def edge_of(row: Sequence[Any]) -> Edge:
    """The edge of one row of SELECT_EDGES; its reasons are not stored."""
    a, b, relation, resemblance, of_a, of_b, passages = row
    return Edge(
        a, b, Relation(relation), resemblance, of_a, of_b,
        rows.unpack_passages(passages),
    )  # fmt: skip


def spread_to_components(connection: sqlite3.Connection) -> None:
    """Send to clustering whatever is linked by reuse to a document that waits for it."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS reached (document INTEGER PRIMARY KEY, step INTEGER)")
    connection.execute("DELETE FROM reached")
    connection.execute(
        f"INSERT INTO reached SELECT document, 0 FROM documents WHERE {IS_WAITING} AND stage = ?",
        [Stage.CLUSTER],
    )
    step, grown = 0, 1
    while grown:
        grown = 0
        for here, there in (("a", "b"), ("b", "a")):
            grown += connection.execute(
                f"INSERT OR IGNORE INTO reached SELECT {there}, ?2 FROM reached CROSS JOIN pairs"
                f" ON {here} = reached.document WHERE step >= ?1 AND relation IN ({REUSE})",
                [step, step + 1],
            ).rowcount
        step += 1
    connection.execute(
        "UPDATE documents SET stage = ? WHERE document IN (SELECT document FROM reached)", [Stage.CLUSTER]
    )


def waiting_pairs(connection: sqlite3.Connection) -> tuple[Array, Array]:
    """The reuse pairs of the documents that wait to be clustered, by number: int64[m] each."""
    found = connection.execute(
        "SELECT a, b FROM documents AS da CROSS JOIN pairs ON a = da.document"
        " JOIN documents AS db ON db.document = b"
        f" WHERE da.{IS_WAITING} AND da.stage = ?1 AND db.stage = ?1 AND relation IN ({REUSE})",
        [Stage.CLUSTER],
    )
    columns: Array = np.fromiter(found, np.dtype((np.int64, 2)))
    return columns[:, 0], columns[:, 1]


def drop_waiting_clusters(connection: sqlite3.Connection) -> None:
    """Delete the clusters of documents that wait to be clustered."""
    found = connection.execute(
        "SELECT DISTINCT cluster FROM documents CROSS JOIN members USING (document)"
        f" WHERE {IS_WAITING} AND stage = ?",
        [Stage.CLUSTER],
    ).fetchall()
    for (cluster,) in found:
        drop_cluster(connection, cluster)


def document_numbers(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    """id -> document number, in the order asked for."""
    wanted = list(ids)
    number_of: dict[str, int] = {}
    for begin in range(0, len(wanted), 500):
        chunk = wanted[begin : begin + 500]
        places = ",".join("?" * len(chunk))
        number_of |= connection.execute(
            f"SELECT id, document FROM documents WHERE id IN ({places})", chunk
        ).fetchall()
    return {public_id: number_of[public_id] for public_id in wanted if public_id in number_of}


def cluster_around(
    connection: sqlite3.Connection, ids: Sequence[str], most: int
) -> tuple[str | None, list[int]]:
    """The id of the first cluster that one of ``ids`` is in, and the documents to reason about: these
    and the cluster's members, at most ``most`` of them: its origin, then the earliest."""
    numbers = list(document_numbers(connection, ids).values())
    for number in numbers:
        row = connection.execute(
            "SELECT clusters.cluster, id FROM members JOIN clusters USING (cluster) WHERE document = ?"
            " ORDER BY size DESC, id",
            [number],
        ).fetchone()
        if row is not None:
            members = connection.execute(
                "SELECT document FROM members JOIN documents USING (document) JOIN clusters USING (cluster)"
                " WHERE cluster = ? ORDER BY document IS origin_document DESC, published_at IS NULL,"
                " published_at, documents.id LIMIT ?",
                [row[0], most],
            )
            return row[1], list(dict.fromkeys([*numbers, *(document for (document,) in members)]))
    return None, numbers


class ClusterRows(NamedTuple):
    """A cluster's row in `clusters`, and its members', which lack the number of the cluster."""

    cluster: tuple[Any, ...]
    members: list[tuple[Any, ...]]


def cluster_rows(
    cluster: Cluster, origin: Origin, members: Sequence[MemberOrigin], numbers: Mapping[str, int]
) -> ClusterRows:
    """The rows of a cluster with its origin and members; ``numbers`` maps their ids to documents."""
    return ClusterRows(
        (
            cluster.id, numbers[cluster.anchor], len(members), origin.name, origin.kind,
            None if origin.document is None else numbers[origin.document],
            origin.confidence, rows.pack_evidence(origin.evidence),
        ),
        [
            (
                numbers[m.id], m.role, m.credited, m.byline_swap, m.headline_changed,
                m.edit, m.share_kept, m.delay, None if m.parent is None else numbers[m.parent],
            )
            for m in members
        ],
    )  # fmt: skip


def put_cluster(connection: sqlite3.Connection, made: ClusterRows) -> None:
    """Insert a cluster and its members."""
    row = connection.execute(
        "INSERT INTO clusters (id, anchor, size, origin_name, origin_kind, origin_document, confidence,"
        " evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        made.cluster,
    )
    connection.executemany(
        f"INSERT INTO members VALUES ({row.lastrowid}, ?, ?, ?, ?, ?, ?, ?, ?, ?)", made.members
    )
