"""What the service answers is what the command line prints, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from conftest import Served, dedupe

TYPES = {".html": "text/html", ".txt": "text/plain", ".json": "application/json"}


def printed(db: Path, *arguments: str | Path, stdin: bytes = b"") -> bytes:
    done = dedupe(*arguments, "--db", db, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip(b"\r\n")


def crawled(samples: Path) -> list[Path]:
    """Pages and texts of the shipped crawl, and the articles to ask about."""
    found = [path for path in sorted(samples.rglob("*")) if path.suffix in TYPES and path.parent != samples]
    assert len(found) > 15
    return found


def test_an_article_is_answered_as_the_command_answers(
    client: httpx.Client, samples: Path, samples_db: Path
) -> None:
    for path in [*sorted((samples / "query").iterdir()), *crawled(samples)[::5]]:
        answer = client.post(
            "/query", content=path.read_bytes(), headers={"content-type": TYPES[path.suffix]}
        )
        assert answer.content == printed(samples_db, "query", path, "--format", "json"), path


@pytest.mark.parametrize("format", ["json", "text"])
def test_the_command_asks_a_service_as_it_asks_a_file(
    service: Served, samples: Path, samples_db: Path, tmp_path: Path, format: str
) -> None:
    record = tmp_path / "one.json"
    record.write_text(
        json.dumps({"headline": "T", "body": (samples / "query/original.txt").read_text("utf-8")})
    )
    for path in [samples / "query/repost.html", samples / "query/original.txt", record]:
        here = printed(samples_db, "query", path, "--format", format, "--byline", "A. Reporter")
        there = dedupe("query", path, "--server", service.url, "--format", format, "--byline", "A. Reporter")
        assert (there.returncode, there.stderr) == (0, b"")
        assert there.stdout.rstrip() == here.rstrip()


def test_standard_input_is_asked_about_too(service: Served, samples: Path, samples_db: Path) -> None:
    text = (samples / "query/original.txt").read_bytes()
    there = dedupe("query", "-", "--server", service.url, "--format", "json", stdin=text)
    assert there.stdout.rstrip() == printed(samples_db, "query", "-", "--format", "json", stdin=text)


def test_a_bar_holds_for_a_service(service: Served, samples: Path) -> None:
    repost = samples / "query/repost.html"
    assert dedupe("query", repost, "--server", service.url, "--fail-on", "repost").returncode == 3


@pytest.mark.parametrize(
    ("server", "code", "named"),
    [
        ("http://127.0.0.1:9", 1, b"http://127.0.0.1:9 does not answer"),
        ("127.0.0.1:8765", 2, b"is no address"),
        ("{service}/healthz", 2, b"Not Found"),
    ],
)
def test_a_service_that_is_none_is_named(
    service: Served, samples: Path, server: str, code: int, named: bytes
) -> None:
    done = dedupe("query", samples / "query/original.txt", "--server", server.format(service=service.url))
    assert done.returncode == code
    assert done.stderr.startswith(b"error: ")
    assert named in done.stderr.splitlines()[0]


def test_byline_and_outlet_may_be_given(client: httpx.Client, samples: Path, samples_db: Path) -> None:
    repost = samples / "query/repost.html"
    given = {"byline": "Voice of America", "outlet": "northgatecourier.example"}
    answer = client.post(
        "/query", params=given, content=repost.read_bytes(), headers={"content-type": "text/html"}
    )
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    assert answer.content == printed(samples_db, "query", repost, "--format", "json", *options)


def test_a_list_is_answered_in_its_order(client: httpx.Client, samples: Path) -> None:
    texts = [path.read_text("utf-8") for path in crawled(samples) if path.suffix == ".txt"] * 8
    several = client.post("/query", json=[{"text": text} for text in texts])
    alone = [client.post("/query", json={"text": text}).content for text in texts]
    assert several.content == b"[" + b",".join(alone) + b"]"


def test_what_cannot_be_read_costs_its_place_in_a_list_and_no_more(client: httpx.Client) -> None:
    text = "The ferry sails again after nine days of storm, the harbour office said on Monday."
    answers = client.post("/query", json=[{"text": text}, {"title": "no text"}, {"text": text}])
    assert answers.status_code == 200
    assert [sorted(each) == ["error", "hint"] for each in answers.json()] == [False, True, False]


@pytest.fixture(scope="module")
def lines(samples_db: Path) -> list[bytes]:
    """`dedupe report --format jsonl`."""
    return printed(samples_db, "report", "--format", "jsonl").splitlines()


def test_a_cluster_is_a_line_of_the_report(client: httpx.Client, lines: list[bytes]) -> None:
    assert len(lines) > 5
    for line in lines:
        assert client.get(f"/clusters/{orjson.loads(line)['cluster_id']}").content == line


FILTERS: dict[str, dict[str, str]] = {
    "all": {},
    "an outlet": {"outlet": "NorthgateCourier.example"},
    "an agency by its short name": {"agency": "voa"},
    "a role": {"role": "repost"},
    "a size": {"min_size": "4"},
    "a day": {"since": "2025-09-10"},
    "together": {"outlet": "northgatecourier.example", "role": "repost", "min_size": "2"},
    "nothing": {"outlet": "nobody.example"},
}


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("limit", [1, 3, 500])
def test_pages_hold_what_the_report_with_these_filters_holds(
    client: httpx.Client, samples_db: Path, filters: dict[str, str], limit: int
) -> None:
    options = [word for name, value in filters.items() for word in (f"--{name.replace('_', '-')}", value)]
    expected = printed(samples_db, "report", "--format", "jsonl", *options).splitlines()
    found: list[Any] = []
    cursor = ""
    while cursor is not None:
        page = client.get("/clusters", params={**filters, "limit": limit, "cursor": cursor}).json()
        assert len(page["clusters"]) <= limit
        found += page["clusters"]
        cursor = page["next"]
    assert found == [orjson.loads(line) for line in expected]


def test_the_pairs_of_all_documents_are_the_pairs(client: httpx.Client, samples_db: Path) -> None:
    expected = printed(samples_db, "pairs", "--format", "jsonl").splitlines()
    documents = {orjson.loads(line)[side] for line in expected for side in "ab"}
    found = {
        orjson.dumps(pair)
        for document in documents
        for pair in client.get("/pairs", params={"document": document}).json()["pairs"]
    }
    assert found == set(expected)


def test_an_outlet_is_a_record_of_the_sources(client: httpx.Client, samples_db: Path) -> None:
    records = orjson.loads(printed(samples_db, "sources", "--format", "json"))
    assert len(records) > 15
    for record in records:
        assert client.get(f"/outlets/{record['name'].upper()}").json() == record


def test_a_document_is_told_with_its_text(client: httpx.Client, lines: list[bytes]) -> None:
    cluster = orjson.loads(lines[0])
    for row in cluster["documents"]:
        found = client.get(f"/documents/{row['id'].replace('#', '%23')}").json()
        shared = (
            "id",
            "path",
            "url",
            "outlet",
            "title",
            "byline",
            "published_at",
            "first_seen_at",
            "attribution",
        )
        assert {key: found[key] for key in shared} == {key: row[key] for key in shared}
        assert cluster["cluster_id"] in found["clusters"]
        assert all(0 <= part["begin"] < part["end"] <= len(found["text"]) for part in found["removed"])


def test_a_page_is_that_of_the_static_report(client: httpx.Client, samples_db: Path, tmp_path: Path) -> None:
    """Byte for byte between the way in and the foot, on every page, and so are the data files."""
    site = tmp_path / "site"
    assert dedupe("report", "--db", samples_db, "--format", "html", "--output", site).returncode == 0
    pages = [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*.*"))
        if path.suffix in (".html", ".js")
    ]
    assert len(pages) > 30
    for page in pages:
        live, kept = client.get(f"/{page}").text, (site / page).read_text("utf-8")
        if page.endswith(".html"):
            live, kept = (text[text.index("<main") : text.index("</main>")] for text in (live, kept))
        assert live == kept, page
