"""Columns: JSON that SQLite reads, nouns that come back as they went in, and the hash of a document."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.model import Attribution, AttributionKind, Document, Evidence, Passage, Removed
from dedupe.store import rows
from dedupe.store.rows import SignedStory

OFFSET = st.integers(0, 2**31)
SPAN = st.tuples(OFFSET, OFFSET)
TEXT = st.text()  # without lone surrogates, as the texts of documents are
CLAIM = st.builds(
    Attribution,
    st.sampled_from(AttributionKind),
    TEXT,
    st.none() | TEXT,
    st.none() | OFFSET,
    st.none() | OFFSET,
    TEXT,
)
WEIGHT = st.floats(-50, 50)


@given(st.lists(CLAIM).map(tuple))
def test_claims_come_back(claims: tuple[Attribution, ...]) -> None:
    assert rows.unpack_attributions(rows.pack_attributions(claims)) == claims


@given(st.lists(st.builds(Removed, OFFSET, OFFSET, TEXT)).map(tuple))
def test_removed_parts_come_back(removed: tuple[Removed, ...]) -> None:
    assert rows.unpack_removed(rows.pack_removed(removed)) == removed


@given(st.lists(st.builds(Passage, SPAN, SPAN)).map(tuple))
def test_passages_come_back(passages: tuple[Passage, ...]) -> None:
    assert rows.unpack_passages(rows.pack_passages(passages)) == passages


@given(st.lists(st.builds(Evidence, TEXT, st.none() | TEXT, TEXT, WEIGHT)).map(tuple))
def test_evidence_comes_back(evidence: tuple[Evidence, ...]) -> None:
    assert rows.unpack_evidence(rows.pack_evidence(evidence)) == evidence


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("documents", "claims"),
        ("documents", "removed"),
        ("documents", "attributions"),
        ("pairs", "passages"),
        ("clusters", "evidence"),
    ],
)
def test_sqlite_reads_the_json_of_a_column(connection: sqlite3.Connection, table: str, column: str) -> None:
    found = connection.execute(
        f"SELECT typeof({column}), json_type({column}) FROM {table} WHERE {column} IS NOT NULL"
    ).fetchall()
    assert set(found) == {("text", "array")}


DOCUMENT = Document(
    path="a.jsonl",
    member="#1",
    text="The ferry to Senn was late.",
    source_id="ferry-1",
    url="https://calder-post.example/ferry",
    outlet="calder-post.example",
    title="Ferry late",
    byline="Ada Quill",
    published_at="2026-03-03T09:00:00Z",
    published_from="field",
    seen_at="2026-03-04T00:00:00Z",
    language="en",
    claims=(Attribution(AttributionKind.BYLINE, "Ada Quill", source="field"),),
    status=200,
    content_type="text/html",
    digest="sha1:ABC",
)
CHANGES: dict[str, Any] = {
    "text": "The ferry to Senn was early.",
    "source_id": "ferry-2",
    "url": None,
    "outlet": "senn-times.example",
    "title": "Ferry late again",
    "byline": None,
    "published_at": "2026-03-03",
    "published_from": "meta",
    "language": "fr",
    "claims": (),
    "status": 203,
    "content_type": None,
    "digest": "sha1:ABD",
}


def content(document: Document) -> int:
    return rows.read_document(document, 0, b"", SignedStory(0, None, None, 0, b"")).content


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_field_changes_the_content(name: str) -> None:
    assert content(replace(DOCUMENT, **{name: CHANGES[name]})) != content(DOCUMENT)


@pytest.mark.parametrize("change", [{"path": "b.jsonl"}, {"member": "#2"}, {"seen_at": None}], ids=str)
def test_where_and_when_it_was_found_is_no_content(change: dict[str, Any]) -> None:
    assert content(replace(DOCUMENT, **change)) == content(DOCUMENT)


def test_what_moves_from_one_field_to_the_next_changes_the_content() -> None:
    bare = Document("a", "", "late", title="Ferry")
    moved = (
        replace(bare, title=None, byline="Ferry"),
        replace(bare, title="Ferrylate", text=""),
        replace(bare, title=None, text="Ferrylate"),
    )
    assert len({content(document) for document in (bare, *moved)}) == 4


def test_content_fits_a_column(connection: sqlite3.Connection) -> None:
    for (value,) in connection.execute("SELECT content FROM documents"):
        assert 0 <= value < 2**63
