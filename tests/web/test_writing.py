"""Documents that are posted: who may, what becomes of them, and that none is lost."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import TOKEN, Served, served
from generated import documents

from dedupe import Index
from dedupe.errors import DedupeError
from dedupe.store.database import open_writer

AUTHORISED = {"authorization": f"Bearer {TOKEN}"}
PATIENCE = 60.0


def eventually(what: Callable[[], Any]) -> Any:
    """Ask again until the answer is true: the only way to see from outside that a batch was committed."""
    ends = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < ends
    return found


@contextmanager
def writable(folder: Path) -> Iterator[Served]:
    with served(folder / "news.db", "--writable", log=folder / "log") as running:
        yield running


def post(client: httpx.Client, records: list[dict[str, Any]]) -> httpx.Response:
    return client.post("/documents", json=records, headers=AUTHORISED)


def held(client: httpx.Client, public_id: str) -> dict[str, Any] | None:
    """The document, when it is there."""
    answer = client.get(f"/documents/{public_id}")
    return answer.json() if answer.status_code == 200 else None  # type: ignore[no-any-return]


def exports(db: Path) -> list[tuple[Any, ...]]:
    with Index.open(db) as index:
        return [(edge.a, edge.b, edge.relation, edge.passages) for edge in index.pairs()]


def stored(db: Path) -> set[str]:
    try:
        with Index.open(db) as index:
            return {public_id for (public_id,) in index.reader.execute("SELECT id FROM documents")}
    except DedupeError:
        return set()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": "Bearer tökén".encode("latin-1")},
    ],
    ids=["none", "wrong", "longer", "another scheme", "not ASCII"],
)
def test_only_the_holder_of_the_token_adds(tmp_path: Path, headers: dict[str, Any], adding: Served) -> None:
    with adding.client() as client:
        answer = client.post("/documents", json={"text": "a", "outlet": "a.example"}, headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.fixture(scope="module")
def adding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over an index that does not exist yet."""
    with writable(tmp_path_factory.mktemp("adding")) as running:
        yield running


def test_a_document_is_found_when_it_was_added(adding: Served) -> None:
    record = {
        "id": "d1",
        "url": "https://kestrel.example/d1",
        "text": "The mill at Harnow stands still. " * 9,
    }
    with adding.client() as client:
        answer = post(client, [record])
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "ids": ["d1"]})
        found = eventually(lambda: held(client, "d1"))
        assert (found["outlet"], found["text"]) == ("kestrel.example", record["text"].strip())
        asked = client.post("/query", json={"text": record["text"], "outlet": "other.example"})
        assert [match["id"] for match in asked.json()["matches"]] == ["d1"]


def test_what_is_sent_again_replaces_what_was_sent_before(adding: Served) -> None:
    url = "https://kestrel.example/changes"
    with adding.client() as client:
        for text in ("The first report of the flood. " * 9, "The second report of the flood. " * 9):
            assert post(client, [{"url": url, "text": text}]).json()["ids"] == [url]
            eventually(lambda text=text: (held(client, url) or {}).get("text") == text.strip())


REFUSED = {
    "no outlet": ([{"text": "some text"}], 422, "article 1 has neither a url nor an outlet"),
    "no text": ([{"text": "ok", "outlet": "a.example"}, {"outlet": "a.example"}], 422, "article 2"),
    "a number": (7, 422, "a number"),
}


@pytest.mark.parametrize(("sent", "status", "named"), REFUSED.values(), ids=REFUSED)
def test_all_or_none_are_added(adding: Served, sent: Any, status: int, named: str) -> None:
    with adding.client() as client:
        eventually(lambda: client.get("/healthz").json()["queued"] == 0)  # what was sent before is added
        answer = post(client, sent)
        assert (answer.status_code, named in answer.json()["error"]) == (status, True)
        assert client.get("/healthz").json()["queued"] == 0


def test_no_more_is_taken_in_than_there_is_room_for(tmp_path: Path) -> None:
    """While somebody else writes, what is posted waits; the queue is bounded, and nothing of it is lost."""
    records = [{"id": f"d{n}", "outlet": "a.example", "text": f"Report {n} of the day."} for n in range(5001)]
    with writable(tmp_path) as running, running.client() as client:
        with open_writer(tmp_path / "news.db"):
            for begin in range(0, 5000, 500):
                assert post(client, records[begin : begin + 500]).status_code == 202
            full = post(client, records[5000:])
            assert (full.status_code, int(full.headers["retry-after"]) > 0) == (429, True)
            assert post(client, records[:1]).status_code == 202, "it replaces one that waits"
            health = client.get("/healthz").json()
            assert (health["status"], health["queued"]) == ("ok", 5000)
        eventually(lambda: client.get("/healthz").json()["queued"] == 0)
        assert post(client, records[5000:]).status_code == 202
        eventually(lambda: held(client, "d5000"))
    assert stored(tmp_path / "news.db") == {record["id"] for record in records}


def test_what_a_killed_service_took_in_is_added_by_the_next(tmp_path: Path) -> None:
    records = documents(5, 60)
    sent = 0
    for _ in range(2):
        with writable_and_killed(tmp_path) as client:
            for record in records[sent : sent + 30]:
                assert post(client, [record]).status_code == 202
            sent += 30
    with writable(tmp_path) as running, running.client() as client:
        eventually(lambda: client.get("/healthz").json()["queued"] == 0)
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "all.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    with Index.open(tmp_path / "other.db") as index:
        index.add(plain, workers=0)
    assert stored(tmp_path / "news.db") == {record["id"] for record in records}
    assert exports(tmp_path / "news.db") == exports(tmp_path / "other.db") != []


@contextmanager
def writable_and_killed(folder: Path) -> Iterator[httpx.Client]:
    """A service that ends as in a power cut, with all its processes."""
    import subprocess

    from conftest import MAIN

    process = subprocess.Popen(
        [*MAIN, "serve", "--db", str(folder / "news.db"), "--port", "0", "--readers", "1", "--writable"],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "DEDUPE_TOKEN": TOKEN},
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout as stream:
        url = stream.readline().split()[-1]
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        yield client
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
