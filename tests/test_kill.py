"""Killed at any moment, a file is whole, and the next run ends with the exports of an undisturbed run."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from generated import documents, write_lines
from kills import RUNS, Killing, Place

from dedupe import Index, checking

KILLS = int(os.environ.get("DEDUPE_KILLS", "24"))
SHARES = {"index": 4, "remove": 2, "prune": 2, "watch": 2}  # of the kills, in tenths


@pytest.mark.parametrize("name", sorted(RUNS.keys() - {"import"}))  # that one is in tests/spark
def test_killed_runs_end_in_the_same_exports(name: str, tmp_path: Path) -> None:
    place = Place(tmp_path, 300)
    place.fill()
    kills = max(1, KILLS * SHARES.get(name, 2) // 10)
    killed = Killing(RUNS[name], place, seed=20251).kill(kills)
    assert killed.kills == kills
    assert killed.steps, "the file was looked at"


def hot_journal(folder: Path) -> Path:
    """A file whose first writer was killed while it wrote the first pages, before there was a log."""
    db, copy = folder / "news.db", folder / "killed.db"
    connection = sqlite3.connect(db, isolation_level=None)
    connection.execute("PRAGMA application_id = 1684305264")
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("PRAGMA cache_spill = 1")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE half (x)")
    connection.executemany("INSERT INTO half VALUES (randomblob(4000))", [()] * 50)
    for part in ("", "-journal"):
        Path(f"{copy}{part}").write_bytes(Path(f"{db}{part}").read_bytes())
    connection.close()
    return copy


def test_what_a_killed_first_writer_left_is_taken_back(tmp_path: Path) -> None:
    db = hot_journal(tmp_path)
    assert checking.check(db).findings == ()
    assert not Path(f"{db}-journal").exists()


def test_after_a_killed_first_writer_the_next_one_writes(tmp_path: Path) -> None:
    db = hot_journal(tmp_path)
    with Index.open(db) as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", documents(1, 9)), workers=0)
    assert checking.check(db, full=True).documents == 9
