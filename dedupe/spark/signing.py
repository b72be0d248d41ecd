"""Parsed documents -> documents: cleaned with all the furniture there is, and signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from dedupe import jobs
from dedupe.jobs import Signing
from dedupe.spark import tables
from dedupe.spark.learning import learned
from dedupe.store import rows
from dedupe.store.rows import STORY_COLUMNS, story_from

ADDED = ("rank", "shingles", "furniture", "removed", "attributions", "posting_keys")
_ADDED: tables.Columns = {name: tables.DOCUMENTS[name] for name in ADDED}


def sign(batches: Iterable[pa.RecordBatch], furniture: Path, signing: Signing) -> Iterator[pa.RecordBatch]:
    """Batches of DOCUMENTS from batches of PARSED; ``furniture`` is the table of what was learned."""
    known = learned(furniture)
    for some in batches:
        documents = [story_from(row).document for row in _unsigned(some)]
        stories = jobs.cleaned(documents, known, signing.config)
        signed = zip(some.column("id").to_pylist(), jobs.signed(stories, signing), strict=True)
        added = tables.batch(
            _ADDED,
            [
                (rows.rank_of(name), s.shingles, s.furniture, s.removed, s.attributions, s.keys)
                for name, s in signed
            ],
        )
        kept = [some.column(name) for name in tables.DOCUMENTS if name not in ADDED]
        yield pa.RecordBatch.from_arrays([*kept, *added.columns], schema=tables.schema(tables.DOCUMENTS))


def _unsigned(some: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    """Rows in the order of STORY_COLUMNS, of which cleaning is yet to fill two."""
    empty = [None] * len(some)
    columns = (
        empty if name in ("removed", "attributions") else some.column(name).to_pylist()
        for name in STORY_COLUMNS
    )
    return zip(*columns, strict=True)
