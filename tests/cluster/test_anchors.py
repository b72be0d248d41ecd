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
    "a verbatim copy of a member is one": (
        [("a", "b", R.EDITED), ("b", "c", R.EDITED), ("c", "d", R.IDENTICAL)],
        "",
        {"b": ("abcd", "")},
    ),
    "a copy of a copy is another story, which the copy visits": (
        [("a", "b", R.EDITED), ("b", "c", R.EDITED), ("c", "d", R.EDITED)],
        "ab",
        {"b": ("abc", ""), "d": ("d", "c")},
    ),
    "a copy of a copy that has part of the story joins it": (
        [("a", "b", R.EDITED), ("b", "c", R.EDITED), ("c", "d", R.EDITED), ("b", "d", R.PARTIAL)],
        "ab",
        {"b": ("abcd", "")},
    ),
    "what a member has from elsewhere is not the anchor's story": (
        [("a", "b", R.EDITED), ("a", "c", R.EDITED), ("c", "d", R.PARTIAL)],
        "",
        {"a": ("abc", ""), "d": ("d", "c")},
    ),
    "a round-up visits no story by a member that shares something else with it": (
        [
            ("a", "c", R.IDENTICAL),
            ("a", "f", R.IDENTICAL),
            ("b", "f", R.EDITED),
            ("b", "c", R.EDITED),
            ("b", "d", R.EXCERPT),
            ("b", "h", R.EXCERPT),
            ("d", "h", R.EXCERPT),
            ("d", "e", R.EXCERPT),
            ("e", "g", R.EXCERPT),
        ],
        "",
        {"a": ("acf", ""), "b": ("bdh", ""), "g": ("g", "e")},
    ),
    "those who share what one member has from elsewhere are a story": (
        [
            ("a", "b", R.EDITED),
            ("a", "c", R.EDITED),
            ("c", "d", R.PARTIAL),
            ("c", "e", R.PARTIAL),
            ("d", "e", R.PARTIAL),
        ],
        "",
        {"a": ("abc", ""), "d": ("de", "c")},
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
        [("a", "b", R.EDITED), ("c", "d", R.EDITED), ("r", "a", R.PARTIAL), ("r", "c", R.PARTIAL)],
        "r",
        {"a": ("ab", "r"), "c": ("cd", "r")},
    ),
    "a round-up that has a story from a member's page joins no other": (
        [("a", "b", R.EDITED), ("c", "d", R.EDITED), ("r", "a", R.PARTIAL), ("r", "d", R.PARTIAL)],
        "r",
        {"a": ("ab", "r"), "c": ("cd", "")},
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


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.3, {("abc", ""), ("de", "")}, id="a-fair-part-joins"),
        pytest.param(0.15, {("ab", "c"), ("e", "d")}, id="a-small-part-makes-a-guest"),
        pytest.param(0.05, {("ab", "")}, id="less-places-nobody"),
    ],
)
@pytest.mark.parametrize("relation", [R.PARTIAL, R.UPDATE])
def test_it_matters_how_much_is_shared(
    relation: Relation, share: float, expected: set[tuple[str, str]]
) -> None:
    edges = [edge("a", "b", R.EDITED, 0.9), edge("a", "c", relation, share), edge("d", "e", relation, share)]
    found = cluster(edges, dict.fromkeys("abcde", 1))
    assert {("".join(each.members), "".join(each.excerpts)) for each in found} == expected


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
def test_whoever_is_in_a_cluster_has_text_of_its_anchor_or_is_identical_to_one_who_has(
    graph: dict[tuple[str, str], Relation],
) -> None:
    identical = {pair for pair, relation in graph.items() if relation is R.IDENTICAL}
    reuse = {pair for pair, relation in graph.items() if relation.is_reuse}
    for each in cluster(
        [edge(*pair, relation) for pair, relation in graph.items()], dict.fromkeys("abcdefgh", 1)
    ):
        direct = {
            document
            for document in (*each.members, *each.excerpts)
            if document == each.anchor or tuple(sorted((document, each.anchor))) in reuse
        }
        assert direct >= {*each.excerpts}
        for member in {*each.members} - direct:
            assert any(tuple(sorted((member, other))) in identical for other in each.members)
