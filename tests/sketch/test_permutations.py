"""Permutations: datasketch's own, kept as bytes."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from dedupe.errors import InputError, NotAnIndex
from dedupe.sketch import Permutations, lsh_params, make_permutations


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_are_those_of_datasketch(num_perm: int, seed: int) -> None:
    made = make_permutations(num_perm, seed)
    expected = MinHash(num_perm=num_perm, seed=seed, scheme="affine32").permutations
    np.testing.assert_array_equal(np.stack([made.a, made.b]), expected)
    assert made.seed == seed


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_bytes_hold_everything(num_perm: int, seed: int) -> None:
    made = make_permutations(num_perm, seed)
    read = Permutations.from_bytes(made.to_bytes(), seed)
    assert (read.a.tolist(), read.b.tolist(), read.seed) == (made.a.tolist(), made.b.tolist(), seed)
    assert len(made.to_bytes()) == 8 * num_perm


DAMAGED = {"empty": b"", "cut short": bytes([1, 0, 0, 0]), "even": bytes([2, 0, 0, 0, 9, 0, 0, 0])}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NotAnIndex, match="damaged"):
        Permutations.from_bytes(data, 1)


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.9])
def test_bands_and_rows_are_the_optimum_of_datasketch(threshold: float) -> None:
    lsh = MinHashLSH(threshold=threshold, num_perm=64)
    assert lsh_params(threshold, 64) == (lsh.b, lsh.r)


@pytest.mark.parametrize(("threshold", "num_perm"), [(1.5, 128), (-0.1, 128), (0.5, 1)])
def test_bands_and_rows_of_nonsense_are_refused(threshold: float, num_perm: int) -> None:
    with pytest.raises(InputError, match=str(threshold)):
        lsh_params(threshold, num_perm)
