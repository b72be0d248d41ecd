"""Documents that are new to the index, with all that is posted of them, in one go."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dedupe.store import documents, postings, sketches
from dedupe.store.documents import NewDocument
from dedupe.store.postings import Kind


def put(connection: sqlite3.Connection, new: Sequence[NewDocument], reading: int) -> Sequence[int]:
    """Write signed documents, their lines and stories, in the caller's transaction; returns their numbers."""
    first = sketches.next_sketch(connection)
    numbers = documents.put_documents(connection, new, reading, first)
    put_lines(connection, new, numbers)
    stories = sketches.numbered([each.read.signed for each in new], first)
    postings.append_segment(connection, Kind.SHINGLE, stories)
    postings.merge_segments(connection, Kind.SHINGLE)
    sketches.reserve(connection, first + len(new))
    return numbers


def put_lines(connection: sqlite3.Connection, new: Sequence[NewDocument], numbers: Sequence[int]) -> None:
    """Write the lines of documents that are stored under these numbers."""
    lines = postings.run_of([each.read.line_keys for each in new], numbers)
    postings.append_segment(connection, Kind.LINE, lines)
    postings.merge_segments(connection, Kind.LINE)
