"""Clusters from verified pairs: stars, guests, and what must not chain."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.cluster import cluster
from dedupe.model import Edge, Relation

R = Relation


def edge(a: str, b: str, relation: Relation, share: float = 0.5) -> Edge:
    a, b = sorted((a, b))
    return Edge(a, b, relation, share, share, share, ())


def clustered(*edges: tuple[str, str, Relation], long: str = "") -> dict[str, tuple[str, str]]:
    """Anchor -> (members, guests), documents being single letters; those in ``long`` are longer."""
    lengths = {name: 900 if name in long else 100 for each in edges for name in each[:2]}
    found = cluster([edge(*each) for each in edges], lengths)
    return {each.anchor: ("".join(each.members), "".join(each.excerpts)) for each in found}


CASES = {
    "two copies": ([("a", "b", R.EDITED)], "", {"a": ("ab", "")}),
    "the longer of two anchors": ([("a", "b", R.EDITED)], "b", {"b": ("ab", "")}),
    "a quotation joins nothing": ([("a", "b", R.QUOTE_ONLY), ("b", "c", R.BOILERPLATE)], "", {}),
    "a chain of copies does not join its ends": (
        [("a", "b", R.EDITED), ("b", "c", R.EDITED), ("c", "d", R.EDITED), ("d", "e", R.EDITED)],
        "",
        {"b": ("abc", ""), "d": ("de", "")},
    ),
    "a copy whose partner was taken joins it": (
        [("a", "b", R.EDITED), ("b", "c", R.EDITED), ("c", "d", R.IDENTICAL)],
        "",
        {"b": ("abcd", "")},
    ),
    "a part of a member, not of the anchor, is a guest": (
        [("a", "b", R.EDITED), ("a", "c", R.EDITED), ("c", "d", R.PARTIAL)],
        "",
        {"a": ("abc", "d")},
    ),
    "what only a round-up shares with is a story with a guest": (
        [
            ("a", "b", R.EDITED),
            ("c", "d", R.EDITED),
            ("r", "a", R.PARTIAL),
            ("r", "c", R.PARTIAL),
            ("r", "e", R.PARTIAL),
        ],
        "r",
        {"a": ("ab", "r"), "c": ("cd", "r"), "e": ("e", "r")},
    ),
    "an abridged copy joins the story": (
        [("a", "b", R.IDENTICAL), ("a", "c", R.PARTIAL), ("b", "c", R.PARTIAL)],
        "",
        {"a": ("abc", "")},
    ),
    "a brief cut out of a story is its excerpt": (
        [("a", "b", R.IDENTICAL), ("a", "c", R.EXCERPT)],
        "ab",
        {"a": ("ab", "c")},
    ),
    "a round-up of two stories joins neither": (
        [("a", "b", R.EDITED), ("c", "d", R.EDITED), ("r", "a", R.PARTIAL), ("r", "d", R.PARTIAL)],
        "r",
        {"a": ("ab", "r"), "c": ("cd", "r")},
    ),
    "a round-up with a copy of its own joins nothing": (
        [("a", "b", R.EDITED), ("r", "s", R.EDITED), ("r", "a", R.EXCERPT)],
        "rs",
        {"a": ("ab", "r"), "r": ("rs", "")},
    ),
    "a round-up of single stories anchors none of them": (
        [("r", "a", R.EXCERPT), ("r", "b", R.EXCERPT), ("r", "c", R.PARTIAL)],
        "r",
        {"a": ("a", "r"), "b": ("b", "r"), "c": ("c", "r")},
    ),
    "three abridgements of one text": (
        [("a", "b", R.PARTIAL), ("b", "c", R.PARTIAL), ("a", "c", R.PARTIAL)],
        "c",
        {"c": ("abc", "")},
    ),
}


@pytest.mark.parametrize(("edges", "long", "expected"), CASES.values(), ids=CASES)
def test_clusters(
    edges: list[tuple[str, str, Relation]], long: str, expected: dict[str, tuple[str, str]]
) -> None:
    assert clustered(*edges, long=long) == expected


def test_a_small_part_makes_a_guest() -> None:
    edges = [edge("a", "b", R.EDITED), edge("a", "c", R.PARTIAL, 0.1), edge("d", "e", R.PARTIAL, 0.1)]
    found = cluster(edges, dict.fromkeys("abcde", 1))
    assert {(each.members, each.excerpts) for each in found} == {(("a", "b"), ("c",)), (("e",), ("d",))}


PAIRS = list(combinations("abcdefgh", 2))
GRAPHS = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from(Relation), min_size=1)


@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(graph: dict[tuple[str, str], Relation], draw: object) -> None:
    edges = [edge(*pair, relation) for pair, relation in graph.items()]
    lengths = {name: ord(name) % 3 for name in "abcdefgh"}
    expected = cluster(edges, lengths)
    draw.shuffle(edges)  # type: ignore[attr-defined]
    assert cluster(edges, lengths) == expected


@given(GRAPHS)
def test_a_document_is_at_home_at_most_once_and_placed_whenever_it_is_a_copy(
    graph: dict[tuple[str, str], Relation],
) -> None:
    found = cluster([edge(*pair, relation) for pair, relation in graph.items()], dict.fromkeys("abcdefgh", 1))
    homes = [member for each in found for member in each.members]
    assert len(homes) == len(set(homes))
    placed = {*homes, *(guest for each in found for guest in each.excerpts)}
    assert placed == {document for pair, relation in graph.items() if relation.is_reuse for document in pair}


@given(GRAPHS)
def test_a_member_is_a_copy_of_the_anchor_or_a_whole_copy_of_a_member(
    graph: dict[tuple[str, str], Relation],
) -> None:
    whole = {pair for pair, relation in graph.items() if relation in (R.IDENTICAL, R.EDITED, R.UPDATE)}
    reuse = {pair for pair, relation in graph.items() if relation.is_reuse}
    for each in cluster(
        [edge(*pair, relation) for pair, relation in graph.items()], dict.fromkeys("abcdefgh", 1)
    ):
        for member in {*each.members} - {each.anchor}:
            with_anchor = tuple(sorted((member, each.anchor))) in reuse
            assert with_anchor or any(tuple(sorted((member, other))) in whole for other in each.members)
