"""Figures against hand-made answers, and the laws they obey."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.errors import InputError
from dedupe.evaluate import (
    GoldOrigin,
    GoldPair,
    adjusted_rand_index,
    b_cubed,
    evaluate_origins,
    evaluate_pairs,
    pairwise,
    read_clusters,
    read_origins,
    read_pairs,
)
from dedupe.model import Agency, Origin, OriginKind, Relation

GOLD = [
    GoldPair("a", "b", "edited", True),
    GoldPair("a", "c", "partial", True),
    GoldPair("a", "d", "quote_only", False),
    GoldPair("b", "d", "same_event", False),
    GoldPair("c", "d", "OK", None),
]
AGENCY = Agency("Marrow Wire Service", "MWS", ("Marrow Wire",), ("MWS",), ("marrowwire.example",), (), None)

clusterings = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=2)


def origin(name: str | None, confidence: float = 0.9, document: str | None = None) -> Origin:
    return Origin(name, OriginKind.AGENCY if name else OriginKind.UNKNOWN, document, confidence, ())


def test_pairs_are_scored_whichever_way_they_were_found() -> None:
    found = {("b", "a"): Relation.EDITED, ("a", "d"): Relation.PARTIAL, ("c", "d"): Relation.IDENTICAL}

    scores = evaluate_pairs(found, GOLD)

    assert scores.reuse == (0.5, 0.5, 0.5)
    assert scores.relation_right == 0.5
    assert [(e.a, e.b, e.gold, e.found) for e in scores.joined_wrongly] == [
        ("a", "d", "quote_only", Relation.PARTIAL)
    ]
    assert [(e.a, e.b) for e in scores.missed] == [("a", "c")]
    assert scores.confusion[("partial", "none")] == 1


def test_an_edge_that_is_no_reuse_joins_nothing() -> None:
    scores = evaluate_pairs({("a", "d"): Relation.QUOTE_ONLY, ("a", "b"): Relation.PARTIAL}, GOLD)

    assert scores.joined_wrongly == ()
    assert [(e.gold, e.found) for e in scores.other_relation] == [("edited", Relation.PARTIAL)]


def test_nothing_found_is_precise_and_misses_all() -> None:
    assert evaluate_pairs({}, GOLD).reuse == (1.0, 0.0, 0.0)


def test_clusters_by_hand() -> None:
    gold = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
    found = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"}

    precision, recall, f1 = b_cubed(found, gold)
    assert precision == pytest.approx((1 + 1 + 0.5 + 0.5 + 1) / 5)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 0.5 + 0.5) / 5)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert pairwise(found, gold)[:2] == (0.5, 0.25)
    assert adjusted_rand_index(found, gold) == pytest.approx((1 - 0.8) / (3 - 0.8))


@given(gold=clusterings)
def test_a_clustering_agrees_with_itself(gold: Mapping[str, int]) -> None:
    renamed = {item: f"cluster {of}" for item, of in gold.items()}

    assert adjusted_rand_index(renamed, gold) == 1.0
    assert b_cubed(renamed, gold) == pairwise(renamed, gold) == (1.0, 1.0, 1.0)


@given(found=clusterings, gold=clusterings)
def test_pairwise_figures_are_those_of_counting_pairs(
    found: Mapping[str, int], gold: Mapping[str, int]
) -> None:
    def together(of: Mapping[str, int]) -> set[tuple[str, str]]:
        return {p for p in combinations(sorted(gold), 2) if all(i in of for i in p) and of[p[0]] == of[p[1]]}

    right = len(together(found) & together(gold))

    precision, recall, _ = pairwise(found, gold)
    assert precision == (right / len(together(found)) if together(found) else 1.0)
    assert recall == (right / len(together(gold)) if together(gold) else 1.0)


@given(found=clusterings, gold=clusterings)
def test_exchanging_the_sides_exchanges_precision_and_recall(
    found: Mapping[str, int], gold: Mapping[str, int]
) -> None:
    both = found.keys() & gold.keys()
    one, other = {i: found[i] for i in both}, {i: gold[i] for i in both}

    assert b_cubed(one, other)[:2] == pytest.approx(b_cubed(other, one)[1::-1])
    assert adjusted_rand_index(one, other) == pytest.approx(adjusted_rand_index(other, one))


def test_origins_with_abstention() -> None:
    gold = [
        GoldOrigin("one", ("a", "b"), "MWS", "a"),
        GoldOrigin("two", ("c", "d"), "Kesterwick Mail", None),
        GoldOrigin("three", ("e",), "MWS", None),
        GoldOrigin("four", ("f",), None, None),
    ]
    found = {
        "a": origin("marrowwire.example", 0.95, "b"),
        "b": origin("marrowwire.example", 0.95, "b"),
        "c": origin("Marrow Wire Service", 0.55),
        "e": origin(None),
        "f": origin("Marrow Wire Service"),
    }

    scores = evaluate_origins(found, gold, [AGENCY])

    assert scores.clusters == 3
    assert (scores.accuracy, scores.coverage) == (0.5, 2 / 3)
    assert scores.document_accuracy == 0.0
    assert [error.cluster for error in scores.wrong] == ["two"]
    assert [(round(b.low, 1), b.answers, b.right) for b in scores.reliability] == [
        (0.5, 1, 0.0),
        (0.9, 1, 1.0),
    ]


def test_a_cluster_takes_the_origin_of_most_of_its_members() -> None:
    gold = [GoldOrigin("one", ("a", "b", "c"), "MWS", None)]
    found = {"a": origin("Kesterwick Mail", 0.99), "b": origin("MWS", 0.6), "c": origin("MWS", 0.6)}

    assert evaluate_origins(found, gold, [AGENCY]).accuracy == 1.0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"a": "y", "b": "x", "relation": "excerpt", "reuse": True},
            GoldPair("x", "y", "excerpt", True),
            id="ours",
        ),
        pytest.param(
            {"a": "x", "b": "y", "relation": "boilerplate"},
            GoldPair("x", "y", "boilerplate", False),
            id="relation",
        ),
        pytest.param(
            {"source": "x", "derived": "y", "label": "WD"}, GoldPair("x", "y", "WD", True), id="derived"
        ),
        pytest.param(
            {"source": "x", "derived": "y", "label": "ND"}, GoldPair("x", "y", "ND", False), id="not-derived"
        ),
        pytest.param(
            {"a": "x", "b": "y", "label": "BAD"}, GoldPair("x", "y", "BAD", False), id="not-the-same-news"
        ),
        pytest.param({"a": "x", "b": "y", "label": "OK"}, GoldPair("x", "y", "OK", None), id="the-same-news"),
        pytest.param({"a": "x", "b": "y", "overall": 1.5}, GoldPair("x", "y", "1.5", None), id="similarity"),
    ],
)
def test_pairs_are_read_in_each_form(tmp_path: Path, row: dict[str, object], expected: GoldPair) -> None:
    path = tmp_path / "pairs.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row).encode() + b"\n\n"))

    assert read_pairs(path) == [expected]


def test_clusters_are_read_without_their_bad_members(tmp_path: Path) -> None:
    path = tmp_path / "clusters.jsonl"
    path.write_text(json.dumps({"id": "c1", "members": ["a", "b", "x"], "bad_members": ["x"]}))

    assert read_clusters(path) == {"a": "c1", "b": "c1"}


def test_an_origin_that_nobody_could_tell_has_no_name(tmp_path: Path) -> None:
    path = tmp_path / "origins.jsonl"
    row = {
        "cluster": "c1",
        "members": ["a"],
        "origin_name": "MWS",
        "origin_doc": None,
        "confidence": "unknown",
    }
    path.write_text(json.dumps(row))

    assert read_origins(path) == [GoldOrigin("c1", ("a",), None, None)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b'{"a": "x"}\n', "'b'", id="no-second-id"),
        pytest.param(b'{"a": "x", "b": "y", "label": "OK"}\n{"a": \n', ":2", id="broken-line"),
        pytest.param(b"[1, 2]\n", "not a JSON object", id="not-an-object"),
        pytest.param(b"\xff\xfe\x00\n", "cannot read", id="not-text"),
    ],
)
def test_a_file_that_is_no_gold_names_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)

    with pytest.raises(InputError, match=said):
        read_pairs(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl"):
        read_origins(tmp_path / "nowhere.jsonl")
