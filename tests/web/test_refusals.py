"""What the service refuses, and what it never tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import TOKEN, served

TEXT = {"content-type": "text/plain"}
JSON = {"content-type": "application/json"}

REFUSED: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "no type": ("POST", "/query", {"content": b"words"}, 415, "''"),
    "a type that is no article": (
        "POST", "/query", {"content": b"x", "headers": {"content-type": "image/png"}}, 415, "image/png",
    ),
    "an empty text": ("POST", "/query", {"content": b" \n", "headers": TEXT}, 422, "empty"),
    "bytes that are no text": (
        "POST", "/query", {"content": bytes(range(32)) * 9, "headers": TEXT}, 422, "not text",
    ),
    "a page without an article": (
        "POST", "/query", {"content": b"<html><p>Hi", "headers": {"content-type": "text/html"}}, 422,
        "no article",
    ),
    "broken JSON": ("POST", "/query", {"content": b'{"text": ', "headers": JSON}, 400, "not JSON"),
    "JSON that nests too deep": ("POST", "/query", {"content": b"[" * 100_000, "headers": JSON}, 400, "JSON"),
    "a number": ("POST", "/query", {"json": 7}, 422, "a number"),
    "an empty list": ("POST", "/query", {"json": []}, 422, "0 articles"),
    "too long a list": ("POST", "/query", {"json": [{"text": "a"}] * 501}, 422, "501 articles"),
    "a list of texts": ("POST", "/query", {"json": ["text"]}, 422, "article 1"),
    "a title that is a list": ("POST", "/query", {"json": {"text": "a", "title": []}}, 422, "title"),
    "no text": ("POST", "/query", {"json": {"title": "a"}}, 422, "no text"),
    "no such document": ("GET", "/documents/ghost.html", {}, 404, "ghost.html"),
    "no such cluster": ("GET", "/clusters/ghost", {}, 404, "ghost"),
    "no such outlet": ("GET", "/outlets/ghost.example", {}, 404, "ghost.example"),
    "pairs of no document": ("GET", "/pairs?document=ghost", {}, 404, "ghost"),
    "pairs of nothing": ("GET", "/pairs", {}, 422, "document"),
    "a date that is none": ("GET", "/clusters?since=2025-13", {}, 422, "since"),
    "a role that is none": ("GET", "/clusters?role=thief", {}, 422, "role"),
    "a page of nothing": ("GET", "/clusters?limit=0", {}, 422, "limit"),
    "a size beyond numbers": ("GET", "/clusters?min_size=99999999999999999999", {}, 422, "min_size"),
    "an address that is none": ("GET", "/nowhere", {}, 404, "Not Found"),
    "another method": ("DELETE", "/query", {}, 405, "Method"),
    "to add, as it is read-only": ("POST", "/documents", {"json": {"text": "a"}}, 404, "Not Found"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "path", "sent", "status", "named"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_names_the_value(
    client: httpx.Client, method: str, path: str, sent: dict[str, Any], status: int, named: str
) -> None:
    answer = client.request(method, path, **sent)
    assert answer.status_code == status
    assert sorted(answer.json()) == ["error", "hint"]
    assert named in answer.json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../server.py",
        "/assets/%2e%2e%2fserver.py",
        "/assets/..%5cserver.py",
        "/assets//etc/passwd",
        "/data/../../../../etc/passwd.js",
        "/data/%2e%2e%2f%2e%2e%2fetc%2fpasswd.js",
        "/story/..%2f..%2fetc/passwd",
        "/documents//etc/passwd",
        "/documents/..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "/outlet/..%2f..%2fx.html",
    ],
)
def test_no_file_of_the_host_is_read(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/openapi.json", "/assets/site.css", "/query"])
def test_every_response_keeps_a_page_from_being_turned_against_its_reader(
    client: httpx.Client, path: str
) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize("host", ["news.example", "127.0.0.1.news.example", "localhost.example:80"])
def test_a_name_of_somebody_else_is_not_answered(client: httpx.Client, host: str) -> None:
    """A page elsewhere could let its own name point to this machine and read what its reader may."""
    assert client.get("/clusters", headers={"host": host}).status_code == 400


def test_a_person_is_refused_with_a_page(client: httpx.Client) -> None:
    answer = client.get("/story/aa/<script>.html", headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "&lt;script&gt;" in answer.text


@pytest.fixture(scope="module")
def strict(samples_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service with small limits, that may be written to, over an index of its own."""
    folder = tmp_path_factory.mktemp("strict")
    db = folder / "news.db"
    db.write_bytes(samples_db.read_bytes())
    options = ("--max-body", "1", "--rate", "20", "--writable")
    with served(db, *options, log=folder / "log") as running, running.client() as client:
        yield client


def test_a_body_that_is_announced_too_large_is_not_read(strict: httpx.Client) -> None:
    answer = strict.post("/query", content=b"a" * (2 << 20), headers=TEXT)
    assert (answer.status_code, "1048576" in answer.json()["error"]) == (413, True)


def test_a_body_that_turns_out_too_large_is_not_read_on(strict: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"word " * 20_000 for _ in range(40))

    assert strict.post("/query", content=pieces(), headers=TEXT).status_code == 413


def test_who_asks_too_often_is_told_when_to_come_back(strict: httpx.Client) -> None:
    answers = [strict.get("/openapi.json") for _ in range(60)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) > len(refused) > 0
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)


def test_what_was_not_foreseen_is_logged_and_not_told(samples_db: Path, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    db.write_bytes(samples_db.read_bytes())
    with served(db, log=tmp_path / "log") as running, running.client() as client:
        with sqlite3.connect(db) as connection:
            connection.execute("DROP TABLE pairs")
        answer = client.get("/pairs", params={"document": "ow-1001"})
        assert (answer.status_code, "log" in answer.json()["error"]) == (500, True)
        assert not any(word in answer.text for word in ("Traceback", "sqlite", "pairs", str(tmp_path)))
    assert "no such table" in (tmp_path / "log").read_text()


def test_an_index_that_is_gone_is_no_fault_of_the_service(samples_db: Path, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    db.write_bytes(samples_db.read_bytes())
    with served(db, log=tmp_path / "log") as running, running.client() as client:
        db.rename(tmp_path / "away.db")
        gone = client.get("/clusters")
        assert (gone.status_code, str(tmp_path) in gone.text) == (503, False)
        assert gone.headers["retry-after"]
        client.headers["accept"] = "text/html"
        assert client.get("/").status_code == 200
        page = client.get("/stories.html")
        assert (page.status_code, page.headers["refresh"]) == (503, page.headers["retry-after"])
        (tmp_path / "away.db").rename(db)
        assert client.get("/clusters").status_code == 200


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--db", "missing.db"], "missing.db"),
        (["--writable"], "--writable needs a token"),
        (["--writable", "--token-file", "missing"], "missing"),
        (["--host", "203.0.113.1"], "203.0.113.1"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(
    samples_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], named: str
) -> None:
    import conftest

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEDUPE_TOKEN", raising=False)
    given = options if "--db" in options else ["--db", str(samples_db), *options]
    done = conftest.dedupe("serve", *given, "--port", "0")
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")
    assert named.encode() in done.stderr.splitlines()[0]


def test_the_token_is_no_secret_of_the_process_list(strict: httpx.Client) -> None:
    assert strict.post("/documents", json={"text": "a"}).status_code in (401, 429)
    assert TOKEN not in strict.get("/metrics").text
