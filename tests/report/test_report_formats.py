"""The data formats: gold files, round trips through other people's readers, the same stories in all."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fiction import HOSTILE, MemorySource, common_passages, visited

from dedupe.errors import InputError
from dedupe.model import Edge, Passage, Relation, Role
from dedupe.report import FORMATS, Condition, Filters, write, write_pairs
from dedupe.report.data import matching
from dedupe.report.record import COLUMNS, table_row
from dedupe.report.table import guarded, unguarded

DATA_FORMATS = [name for name in FORMATS if name != "html"]
NEEDS = {"parquet": "pyarrow", "graphml": "networkx", "gexf": "networkx"}

DOCUMENT_KEYS = [
    "id", "path", "url", "outlet", "title", "byline", "published_at", "first_seen_at", "role", "attribution",
]  # fmt: skip


def written(source: MemorySource, format: str, folder: Path, filters: Filters | None = None) -> Path:
    if format in NEEDS:
        pytest.importorskip(NEEDS[format])
    target = folder / f"report.{format}"
    write(source, format, target, filters)
    return target


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def edges(source: MemorySource) -> list[Edge]:
    story = source.rows[0]
    base = source.texts[story.anchor].text
    return [
        Edge(
            story.anchor, d.id, d.relation or Relation.IDENTICAL, 2 / 3, 0.5, 1.0,
            common_passages(base, source.texts[d.id].text),
        )
        for d in story.documents[1:]
    ]  # fmt: skip


@pytest.mark.parametrize("format", [name for name in DATA_FORMATS if name != "parquet"])
def test_format_is_as_its_gold_file(
    format: str, source: MemorySource, gold: Callable[[str, bytes], None], tmp_path: Path
) -> None:
    found = written(source, format, tmp_path).read_bytes()
    gold(f"stories.{format}", re.sub(rb"NetworkX [\d.]+", b"NetworkX", found))


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_pairs_are_as_their_gold_file(
    format: str, source: MemorySource, gold: Callable[[str, bytes], None], tmp_path: Path
) -> None:
    assert write_pairs(edges(source), format, tmp_path / "pairs") == 5
    gold(f"pairs.{format}", (tmp_path / "pairs").read_bytes())


@pytest.mark.parametrize("format", DATA_FORMATS)
def test_two_reports_of_one_index_have_the_same_bytes(
    format: str, source: MemorySource, tmp_path: Path
) -> None:
    first = written(source, format, tmp_path).read_bytes()
    assert written(source, format, tmp_path).read_bytes() == first


def test_a_line_of_jsonl_has_the_keys_of_the_contract_in_its_order(
    source: MemorySource, tmp_path: Path
) -> None:
    story = json.loads(written(source, "jsonl", tmp_path).read_text("utf-8").splitlines()[0])
    assert list(story) == ["cluster_id", "size", "documents", "origin"]
    assert list(story["documents"][0]) == DOCUMENT_KEYS
    assert list(story["origin"]) == ["name", "kind", "document", "confidence", "evidence"]
    assert list(story["origin"]["evidence"][0]) == ["kind", "document", "text", "weight"]


def test_ratios_have_four_decimals_and_the_unknown_is_null(source: MemorySource, tmp_path: Path) -> None:
    stories = json.loads(written(source, "json", tmp_path).read_text("utf-8"))
    assert stories[0]["origin"]["confidence"] == 0.9612
    assert stories[0]["origin"]["document"] is None
    assert stories[4]["origin"]["name"] is None


def test_json_holds_the_objects_of_jsonl(source: MemorySource, tmp_path: Path) -> None:
    lines = written(source, "jsonl", tmp_path).read_text("utf-8").splitlines()
    assert json.loads(written(source, "json", tmp_path).read_text("utf-8")) == [*map(json.loads, lines)]


def test_json_of_no_story_is_an_empty_array(source: MemorySource, tmp_path: Path) -> None:
    assert json.loads(written(source, "json", tmp_path, Filters(min_size=99)).read_text()) == []


def test_csv_gives_back_every_text_it_was_given(source: MemorySource, tmp_path: Path) -> None:
    found = rows_of(written(source, "csv", tmp_path))
    documents = [document for story in source.rows for document in story.documents]
    assert list(found[0]) == list(COLUMNS)
    for name in ("id", "path", "url", "outlet", "title", "byline", "published_at", "parent"):
        expected = [getattr(document, name) or "" for document in documents]
        assert [unguarded(row[name]) for row in found] == expected


def test_no_cell_of_a_csv_begins_like_a_formula(source: MemorySource, tmp_path: Path) -> None:
    texts = [cell for row in rows_of(written(source, "csv", tmp_path)) for cell in row.values()]
    assert "'" + HOSTILE in texts
    assert [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "'=", "''@"])
def test_a_text_that_could_be_a_formula_is_guarded(start: str) -> None:
    assert guarded(start + "1+1") == "'" + start + "1+1"


@pytest.mark.parametrize("text", ["", "a=b", "'tis", "1-2", " =1", "“=1”"])
def test_a_harmless_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(st.text(alphabet="'=+-@\t\rab", max_size=8))
def test_a_guard_can_be_taken_off(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_csv_lines_end_as_rfc_4180_says(source: MemorySource, tmp_path: Path) -> None:
    first_line = written(source, "csv", tmp_path).read_bytes().split(b"\n")[0]
    assert first_line == ",".join(COLUMNS).encode() + b"\r"


def figures_of_jsonl(path: Path) -> set[tuple[str, str, str, int]]:
    stories = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {(s["cluster_id"], d["id"], d["role"], s["size"]) for s in stories for d in s["documents"]}


def figures_of_json(path: Path) -> set[tuple[str, str, str, int]]:
    stories = json.loads(path.read_text("utf-8"))
    return {(s["cluster_id"], d["id"], d["role"], s["size"]) for s in stories for d in s["documents"]}


def figures_of_csv(path: Path) -> set[tuple[str, str, str, int]]:
    return {
        (unguarded(row["cluster_id"]), unguarded(row["id"]), row["role"], int(row["size"]))
        for row in rows_of(path)
    }


def figures_of_parquet(path: Path) -> set[tuple[str, str, str, int]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return {(row["cluster_id"], row["id"], row["role"], row["size"]) for row in rows}


def figures_of_graph(path: Path) -> set[tuple[str, str, str, int]]:
    import networkx

    read = networkx.read_graphml if path.suffix == ".graphml" else networkx.read_gexf
    nodes = [(id_, node) for id_, node in read(path).nodes(data=True) if node["kind"] == "document"]
    sizes = Counter(cluster for _, node in nodes for cluster in node["clusters"].split(" "))
    return {
        (cluster, id_, node["role"], sizes[cluster])
        for id_, node in nodes
        for cluster in node["clusters"].split(" ")
    }


READERS = {
    "json": figures_of_json,
    "jsonl": figures_of_jsonl,
    "csv": figures_of_csv,
    "parquet": figures_of_parquet,
    "graphml": figures_of_graph,
    "gexf": figures_of_graph,
}
FILTERS = {
    "none": Filters(),
    "outlet": Filters(outlet="Anse-Daily.example"),
    "agency": Filters(agency="meridian press"),
    "size": Filters(min_size=3),
    "role": Filters(role=Role.EXCERPT),
    "since": Filters(since="2026-03-08"),
    "where": Filters(where=Condition("byline_swap AND language = 'en'")),
}


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("format", READERS)
def test_every_format_holds_the_same_figures(format: str, filters: Filters, tmp_path: Path) -> None:
    source = visited()
    expected = {
        (story.cluster_id, document.id, document.role.value, story.size)
        for story in source.rows
        if filters.match(story)
        for document in story.documents
    }
    assert expected
    assert READERS[format](written(source, format, tmp_path, filters)) == expected


@pytest.mark.parametrize(
    ("filters", "stories"),
    [
        (Filters(), [0, 1, 2, 3, 4]),
        (Filters(min_size=3), [0, 1]),
        (Filters(outlet="anse-daily.example"), [0, 1]),
        (Filters(agency="Meridian Press"), [0, 2]),
        (Filters(agency="mp"), [0, 2]),
        (Filters(agency="venn-gazette.example"), [1]),
        (Filters(role=Role.ORIGIN), [1, 3]),
        (Filters(role=Role.UPDATE, outlet="harbour-post.example"), []),
        (Filters(role=Role.UPDATE, outlet="anse-daily.example"), [0]),
        (Filters(since="2026-03-09"), [1]),
        (Filters(since="2026-03-07T23:00:00Z"), [0, 1]),
        (Filters(since="2026-03-03T10:00:00Z", agency="Meridian Press", min_size=3), [0]),
        (Filters(where=Condition("kept BETWEEN .7 AND .8")), [0]),
        (Filters(where=Condition("outlet LIKE 'anse%'"), role=Role.REPOST), [0, 1]),
        (Filters(where=Condition("delay_seconds IS NULL AND origin_kind = 'outlet' -- dated")), [1, 3]),
        (Filters(where=Condition("attribution LIKE '%dateline%'")), [0]),
        (Filters(where=Condition("1 = 0")), []),
    ],
    ids=["all", "size", "outlet", "agency", "an agency's short name", "an outlet as origin", "role",
         "no one document is both", "one is both", "date", "a bare date is its whole day", "all together",
         "SQL over figures", "SQL and a role, of one document", "SQL with a comment", "SQL over a list",
         "SQL that holds of nothing"],
)  # fmt: skip
def test_filters_choose_stories(filters: Filters, stories: list[int], source: MemorySource) -> None:
    chosen = [story.cluster_id for story in matching(source, filters)]
    assert chosen == [source.rows[number].cluster_id for number in stories]


@pytest.mark.parametrize("since", ["yesterday", "2026", "2026/03/04", "01-02-2026"])
def test_since_must_begin_with_a_date(since: str) -> None:
    with pytest.raises(InputError, match="is not a date"):
        Filters(since=since)


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("colour = 'red'", "no such column: colour"),
        ("kept >", "syntax error"),
        ("", "syntax error"),
        ("1; DROP TABLE stories", "syntax error"),
        ("1) ; DROP TABLE stories; --", "one statement"),
        ("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT max(i) FROM n)", "authorized"),
        ("abs(-9223372036854775807 - 1)", "overflow"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_refused(expression: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault) as refused:
        Condition(expression)
    assert repr(expression) in refused.value.message
    assert "origin_name" in (refused.value.hint or "")


def test_the_smallest_size_is_one() -> None:
    with pytest.raises(InputError, match="smallest size"):
        Filters(min_size=0)


def test_pair_has_the_keys_of_the_contract_in_its_order(tmp_path: Path) -> None:
    edge = Edge("a", "b", Relation.QUOTE_ONLY, 1 / 3, 0.25, 1.0, (Passage((0, 5), (7, 12)),))
    write_pairs([edge], "jsonl", tmp_path / "pairs.jsonl")
    assert (tmp_path / "pairs.jsonl").read_text() == (
        '{"a":"a","b":"b","relation":"quote_only","resemblance":0.3333,"containment_of_a":0.25,'
        '"containment_of_b":1.0,"passages":[{"a":[0,5],"b":[7,12]}]}\n'
    )


def test_markdown_has_no_markup_of_the_pages(source: MemorySource, tmp_path: Path) -> None:
    text = written(source, "markdown", tmp_path).read_text("utf-8")
    assert "\\<script\\>" in text
    assert not re.search(r"(?<!\\)<(?!https?://)", text)
    assert "javascript:" not in text
    assert "\x1b" not in text


def test_lines_of_a_markdown_table_have_as_many_cells_as_its_head(
    source: MemorySource, tmp_path: Path
) -> None:
    lines = written(source, "markdown", tmp_path).read_text("utf-8").splitlines()
    counts = {len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("|")}
    assert counts == {9}


def test_graph_arcs_run_from_the_source_to_the_copy(source: MemorySource, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    graph = networkx.read_graphml(written(source, "graphml", tmp_path))
    assert ("agency:Meridian Press", "calder/a1.html") in graph.edges
    assert ("calder/a1.html", "post/77.html") in graph.edges
    assert ("rural#8", "mirror#3") in graph.edges
    assert graph.edges["venn#1", "rural#8"]["delay_seconds"] == 360


def test_a_document_in_two_stories_is_one_node_and_one_document(tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    source = visited()
    written_ = write(source, "graphml", tmp_path / "x.graphml")
    assert written_.documents == len({d.id for story in source.rows for d in story.documents}) == 15
    node = networkx.read_graphml(tmp_path / "x.graphml").nodes["week/14.html"]
    assert (node["cluster"], node["clusters"]) == ("9f3c2a77d01b", "9f3c2a77d01b 01ab23cd45ef")


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_a_graph_of_outlets_has_the_flows_of_the_site(
    format: str, source: MemorySource, tmp_path: Path
) -> None:
    networkx = pytest.importorskip("networkx")
    write(source, format, tmp_path / "graph", nodes="outlets")
    graph = (networkx.read_graphml if format == "graphml" else networkx.read_gexf)(tmp_path / "graph")
    arc = graph.edges["agency:Meridian Press", "anse-daily.example"]
    assert (arc["weight"], arc["copies"], arc["uncredited"], arc["byline_swaps"]) == (1, 1, 1, 1)
    assert arc["median_delay_seconds"] == 20_000
    origins = {"agency:Meridian Press", "venn-gazette.example", "minato.example"}
    assert {source for source, _ in graph.edges} == origins
    assert graph.nodes["anse-daily.example"]["stories"] == 2
    assert graph.nodes["venn-gazette.example"]["originals"] == 1
    assert graph.nodes["agency:Meridian Press"]["kind"] == "agency"


@pytest.mark.parametrize(("format", "nodes"), [("csv", "outlets"), ("html", "outlets"), ("gexf", "people")])
def test_nodes_that_a_format_does_not_have(
    format: str, nodes: str, source: MemorySource, tmp_path: Path
) -> None:
    with pytest.raises(InputError):
        write(source, format, tmp_path / "x", nodes=nodes)
    assert not (tmp_path / "x").exists()


def test_every_column_of_a_table_is_described(source: MemorySource) -> None:
    assert list(COLUMNS) == list(table_row(source.rows[0], source.rows[0].documents[0]))
    assert all(COLUMNS.values())


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "parquet"])
def test_pandas_reads_the_same_figures(format: str, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    source = visited()
    path = written(source, format, tmp_path)
    if format in ("json", "jsonl"):
        stories = pandas.read_json(path, lines=format == "jsonl", dtype={"cluster_id": str})
        frame = stories.explode("documents")
        roles = frame["documents"].map(lambda document: document["role"])
    else:
        frame = pandas.read_csv(path) if format == "csv" else pandas.read_parquet(path)
        roles = frame["role"]
        rows = [table_row(story, document) for story in source.rows for document in story.documents]
        kept = [row["kept"] for row in rows if row["kept"] is not None]
        assert frame["kept"].dropna().tolist() == kept
        assert frame["byline_swap"].sum() == sum(d.byline_swap for s in source.rows for d in s.documents)
    expected = Counter(d.role.value for story in source.rows for d in story.documents)
    assert roles.value_counts().to_dict() == expected
    assert frame.groupby("cluster_id")["size"].first().sum() == sum(story.size for story in source.rows)


def test_parquet_keeps_types(source: MemorySource, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    row = pq.read_table(written(source, "parquet", tmp_path)).to_pylist()[1]
    assert row["byline_swap"] is True
    assert row["delay_seconds"] == 5110
    assert row["attribution"][0]["kind"] == "byline"


def test_no_such_format(source: MemorySource, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no format 'xls'"):
        write(source, "xls", tmp_path / "x")
