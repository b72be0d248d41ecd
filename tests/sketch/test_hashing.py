"""xxHash32 and xxHash64 as kernels: equal to the xxhash package."""

from __future__ import annotations

import numpy as np
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from dedupe.sketch.hashing import absorb32, absorb64, finish32, finish64


@njit
def xxh32(data, begin, end):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return finish32(absorb32(data, begin, end))


@njit
def xxh64(data, begin, end, seed):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return finish64(absorb64(data, begin, end, np.uint64(seed)))


def as_array(data: bytes) -> np.ndarray:
    return np.frombuffer(bytearray(data), np.uint8)


@pytest.mark.parametrize("length", range(130))
def test_every_length_up_to_several_stripes(length: int) -> None:
    data = bytes((7 * i + 3) % 256 for i in range(length + 5))
    array, piece = as_array(data), data[3 : 3 + length]
    assert xxh32(array, 3, 3 + length) == xxhash.xxh32_intdigest(piece)
    assert xxh64(array, 3, 3 + length, 0) == xxhash.xxh64_intdigest(piece)


@given(st.binary(min_size=1, max_size=400), st.integers(0, 100), st.integers(0, 2**63 - 1))
def test_any_bytes_any_seed(data: bytes, begin: int, seed: int) -> None:
    begin = min(begin, len(data) - 1)
    assert xxh32(as_array(data), begin, len(data)) == xxhash.xxh32_intdigest(data[begin:])
    assert xxh64(as_array(data), begin, len(data), seed) == xxhash.xxh64_intdigest(data[begin:], seed=seed)
