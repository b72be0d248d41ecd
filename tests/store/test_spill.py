"""Sums of weights by code: the same whatever the limit, whether they spill to disk or not."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedupe.store.spill import WeightSums

ENTRIES = st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=30), max_size=12)


@given(ENTRIES, st.integers(1, 400))
def test_sums_do_not_depend_on_the_limit(parts: list[list[tuple[int, int]]], limit: int) -> None:
    expected: Counter[int] = Counter()
    with WeightSums(limit) as sums:
        for part in parts:
            sums.add(
                np.array([code for code, _ in part], np.int64),
                np.array([weight for _, weight in part], np.int64),
            )
            for code, weight in part:
                expected[code] += weight
        found = [
            (int(c), int(w)) for codes, weights in sums.sums() for c, w in zip(codes, weights, strict=True)
        ]
    assert found == sorted(expected.items())
