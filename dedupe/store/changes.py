"""What a change takes back: pairs, clusters and documents that no longer hold.

Whoever changes a document's story or takes it away calls these within one transaction; the documents
around it are sent back to the stage from which their part must be derived again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from dedupe.store.documents import inherit_id
from dedupe.store.stages import Stage, set_stage


def send_back(connection: sqlite3.Connection, documents: Sequence[int], stage: Stage) -> None:
    """Take back the pairs and clusters of documents and let them go on from ``stage``."""
    _drop_clusters(connection, documents)
    _drop_pairs(connection, documents)
    set_stage(connection, documents, stage)


def delete_documents(connection: sqlite3.Connection, documents: Sequence[int]) -> None:
    """Delete documents with all that was derived from them."""
    _drop_clusters(connection, documents)
    _drop_pairs(connection, documents)
    for document in documents:
        row = connection.execute("SELECT id FROM documents WHERE document = ?", [document]).fetchone()
        connection.execute("DELETE FROM texts WHERE document = ?", [document])
        connection.execute("DELETE FROM documents WHERE document = ?", [document])
        if row is not None:
            inherit_id(connection, row[0])


def delete_empty_files(connection: sqlite3.Connection, files: Iterable[int]) -> None:
    """Forget files of which no document is left."""
    for file in files:
        connection.execute("DELETE FROM skipped WHERE file = ?", [file])
        connection.execute(
            "DELETE FROM files WHERE file = ? AND file NOT IN (SELECT file FROM documents)", [file]
        )


def _drop_pairs(connection: sqlite3.Connection, documents: Sequence[int]) -> None:
    for document in documents:
        partners = connection.execute(
            "SELECT b FROM pairs WHERE a = :d UNION SELECT a FROM pairs WHERE b = :d", {"d": document}
        ).fetchall()
        connection.executemany(
            "UPDATE documents SET stage = min(stage, ?) WHERE document = ?",
            ((Stage.CLUSTER, partner) for (partner,) in partners),
        )
        connection.execute("DELETE FROM pairs WHERE a = ?", [document])
        connection.execute("DELETE FROM pairs WHERE b = ?", [document])


def _drop_clusters(connection: sqlite3.Connection, documents: Sequence[int]) -> None:
    for document in documents:
        for (cluster,) in connection.execute(
            "SELECT cluster FROM members WHERE document = ?", [document]
        ).fetchall():
            drop_cluster(connection, cluster)


def drop_cluster(connection: sqlite3.Connection, cluster: int) -> None:
    """Delete a cluster; its members wait to be clustered anew."""
    connection.execute(
        "UPDATE documents SET stage = min(stage, ?) WHERE document IN"
        " (SELECT document FROM members WHERE cluster = ?)",
        [Stage.CLUSTER, cluster],
    )
    connection.execute("DELETE FROM members WHERE cluster = ?", [cluster])
    connection.execute("DELETE FROM clusters WHERE cluster = ?", [cluster])
