"""A sound index with rows of every kind, and a copy of it to be damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from damage import TABLES, fold, opened
from generated import CONFIG, documents, write_lines

from dedupe import Index


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index that was made in three runs, ``news.db``, and of what it was made of."""
    folder = tmp_path_factory.mktemp("sound")
    records = documents(11, 90)
    (folder / "crawl").mkdir()
    (folder / "crawl" / "picture.png").write_bytes(b"PNG")
    with Index.open(folder / "news.db", CONFIG) as index:
        for number in range(3):
            write_lines(folder / "crawl" / f"{number}.jsonl", records[number::3])
            index.add(folder / "crawl", workers=0)
    fold(folder / "news.db")
    with opened(folder / "news.db") as connection:
        for table in TABLES:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
    return folder


@pytest.fixture
def db(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound index."""
    return Path(shutil.copy2(sound / "news.db", tmp_path / "news.db"))
