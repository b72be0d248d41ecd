"""Killed at any moment, the next run goes on and ends with the exports of an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from generated import documents, write_lines

from dedupe import Index
from dedupe import report as reports
from dedupe.report.stored import StoredSource

KILLS = int(os.environ.get("DEDUPE_KILLS", "30"))
COMMAND = [sys.executable, "-c", "from dedupe.cli import main; main()"]


def start(crawl: Path, db: Path) -> subprocess.Popen[bytes]:
    """`dedupe index` as a group of its own, so that its workers can be killed with it."""
    return subprocess.Popen(
        [*COMMAND, "index", str(crawl), "--db", str(db)], stdout=subprocess.DEVNULL, start_new_session=True
    )


def exports(db: Path) -> tuple[bytes, bytes]:
    with Index.open(db) as index:
        reports.write_pairs(index.pairs(), "jsonl", f"{db}.pairs")
        reports.write(StoredSource(index.reader), "jsonl", f"{db}.clusters")
    return Path(f"{db}.pairs").read_bytes(), Path(f"{db}.clusters").read_bytes()


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A crawl of several files whose indexing takes a few transactions of every kind."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    records = documents(7, 600)
    for number in range(6):
        write_lines(folder / f"{number}.jsonl", records[number::6])
    return folder


def test_killed_runs_end_in_the_same_exports(crawl: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    assert start(crawl, tmp_path / "undisturbed.db").wait() == 0
    whole = time.monotonic() - began
    expected = exports(tmp_path / "undisturbed.db")
    assert expected[1], "the crawl has clusters"
    draw = random.Random(20251)
    kills, generation, steps = 0, 0, set()
    while kills < KILLS:
        db = tmp_path / f"{generation}.db"
        running = start(crawl, db)
        try:
            finished = running.wait(draw.uniform(0.2, whole * 1.05)) == 0
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            kills += 1
            steps.add(reached(db))
            finished = False
        if finished:
            assert exports(db) == expected
            generation += 1
    assert start(crawl, db).wait() == 0
    assert exports(db) == expected
    assert len(steps) > 2, f"the kills fell on {steps} only"


def reached(db: Path) -> tuple[bool, ...]:
    """How far a killed run had come: is there a file, a document, a posting, a pair, a cluster."""
    try:
        with sqlite3.connect(db) as connection:
            tables = ("documents", "blocks", "pairs", "clusters")
            return tuple(
                bool(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()) for table in tables
            )
    except sqlite3.OperationalError:
        return ()
