"""What many documents that were made to collide, or long ones, cost: counted, not timed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dedupe import Index, jobs
from dedupe.config import Config, MatchConfig
from dedupe.match import buckets
from dedupe.store import documents, sizes
from dedupe.store.database import connect_reader

CONFIG = MatchConfig()


def candidates(count: int, shared: int) -> int:
    """Pairs made of ``count`` documents that all are in the same ``shared`` buckets, each counted once."""
    keys = np.repeat(np.arange(shared, dtype=np.int64), count)
    numbers = np.tile(np.arange(count, dtype=np.int64), shared)
    rank = np.random.default_rng(5).permutation(count)
    made = buckets.bucket_pairs(keys, numbers, np.ones(count, np.bool_), rank, CONFIG)
    return len(np.unique(np.concatenate([codes for codes, _ in made])))


@pytest.mark.parametrize("shared", [1, 7])
def test_texts_that_collide_are_compared_with_a_few(shared: int) -> None:
    found = [candidates(count, shared) for count in (1_000, 2_000, 4_000)]
    assert found[0] <= CONFIG.representatives * 1_000
    assert [b - a for a, b in pairwise(found)] == [8_000, 16_000]  # a straight line


def test_below_the_cap_all_are_compared_with_all() -> None:
    assert candidates(CONFIG.bucket_cap, 1) == CONFIG.bucket_cap * (CONFIG.bucket_cap - 1) // 2


@pytest.fixture
def pairs(samples_db: Path) -> np.ndarray:
    """All documents with all others."""
    with Index.open(samples_db) as index:
        numbers = [n for (n,) in index.reader.execute("SELECT document FROM documents ORDER BY document")]
    left, right = np.triu_indices(len(numbers), 1)
    return np.stack([np.array(numbers)[left], np.array(numbers)[right]], axis=1)


def test_edges_do_not_depend_on_how_much_is_held_at_once(
    samples_db: Path, pairs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config()
    whole = jobs.verify(samples_db, pairs, config, compiled=False)
    monkeypatch.setattr(sizes, "TOGETHER", 9_000)
    assert jobs.verify(samples_db, pairs, config, compiled=False) == whole
    assert len(whole) > 20


def test_clusters_do_not_depend_on_how_much_is_held_at_once(
    samples_db: Path, pairs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = np.unique(pairs).tolist()
    whole = jobs.group(samples_db, numbers, Config(), compiled=False)
    monkeypatch.setattr(sizes, "TOGETHER", 1)
    assert jobs.group(samples_db, numbers, Config(), compiled=False) == whole
    assert len(whole) > 3


@pytest.mark.parametrize("most", [1, 5_000, 20_000, 1 << 20])
def test_no_more_text_is_held_than_said(
    most: int, samples_db: Path, pairs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "TOGETHER", most)
    connection = connect_reader(samples_db)
    parts = list(sizes.affordable(connection, pairs))
    np.testing.assert_array_equal(np.concatenate(parts), pairs)
    for part in parts:
        held = sum(sizes.text_sizes(connection, np.unique(part).tolist()))
        assert held <= most or len(part) == 1
    connection.close()


def test_the_size_of_a_text_is_read_from_its_head(samples_db: Path) -> None:
    connection = connect_reader(samples_db)
    numbers = [n for (n,) in connection.execute("SELECT document FROM documents")]
    stories = documents.load_stories(connection, numbers)
    told = [len(story.document.text.encode()) for story in stories]
    assert sizes.text_sizes(connection, numbers) == told
    connection.close()
