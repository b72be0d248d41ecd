"""A repaired index exports what an undamaged one does; what it cannot, it says, and the next run mends."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from damage import OBJECTS, delete_a_row, drop, flip_a_bit, opened, scribble, swap_two_values
from exported import Exports, exports
from generated import CONFIG

from dedupe import Index, checking
from dedupe.checking import Repaired
from dedupe.errors import Damaged, DedupeError, IndexBusy
from dedupe.store import search
from dedupe.store.database import open_writer

DERIVED = ("furniture", "segments", "blocks", "pairs", "clusters", "members")


@pytest.fixture(scope="module")
def expected(sound: Path) -> Exports:
    return exports(sound / "news.db")


def repaired(db: Path) -> Repaired:
    """The repair of what a check has found to be damaged."""
    assert not checking.check(db, full=True, workers=0).is_whole
    done = checking.repair(db, config=CONFIG, workers=0)
    assert checking.check(db, full=True, workers=0).findings == ()
    return done


def indexed_again(db: Path, sound: Path) -> Exports:
    """The exports after the next run over the crawl."""
    with Index.open(db, CONFIG) as index:
        index.add(sound / "crawl", workers=0)
    return exports(db)


@pytest.mark.parametrize("seed", range(10))
def test_what_was_derived_is_derived_again(db: Path, expected: Exports, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(3):
        table = draw.choice(DERIVED)
        delete_a_row(db, table, draw)
    flip_a_bit(db, "blocks", "packed", draw)
    swap_two_values(db, "documents", draw.choice(("rank", "sketch", "shingles", "removed", "id")), draw)
    swap_two_values(db, "pairs", draw.choice(("relation", "passages", "resemblance")), draw)
    done = repaired(db)
    assert exports(db) == expected
    assert (done.losses, done.documents) == ((), 90)


@pytest.mark.parametrize("what", OBJECTS)
def test_an_index_view_or_table_that_was_dropped_is_there_again(
    db: Path, expected: Exports, what: str
) -> None:
    drop(db, what)
    assert repaired(db).losses == ()
    assert exports(db) == expected


@pytest.mark.parametrize("table", ["texts", "documents", "files", "crawls"])
@pytest.mark.parametrize("seed", range(2))
def test_what_is_lost_is_named_and_read_again_by_the_next_run(
    db: Path, sound: Path, expected: Exports, table: str, seed: int
) -> None:
    delete_a_row(db, table, random.Random(seed))
    done = repaired(db)
    assert sum(each.count for each in done.losses if "document is lost" in each.what) == 90 - done.documents
    assert indexed_again(db, sound) == expected


@pytest.mark.parametrize("seed", range(6))
def test_a_text_that_is_not_what_was_read_is_named_and_read_again(
    db: Path, sound: Path, expected: Exports, seed: int
) -> None:
    flip_a_bit(db, "texts", "text", random.Random(seed))
    (loss,) = repaired(db).losses
    assert (loss.count, loss.what.startswith("a document is")) == (1, True)
    assert indexed_again(db, sound) == expected


@pytest.mark.parametrize("seed", range(16))
def test_whatever_pages_are_overwritten_nothing_is_lost_unsaid(
    db: Path, sound: Path, expected: Exports, seed: int
) -> None:
    """Any page but the first, which says that the file is a database, and of which tables."""
    before = ids(db)
    scribble(db, random.Random(seed), range(1, db.stat().st_size // 16384))
    if checking.check(db, full=True, workers=0).is_whole:
        assert exports(db) == expected, "what was hit holds nothing"
        return
    done = repaired(db)
    named = " ".join(example for each in done.losses for example in each.examples)
    missing = before - ids(db)
    assert sum(each.count for each in done.losses) >= len(missing)
    assert len(missing) > 5 or all(public_id in named for public_id in missing)
    assert indexed_again(db, sound) == expected


def ids(db: Path) -> set[str]:
    with opened(db) as connection:
        return {public_id for (public_id,) in connection.execute("SELECT id FROM documents")}


def test_the_damaged_file_is_kept_beside_the_new_one(db: Path) -> None:
    flip_a_bit(db, "blocks", "packed", random.Random(1))
    damaged = db.read_bytes()
    first = repaired(db)
    assert (first.kept_as.name, first.kept_as.read_bytes()) == ("news.db.damaged", damaged)
    flip_a_bit(db, "blocks", "packed", random.Random(1))
    assert repaired(db).kept_as.name == "news.db.damaged-2"
    assert not [path.name for path in db.parent.iterdir() if path.name.startswith(".")]


def test_what_was_committed_to_the_log_only_is_taken_over(db: Path, expected: Exports) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as holding:
        holding.execute("BEGIN")
        holding.execute("SELECT count(*) FROM documents").fetchone()
        with opened(db) as connection:
            connection.execute("UPDATE texts SET text = text WHERE document < 20")
        delete_a_row(db, "pairs", random.Random(1))
        assert Path(f"{db}-wal").stat().st_size > 0
        assert repaired(db).losses == ()
    assert exports(db) == expected


def test_a_reader_goes_on_with_what_it_had_open(db: Path) -> None:
    with Index.open(db, CONFIG) as reading:
        pairs = len(list(reading.pairs()))
        delete_a_row(db, "clusters", random.Random(1))
        repaired(db)
        assert len(list(reading.pairs())) == pairs


@pytest.mark.parametrize("key", ["num_perm", "agencies", "permutations", "seal"])
def test_default_parameters_are_put_back(sound: Path, tmp_path: Path, key: str) -> None:
    with Index.open(tmp_path / "news.db") as index:
        index.add(sound / "crawl", workers=0)
    expected = exports(tmp_path / "news.db")
    with opened(tmp_path / "news.db") as connection:
        connection.execute("UPDATE meta SET value = X'37' WHERE key = ?", [key])
    assert repaired(tmp_path / "news.db").losses == ()
    assert exports(tmp_path / "news.db") == expected


def test_other_parameters_are_not_guessed(db: Path) -> None:
    with opened(db) as connection:
        connection.execute("UPDATE meta SET value = X'37' WHERE key = 'bucket_cap'")
    before = db.read_bytes()
    with pytest.raises(Damaged, match="are lost"):
        checking.repair(db, workers=0)
    assert db.read_bytes() == before


def test_a_search_is_made_again(db: Path) -> None:
    with opened(db) as connection:
        search.build(connection)
        connection.execute("DROP TRIGGER search_loses_removed")
    assert repaired(db).losses == ()
    with opened(db) as connection:
        assert search.missing(connection) == 0


def test_a_repair_that_is_interrupted_leaves_everything_as_it_was(db: Path) -> None:
    delete_a_row(db, "pairs", random.Random(1))
    before = db.read_bytes()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checking.repair(db, workers=0, progress=interrupted)
    assert db.read_bytes() == before
    assert not [path.name for path in db.parent.iterdir() if path.name.startswith(".")]


def test_nobody_writes_while_an_index_is_repaired(db: Path) -> None:
    with open_writer(db), pytest.raises(IndexBusy):
        checking.repair(db, workers=0)


def test_a_file_without_a_first_page_is_refused(db: Path) -> None:
    damaged = b"\0" * 100 + db.read_bytes()[100:]
    db.write_bytes(damaged)
    with pytest.raises(DedupeError, match="not an index"):
        checking.repair(db, workers=0)
    assert db.read_bytes() == damaged
