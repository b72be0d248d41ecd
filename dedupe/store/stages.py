"""What each document waits for: the stages that :mod:`dedupe.pipeline` takes it through.

Functions that write expect the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from enum import IntEnum

# With a literal, because SQLite then knows that the index of the waiting ones, a few of many, has them all.
IS_WAITING = "stage < 3"


class Stage(IntEnum):
    """What a document waits for; see the head of schema.sql."""

    SIGN = 0
    MATCH = 1
    CLUSTER = 2
    SETTLED = 3


def pending(connection: sqlite3.Connection, stage: Stage) -> list[int]:
    """The documents that wait for ``stage``, ascending."""
    found = connection.execute(
        f"SELECT document FROM documents WHERE {IS_WAITING} AND stage = ? ORDER BY document", [stage]
    )
    return [document for (document,) in found]


def set_stage(connection: sqlite3.Connection, documents: Iterable[int], stage: Stage) -> None:
    """Send documents to a stage."""
    connection.executemany(
        "UPDATE documents SET stage = ? WHERE document = ?", ((stage, document) for document in documents)
    )


def send_all(connection: sqlite3.Connection, stage: Stage) -> None:
    """Send every document to a stage."""
    connection.execute("UPDATE documents SET stage = ?", [stage])


def settle_all(connection: sqlite3.Connection, stage: Stage) -> None:
    """Nothing is left to do for the documents that waited for ``stage``."""
    connection.execute(
        f"UPDATE documents SET stage = ? WHERE {IS_WAITING} AND stage = ?", [Stage.SETTLED, stage]
    )
