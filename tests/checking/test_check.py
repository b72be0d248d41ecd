"""Damage is found, and what a sound index holds is never taken for it."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from damage import (
    BROKEN,
    FREE,
    NUMBERED,
    OBJECTS,
    TABLES,
    columns,
    delete_a_row,
    drop,
    flip_a_bit,
    opened,
    swap_two_values,
)
from generated import CONFIG, documents, write_lines

from dedupe import Index, checking
from dedupe.errors import Damaged, IndexBusy, InputError, NotAnIndex
from dedupe.store import checks, parameters
from dedupe.store.database import open_writer
from dedupe.store.selection import Selection


def found(db: Path) -> list[str]:
    return [str(each) for each in checking.check(db, full=True, workers=0).findings]


def test_a_sound_index_is_whole(db: Path) -> None:
    before = db.read_bytes()
    checked = checking.check(db, full=True, workers=0)
    assert (checked.findings, checked.documents, checked.derived, checked.waiting) == ((), 90, 90, 0)
    assert db.read_bytes() == before


@pytest.mark.parametrize("seed", range(4))
def test_an_index_is_whole_after_whatever_was_done_to_it(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    records = documents(seed, 60)
    with Index.open(tmp_path / "news.db", CONFIG) as index:
        for number in range(4):
            some = draw.sample(records, 30)
            for record in draw.sample(some, 5):
                record["text"] += "\n" + draw.choice(records)["text"]
            index.add(write_lines(tmp_path / f"{number % 2}.jsonl", some), workers=0)
            ids = [public_id for (public_id,) in index.reader.execute("SELECT id FROM documents ORDER BY id")]
            index.remove(Selection(ids=tuple(draw.sample(ids, 5))))
            index.close()
            assert found(tmp_path / "news.db") == []


def test_a_file_whose_first_writer_was_killed_at_once_is_whole(tmp_path: Path) -> None:
    (tmp_path / "news.db").touch()
    assert found(tmp_path / "news.db") == []


def test_an_index_without_documents_is_whole(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    with Index.open(tmp_path / "news.db") as index:
        index.add(tmp_path / "crawl", workers=0)
    assert found(tmp_path / "news.db") == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", range(3))
def test_a_row_that_is_gone_is_missed(db: Path, table: str, seed: int) -> None:
    delete_a_row(db, table, random.Random(seed))
    assert found(db)


@pytest.mark.parametrize(("table", "column"), [("blocks", "packed"), ("texts", "text")])
@pytest.mark.parametrize("seed", range(8))
def test_a_bit_that_has_flipped_is_seen(db: Path, table: str, column: str, seed: int) -> None:
    flip_a_bit(db, table, column, random.Random(seed))
    assert found(db)


def values() -> list[tuple[str, str]]:
    """Columns whose values are not free to be others."""
    with sqlite3.connect(":memory:") as model:
        from dedupe.store.database import schema

        for statement in schema():
            model.execute(statement)
        return [
            (table, name)
            for table in TABLES
            if table not in ("crawls", "files")
            for _, name, *_, key in model.execute(f"PRAGMA table_info({table})")
            if not key and name not in FREE | NUMBERED
        ]


@pytest.mark.parametrize(("table", "column"), values(), ids=lambda name: name)
def test_values_that_were_swapped_are_seen(db: Path, table: str, column: str) -> None:
    assert column in columns(db, table)
    swap_two_values(db, table, column, random.Random(column))
    assert found(db)


@pytest.mark.parametrize("what", OBJECTS)
def test_an_index_or_view_that_was_dropped_is_missed(db: Path, what: str) -> None:
    drop(db, what)
    assert any(what.split()[1] in line for line in found(db))


def test_a_trigger_of_somebody_else_is_named(db: Path) -> None:
    with opened(db) as connection:
        connection.execute("CREATE TRIGGER spy AFTER INSERT ON documents BEGIN DELETE FROM pairs; END")
    assert found(db) == ["schema: a trigger is none of this program (1: spy)"]


@pytest.mark.parametrize("key", ["bands", "bucket_cap", "agencies", "permutations", "fold_table", "seal"])
def test_a_parameter_that_has_changed_by_itself_is_seen_and_not_written_with(db: Path, key: str) -> None:
    with opened(db) as connection:
        (value,) = connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", [bytes(value[:-1]) + b"7", key])
    assert found(db) == ["parameters: they are not what was written (1: meta)"]
    with Index.open(db, CONFIG) as index, pytest.raises(Damaged):
        index.add(db.parent, workers=0)


def test_a_parameter_that_an_index_was_made_before_is_no_damage(db: Path) -> None:
    with opened(db) as connection:
        connection.execute("DELETE FROM meta WHERE key IN ('min_confidence', 'seal')")
        parameters.seal(connection)
    assert found(db) == []


def test_a_parameter_that_is_gone_is_seen(db: Path) -> None:
    with opened(db) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'min_confidence'")
    assert found(db) == ["parameters: they are not what was written (1: meta)"]


def test_a_block_without_a_checksum_is_compared_with_the_texts(db: Path) -> None:
    with opened(db) as connection:
        connection.execute("UPDATE blocks SET checksum = NULL")
    assert found(db) == []
    flip_a_bit(db, "blocks", "packed", random.Random(3))
    assert found(db)


def test_a_sample_is_derived_anew_unless_all_is_asked_for(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checking.check.__globals__, "SAMPLE", 20)
    assert checking.check(db, workers=0).derived == 20
    assert checking.check(db, full=True, workers=0).derived == 90


def test_what_waits_for_the_next_run_is_no_damage(db: Path) -> None:
    with opened(db) as connection:
        connection.execute("UPDATE documents SET stage = 0 WHERE document < 9")
    checked = checking.check(db, full=True, workers=0)
    assert (checked.findings, checked.waiting) == ((), 8)


def test_damage_is_found_where_the_newest_document_was_removed(db: Path) -> None:
    with opened(db) as connection:
        (newest,) = connection.execute("SELECT id FROM documents ORDER BY document DESC").fetchone()
    with Index.open(db, CONFIG) as index:
        index.remove(Selection(ids=(newest,)))
    assert found(db) == []
    with opened(db) as connection:
        removed = connection.execute("DELETE FROM pairs WHERE (a, b) = (SELECT a, b FROM pairs LIMIT 1)")
        assert removed.rowcount == 1
    assert any("a pair is missing" in each for each in found(db))


def test_nobody_writes_while_an_index_is_checked(db: Path) -> None:
    with open_writer(db), pytest.raises(IndexBusy):
        checking.check(db, workers=0)


@pytest.mark.parametrize(
    ("content", "error"), [(None, InputError), (b"no database" * 99, NotAnIndex)],
    ids=["no file", "another file"],
)  # fmt: skip
def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes | None, error: type[Exception]) -> None:
    if content is not None:
        (tmp_path / "news.db").write_bytes(content)
    with pytest.raises(error):
        checking.check(tmp_path / "news.db")


def test_an_index_that_is_opened_again_has_the_same_agencies(db: Path) -> None:
    """What is compiled of them is kept by identity: other ones each time would fill a service's memory."""
    with Index.open(db) as first, Index.open(db) as second:
        assert first.config.text.agencies is second.config.text.agencies


def test_workers_find_the_same(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checking.check.__globals__, "ALONE", 10)
    flip_a_bit(db, "texts", "text", random.Random(1))
    alone = found(db)
    assert [str(each) for each in checking.check(db, full=True, workers=2).findings] == alone != []


@pytest.mark.parametrize(("rule", "statement"), BROKEN.items(), ids=BROKEN)
def test_a_rule_that_is_broken_is_named_whatever_the_sample(
    db: Path, monkeypatch: pytest.MonkeyPatch, rule: str, statement: str
) -> None:
    monkeypatch.setitem(checking.check.__globals__, "SAMPLE", 1)
    with opened(db) as connection:
        connection.execute(statement)
    checked = checking.check(db, workers=0)
    assert any(str(each).startswith(rule) for each in checked.findings), checked


def test_every_rule_is_broken_by_one_of_these() -> None:
    rules = [f"{part}: {what}" for part, what, _ in checks.rules()]
    assert len(rules) > 10
    assert not [rule for rule in rules if not any(rule.startswith(broken) for broken in BROKEN)]


@pytest.mark.parametrize(("table", "column"), [("blocks", "packed"), ("texts", "text")])
@pytest.mark.parametrize("seed", range(4))
def test_every_block_and_text_is_looked_at_whatever_the_sample(
    db: Path, monkeypatch: pytest.MonkeyPatch, table: str, column: str, seed: int
) -> None:
    monkeypatch.setitem(checking.check.__globals__, "SAMPLE", 1)
    flip_a_bit(db, table, column, random.Random(100 + seed))
    assert not checking.check(db, workers=0).is_whole
