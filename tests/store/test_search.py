"""Full-text search: there when asked for, right after every later run, and nowhere else."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from generated import WORDS, documents, write_lines

from dedupe import Index
from dedupe.store import search
from dedupe.store.database import connect_reader, open_writer
from dedupe.store.documents import load_stories
from dedupe.store.selection import Selection

STORY = (
    "The ferry to Senn was late again on Tuesday, and the café on the pier had run out of rye bread.\n"
    "Nobody minded, the harbour master said, because the seals had come back to the outer mole.\n"
)


def found(db: Path, words: str) -> list[str]:
    with closing(connect_reader(db)) as reader:
        rows = reader.execute(
            "SELECT id FROM search JOIN documents ON document = search.rowid WHERE search MATCH ?"
            " ORDER BY id",
            [words],
        )
        return [public_id for (public_id,) in rows]


def built(db: Path) -> int:
    with open_writer(db) as database:
        return search.build(database.conn)


def add(db: Path, crawl: Path, **texts: str) -> Path:
    records = [{"id": id_, "title": f"About {id_}", "text": text} for id_, text in texts.items()]
    with Index.open(db) as index:
        index.add(write_lines(crawl, records), workers=0)
    return db


@pytest.fixture
def searchable(tmp_path: Path) -> Path:
    db = add(tmp_path / "news.db", tmp_path / "a.jsonl", seals=STORY, owls=STORY.replace("seals", "owls"))
    assert built(db) == 2
    return db


def test_an_index_has_no_search_until_one_is_asked_for(tmp_path: Path) -> None:
    db = add(tmp_path / "news.db", tmp_path / "a.jsonl", seals=STORY)
    with closing(connect_reader(db)) as reader:
        assert (search.is_built(reader), search.missing(reader)) == (False, None)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("seals", ["seals"]),
        ("CAFE AND pier", ["owls", "seals"]),
        ('"outer mole"', ["owls", "seals"]),
        ("title : owls", ["owls"]),
        ("zeppelin", []),
    ],
    ids=["a word", "case and accents", "a phrase", "a title", "nothing"],
)
def test_titles_and_stories_are_searched(searchable: Path, words: str, ids: list[str]) -> None:
    assert found(searchable, words) == ids


def test_what_is_not_story_is_not_searched(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "a.jsonl", documents(4, 40)), workers=0)
    built(tmp_path / "news.db")
    with closing(connect_reader(tmp_path / "news.db")) as reader:
        numbers = [number for (number,) in reader.execute("SELECT document FROM documents")]
        stories = load_stories(reader, numbers)
        assert any(part.reason == "furniture" for story in stories for part in story.removed)
        for number, story in zip(numbers, stories, strict=True):
            (text,) = reader.execute("SELECT story FROM search WHERE rowid = ?", [number]).fetchone()
            assert text.split() == story.text.split()


def test_what_changes_is_taken_out_and_the_next_build_takes_it_in(searchable: Path) -> None:
    add(searchable, searchable.parent / "a.jsonl", seals=STORY, owls=STORY.replace("seals", "geese"))
    assert found(searchable, "owls") == []
    assert found(searchable, "seals") == ["seals"]
    with closing(connect_reader(searchable)) as reader:
        assert search.missing(reader) == 1
    assert built(searchable) == 1
    assert found(searchable, "geese") == ["owls"]


def test_what_is_removed_is_taken_out(searchable: Path) -> None:
    with Index.open(searchable) as index:
        index.remove(Selection(ids=("seals",)))
    assert found(searchable, "seals") == []
    assert found(searchable, "ferry") == ["owls"]


def test_furniture_that_is_learned_later_is_taken_out(tmp_path: Path) -> None:
    """A line under enough titles of one outlet is no story: old documents lose it too."""
    line = "Sign up for our morning letter about zeppelins and never miss a single tide of it."
    crawl, db = tmp_path / "a.jsonl", tmp_path / "news.db"
    records = [
        {
            "id": word,
            "url": f"https://a.example/{word}",
            "title": f"{word} and {word}el",
            "text": f"{STORY.replace('late', word).replace('seals', word)}{line}",
        }
        for word in WORDS[:12]
    ]
    for several in (records[:2], records):
        crawl.write_text("".join(json.dumps(record) + "\n" for record in several), "utf-8")
        with Index.open(db) as index:
            index.add(crawl, workers=0)
        built(db)
        assert len(found(db, "zeppelins")) == (2 if several is not records else 0)
    assert len(found(db, "ferry")) == 12


def test_a_file_with_a_search_answers_and_grows_as_one_without(tmp_path: Path) -> None:
    """Both runs of both indexes end in the same clusters and pairs."""
    halves = [documents(6, 60)[:30], documents(6, 60)]
    for name in ("plain", "searched"):
        for half in halves:
            crawl = write_lines(tmp_path / "crawl.jsonl", half)
            with Index.open(tmp_path / f"{name}.db") as index:
                index.add(crawl, workers=0)
            if name == "searched":
                built(tmp_path / f"{name}.db")
    with Index.open(tmp_path / "plain.db") as plain, Index.open(tmp_path / "searched.db") as searched:
        assert [*plain.clusters()] == [*searched.clusters()]
        assert [*plain.pairs()] == [*searched.pairs()]
        assert search.missing(searched.reader) == 0
