"""Signatures and samples -> the keys they are filed under."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import reference
from hypothesis import given
from shingle_fiction import CONFIG, TEXTS_TO_SIGN, permutations

from dedupe.errors import InputError
from dedupe.sketch import BAND_BIT, band_keys, posting_keys, sign
from dedupe.text import tokenize_plain

COMPILED = pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
SHAPES = pytest.mark.parametrize(("bands", "rows"), [(16, 8), (32, 4), (25, 5), (1, 128), (128, 1), (3, 17)])


@COMPILED
@SHAPES
def test_band_keys_are_the_reference(bands: int, rows: int, compiled: bool) -> None:
    signatures = np.random.default_rng(5).integers(0, 2**32, (7, 128), np.uint32)
    keys = band_keys(signatures, replace(CONFIG, bands=bands, rows=rows), compiled)
    expected = [reference.band_keys([int(v) for v in row], bands, rows) for row in signatures]
    assert keys.tolist() == expected
    assert keys.dtype == np.uint64


@COMPILED
def test_equal_rows_in_other_bands_have_other_keys(compiled: bool) -> None:
    keys = band_keys(np.full((1, 128), 7, np.uint32), CONFIG, compiled)
    assert len(set(keys[0].tolist())) == 16


def test_more_bands_than_the_signature_has_values() -> None:
    with pytest.raises(InputError, match=r"16 bands of 9 rows .* 128"):
        band_keys(np.zeros((1, 128), np.uint32), replace(CONFIG, rows=9))


@COMPILED
@given(texts=TEXTS_TO_SIGN)
def test_keys_of_a_batch_are_those_of_its_documents(texts: list[str], compiled: bool) -> None:
    sketches = sign(tokenize_plain(texts), permutations(), CONFIG, compiled=False)
    keys, document = posting_keys(sketches, CONFIG, compiled)
    assert (keys.dtype, document.dtype) == (np.uint64, np.int32)
    for i, text in enumerate(texts):
        shingles = reference.shingles(text, 5)
        bands = reference.band_keys(reference.signature(shingles, 128, 1), 16, 8) if shingles else []
        expected = [key >> 2 | 1 << 62 for key in bands]
        expected += [value >> 2 for value in reference.sample(shingles, 8, 8)]
        assert sorted(keys[document == i].tolist()) == sorted(expected)


def test_kinds_are_told_by_a_bit_and_keys_fit_63_bits() -> None:
    config = replace(CONFIG, sample_one_in=1)
    tokens = tokenize_plain([" ".join(f"word{i}" for i in range(500))])
    keys, _ = posting_keys(sign(tokens, permutations(), config, compiled=False), config)
    is_band = keys & BAND_BIT != 0
    assert is_band.tolist() == [True] * 16 + [False] * 496
    assert int(keys.max()) < 2**63


def test_documents_without_shingles_share_no_bucket() -> None:
    sketches = sign(tokenize_plain(["", "…", "one"]), permutations(), CONFIG, compiled=False)
    keys, document = posting_keys(sketches, CONFIG)
    assert set(document.tolist()) == {2}
    assert len(keys) == 16 + 1
