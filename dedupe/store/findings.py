"""What a check has found: one finding is one kind of damage in one part of the file, however often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_EXAMPLES = 5


class Part(StrEnum):
    """What of an index is damaged, what it is made of first."""

    FILE = "file"
    SCHEMA = "schema"
    PARAMETERS = "parameters"
    DOCUMENTS = "documents"
    POSTINGS = "postings"
    FURNITURE = "furniture"
    PAIRS = "pairs"
    CLUSTERS = "clusters"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Finding:
    """``count`` things of ``part`` are ``what``; ``examples`` names the first of them.

    >>> print(Finding(Part.PAIRS, "a share is not between 0 and 1", 2, ("a1 b7", "b7 c2")))
    pairs: a share is not between 0 and 1 (2: a1 b7, b7 c2)
    """

    part: Part
    what: str
    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = ", …" if self.count > len(self.examples) else ""
        return f"{self.part}: {self.what} ({self.count:,}: {', '.join(self.examples)}{more})"


def finding(part: Part, what: str, places: Iterable[object]) -> Iterator[Finding]:
    """The finding that these places are ``what``; none where there are no places."""
    count = 0
    examples: list[str] = []
    for place in places:
        count += 1
        if count <= MOST_EXAMPLES:
            examples.append(str(place))
    if count:
        yield Finding(part, what, count, tuple(examples))
