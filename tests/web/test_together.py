"""Many ask while one writes, is killed, and begins again; and the directory that is watched."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import orjson
import pytest
from conftest import MAIN, Served, dedupe, served
from generated import documents, write_lines
from test_writing import eventually, exports, stored

KILLS = 8
ASKING = 4


def test_a_writer_that_is_killed_and_begins_again_disturbs_no_question(tmp_path: Path) -> None:
    """No question fails, and when all is written the answers are those of the command."""
    records = documents(3, 300)
    crawl, db = tmp_path / "crawl", tmp_path / "news.db"
    crawl.mkdir()
    for number in range(6):
        write_lines(crawl / f"{number}.jsonl", records[number::6])
    assert dedupe("index", crawl / "0.jsonl", "--db", db).returncode == 0
    texts = [record["text"] for record in records[:40]]
    with served(db, log=tmp_path / "log") as running:
        done = Event()
        with ThreadPoolExecutor(ASKING) as pool:
            asked = [pool.submit(ask_until, running, texts, done, seed) for seed in range(ASKING)]
            disturb(crawl, db)
            done.set()
        statuses = sum((each.result() for each in asked), Counter[int]())
        assert statuses[200] > 50
        assert set(statuses) == {200}
        with running.client() as client:
            for text in texts[:5]:
                printed = dedupe("query", "-", "--db", db, "--format", "json", stdin=text.encode())
                answer = client.post("/query", content=text.encode(), headers={"content-type": "text/plain"})
                assert answer.content == printed.stdout.rstrip()
    assert stored(db) == {record["id"] for record in records}


def ask_until(running: Served, texts: list[str], done: Event, seed: int) -> Counter[int]:
    """Ask one thing after another; how often each status came."""
    draw, statuses = random.Random(seed), Counter[int]()
    with running.client() as client:
        while not done.is_set():
            text = draw.choice(texts)
            answer = (
                client.post("/query", json={"text": text}) if draw.random() < 0.8 else client.get("/clusters")
            )
            statuses[answer.status_code] += 1
            orjson.loads(answer.content)
    return statuses


def disturb(crawl: Path, db: Path) -> None:
    """Kill `dedupe index` at some moments of its life, then let it finish."""
    draw = random.Random(8)
    command = [*MAIN, "index", str(crawl), "--db", str(db), "--workers", "0"]
    for _ in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            process.wait(draw.uniform(0.3, 2.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


@contextmanager
def watching(folder: Path, db: Path) -> Iterator[subprocess.Popen[str]]:
    """`dedupe watch` once its first pass is over, killed afterwards if it still runs."""
    command = [*MAIN, "watch", str(folder), "--db", str(db), "--workers", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert " new, " in process.stdout.readline()
        yield process
        process.kill()
        process.wait()


def test_what_comes_into_a_watched_directory_is_indexed(tmp_path: Path) -> None:
    """Also after the watch was killed, in a directory below, and for a file that changes."""
    records = documents(4, 90)
    crawl, db = tmp_path / "crawl", tmp_path / "news.db"
    (crawl / "below").mkdir(parents=True)
    write_lines(crawl / "0.jsonl", records[:30])
    with watching(crawl, db):
        write_lines(crawl / "below" / "1.jsonl", records[30:50])
        eventually(lambda: len(stored(db)) == 50)
    write_lines(crawl / "2.jsonl", records[50:70])
    with watching(crawl, db):
        write_lines(crawl / "0.jsonl", records[:30] + records[70:])
        eventually(lambda: stored(db) == {record["id"] for record in records})
    eventually(lambda: dedupe("index", crawl, "--db", db).returncode == 0)
    dedupe("index", crawl, "--db", tmp_path / "other.db")
    assert exports(db) == exports(tmp_path / "other.db") != []


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_watch_stops_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    with watching(crawl, tmp_path / "news.db") as process:
        process.send_signal(number)
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert process.stderr.read().startswith("stopped")


@pytest.mark.parametrize("folder", ["nowhere", "file.txt"])
def test_what_cannot_be_watched_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("no directory")
    done = dedupe("watch", folder, "--db", "news.db")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {folder} ".encode())


def test_a_service_that_is_told_to_stop_answers_what_was_asked(samples_db: Path, tmp_path: Path) -> None:
    text = "The ferry sails again after nine days of storm, the harbour office said on Monday. "
    many = [{"text": f"{text}Part {number}."} for number in range(400)]
    with served(samples_db, log=tmp_path / "log") as running, ThreadPoolExecutor(1) as pool:
        with running.client() as client:
            asked = pool.submit(client.post, "/query", json=many)
            eventually(lambda: 'dedupe_requests_total{method="GET"' in metrics(running))
            running.process.send_signal(signal.SIGTERM)
            assert len(asked.result().json()) == 400
        running.process.wait(30)
        with pytest.raises(httpx.ConnectError):
            metrics(running)


def metrics(running: Served) -> str:
    with running.client() as client:
        return client.get("/metrics").text


def test_a_service_leaves_nothing_among_the_temporary_files(
    samples_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    with served(samples_db, log=tmp_path / "log") as running, running.client() as client:
        assert client.get("/stories.html").status_code == 200  # the count is done
    assert [*folder.iterdir()] == []
