"""The generated corpus: reproducible, and what its labels say is so."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import corpus
import pytest
from corpus import Kind

DOCUMENTS = 6000  # more than a block, so that sources are taken across a block's edge
SEED = 11


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    assert corpus.main(["--documents", str(DOCUMENTS), "--seed", str(SEED), "--output", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def documents(written: Path) -> dict[str, dict[str, str]]:
    rows = map(json.loads, (written / "documents.jsonl").read_text("utf-8").splitlines())
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def labels(written: Path) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (written / "labels.jsonl").read_text("utf-8").splitlines()]


def shingles(text: str, size: int = 5) -> set[tuple[str, ...]]:
    words = text.lower().replace(",", "").replace(".", "").split()
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}


@pytest.fixture(scope="module")
def furniture() -> set[str]:
    sides = corpus.language(SEED).furniture
    return {line for head, tail in sides for line in (head + tail).split("\n\n") if line}


@pytest.fixture(scope="module")
def stories(documents: dict[str, dict[str, str]], furniture: set[str]) -> dict[str, set[tuple[str, ...]]]:
    """The shingles of each article without its site's lines and its dateline."""

    def story(text: str) -> str:
        return " ".join(line for line in text.split("\n\n") if line not in furniture).split(") — ")[-1]

    return {id: shingles(story(row["text"])) for id, row in documents.items()}


def test_same_seed_same_bytes(written: Path, tmp_path: Path) -> None:
    corpus.write(tmp_path, DOCUMENTS, SEED)
    for name in ("documents.jsonl", "labels.jsonl"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()


def test_another_seed_another_text(written: Path, tmp_path: Path) -> None:
    corpus.write(tmp_path, 1, SEED + 1)
    first = (written / "documents.jsonl").read_bytes().splitlines()[0]
    assert (tmp_path / "documents.jsonl").read_bytes().splitlines()[0] != first


@pytest.mark.parametrize("size", [1, 500, corpus.BLOCK, corpus.BLOCK + 1])
def test_a_smaller_corpus_is_a_prefix(written: Path, tmp_path: Path, size: int) -> None:
    corpus.write(tmp_path, size, SEED)
    for name in ("documents.jsonl", "labels.jsonl"):
        assert (written / name).read_bytes().startswith((tmp_path / name).read_bytes())
    assert len((tmp_path / "documents.jsonl").read_text("utf-8").splitlines()) == size


def test_every_document_has_its_own_id_and_address(documents: dict[str, dict[str, str]]) -> None:
    assert len(documents) == DOCUMENTS
    assert len({row["url"] for row in documents.values()}) == DOCUMENTS


def test_times_are_utc(documents: dict[str, dict[str, str]]) -> None:
    stamps = [datetime.fromisoformat(row["published_at"]) for row in documents.values()]
    assert {stamp.tzinfo for stamp in stamps} == {UTC}


def test_sources_stand_before_their_copies_and_are_no_copies(labels: list[dict[str, str | None]]) -> None:
    assert all(str(pair["b"]) < str(pair["a"]) for pair in labels)
    assert not {pair["b"] for pair in labels} & {pair["a"] for pair in labels}


def test_every_kind_of_copy_is_planted(labels: list[dict[str, str | None]]) -> None:
    assert {pair["kind"] for pair in labels} == {kind.value for kind in Kind if kind is not Kind.ORIGINAL}


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        (Kind.IDENTICAL, 1.0, 1.0),
        (Kind.BYLINE, 1.0, 1.0),
        (Kind.TRIMMED, 0.3, 1.0),
        (Kind.ADDED, 0.9, 1.0),
        (Kind.EDITED, 0.3, 0.95),
        (Kind.UPDATE, 0.0, 1.0),  # a story of one paragraph is replaced by its update
        (Kind.EXCERPT, 0.02, 1.0),
    ],
)
def test_a_copy_holds_as_much_of_its_source_as_its_kind_says(
    kind: Kind,
    least: float,
    most: float,
    stories: dict[str, set[tuple[str, ...]]],
    labels: list[dict[str, str | None]],
) -> None:
    pairs = [(stories[str(pair["a"])], stories[str(pair["b"])]) for pair in labels if pair["kind"] == kind]
    shares = [len(copy & source) / len(source) for copy, source in pairs]
    assert shares
    assert least <= min(shares)
    assert max(shares) <= most
    assert sum(shares) / len(shares) > 0.1


def test_two_originals_share_next_to_nothing(
    documents: dict[str, dict[str, str]], labels: list[dict[str, str | None]]
) -> None:
    copies = {pair["a"] for pair in labels}
    outlets: dict[str, dict[str, str]] = {}
    for row in documents.values():
        if row["id"] not in copies:
            outlets.setdefault(row["url"].split("/")[2], row)  # one of each: no furniture in common
    texts = [shingles(row["text"]) for row in list(outlets.values())[:120]]
    shared = [len(a & b) / min(len(a), len(b)) for at, a in enumerate(texts) for b in texts[:at]]
    assert max(shared) < 0.05


def test_some_stories_are_hot_and_most_are_not(labels: list[dict[str, str | None]]) -> None:
    copies = Counter(pair["b"] for pair in labels if pair["kind"] != "excerpt")
    assert max(copies.values()) > 30
    assert sorted(copies.values())[len(copies) // 2] <= 2


def test_texts_have_the_length_of_news(documents: dict[str, dict[str, str]]) -> None:
    sizes = [len(row["text"].encode()) for row in documents.values()]
    assert 2000 < sum(sizes) / len(sizes) < 3000


def test_a_size_of_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        corpus.main(["--documents", "0", "--output", str(tmp_path)])
