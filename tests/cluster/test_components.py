"""Components against the definition: who can be reached over pairs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedupe.cluster import components

PAIRS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=40)


def reached(pairs: list[tuple[int, int]]) -> list[list[int]]:
    """The same, by going from one to the next."""
    partners: dict[int, set[int]] = {}
    for a, b in pairs:
        partners.setdefault(a, set()).add(b)
        partners.setdefault(b, set()).add(a)
    found, seen = [], set()
    for start in sorted(partners):
        if start not in seen:
            component, waiting = {start}, [start]
            while waiting:
                fresh = partners[waiting.pop()] - component
                component |= fresh
                waiting += fresh
            seen |= component
            found.append(sorted(component))
    return found


@given(PAIRS)
def test_components_are_what_pairs_connect(pairs: list[tuple[int, int]]) -> None:
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    found = components(columns[:, 0], columns[:, 1])
    assert [component.tolist() for component in found] == reached(pairs)


def test_a_long_chain_is_one_component() -> None:
    links = np.random.default_rng(3).permutation(5000)
    (found,) = components(links[:-1], links[1:])
    assert found.tolist() == list(range(5000))
