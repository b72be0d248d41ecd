"""Names of fields: an index remembers them, and other names make it read again what they concern."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dedupe import Index
from dedupe.config import Config, CrawlConfig
from dedupe.errors import InputError

LINES = [
    {
        "artikel": f"The warden of lock {n} counted {n * 3} barges before noon, and none of them was laden. "
        * 4,
        "wer": "Ida Mole",
        "permalink": f"https://lock-{n}.example/barges",
    }
    for n in range(3)
]
MAPPED = (("text", "artikel"), ("url", "permalink"))


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "lines.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES), "utf-8")
    (folder / "page.txt").write_text(str(LINES[0]["artikel"]), "utf-8")
    return folder


def stored(db: Path) -> list[tuple[str, ...]]:
    with Index.open(db) as index:
        columns = "id, url, outlet, title, byline, published_at, shingles, attributions"
        rows: list[tuple[str, ...]] = index.reader.execute(
            f"SELECT {columns} FROM documents ORDER BY id"
        ).fetchall()
        return rows


def read(db: Path, crawl: Path, *fields: tuple[str, str]) -> tuple[int, int]:
    """(files that were read, documents of the lines) after indexing with these names."""
    with Index.open(db, Config(crawl=CrawlConfig(fields=fields))) as index:
        reading = index.add(crawl, workers=0)
        (count,) = index.reader.execute("SELECT count(*) FROM documents WHERE member <> ''").fetchone()
        return reading.files, count


def test_new_names_make_files_with_fields_read_again(tmp_path: Path, crawl: Path) -> None:
    db = tmp_path / "news.db"
    assert read(db, crawl) == (2, 0)
    assert read(db, crawl, *MAPPED) == (1, 3)


def test_names_are_remembered(tmp_path: Path, crawl: Path) -> None:
    db = tmp_path / "news.db"
    read(db, crawl, *MAPPED)
    assert read(db, crawl) == (0, 3)
    (crawl / "lines.jsonl").write_text(json.dumps(LINES[0]) + "\n", "utf-8")
    assert read(db, crawl) == (1, 1)


def test_names_given_late_end_in_the_same_index(tmp_path: Path, crawl: Path) -> None:
    late, at_once = tmp_path / "late.db", tmp_path / "once.db"
    read(late, crawl)
    read(late, crawl, *MAPPED, ("byline", "wer"))
    read(at_once, crawl, *MAPPED, ("byline", "wer"))
    assert stored(late) == stored(at_once)
    assert len(stored(late)) == 4


def test_a_name_that_is_refused_is_not_remembered(tmp_path: Path, crawl: Path) -> None:
    db = tmp_path / "news.db"
    with pytest.raises(InputError, match="tekst"):
        read(db, crawl, ("tekst", "artikel"))
    assert read(db, crawl) == (2, 0)
