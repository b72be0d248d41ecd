"""Sums of weights by code: the same whatever the limit, whether they spill to disk or not."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedupe.store.spill import PairSums

ENTRY = st.tuples(st.integers(0, 40), st.integers(1, 9), st.integers(0, 99))
ENTRIES = st.lists(st.tuples(st.lists(ENTRY, max_size=30), st.booleans()), max_size=12)


@given(ENTRIES, st.integers(1, 400))
def test_sums_do_not_depend_on_the_limit_and_on_folding(
    parts: list[tuple[list[tuple[int, int, int]], bool]], limit: int
) -> None:
    weights: Counter[int] = Counter()
    lowest: dict[int, int] = {}
    with PairSums(limit) as sums:
        for part, is_folded in parts:
            sums.add(*(np.array([entry[column] for entry in part], np.int64) for column in range(3)))
            for code, weight, key in part:
                weights[code] += weight
                lowest[code] = min(key, lowest.get(code, key))
            if is_folded:
                sums.fold()
        found = [tuple(map(int, row)) for columns in sums.sums() for row in zip(*columns, strict=True)]
    assert found == [(code, weights[code], lowest[code]) for code in sorted(weights)]
