"""Whose name stands over a copy: a byline swap is a person or desk of the copying outlet's own.

It takes a page that credits nobody and a name that is somebody's: "Agencies", "Staff and agencies" and
"Newsroom" say that nobody in particular wrote it.

A reporter's name over agency copy is no swap when the agency's own page, its sign-off ("Reporting by
…") or a byline that joins both ("Joe Penner, Associated Press") carries it too, or when two outlets
print it. An agency's name over the biography of somebody else is a swap, credit or not: the outlet put
its own editor in the reporter's place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dedupe.model import AttributionKind, Origin, Story
from dedupe.names import folded
from dedupe.origin.claims import Claim
from dedupe.origin.direction import is_house

_JOINTS = re.compile(r"\s*(?:[,/;&|]|\band\b|\bby\b|\bet\b|\bund\b|\by\b|\bи\b)\s*", re.IGNORECASE)
_WHERE = re.compile(r"(?<=\w) in \w.*")
_BYLINES = frozenset({"byline", "mixed_byline", "publisher"})
_COLLECTIVE = re.compile(
    r"\b(?:news )?agenc(?:y|ies|ia|ias|e|es)\b|\bagências?\b|\bagenzi[ae]\b|\bagentur(?:en)?\b|\bwires?\b"
    r"|\bstaff\b|\bteam\b|\bnewsroom\b|агент?ств|агенци|πρακτορεί|وكال(?:ات|ة)|ایجنسی",
    re.IGNORECASE,
)
_BIO = re.compile(
    r"^[ \t]*(?P<name>[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){1,3}) (?:is|was|has been) (?:an?|the|our|one of)\b"
)
_BIO_WITHIN = 400  # code points after the credit in which a biography begins


@dataclass(frozen=True, slots=True)
class Persons:
    """Names, folded, that are nobody's swap.

    ``origin`` is the organisation; ``of_origin`` are names its copy carries, ``shared`` names over two
    outlets' copies, ``sign_offs`` the text of all closing formulas.
    """

    origin: str | None
    of_origin: frozenset[str]
    shared: frozenset[str]
    sign_offs: str


def known_persons(stories: Iterable[Story], claims: Mapping[str, Sequence[Claim]], origin: Origin) -> Persons:
    """Whose names the copies of a story carry; ``claims`` by document."""
    of_origin: set[str] = set()
    outlets: dict[str, set[str]] = defaultdict(set)
    sign_offs = []
    for story in stories:
        document = story.document
        sign_offs += [a.text for a in story.attributions if a.kind is AttributionKind.SIGN_OFF]
        for name in names_in(document.byline):
            outlets[name].add(document.outlet or document.id)
            if document.id == origin.document or _bylined(claims[document.id], origin.name):
                of_origin.add(name)
    shared = frozenset(name for name, found in outlets.items() if len(found) > 1)
    return Persons(origin.name, frozenset(of_origin), shared, folded(" ".join(sign_offs)))


def is_swapped(story: Story, claims: Sequence[Claim], persons: Persons, *, credited: bool) -> bool:
    """Whether the copy stands under a name of the copying outlet's own."""
    if _bio_follows(story, persons.origin):
        return True
    byline = story.document.byline or ""
    names = names_in(byline)
    if credited or not names or _COLLECTIVE.search(byline) or _names_an_agency(claims):
        return False
    if is_house(byline, story.document.outlet) or len(byline.split()) == 1:
        return True
    return not any(_is_known(name, persons) for name in names)


@lru_cache(maxsize=256)  # asked twice of every page
def names_in(byline: str | None) -> tuple[str, ...]:
    """The persons of a byline, folded.

    >>> names_in("By A. Penner and B. Quill in Holm")
    ('a. penner', 'b. quill')
    """
    parts = (_WHERE.sub("", folded(piece)) for piece in _JOINTS.split(byline or ""))
    return tuple(part for part in parts if len(part) > 1)


def _bylined(claims: Sequence[Claim], name: str | None) -> bool:
    return any(claim.name == name and claim.kind in _BYLINES for claim in claims)


def _names_an_agency(claims: Sequence[Claim]) -> bool:
    return any(claim.kind in _BYLINES and claim.name != claim.outlet for claim in claims)


def _is_known(name: str, persons: Persons) -> bool:
    return name in persons.of_origin or name in persons.shared or name in persons.sign_offs


def _bio_follows(story: Story, origin: str | None) -> bool:
    """A biography right after a line that credits the origin: "Agency / Jane Roe is an editor …"."""
    text = story.document.text
    return any(
        _BIO.match(line) is not None
        for attribution in story.attributions
        if attribution.name == origin and attribution.end is not None and origin is not None
        for line in text[attribution.end : attribution.end + _BIO_WITHIN].split("\n")[:4]
    )
