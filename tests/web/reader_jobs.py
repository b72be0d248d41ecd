"""Jobs for readers: importable by a fresh interpreter, and quick to import."""

from __future__ import annotations

import os
from pathlib import Path

from dedupe.web.reader import Reader
from dedupe.web.replies import Reply, reply


def pid(_: Reader) -> Reply:
    return reply(os.getpid())


def hang(_: Reader) -> Reply:
    while True:
        pass


def die(_: Reader) -> Reply:
    os._exit(1)


def snapshots(reader: Reader, path: Path) -> Reply:
    """How many documents a reader sees before and after its file is replaced by another."""
    with reader.snapshot() as index:
        (before,) = index.reader.execute("SELECT count(*) FROM documents").fetchone()
    path.replace(reader.db)
    with reader.snapshot() as index:
        (after,) = index.reader.execute("SELECT count(*) FROM documents").fetchone()
    return reply([before, after])
