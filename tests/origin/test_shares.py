"""How much of a page is the cluster's, and of the cluster the page's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import edge, story

from dedupe.model import Edge, Relation
from dedupe.origin.direction import page_of
from dedupe.origin.shares import Shares, shares_of

OUTLETS = {"1": "heron.example", "2": "quill.example", "3": "tern.example"}
PAGES = [page_of(story(id_, outlet), outlet) for id_, outlet in OUTLETS.items()]


def of(*edges: Edge, pages: int = 2) -> Shares:
    return shares_of(PAGES[:pages], edges)


@pytest.mark.parametrize(
    ("pair", "own", "voice", "bond"),
    [
        (edge("1", "2", 0.5, 0.5), 1.0, 1.0, 1.0),
        (edge("1", "2", 1.0, 0.1), 1.0, 0.2, 0.2),
        (edge("1", "2", 0.3, 0.1), 0.6, 0.12, 0.2),
        (edge("1", "2", 0.05, 0.05), 0.1, 0.1, 0.1),
        (edge("1", "2", 1.0, 0.1, Relation.EXCERPT), 1.0, 1.0, 0.2),
        (edge("1", "2", 0.1, 1.0, Relation.EXCERPT), 0.2, 0.2, 1.0),
        (edge("1", "2", 1.0, 1.0, Relation.QUOTE_ONLY), 1.0, 1.0, 0.0),
    ],
    ids=["halves", "brief", "parts", "least", "piece of a round-up", "the round-up", "no reuse"],
)
def test_shares_of_the_first_of_two(pair: Edge, own: float, voice: float, bond: float) -> None:
    shares = of(pair)
    assert shares.own["1"] == pytest.approx(own)
    assert shares.voice["1"] == pytest.approx(voice)
    assert shares.bond["1"] == pytest.approx(bond)


def test_a_bond_is_the_mean_over_the_other_outlets() -> None:
    assert of(edge("1", "2", 1.0, 0.4), pages=3).bond["1"] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("pair", "main"),
    [
        (edge("1", "2", 0.4, 0.9, Relation.EDITED), {"1", "2"}),
        (edge("1", "2", 0.4, 0.9, Relation.PARTIAL), {"2"}),
        (edge("1", "2", 0.4, 0.4, Relation.PARTIAL), set()),
    ],
    ids=["an original that was trimmed", "a part", "parts of both"],
)
def test_who_carries_the_story_as_a_whole(pair: Edge, main: set[str]) -> None:
    assert of(pair).main == main


RATIO = st.floats(0.0, 1.0)


@given(RATIO, RATIO, st.sampled_from(list(Relation)))
def test_nobody_speaks_louder_than_its_own_share_allows(of_a: float, of_b: float, kind: Relation) -> None:
    shares = of(edge("1", "2", of_a, of_b, kind))
    for id_ in ("1", "2"):
        assert 0.1 <= shares.voice[id_] <= shares.own[id_] <= 1.0
        assert 0.0 <= shares.bond[id_] <= 1.0
