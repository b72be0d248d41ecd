"""What a shell completes from an index: the one that the line names before the cursor, or the default one.

A shell asks while somebody types, so that what cannot be read completes to nothing, and says nothing. Names
come from a crawl, and some shells evaluate what they are given: only harmless ones are offered.
"""

from __future__ import annotations

import re
from pathlib import Path

import typer

from dedupe.cli.options import DEFAULT_DB

MOST = 100  # more than that nobody reads
_HARMLESS = re.compile(r"\w[\w./:#@%+,=-]*")


def outlets(ctx: typer.Context, incomplete: str) -> list[str]:
    """Outlets that begin with what was typed."""
    return _beginning(ctx, incomplete, "OUTLETS")


def origins(ctx: typer.Context, incomplete: str) -> list[str]:
    """Origins of clusters, outlets and agencies, that begin so."""
    return _beginning(ctx, incomplete, "ORIGINS")


def outlets_and_origins(ctx: typer.Context, incomplete: str) -> list[str]:
    """Either that begin so."""
    return _beginning(ctx, incomplete, "OUTLETS", "ORIGINS")


def documents(ctx: typer.Context, incomplete: str) -> list[str]:
    """Ids of documents that begin so."""
    return _beginning(ctx, incomplete, "DOCUMENTS")


def documents_and_clusters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Ids of either that begin so."""
    return _beginning(ctx, incomplete, "DOCUMENTS", "CLUSTERS")


def _beginning(ctx: typer.Context, typed: str, *kinds: str) -> list[str]:
    import sqlite3

    from dedupe.errors import DedupeError
    from dedupe.store.database import reader
    from dedupe.store.prefixes import Names, beginning

    found: set[str] = set()
    try:
        with reader(Path(ctx.params.get("db") or DEFAULT_DB)) as connection:
            for kind in kinds:
                found.update(beginning(connection, Names[kind], typed, MOST))
    except (DedupeError, OSError, sqlite3.Error, UnicodeEncodeError):
        return []
    return sorted(filter(_HARMLESS.fullmatch, found))[:MOST]
