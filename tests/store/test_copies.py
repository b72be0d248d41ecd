"""What a copy is, and how copies are counted together."""

from __future__ import annotations

import pytest

from dedupe.model import Role
from dedupe.store.copies import Copies, is_copy


def test_a_copy_of_unknown_origin_is_not_judged() -> None:
    copies = Copies()
    for credited in (True, False, False, None):
        copies.add(credited, byline_swap=False, delay=None)
    assert (copies.count, copies.origin_unknown, copies.uncredited) == (4, 1, 2)
    assert copies.uncredited_share == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("delays", "median"),
    [([], None), ([None], None), ([7], 7), ([1, 2], 2), ([1, None, 2, 9], 2), ([-5, -2], -4)],
    ids=str,
)
def test_a_median_is_rounded_to_the_even_second(delays: list[int | None], median: int | None) -> None:
    copies = Copies()
    for delay in delays:
        copies.add(True, byline_swap=False, delay=delay)
    assert copies.median_delay == median


@pytest.mark.parametrize(
    ("role", "name", "origin", "carriers", "expected"),
    [
        (Role.REPOST, "b.example", "a.example", {"a.example", "b.example"}, True),
        (Role.SYNDICATED, "b.example", "Wire", {"b.example"}, True),
        (Role.REPOST, "a.example", "a.example", {"a.example", "b.example"}, False),
        (Role.UNKNOWN, "b.example", None, {"a.example", "b.example"}, True),
        (Role.UNKNOWN, "b.example", None, {"b.example"}, False),
        (Role.EXCERPT, "b.example", "a.example", {"a.example", "b.example"}, False),
        (Role.UPDATE, "b.example", "Wire", {"b.example", "c.example"}, False),
    ],
    ids=[
        "another's story", "alone, from an agency", "its own", "nobody knows whose", "alone, nobody's",
        "an excerpt", "a later version",
    ],
)  # fmt: skip
def test_what_is_a_copy(
    role: Role, name: str, origin: str | None, carriers: set[str], expected: bool
) -> None:
    assert is_copy(role, name, origin, carriers) is expected
