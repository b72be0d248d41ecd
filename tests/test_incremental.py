"""Incremental = batch: whatever the order and the split into runs, the exports have the same bytes."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exported import exports, without_paths
from generated import CONFIG, documents, write_lines

from dedupe import Index, neighbours, reading
from dedupe.config import Config
from dedupe.errors import ConfigMismatch
from dedupe.model import Agency
from dedupe.store import furniture
from dedupe.store.selection import Selection


def indexed(folder: Path, runs: Sequence[list[dict[str, Any]]]) -> Path:
    """An index made in so many runs, a new JSONL file each."""
    folder.mkdir()
    db = folder / "news.db"
    with Index.open(db, CONFIG) as index:
        for number, records in enumerate(runs):
            index.add(write_lines(folder / f"batch{number}.jsonl", records), workers=0)
    return db


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_split_gives_the_same_exports(tmp_path: Path, seed: int) -> None:
    records = documents(seed, 40)
    batch = without_paths(exports(indexed(tmp_path / "batch", [records])))
    assert batch[1], "the corpus has clusters"
    draw = random.Random(seed)
    shuffled = draw.sample(records, len(records))
    cuts = sorted(draw.sample(range(1, len(records)), 4))
    runs = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True)]
    assert without_paths(exports(indexed(tmp_path / "runs", runs))) == batch


@pytest.mark.parametrize("seed", range(6))
def test_small_transactions_give_the_same_exports(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = documents(seed + 300, 60)
    batch = exports(indexed(tmp_path / "one", [records]))
    monkeypatch.setattr(reading, "BATCH_RECORDS", 4)
    monkeypatch.setattr(reading, "FIRST_COMMIT", 4)
    monkeypatch.setattr(reading, "COMMIT_DOCUMENTS", 16)
    assert exports(indexed(tmp_path / "many", [records])) == batch


@pytest.mark.parametrize("few", [0, 1 << 30], ids=["looked up", "all read"])
@pytest.mark.parametrize("seed", range(6))
def test_either_way_to_the_neighbours_gives_the_same_exports(
    tmp_path: Path, seed: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of ``few`` documents, or fewer, has its keys looked up: 0 makes it so for all, many for none."""
    records = documents(seed + 400, 50)
    gone = tuple(record["id"] for record in random.Random(seed).sample(records, 10))
    expected = without_paths(
        exports(indexed(tmp_path / "rest", [[record for record in records if record["id"] not in gone]]))
    )
    monkeypatch.setattr(neighbours, "FEW", few)
    monkeypatch.setattr(furniture, "FEW", few)
    db = indexed(tmp_path / "runs", [records[:30], records[30:36], records[36:]])
    with Index.open(db, CONFIG) as index:
        index.remove(Selection(ids=gone))
    assert without_paths(exports(db)) == expected


class Failing(sqlite3.Connection):
    """A disk that fails at the statement that begins so, once."""

    at: str | None = None

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:  # type: ignore[override]
        if Failing.at is not None and sql.startswith(Failing.at):
            Failing.at = None
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, parameters)


@pytest.mark.parametrize(
    "at", ["UPDATE segments", "INSERT OR REPLACE INTO meta", "UPDATE documents SET stage = CASE"]
)
def test_a_run_that_fails_changes_nothing_for_the_next(
    tmp_path: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same object goes on, in the same process, and ends as if nothing had failed."""
    monkeypatch.setattr(neighbours, "FEW", 0)
    monkeypatch.setattr(furniture, "FEW", 0)
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: connect(*args, factory=Failing, **options)
    )
    records = documents(11, 48)
    runs = [
        write_lines(tmp_path / f"{begin}.jsonl", records[begin : begin + 12]) for begin in range(0, 48, 12)
    ]
    with Index.open(tmp_path / "news.db", CONFIG) as index:
        index.compiled = True  # and keeps what it learns
        for number, run in enumerate(runs):
            Failing.at = at if number == 2 else None
            if number == 2:
                with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
                    index.add(run, workers=0)
            index.add(run, workers=0)
    expected = indexed(tmp_path / "whole", [records])
    assert without_paths(exports(tmp_path / "news.db")) == without_paths(exports(expected))


def test_another_file_in_the_place_of_an_index_is_looked_into_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "FEW", 0)
    monkeypatch.setattr(furniture, "FEW", 0)
    records = documents(12, 40)
    other = indexed(tmp_path / "other", [records[:20]])
    with Index.open(tmp_path / "news.db", CONFIG) as index:
        index.compiled = True  # and keeps what it learns
        index.add(write_lines(tmp_path / "first.jsonl", documents(13, 20)), workers=0)
        other.replace(index.path)
        index.add(write_lines(tmp_path / "rest.jsonl", records[20:]), workers=0)
    expected = indexed(tmp_path / "whole", [records])
    assert without_paths(exports(tmp_path / "news.db")) == without_paths(exports(expected))


def test_the_lines_of_a_document_that_has_gone_are_not_those_of_a_later_one(tmp_path: Path) -> None:
    """Three titles make a line furniture here: two that are stored, and none of another outlet's page."""
    records = documents(5, 4)
    for record in records[:3]:
        record |= {"url": f"https://one.example/{record['id']}", "text": f"{record['text']}\nMore on this."}
    db = indexed(tmp_path / "crawl", [records[:3]])
    with Index.open(db, CONFIG) as index:
        assert index.furniture("one.example")
        index.remove(Selection(ids=(records[2]["id"],)))
        index.add(write_lines(db.parent / "later.jsonl", records[3:]), workers=0)
        assert not index.furniture("one.example")


@pytest.mark.parametrize("seed", range(12))
def test_removing_gives_what_indexing_without_would_have_given(tmp_path: Path, seed: int) -> None:
    records = documents(seed + 100, 40)
    draw = random.Random(seed)
    gone = {record["id"] for record in draw.sample(records, 15)}
    rest = [record for record in records if record["id"] not in gone]
    expected = without_paths(exports(indexed(tmp_path / "rest", [rest])))
    db = indexed(tmp_path / "all", [records])
    with Index.open(db, CONFIG) as index:
        assert index.remove(Selection(ids=tuple(sorted(gone)))) == len(gone)
    assert without_paths(exports(db)) == expected


@pytest.mark.parametrize("seed", range(6))
def test_changed_records_give_what_indexing_them_afresh_would_have_given(tmp_path: Path, seed: int) -> None:
    before, after = documents(seed + 200, 40), documents(seed + 200, 40)
    draw = random.Random(seed)
    for record in draw.sample(after, 8):
        record["text"] = draw.choice(before)["text"] + "\n" + record["text"].split("\n")[0]
    expected = exports(indexed(tmp_path / "fresh", [after]))
    db = indexed(tmp_path / "changed", [before])
    with Index.open(db, CONFIG) as index:
        reading = index.add(write_lines(db.parent / "batch0.jsonl", after), workers=0)
    assert (reading.added, reading.changed) == (0, 8)
    assert exports(db) == expected


def test_a_second_run_over_the_same_crawl_reads_nothing(tmp_path: Path) -> None:
    db = indexed(tmp_path / "crawl", [documents(1, 20)])
    before = exports(db)
    with Index.open(db, CONFIG) as index:
        reading = index.add(db.parent / "batch0.jsonl", workers=0)
    assert (reading.files, reading.unchanged_files, reading.added) == (0, 1, 0)
    assert exports(db) == before


def test_other_agencies_give_what_indexing_with_them_would_have_given(tmp_path: Path) -> None:
    records = documents(3, 40)
    for record in records:
        record["byline"] = "Kestrel Wire" if record["byline"] == "Reuters" else record["byline"]
    wire = Agency("Kestrel Wire", "KW", (), ("KW",), ("kestrelwire.example",), (), None)
    knowing = replace(CONFIG, text=replace(CONFIG.text, agencies=(wire, *CONFIG.text.agencies)))
    (tmp_path / "fresh").mkdir()
    with Index.open(tmp_path / "fresh" / "news.db", knowing) as index:
        index.add(write_lines(tmp_path / "fresh" / "batch0.jsonl", records), workers=0)
    db = indexed(tmp_path / "later", [records])
    assert exports(db) != exports(tmp_path / "fresh" / "news.db")
    with Index.open(db, knowing) as index:
        index.add(db.parent / "batch0.jsonl", workers=0)
    assert exports(db) == exports(tmp_path / "fresh" / "news.db")
    with Index.open(db) as index:
        assert wire in index.config.text.agencies


@pytest.mark.parametrize(
    ("other", "both"),
    [
        (replace(CONFIG, sketch=replace(CONFIG.sketch, shingle_size=7)), r"shingle_size 5.* 7"),
        (replace(CONFIG, origin=replace(CONFIG.origin, min_confidence=0.6)), r"min_confidence 0\.5.* 0\.6"),
    ],
    ids=["of sketches", "of origins"],
)
def test_other_parameters_are_refused_with_both_values(other: Config, both: str, tmp_path: Path) -> None:
    db = indexed(tmp_path / "crawl", [documents(1, 10)])
    with Index.open(db, other) as index, pytest.raises(ConfigMismatch, match=both):
        index.add(db.parent / "batch0.jsonl", workers=0)


def test_who_asks_with_an_address_need_not_name_the_outlet(tmp_path: Path) -> None:
    """Its furniture leaves the article as it left the pages of the crawl, given the address or the outlet."""
    lines = [
        "Weather on the coast and in the hills of the province",
        "Follow our desk wherever you read the news",
    ]
    records = [{**each, "url": f"https://www.one.example/{each['id']}"} for each in documents(4, 12)]
    for record in records:
        record["text"] = "\n\n".join([*lines, record["text"]])
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", records), workers=0)
        assert index.furniture("one.example")
        text = records[0]["text"]
        told = index.query(text, url=records[0]["url"]).query
        assert told.text == index.query(text, outlet="one.example").query.text
        assert lines[0] not in told.text
        assert lines[0] in index.query(text).query.text
