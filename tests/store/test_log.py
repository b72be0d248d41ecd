"""The log of a file that is read without a pause."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from generated import documents, write_lines

from dedupe import Index
from dedupe.store import database


@pytest.fixture
def db(tmp_path: Path) -> Path:
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "0.jsonl", documents(2, 20)), workers=0)
    return tmp_path / "news.db"


def log_bytes(db: Path) -> int:
    return Path(f"{db}-wal").stat().st_size


def test_a_log_is_folded_in_while_the_file_is_open(db: Path, tmp_path: Path) -> None:
    with Index.open(db) as asking, Index.open(db) as writing:
        assert len(list(asking.pairs())) > 0
        writing.add(write_lines(tmp_path / "1.jsonl", documents(2, 30)), workers=0)
        assert log_bytes(db) > 0
        assert database.fold_log(db)
        assert log_bytes(db) == 0
        assert asking.reader.execute("SELECT count(*) FROM files").fetchone() == (2,)


def test_a_reader_of_an_older_state_is_not_waited_for_for_ever(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "FOLD_SECONDS", 0.1)
    with Index.open(db) as asking, Index.open(db) as writing:
        asking.reader.execute("BEGIN")
        asking.reader.execute("SELECT count(*) FROM files").fetchone()
        writing.add(write_lines(tmp_path / "1.jsonl", documents(2, 30)), workers=0)
        assert not database.fold_log(db)
        assert asking.reader.execute("SELECT count(*) FROM files").fetchone() == (1,)
        asking.reader.rollback()
        assert database.fold_log(db)
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
