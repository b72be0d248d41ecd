"""Which member each copy was likely taken from; most are taken from the origin directly.

Two copies of one wire story agree because both agree with the wire. A document is put under another
member only on a positive sign: it names that member's outlet; it is the same outlet's later version;
or it credits nobody and shares with that earlier member more text than with the origin (an added
paragraph passed on), or, where the origin was not crawled, one edited text that nobody else has. Of
several it is the one that holds most of the document, and at least _MIN_TAKEN of it. The sender must
rank before the receiver in time, so the result is a forest.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedupe.model import Edge, Relation, Span, story_numbers
from dedupe.origin.claims import IN_PASSING, Claim
from dedupe.origin.direction import Page

_VERSIONS = frozenset({Relation.UPDATE, Relation.EDITED, Relation.IDENTICAL})
_SAME = 0.995  # resemblance of one page that was crawled twice
_MIN_TAKEN = 0.3  # of the receiver's shingles: less was not taken from there as a whole
_EXTRA_CHARS = 80  # about a sentence that the sender has and the origin has not
_GAIN = 0.15  # of the receiver's shingles, over the next best, where the origin is not at hand
_SAME_TEXT = 0.85  # containment both ways of two copies of one edited version


@dataclass(frozen=True, slots=True)
class Tie:
    """One verified pair from the receiver's side: how much of it the other holds, and the reverse."""

    other: str
    relation: Relation
    contained: float
    holds: float
    edge: Edge

    @property
    def spans(self) -> list[Span]:
        """The passages, by their place in the receiver."""
        return [p.a if self.other == self.edge.b else p.b for p in self.edge.passages]


def ties_by_member(edges: Sequence[Edge]) -> dict[str, list[Tie]]:
    """Each member's reuse edges seen from its side, by the other's id."""
    ties: dict[str, list[Tie]] = defaultdict(list)
    for edge in edges:
        if edge.relation.is_reuse:
            of_a, of_b = edge.containment_of_a, edge.containment_of_b
            ties[edge.a].append(Tie(edge.b, edge.relation, of_a, of_b, edge))
            ties[edge.b].append(Tie(edge.a, edge.relation, of_b, of_a, edge))
    return {id_: sorted(found, key=lambda tie: tie.other) for id_, found in ties.items()}


def is_version(edge: Edge) -> bool:
    """Whether two pages of one outlet are versions of a story: one text, and not the same to the word."""
    return edge.relation is Relation.UPDATE or (edge.relation in _VERSIONS and edge.resemblance < _SAME)


def is_one_page(a: Page, b: Page) -> bool:
    """Whether two addresses lead to one page: they differ in their query alone, or in the words around the
    story's number.
    """
    if a.outlet != b.outlet or a.url is None or b.url is None:
        return False
    (host, path), (other_host, other_path) = _address(a.url), _address(b.url)
    same = bool(path) and (host, path) == (other_host, other_path)
    return same or not story_numbers(path).isdisjoint(story_numbers(other_path))


def _address(url: str) -> tuple[str, str]:
    """Host and path.

    >>> _address("https://daily.example/harbour/quay/?from=feed#top")
    ('daily.example', 'harbour/quay')
    """
    host, _, path = re.split(r"[?#]", url, maxsplit=1)[0].rpartition("://")[2].partition("/")
    return host.lower().removeprefix("www."), path.rstrip("/")


def parents(
    pages: Mapping[str, Page],
    ties: Mapping[str, Sequence[Tie]],
    claims: Mapping[str, Sequence[Claim]],
    origin: str | None,
) -> dict[str, str | None]:
    """Document -> the member it was likely taken from, None for the origin. ``claims`` by document."""
    order = _order(pages, origin)
    found: dict[str, str | None] = {}
    for id_ in sorted(pages, key=order.__getitem__):
        earlier = [tie for tie in ties.get(id_, ()) if tie.other in pages and order[tie.other] < order[id_]]
        found[id_] = None if id_ == origin else _parent(pages, id_, earlier, claims.get(id_, ()), origin)
    return found


def _order(pages: Mapping[str, Page], origin: str | None) -> dict[str, int]:
    """A total order in which nobody comes before the one it copied from: the origin, then by time."""
    ordered = sorted(pages.values(), key=lambda page: (page.id != origin, time_key(page)))
    return {page.id: place for place, page in enumerate(ordered)}


def time_key(page: Page) -> tuple[float, int, str]:
    """Earlier pages first; where the time does not tell, the shorter, since a story grows."""
    return math.inf if page.moment is None else page.moment.middle, page.words, page.id


def _parent(
    pages: Mapping[str, Page], id_: str, earlier: Sequence[Tie], claims: Sequence[Claim], origin: str | None
) -> str | None:
    named = {claim.name for claim in claims if claim.kind not in IN_PASSING and claim.name != claim.outlet}
    outlet = pages[id_].outlet
    sources = [tie for tie in earlier if pages[tie.other].outlet in named]
    versions = [tie for tie in earlier if tie.relation in _VERSIONS and pages[tie.other].outlet == outlet]
    for best in (_best(sources, origin), _best(versions, origin)):
        if best is not None:
            return None if best.other == origin else best.other
    if named:
        return None  # it says where it comes from, and that is no member
    return _by_shared_text(earlier, origin)


def _best(ties: Sequence[Tie], origin: str | None) -> Tie | None:
    """The tie to whoever holds most of the receiver; of equals to the origin, then the first by id."""
    enough = [tie for tie in ties if tie.contained >= _MIN_TAKEN]
    return max(enough, key=lambda tie: (tie.contained, tie.other == origin), default=None)


def _by_shared_text(earlier: Sequence[Tie], origin: str | None) -> str | None:
    rest = [tie for tie in earlier if tie.other != origin]
    best = _best(rest, origin)
    if best is None:
        return None
    direct = next((tie for tie in earlier if tie.other == origin), None)
    if direct is not None:
        more = best.contained > direct.contained
        return best.other if more and _extra(best.spans, direct.spans) >= _EXTRA_CHARS else None
    if origin is not None:
        return best.other  # no tie to the origin at all: it came through somebody
    second = max((tie.contained for tie in rest if tie.other != best.other), default=None)
    alone = second is not None and best.contained - second >= _GAIN
    return best.other if alone and min(best.contained, best.holds) >= _SAME_TEXT else None


def _extra(mine: Sequence[Span], theirs: Sequence[Span]) -> int:
    """Characters covered by ``mine`` and not by ``theirs``.

    >>> _extra([(0, 10), (20, 30)], [(5, 25)])
    10
    """
    return covered([*mine, *theirs]) - covered(theirs)


def covered(spans: Sequence[Span]) -> int:
    """Characters in the union of the spans."""
    total = reached = 0
    for begin, end in sorted(spans):
        total += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return total
