"""Crawl files that change while they are read, and clocks that go backwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from exported import Exports, exports
from generated import CONFIG, documents, write_lines

from dedupe import Index, checking, reading

RECORDS = documents(4, 40)
YEAR = 365 * 86_400 * 10**9


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a run commits while most of a file is not read yet."""
    monkeypatch.setattr(reading, "BATCH_RECORDS", 4)
    monkeypatch.setattr(reading, "FIRST_COMMIT", 4)
    monkeypatch.setattr(reading, "COMMIT_DOCUMENTS", 4)


def truncated(path: Path) -> None:
    """In the middle of a line."""
    os.truncate(path, path.stat().st_size // 2 + 7)


def growing(path: Path) -> None:
    """By a line that is not written to its end yet."""
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "late", "text": "The rest of this line has')


def replaced(path: Path) -> None:
    """By another file under the same name."""
    write_lines(path.with_suffix(".new"), [*RECORDS[:5], *RECORDS[20:]]).replace(path)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def removed(path: Path) -> None:
    path.unlink()


CHANGES = [truncated, growing, replaced, emptied, removed]


def indexed(db: Path, crawl: Path, change: Callable[[Path], None] | None = None) -> None:
    """Indexes; the first file is changed after the first transaction."""
    left = [] if change is None else [change]

    def progress(step: str, done: int, total: int | None) -> None:
        if left:
            left.pop()(crawl / "0.jsonl")

    with Index.open(db, CONFIG) as index:
        index.add(crawl, workers=0, progress=progress)


def fresh(folder: Path, crawl: Path) -> Exports:
    indexed(folder / "fresh.db", crawl)
    return exports(folder / "fresh.db")


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """One file, large enough that it is not read at once."""
    made = tmp_path / "crawl"
    made.mkdir()
    padded = [record | {"padding": "x" * 65_536} for record in RECORDS]
    write_lines(made / "0.jsonl", padded)
    return made


def ids(db: Path) -> set[str]:
    with Index.open(db) as index:
        return {public_id for (public_id,) in index.reader.execute("SELECT id FROM documents")}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_file_that_changes_while_it_is_read_for_the_first_time(
    tmp_path: Path, crawl: Path, change: Callable[[Path], None]
) -> None:
    db = tmp_path / "news.db"
    indexed(db, crawl, change)
    assert checking.check(db, full=True, workers=0).findings == ()
    if change is removed:
        write_lines(crawl / "0.jsonl", RECORDS[:10])
    if change is growing:
        with (crawl / "0.jsonl").open("a", encoding="utf-8") as file:
            file.write(' come now, and tells of a mill that stood still for a week and a day."}\n')
    indexed(db, crawl)
    assert exports(db) == fresh(tmp_path, crawl)
    assert ("late" in ids(db)) == (change is growing)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_nothing_that_was_stored_goes_before_it_is_known_to_have_gone(
    tmp_path: Path, crawl: Path, change: Callable[[Path], None]
) -> None:
    """A file that is read again because it has grown, and changes once more meanwhile."""
    db = tmp_path / "news.db"
    indexed(db, crawl)
    before = ids(db)
    with (crawl / "0.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    indexed(db, crawl, change)
    assert ids(db) >= before
    indexed(db, crawl)
    assert (ids(db) == before) == (change in (growing, removed)), (
        "known now; and what is removed is not pruned"
    )
    assert checking.check(db, full=True, workers=0).findings == ()


def test_a_file_that_cannot_be_read_keeps_its_documents(tmp_path: Path, crawl: Path) -> None:
    """A link to itself in the place of the file: nobody can open it, whoever runs the test."""
    db = tmp_path / "news.db"
    indexed(db, crawl)
    before = exports(db)
    (crawl / "0.jsonl").rename(tmp_path / "aside")
    (crawl / "0.jsonl").symlink_to(crawl / "0.jsonl")
    indexed(db, crawl)
    assert exports(db) == before
    (tmp_path / "aside").replace(crawl / "0.jsonl")
    indexed(db, crawl)
    assert exports(db) == before


@pytest.mark.parametrize("years", [-60, -5, 50], ids=["before 1970", "five years back", "in the future"])
def test_a_clock_that_jumps_changes_nothing_that_is_stored(tmp_path: Path, crawl: Path, years: int) -> None:
    """Of the clock only the times of files are looked at: whether they differ, never which is later."""
    db = tmp_path / "news.db"
    indexed(db, crawl)
    before, seen = exports(db), times(db)
    moved = (crawl / "0.jsonl").stat().st_mtime_ns + years * YEAR
    os.utime(crawl / "0.jsonl", ns=(moved, moved))
    indexed(db, crawl)
    assert (exports(db), times(db)) == (before, seen)
    write_lines(crawl / "0.jsonl", RECORDS[::-1][:30])
    os.utime(crawl / "0.jsonl", ns=(moved - YEAR, moved - YEAR))
    indexed(db, crawl)
    assert ids(db) == {record["id"] for record in RECORDS[::-1][:30]}
    assert exports(db) == fresh(tmp_path, crawl)


def times(db: Path) -> list[tuple[str, str]]:
    with Index.open(db) as index:
        return index.reader.execute("SELECT id, seen_at FROM documents ORDER BY id").fetchall()
