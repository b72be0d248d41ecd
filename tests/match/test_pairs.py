"""Many pairs at once, by kernels, as each pair alone, with numpy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from fictional_stories import BRIDGE, LIBRARY, OWL
from hypothesis import given
from hypothesis import strategies as st

from dedupe import match
from dedupe.config import MatchConfig
from dedupe.match import Profile
from dedupe.match.align import Alignment, align, align_pairs, shared_shingles
from dedupe.match.kin import kin
from dedupe.match.measure import count, count_pairs

Profiled = Callable[..., Profile]

SENTENCES = [
    line for text in (BRIDGE, LIBRARY, OWL) for part in text.split("\n") for line in part.split(". ")
]
# Phrases that recur in any order, so that runs are short, crossed and claimed twice.
PHRASES = [" ".join(BRIDGE.split()[at : at + 6]) for at in range(0, 60, 6)]
TEXTS = st.lists(
    st.sampled_from(SENTENCES) | st.sampled_from(PHRASES) | st.text("ab 1“”.\nİß", max_size=24), max_size=16
).map(lambda parts: ". ".join(parts))
PAGES = st.lists(
    st.tuples(TEXTS, st.sampled_from([None, "one.example", "two.example"])), min_size=1, max_size=5
)


@pytest.fixture(scope="session")
def made(profiled: Profiled) -> Callable[[list[tuple[str, str | None]]], list[Profile]]:
    """Profiles of texts and outlets, in the order of their ids."""
    return lambda pages: [profiled(text, f"{at}", outlet=outlet) for at, (text, outlet) in enumerate(pages)]


Made = Callable[[list[tuple[str, str | None]]], list[Profile]]


def all_pairs(stories: list[Profile]) -> np.ndarray:
    return np.array(list(combinations(range(len(stories)), 2)), np.int32).reshape(-1, 2)


@given(pages=PAGES, least=st.sampled_from([0.0, 0.05, 0.5, 1.0]))
def test_edges_are_those_of_each_pair_alone(
    made: Made, pages: list[tuple[str, str | None]], least: float
) -> None:
    stories, config = made(pages), MatchConfig(min_containment=least)
    pairs = all_pairs(stories)

    alone = [match.verify(stories[a], stories[b], config) for a, b in pairs.tolist()]
    for compiled in (True, False):
        assert match.verify_pairs(stories, pairs, config, compiled) == alone


@given(pages=PAGES)
def test_alignments_and_counts_are_those_of_each_pair_alone(
    made: Made, pages: list[tuple[str, str | None]]
) -> None:
    stories = made(pages)
    for (a, b), found in zip(combinations(stories, 2), aligned(stories), strict=True):
        seeds = shared_shingles(a, b)
        alone = align(a, b, seeds) if len(seeds[0]) else Alignment(0, (), ())
        assert found is not None or not alone.blocks
        if found is not None:
            assert (found.shared, found.runs, found.blocks) == (alone.shared, alone.runs, alone.blocks)
            related = kin(a.story.document, b.story.document)
            assert count_pairs([a, b], np.array([[0, 1]], np.int32), [found], [related]) == [
                count(a, b, found, related)
            ]


def aligned(stories: list[Profile]) -> list[Alignment | None]:
    pairs = all_pairs(stories)
    return align_pairs(stories, pairs, 0.0) if len(pairs) else []
