"""Each story's documents as `dedupe keep` weighs them, and the documents that stay, one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from dedupe.model import Relation, Role, Span
from dedupe.store import rows


@dataclass(frozen=True, slots=True)
class Candidate:
    """One document of a story. ``length`` is in distinct shingles of its own words; ``fields`` counts
    which of title, byline, URL and time are known; ``stories`` are those it is part of."""

    document: int
    id: str
    path: str
    role: Role
    is_origin: bool
    credited: bool
    share_kept: float | None
    length: int
    at: str | None
    fields: int
    stories: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """What one document of a verified pair has in common with the other: ``contained`` of its shingles, and
    ``spans`` of its text."""

    relation: Relation
    contained: float
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that stays. ``root`` and ``path`` lead to its file, ``member`` to its place in it."""

    document: int
    id: str
    root: str
    path: str
    member: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A crawl file, as it was when it was indexed."""

    file: int
    root: str
    path: str
    size: int
    mtime_ns: int

    @property
    def place(self) -> Path:
        return Path(self.root, self.path)


def stories(connection: sqlite3.Connection) -> Iterator[tuple[str, int, list[Candidate]]]:
    """(cluster id, number of its anchor, documents by id) of every story, ordered by cluster id."""
    found = connection.execute(
        "SELECT clusters.id, anchor, documents.document, documents.id, files.path || member, role,"
        " documents.document IS origin_document, credited, share_kept, coalesce(shingles, 0),"
        " coalesce(published_at, seen_at),"
        " (title IS NOT NULL) + (byline IS NOT NULL) + (url IS NOT NULL) + (published_at IS NOT NULL),"
        " (SELECT count(*) FROM members AS every WHERE every.document = documents.document)"
        " FROM clusters CROSS JOIN members USING (cluster) JOIN documents USING (document)"
        " JOIN files USING (file) ORDER BY clusters.id"
    )
    for (cluster_id, anchor), group in groupby(found, key=itemgetter(0, 1)):
        candidates = [_candidate(row) for row in group]
        yield cluster_id, anchor, sorted(candidates, key=lambda candidate: candidate.id)


def overlap(connection: sqlite3.Connection, document: int, other: int) -> Overlap | None:
    """What a verified pair shares, seen from ``document``; None for two that were never compared."""
    row = connection.execute(
        "SELECT relation, CASE WHEN a = ?1 THEN containment_of_a ELSE containment_of_b END, a = ?1, passages"
        " FROM pairs"
        " WHERE a = min(?1, ?2) AND b = max(?1, ?2) OR a = max(?1, ?2) AND b = min(?1, ?2)",
        [document, other],
    ).fetchone()
    if row is None:
        return None
    relation, contained, is_a, passages = row
    spans = [passage.a if is_a else passage.b for passage in rows.unpack_passages(passages)]
    return Overlap(Relation(relation), contained, spans)


def kept(connection: sqlite3.Connection, stays: Callable[[int], bool]) -> Iterator[Kept]:
    """The documents that stay, in the order in which they were read."""
    found = connection.execute(
        "SELECT document, id, root, path, member FROM documents JOIN files USING (file)"
        " JOIN crawls USING (crawl) ORDER BY document"
    )
    return (Kept(*row) for row in found if stays(row[0]))


def files(connection: sqlite3.Connection) -> Iterator[KeptFile]:
    """The crawl files that hold a document, in the order in which they were read."""
    found = connection.execute(
        "SELECT file, root, path, size, mtime_ns FROM files JOIN crawls USING (crawl)"
        " WHERE EXISTS (SELECT 1 FROM documents WHERE documents.file = files.file) ORDER BY file"
    )
    return (KeptFile(*row) for row in found)


def members(connection: sqlite3.Connection, file: int) -> Iterator[tuple[int, str]]:
    """(document, member) of a file, in the order in which they were read."""
    yield from connection.execute(
        "SELECT document, member FROM documents WHERE file = ? ORDER BY document", [file]
    )


def _candidate(row: Sequence[Any]) -> Candidate:
    _, _, document, id_, path, role, is_origin, credited, share_kept, length, at, fields, in_stories = row
    return Candidate(
        document, id_, path, Role(role), bool(is_origin), bool(credited), share_kept, length, at, fields,
        in_stories,
    )  # fmt: skip
