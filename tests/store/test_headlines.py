"""Under which headline a story is shown."""

from __future__ import annotations

import pytest

from dedupe.model import Role
from dedupe.store.headlines import Titled, headline

EARLY, LATE = "2024-02-05T08:00:00Z", "2024-02-06T08:00:00Z"
QUAY = Titled("quay", "Crack shuts the quay", Role.REPOST, EARLY)
CLOSED = Titled("closed", "Quay closed", Role.SYNDICATED, LATE)
AGAIN = Titled("again", "QUAY CLOSED", Role.REPOST, None)
UPDATE = Titled("update", "Quay open again", Role.UPDATE, EARLY)
UNTITLED = Titled("untitled", " ", Role.ORIGIN, EARLY)


@pytest.mark.parametrize(
    ("documents", "origin", "expected"),
    [
        ([QUAY, CLOSED], "closed", "closed"),
        ([QUAY, CLOSED, AGAIN], None, "closed"),
        ([AGAIN, CLOSED, QUAY], "untitled", "closed"),
        ([CLOSED, QUAY], None, "quay"),
        ([UPDATE, CLOSED], None, "closed"),
        ([UPDATE, UNTITLED], None, "update"),
        ([UNTITLED], "untitled", "anchor"),
    ],
    ids=[
        "the origin's", "the most common", "the origin has none", "the first of several",
        "no later version's",
        "a later version's where there is no other", "nobody has one",
    ],
)  # fmt: skip
def test_whose_headline_it_is(documents: list[Titled], origin: str | None, expected: str) -> None:
    assert headline(documents, origin, "anchor") == expected
