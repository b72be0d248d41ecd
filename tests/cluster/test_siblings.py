"""Events: groups of linked texts that do not chain and are not held together by a round-up."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.cluster import siblings


def linked(*pairs: str) -> dict[str, dict[str, float]]:
    links: dict[str, dict[str, float]] = defaultdict(dict)
    for a, b in pairs:
        links[a][b] = links[b][a] = 1.0
    return dict(links)


CASES = {
    "two texts": (["ab"], ["ab"]),
    "a chain is cut": (["ab", "bc", "cd", "de"], ["abc", "de"]),
    "a round-up holds nothing together": (["ra", "rb", "rc", "rd", "re", "ab"], ["ab"]),
    "four that know nothing of each other": (["ra", "rb", "rc", "rd"], []),
    "a middle whose partners are linked": (["ma", "mb", "mc", "ab", "bc"], ["abcm"]),
}


@pytest.mark.parametrize(("pairs", "groups"), CASES.values(), ids=CASES)
def test_siblings(pairs: list[str], groups: list[str]) -> None:
    sizes = dict.fromkeys("abcdemr", 1)
    found = sorted("".join(sorted(group)) for group in siblings(linked(*pairs), sizes))
    assert found == groups


PAIRS = st.sets(st.sampled_from(list(combinations("abcdefg", 2))))


@given(PAIRS)
def test_every_text_is_in_one_event_at_most_and_linked_to_its_middle(pairs: set[tuple[str, str]]) -> None:
    links = linked(*("".join(pair) for pair in pairs))
    found = siblings(links, dict.fromkeys(links, 1))
    assert len({text for group in found for text in group}) == sum(map(len, found))
    for group in found:
        assert any(group - {middle} <= links[middle].keys() for middle in group)
