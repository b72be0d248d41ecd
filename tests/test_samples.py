"""The main job on the crawl that is shipped, through the real command, against what is expected of it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make_archive
import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))
STORIES = {cluster["story"]: cluster for cluster in EXPECTED["clusters"]}
REUSE = {"identical", "edited", "excerpt", "partial", "update"}

Dedupe = Callable[..., str]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def dedupe(tmp_path_factory: pytest.TempPathFactory) -> Dedupe:
    """Runs ``dedupe ARGUMENTS… --db FILE`` on an index of the samples and returns what it prints."""
    db = tmp_path_factory.mktemp("samples") / "news.db"

    def run(*arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("dedupe")), *arguments, "--db", str(db)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("index", str(SAMPLES / "crawl"))
    return run


@pytest.fixture(scope="module")
def clusters(dedupe: Dedupe) -> list[Row]:
    return [json.loads(line) for line in dedupe("report", "--format", "jsonl").splitlines()]


@pytest.fixture(scope="module")
def pairs(dedupe: Dedupe) -> dict[tuple[str, str], Row]:
    rows = map(json.loads, dedupe("pairs", "--format", "jsonl").splitlines())
    return {(row["a"], row["b"]): row for row in rows}


def roles_of(cluster: Row) -> dict[str, str]:
    return {document["id"]: document["role"] for document in cluster["documents"]}


def members_of(cluster: Row) -> set[str]:
    return {id for id, role in roles_of(cluster).items() if role != "excerpt"}


@pytest.fixture
def found(clusters: list[Row], expected: Row) -> Row:
    """The cluster that holds most of the expected members."""
    return max(clusters, key=lambda cluster: len(members_of(cluster) & set(expected["members"])))


def test_every_document_is_read(dedupe: Dedupe) -> None:
    figures = json.loads(dedupe("stats", "--format", "json"))
    assert (figures["documents"], figures["skipped"]) == (EXPECTED["documents"], 0)


def test_no_cluster_but_the_expected(clusters: list[Row]) -> None:
    assert sorted(sorted(members_of(cluster)) for cluster in clusters) == sorted(
        sorted(cluster["members"]) for cluster in EXPECTED["clusters"]
    )


@pytest.mark.parametrize("expected", STORIES.values(), ids=STORIES)
def test_members(found: Row, expected: Row) -> None:
    assert members_of(found) == set(expected["members"])


@pytest.mark.parametrize("expected", STORIES.values(), ids=STORIES)
def test_excerpts(found: Row, expected: Row) -> None:
    excerpts = {id for id, role in roles_of(found).items() if role == "excerpt"}
    assert excerpts == set(expected["excerpts"])


@pytest.mark.parametrize("expected", STORIES.values(), ids=STORIES)
def test_roles(found: Row, expected: Row) -> None:
    roles = roles_of(found)
    wrong = {
        id: (roles.get(id), fits)
        for id, fits in expected["members"].items()
        if fits and roles.get(id) not in fits
    }
    assert wrong == {}


@pytest.mark.parametrize("expected", STORIES.values(), ids=STORIES)
def test_origin(found: Row, expected: Row) -> None:
    origin = found["origin"]
    if expected["origin"] is None:  # no page says it: an outlet may be likely, an agency would be invented
        assert origin["kind"] != "agency"
        return
    assert (origin["kind"], origin["document"]) == (
        expected["origin"]["kind"],
        expected["origin"]["document"],
    )
    assert expected["origin"]["name"] in (None, origin["name"])
    assert origin["evidence"]
    assert origin["confidence"] > 0.5


def named(pair: Row) -> str:
    return f"{pair['a']} ~ {pair['b']}"


@pytest.mark.parametrize("pair", EXPECTED["pairs"], ids=named)
def test_relation(pairs: dict[tuple[str, str], Row], pair: Row) -> None:
    assert pairs[pair["a"], pair["b"]]["relation"] in pair["relation"]


@pytest.mark.parametrize("pair", EXPECTED["apart"], ids=named)
def test_apart(pairs: dict[tuple[str, str], Row], clusters: list[Row], pair: Row) -> None:
    edge = pairs.get((pair["a"], pair["b"]))
    assert edge is None or edge["relation"] not in REUSE
    assert not any({pair["a"], pair["b"]} <= members_of(cluster) for cluster in clusters)


@pytest.mark.parametrize("name", EXPECTED["queries"])
def test_query(dedupe: Dedupe, clusters: list[Row], name: str) -> None:
    expected = EXPECTED["queries"][name]
    answer = json.loads(dedupe("query", str(SAMPLES / "query" / name), "--format", "json"))
    assert answer["verdict"] in expected["verdict"]
    joined = [members_of(cluster) for cluster in clusters if cluster["cluster_id"] == answer["cluster_id"]]
    wanted = [set(STORIES[expected["story"]]["members"])] if expected["story"] else []
    assert joined == wanted
    if expected["origin"]:
        assert {key: answer["origin"][key] for key in expected["origin"]} == expected["origin"]


def test_a_query_shows_the_text_it_shares(dedupe: Dedupe) -> None:
    answer = json.loads(dedupe("query", str(SAMPLES / "query" / "repost.html"), "--format", "json"))
    best = answer["matches"][0]
    assert best["relation"] in REUSE
    assert best["containment_of_query"] > 0.9
    assert best["passages"]


def test_the_archive_is_made_of_the_pages() -> None:
    """The records, not their compression, which is not the same with every zlib."""
    shipped = (SAMPLES / "archive" / "islands.warc.gz").read_bytes()
    assert gzip.decompress(shipped) == gzip.decompress(make_archive.archive())


def test_indexing_again_changes_nothing(dedupe: Dedupe, clusters: list[Row]) -> None:
    before = dedupe("report", "--format", "json"), dedupe("pairs", "--format", "jsonl")
    dedupe("index", str(SAMPLES / "crawl"))
    assert (dedupe("report", "--format", "json"), dedupe("pairs", "--format", "jsonl")) == before
