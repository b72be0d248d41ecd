"""Tokens -> signature and sample: equal to datasketch, to the reference, and in both forms."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import reference
from datasketch import LeanMinHash, MinHash
from hypothesis import given
from hypothesis import strategies as st
from shingle_fiction import CONFIG, CONFIGS, TEXTS_TO_SIGN, permutations

from dedupe.config import SketchConfig
from dedupe.model import Sketches
from dedupe.sketch import sign, signatures
from dedupe.text import tokenize, tokenize_plain

STORY = (
    "The ferry Halcyon ran aground off Port Sable early on Sunday, and all 214 passengers were taken ashore. "
    "The harbour master said that a light had failed in the storm. Divers will look at the hull on Monday. "
)
COMPILED = pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])


def signed(texts: list[str], config: SketchConfig, compiled: bool) -> Sketches:
    return sign(tokenize(texts, compiled), permutations(config.num_perm, config.seed), config, compiled)


@given(TEXTS_TO_SIGN, CONFIGS)
def test_plain_form_is_the_reference(texts: list[str], config: SketchConfig) -> None:
    sketches = signed(texts, config, compiled=False)
    for i, text in enumerate(texts):
        shingles = reference.shingles(text, config.shingle_size)
        sample = sketches.samples[sketches.first[i] : sketches.first[i + 1]]
        assert sketches.signatures[i].tolist() == reference.signature(shingles, config.num_perm, config.seed)
        assert sample.tolist() == reference.sample(shingles, config.sample_one_in, config.sample_floor)
        assert sketches.shingles[i] == len(set(shingles))


@given(TEXTS_TO_SIGN, CONFIGS)
def test_compiled_form_equals_the_plain_one(texts: list[str], config: SketchConfig) -> None:
    compiled, plain = signed(texts, config, compiled=True), signed(texts, config, compiled=False)
    for field in fields(Sketches):
        one, other = getattr(compiled, field.name), getattr(plain, field.name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other, err_msg=field.name)


@COMPILED
@given(texts=TEXTS_TO_SIGN, config=CONFIGS)
def test_signatures_alone_are_the_same(texts: list[str], config: SketchConfig, compiled: bool) -> None:
    made = permutations(config.num_perm, config.seed)
    alone = signatures(tokenize_plain(texts), made, config, compiled)
    np.testing.assert_array_equal(alone, signed(texts, config, compiled=False).signatures)


@COMPILED
@pytest.mark.parametrize("words", [1, 4, 5, 6, 60, 127, 128, 129, 6000])
def test_lengths_of_texts_and_of_shingles(words: int, compiled: bool) -> None:
    """From fewer tokens than a shingle has to more than are permuted or sorted at once."""
    text = " ".join(f"{'w' * (i * 7 % 61)}{i}" for i in range(words))
    sketches = signed([text], CONFIG, compiled)
    shingles = reference.shingles(text, 5)
    assert sketches.signatures[0].tolist() == reference.signature(shingles, 128, 1)
    assert sketches.samples.tolist() == reference.sample(shingles, 8, 8)


@COMPILED
def test_loads_into_datasketch_and_compares_there(compiled: bool) -> None:
    longer = STORY + "Nobody was hurt in the accident, the coast guard added."
    sketches = signed([STORY, longer], CONFIG, compiled)
    one, other = (LeanMinHash(seed=1, hashvalues=row, scheme="affine32") for row in sketches.signatures)
    a, b = set(reference.shingles(STORY, 5)), set(reference.shingles(longer, 5))
    resemblance = len(a & b) / len(a | b)
    assert one.jaccard(one) == 1.0
    # 128 permutations estimate it within four standard errors.
    assert abs(one.jaccard(other) - resemblance) < 4 * (resemblance * (1 - resemblance) / 128) ** 0.5


@COMPILED
@pytest.mark.parametrize("text", ["", " .—\n", "\u0301", "\ud800"], ids=ascii)
def test_text_without_tokens_has_the_empty_signature_of_datasketch(text: str, compiled: bool) -> None:
    sketches = signed([text], CONFIG, compiled)
    assert sketches.signatures[0].tolist() == MinHash(128, scheme="affine32").hashvalues.tolist()
    assert (sketches.samples.tolist(), sketches.shingles.tolist()) == ([], [0])


@COMPILED
def test_no_texts(compiled: bool) -> None:
    sketches = signed([], CONFIG, compiled)
    assert sketches.signatures.shape == (0, 128)
    assert sketches.first.tolist() == [0]


@given(st.lists(st.sampled_from(["ship", "storm", "port"]), min_size=1, max_size=40), CONFIGS)
def test_sample_is_at_least_the_floor_or_everything(words: list[str], config: SketchConfig) -> None:
    sketches = signed([" ".join(words)], config, compiled=False)
    assert len(sketches.samples) >= min(config.sample_floor, int(sketches.shingles[0]))
    assert np.all(sketches.samples[1:] > sketches.samples[:-1])


@pytest.mark.parametrize("field", ["folded", "byte_begin", "byte_end", "first"])
def test_arrays_that_may_not_be_written_are_signed_without_another_compilation(field: str) -> None:
    from dedupe.sketch.kernels import sign_texts

    tokens = tokenize_plain([STORY])
    sign(tokens, permutations(), CONFIG)
    versions = len(sign_texts.signatures)  # type: ignore[attr-defined]
    getattr(tokens, field).flags.writeable = False
    assert sign(tokens, permutations(), CONFIG).shingles.tolist() == [len(reference.shingles(STORY, 5))]
    assert len(sign_texts.signatures) == versions  # type: ignore[attr-defined]
