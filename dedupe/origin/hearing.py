"""A cluster's stories, each read once: what its page shows and whom it names.

Origins and members ask the same of every page, and reading it is most of the work.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dedupe.model import Agency, Story
from dedupe.origin.claims import Claim, Registry, claims_of, outlet_of, registry
from dedupe.origin.direction import Page, page_of


@dataclass(frozen=True, slots=True)
class Testimony:
    """One story with what its page shows and claims."""

    story: Story
    page: Page
    claims: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class Hearing:
    """A cluster's testimonies, by document id; ``known`` resolves the names in them."""

    known: Registry
    testimonies: Sequence[Testimony]


def hear(stories: Sequence[Story], agencies: Sequence[Agency]) -> Hearing:
    """The order of ``stories`` does not matter."""
    known = registry(stories, agencies)
    return Hearing(
        known,
        [
            Testimony(story, page_of(story, known.organisation(outlet_of(story))), claims_of(story, known))
            for story in sorted(stories, key=lambda story: story.document.id)
        ],
    )


def hear_only(hearing: Hearing, ids: Collection[str], agencies: Sequence[Agency]) -> Hearing:
    """As :func:`hear` of some of the stories alone, for whom the outlets of the others are nobody."""
    kept = [testimony for testimony in hearing.testimonies if testimony.story.document.id in ids]
    known = registry([testimony.story for testimony in kept], agencies)
    if known.domains != hearing.known.domains:
        kept = [replace(testimony, claims=claims_of(testimony.story, known)) for testimony in kept]
    return Hearing(known, kept)
