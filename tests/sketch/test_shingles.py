"""Shingle hashes, the distinct ones, and how many two texts share."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import xxhash
from hypothesis import given
from hypothesis import strategies as st
from shingle_fiction import TEXTS_TO_SIGN

from dedupe.config import SketchConfig
from dedupe.sketch import distinct_hashes, shingle_hashes
from dedupe.text import tokenize_plain

COMPILED = pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
HASHES = st.lists(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 9), max_size=60), max_size=6)


def flat(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    values = np.array([value for part in lists for value in part], np.uint64)
    return values, np.cumsum([0, *map(len, lists)], dtype=np.int64)


@COMPILED
@given(texts=TEXTS_TO_SIGN, size=st.integers(1, 9))
def test_hashes_are_those_of_the_shingles_in_order(texts: list[str], size: int, compiled: bool) -> None:
    hashes, first = shingle_hashes(tokenize_plain(texts), SketchConfig(shingle_size=size), compiled)
    shingles = [reference.shingles(text, size) for text in texts]
    assert hashes.tolist() == [xxhash.xxh64_intdigest(shingle) for part in shingles for shingle in part]
    assert np.diff(first).tolist() == list(map(len, shingles))
    assert (hashes.dtype, first.dtype) == (np.uint64, np.int64)


@COMPILED
@given(lists=HASHES)
def test_distinct_hashes_are_the_sorted_set_of_each_text(lists: list[list[int]], compiled: bool) -> None:
    hashes, first = distinct_hashes(*flat(lists), compiled)
    expected = [sorted(set(part)) for part in lists]
    assert hashes.tolist() == [value for part in expected for value in part]
    assert np.diff(first).tolist() == list(map(len, expected))
    assert (hashes.dtype, first.dtype) == (np.uint64, np.int64)
