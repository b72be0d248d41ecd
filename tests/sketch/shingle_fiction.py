"""What the sketch tests share: configurations, permutations, generated tokens."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from unicode_texts import BATCHES

from dedupe.config import SketchConfig
from dedupe.sketch import Permutations, make_permutations

# Few words, so that shingles repeat; long texts, so that samples exceed their floor.
REPETITIVE = st.lists(st.sampled_from(["ship", "harbour", "新", "é", "storm" * 9]), max_size=300).map(
    " ".join
)
TEXTS_TO_SIGN = BATCHES | st.lists(REPETITIVE, max_size=4)

CONFIGS = st.builds(
    SketchConfig,
    shingle_size=st.integers(1, 9),
    num_perm=st.sampled_from([1, 7, 16, 128]),
    seed=st.integers(0, 3),
    sample_one_in=st.sampled_from([1, 2, 3, 8, 1000]),
    sample_floor=st.integers(0, 12),
)

# Written out, so that the defaults may change.
CONFIG = SketchConfig(shingle_size=5, num_perm=128, seed=1, bands=16, rows=8, sample_one_in=8, sample_floor=8)


@cache
def permutations(num_perm: int = 128, seed: int = 1) -> Permutations:
    return make_permutations(num_perm, seed)
