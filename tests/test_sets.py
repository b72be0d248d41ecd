"""Sets as ascending arrays do what Python's sets do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dedupe import sets

some = arrays(np.int64, st.integers(0, 30), elements=st.integers(-9, 9) | st.integers(-(2**63), 2**63 - 1))


@given(some, some)
def test_they_are_sets(a: sets.Array, b: sets.Array) -> None:
    one, other = sets.distinct(a), sets.distinct(b)
    assert one.tolist() == sorted({*a.tolist()})
    assert sets.union(a, b).tolist() == sorted({*a.tolist()} | {*b.tolist()})
    assert sets.difference(one, other).tolist() == sorted({*a.tolist()} - {*b.tolist()})
    assert sets.intersection(one, other).tolist() == sorted({*a.tolist()} & {*b.tolist()})
    assert sets.is_in(a, other).tolist() == [value in {*b.tolist()} for value in a.tolist()]


def test_values_without_a_sign_keep_their_type() -> None:
    large = np.array([2**64 - 1, 0, 2**64 - 1], np.uint64)
    assert sets.distinct(large).dtype == np.uint64
    assert sets.is_in(large, sets.distinct(large)).all()
