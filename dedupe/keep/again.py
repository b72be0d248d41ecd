"""Crawl files, read a second time: they must be as they were when they were indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from dedupe.errors import InputError
from dedupe.store import documents, keeping
from dedupe.store.keeping import KeptFile

Stays = Callable[[int], bool]

#: What a document is written by that cannot be written as the crawl has it; `dedupe index` reads them.
FIELDS = ("id", "url", "outlet", "title", "byline", "published_at", "first_seen_at", "language", "text")


def staying(connection: sqlite3.Connection, file: KeptFile, stays: Stays) -> Iterator[int]:
    """The documents of a file that stay, in its order."""
    return (document for document, _ in keeping.members(connection, file.file) if stays(document))


def own_record(connection: sqlite3.Connection, document: int) -> dict[str, str | None]:
    """A document by FIELDS."""
    (story,) = documents.load_stories(connection, [document], attributed=False)
    of = story.document
    values = (
        of.id, of.url, of.outlet, of.title, of.byline, of.published_at, of.seen_at, of.language, of.text,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def unchanged(file: KeptFile) -> Path:
    """Where the file is.

    Raises:
        InputError: it is gone, or its size or time are not those that were indexed.
    """
    try:
        status = file.place.stat()
    except OSError as error:
        raise InputError(
            f"cannot read {file.place} again: {error.strerror}", hint="--format ids needs no crawl"
        ) from error
    if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
        raise changed(file)
    return file.place


def changed(file: KeptFile) -> InputError:
    """The error for a file that no longer holds what was indexed."""
    return InputError(f"{file.place} has changed since it was indexed", hint="run dedupe index on it again")
