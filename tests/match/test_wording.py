"""Wording that survives where sentences do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fictional_stories import BRIDGE, INDEPENDENT, LIBRARY

from dedupe.match import Profile, wording

Profiled = Callable[..., Profile]

REWORDED = """\
Part of the Saltmarsh Bridge gave way on Tuesday and sent a freight lorry into the Marrow estuary, so that \
Greater Tolland has lost its only road link. Its driver, who is 44 and comes from Kesterwick, climbed out of \
a window, and a mussel boat picked him up some twenty minutes later, says the harbour office."""


def test_a_rewrite_keeps_more_wording_than_another_report(profiled: Profiled) -> None:
    original = profiled(BRIDGE)

    rewrite, report, other = (wording(profiled(text), original) for text in (REWORDED, INDEPENDENT, LIBRARY))

    assert rewrite > 2 * report > 2 * other


@pytest.mark.parametrize(
    ("story", "other", "share"),
    [
        pytest.param("one two three", "one two three", 1.0, id="all"),
        pytest.param("one two three", "one new two", 1 / 3, id="one-place-apart"),
        pytest.param("one two", "two one", 0.0, id="order-counts"),
        pytest.param("one", "one", 0.0, id="one-word"),
        pytest.param("", "one two", 0.0, id="no-word"),
    ],
)
def test_wording(profiled: Profiled, story: str, other: str, share: float) -> None:
    assert wording(profiled(story), profiled(other)) == pytest.approx(share)
