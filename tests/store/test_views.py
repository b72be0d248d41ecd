"""The views: what other programs read says the same as the package does."""

from __future__ import annotations

import re
import sqlite3
from importlib.resources import files
from pathlib import Path
from statistics import median

import pytest
from generated import documents as documents_of
from generated import write_lines

from dedupe import Index
from dedupe.owners import Organisations
from dedupe.report import ClusterRow
from dedupe.store import documents
from dedupe.store.flows import FlowKind, flows

SCHEMA = (files("dedupe.store") / "schema.sql").read_text("utf-8")
COLUMNS = {
    "attributions": "document_id kind text name begin end source",
    "stories": "cluster_id title size outlets first_published_at last_published_at origin_name origin_kind"
    " origin_document_id confidence document",
    "copies": "cluster_id document_id url outlet title byline published_at role credited byline_swap"
    " headline_changed edit share_kept delay parent_id origin_name document",
    "flows": "source source_kind outlet copies uncredited byline_swaps median_delay",
    "outlets": "outlet documents copies origins origin_unknown",
}


def selected(connection: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


@pytest.fixture
def clusters(db: Path) -> list[ClusterRow]:
    with Index.open(db) as index:
        return list(index.clusters())


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_its_columns(connection: sqlite3.Connection, view: str) -> None:
    found = [column for (column, *_) in connection.execute(f"SELECT * FROM {view}").description]
    assert found == COLUMNS[view].split()


def test_every_table_and_view_says_what_one_row_is() -> None:
    blocks = re.split(r"\n\n+", SCHEMA)
    makers = [block for block in blocks if re.search(r"^CREATE (TABLE|VIEW)", block, re.MULTILINE)]
    assert len(makers) == len(re.findall(r"^CREATE (?:TABLE|VIEW)", SCHEMA, re.MULTILINE))
    assert [block for block in makers if not block.startswith("-- One row is ")] == []


def test_one_row_is_one_claim(connection: sqlite3.Connection) -> None:
    numbers = [number for (number,) in connection.execute("SELECT document FROM documents")]
    expected = [
        (story.document.id, claim.kind.value, claim.text, claim.name, claim.begin, claim.end, claim.source)
        for story in documents.load_stories(connection, numbers)
        for claim in story.attributions
    ]
    assert {claim[1] for claim in expected} >= {"byline", "dateline"}
    assert sorted(selected(connection, "SELECT * FROM attributions"), key=str) == sorted(expected, key=str)


def test_one_row_is_one_story(connection: sqlite3.Connection, clusters: list[ClusterRow]) -> None:
    expected = []
    for cluster in clusters:
        titles = {document.id: document.title for document in cluster.documents}
        times = [document.published_at for document in cluster.documents if document.published_at]
        origin = cluster.origin
        expected.append(
            (
                cluster.cluster_id, titles[origin.document or cluster.anchor], cluster.size,
                len({document.outlet for document in cluster.documents}), min(times), max(times),
                origin.name, origin.kind.value, origin.document, origin.confidence,
            )
        )  # fmt: skip
    assert len(expected) == 3
    columns = [column for column in COLUMNS["stories"].split() if column != "document"]
    assert selected(connection, f"SELECT {', '.join(columns)} FROM stories ORDER BY cluster_id") == expected


def test_a_story_whose_origin_is_in_the_crawl_has_its_title(connection: sqlite3.Connection) -> None:
    found = "SELECT title FROM stories WHERE origin_document_id = 'orchard-1'"
    assert selected(connection, found) == [("Orchard-1 at holm-herald.example",)]


def test_one_row_is_one_copy(connection: sqlite3.Connection, clusters: list[ClusterRow]) -> None:
    expected = [
        (
            cluster.cluster_id, d.id, d.url, d.outlet, d.title, d.byline, d.published_at, d.role.value,
            d.credited, d.byline_swap, d.headline_changed, d.edit, d.delay_seconds, d.parent,
            cluster.origin.name,
        )
        for cluster in clusters
        for d in cluster.documents
    ]  # fmt: skip
    columns = [column for column in COLUMNS["copies"].split() if column not in ("share_kept", "document")]
    query = f"SELECT {', '.join(columns)} FROM copies ORDER BY cluster_id, document_id"
    assert selected(connection, query) == expected


def test_a_verbatim_copy_keeps_all(connection: sqlite3.Connection) -> None:
    assert selected(connection, "SELECT DISTINCT share_kept FROM copies WHERE edit = 'verbatim'") == [(1.0,)]


@pytest.mark.parametrize("view", ["stories", "copies"])
def test_a_number_leads_to_the_document(view: str, connection: sqlite3.Connection) -> None:
    titles = selected(
        connection, f"SELECT {view}.title, documents.title FROM {view} JOIN documents USING (document)"
    )
    assert titles
    assert all(title == of_document for title, of_document in titles)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_row_is_one_way_that_copies_took(seed: int, tmp_path: Path) -> None:
    """On generated stories, some of which name an agency, against the count of `sources --flows`."""
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", documents_of(seed, 80)), workers=0)
        expected = {
            (flow.source, flow.outlet): (
                flow.copies.count,
                flow.copies.uncredited,
                flow.copies.byline_swaps,
                median(flow.copies.delays) if flow.copies.delays else None,
            )
            for flow in flows(index.reader, Organisations([]))
            if flow.kind is FlowKind.ORIGIN
        }
        found = selected(index.reader, "SELECT * FROM flows")
    assert len(expected) > 3
    assert {(source, outlet): tuple(figures) for source, _, outlet, *figures in found} == expected
    assert {kind for _, kind, *_ in found} <= {"agency", "outlet"}


def test_one_row_is_one_outlet(connection: sqlite3.Connection) -> None:
    assert selected(connection, "SELECT * FROM outlets ORDER BY outlet") == [
        ("calder-post.example", 1, 1, 0, 0),
        ("holm-herald.example", 3, 0, 1, 1),
        ("senn-times.example", 1, 1, 0, 0),
        ("tarn-daily.example", 2, 1, 0, 1),
    ]
