"""Postings -> candidates, against the definition spelled out over sets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.config import MatchConfig
from dedupe.match import buckets

CONFIG = MatchConfig(bucket_cap=4, representatives=2)
BAND_FROM = 5
Postings = set[tuple[int, int]]
POSTINGS = st.sets(st.tuples(st.integers(0, 7), st.integers(1, 12)), max_size=60)
RANK = np.array([5, 3, 9, 1, 7, 2, 8, 4, 11, 10, 6, 0, 12], np.int64)


def arrays(postings: Postings) -> tuple[np.ndarray, np.ndarray]:
    columns = np.array(sorted(postings), np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def evidence(postings: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Pair -> weight, as the module's docstring defines it."""
    held: dict[int, list[int]] = defaultdict(list)
    for key, number in postings:
        held[key].append(number)
    weights: Counter[tuple[int, int]] = Counter()
    for key, numbers in held.items():
        centres = sorted(numbers, key=lambda number: RANK[number])[: CONFIG.representatives]
        for a, b in combinations(sorted(numbers), 2):
            if len(numbers) <= CONFIG.bucket_cap or a in centres or b in centres:
                weights[a, b] += buckets.BAND_WEIGHT if key >= BAND_FROM else 1
    return dict(weights)


def found(postings: Postings, unsettled: set[int]) -> dict[tuple[int, int], int]:
    mask = np.zeros(len(RANK), np.bool_)
    mask[list(unsettled)] = True
    weights: Counter[tuple[int, int]] = Counter()
    for codes, keys in buckets.bucket_pairs(*arrays(postings), mask, RANK, CONFIG):
        each = buckets.weights(keys, BAND_FROM)
        for a, b, weight in zip(*buckets.pair_numbers(codes), each, strict=True):
            weights[int(a), int(b)] += int(weight)
    return dict(weights)


@given(POSTINGS)
def test_all_pairs_are_weighed_as_defined(postings: Postings) -> None:
    assert found(postings, set(range(len(RANK)))) == evidence(postings)


@given(POSTINGS, st.integers(1, 5))
def test_a_large_bucket_is_paired_a_few_documents_at_a_time(postings: Postings, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "STAR_DOCUMENTS", few)
        assert found(postings, set(range(len(RANK)))) == evidence(postings)


@given(POSTINGS, st.sets(st.integers(1, 12)))
def test_pairs_without_an_unsettled_document_are_left_out(postings: Postings, unsettled: set[int]) -> None:
    expected = {pair: weight for pair, weight in evidence(postings).items() if unsettled & {*pair}}
    assert found(postings, unsettled) == expected


@given(POSTINGS, st.sets(st.integers(1, 12)))
def test_settled_pairs_whose_evidence_changes_are_unsettled(postings: Postings, new: set[int]) -> None:
    mask = np.zeros(len(RANK), np.bool_)
    mask[list(new)] = True
    again = set(buckets.newly_unsettled(*arrays(postings), mask, RANK, CONFIG).tolist())
    before, after = evidence(each for each in postings if each[1] not in new), evidence(postings)
    for pair in before.keys() | after.keys():
        if not new & {*pair} and before.get(pair) != after.get(pair):
            assert again & {*pair}


@given(POSTINGS, st.sets(st.integers(1, 12)))
def test_what_documents_leave_behind_is_unsettled(postings: Postings, gone: set[int]) -> None:
    left = {each for each in postings if each[1] not in gone}
    lost = np.array([key for key, number in sorted(postings) if number in gone], np.int64)
    touched = {each for each in left if each[0] in set(lost.tolist())}
    again = set(buckets.left_behind(*arrays(touched), lost, RANK, CONFIG).tolist())
    before, after = evidence(postings), evidence(left)
    for pair in after:
        if before.get(pair) != after[pair]:
            assert again & {*pair}


PAIRS = st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] < pair[1])


@given(st.lists(st.tuples(PAIRS, st.integers(0, 3))))
def test_neighbourly_is_the_same_pairs_by_group_and_bucket(pairs: list[tuple[tuple[int, int], int]]) -> None:
    present = {number for pair, _ in pairs for number in pair}
    groups = [sorted(present & group) for group in ({2, 5, 6}, {3, 4})]
    left, right = (np.array([pair[side] for pair, _ in pairs], np.int64) for side in (0, 1))
    codes, keys = buckets.pair_code(left, right), np.array([key for _, key in pairs], np.int64)
    ordered = buckets.neighbourly(codes, keys, [np.array(group, np.int64) for group in groups])

    def place(told: tuple[tuple[int, int], int]) -> tuple[int, int, tuple[int, int]]:
        pair, key = told
        return next((i for i, group in enumerate(groups) if {*pair} <= {*group}), 2), key, pair

    expected = [pair for pair, _ in sorted(pairs, key=place)]
    assert list(zip(*(side.tolist() for side in buckets.pair_numbers(ordered)), strict=True)) == expected
