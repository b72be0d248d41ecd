"""What goes through a shuffle comes out of it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="the extra 'spark' is not installed")

from dedupe.spark import blocks

INT64 = st.integers(-(2**63), 2**63 - 1)
ARRAYS = st.lists(st.lists(INT64, max_size=40).map(lambda values: np.array(values, np.int64)), max_size=5)


@given(ARRAYS)
def test_unpacked_is_what_was_packed(arrays: list[np.ndarray]) -> None:
    assert [found.tolist() for found in blocks.unpack(blocks.pack(*arrays))] == [a.tolist() for a in arrays]


@given(ARRAYS)
def test_ascending_values_are_packed_too(arrays: list[np.ndarray]) -> None:
    ascending = [np.sort(array) for array in arrays]
    assert [a.tolist() for a in blocks.unpack(blocks.pack(*ascending))] == [a.tolist() for a in ascending]


POSTINGS = st.lists(st.tuples(st.integers(0, 2**46 - 1) | st.integers(0, 5), st.integers(0, 6)), max_size=60)


@given(st.lists(POSTINGS, min_size=1, max_size=3), st.integers(1, 5))
def test_every_posting_reaches_the_partition_of_its_key(
    tasks: list[list[tuple[int, int]]], parts: int
) -> None:
    """Each task deals out its postings; a document is known by the two columns beside it."""
    dealt: dict[int, list[bytes]] = {}
    expected: Counter[tuple[int, int, int]] = Counter()
    for task, found in enumerate(tasks):
        keys = np.array([key for key, _ in found], np.int64)
        places = np.array([place for _, place in found], np.int64)
        documents = np.arange(7) + 1000 * task
        expected.update((key, 1000 * task + place, -place) for key, place in found)
        for part, block in blocks.split(keys, places, (documents, -np.arange(7)), parts):
            dealt.setdefault(part, []).append(block)
    joined: Counter[tuple[int, int, int]] = Counter()
    for part, packed in dealt.items():
        keys, places, (documents, ranks) = blocks.join(packed)
        assert (blocks.mixed(keys) % parts == part).all()
        assert (np.diff(keys) >= 0).all()
        joined.update(zip(keys.tolist(), documents[places].tolist(), ranks[places].tolist(), strict=True))
    assert joined == expected


def test_a_posting_takes_six_bytes() -> None:
    """20,000 documents of 66 postings in four partitions: what a task has at a million documents."""
    draw = np.random.default_rng(1)
    keys = draw.integers(0, 1 << 46, 20_000 * 66)
    places = np.repeat(np.arange(20_000), 66)
    columns = (np.arange(20_000), draw.integers(0, 1 << 62, 20_000))
    size = sum(len(block) for _, block in blocks.split(keys, places, columns, 4))
    assert size / len(keys) < 6.7
