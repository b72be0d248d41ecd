"""A cluster -> its candidates for the origin, each with the signals that speak for and against it.

A candidate is every organisation that is named by a page and every outlet that has one. A signal is a
named amount; what it is worth is not decided here but in ``weights.toml``. Amounts of claims fall off:
within one outlet the second kind of claim counts a half, the third a quarter (a dateline and a byline
of one page are one editor's work), and so does each further outlet (``_PER_OUTLET``), so that several
outlets outweigh one and a thousand cannot run away.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dedupe.model import Agency, AttributionKind, Edge, OriginKind, Story
from dedupe.origin.claims import IN_PASSING, Claim, Registry
from dedupe.origin.direction import (
    Page,
    completeness,
    earliest_moments,
    firsts,
    headstarts,
    lengths,
    marks,
)
from dedupe.origin.hearing import Hearing, hear
from dedupe.origin.shares import Shares, shares_of

# The order in which one outlet's claims are counted, strongest first; also all the kinds there are.
CLAIM_KINDS = (
    "pixel",
    "republished",
    "canonical",
    "dateline",
    "sign_off",
    "credit",
    "byline",
    "publisher",
    "mixed_byline",
    "copyright",
    "free_name",
    "linked",
    "named",
    "told",
    "cited",
    "contributor",
)
_SELF = frozenset({"dateline", "sign_off", "credit", "told"})  # a byline or an address of its own is chrome
_OF_SIZE = frozenset({"complete", "longer"})
_PER_KIND = 0.5
_PER_OUTLET = 0.6
_CONTESTED = 0.5  # agencies relay each other: many clients of one of them outvote nobody
_MAX_OUTLETS = 8  # the ninth voice would count less than 0.02
_UNBACKED = 0.6  # of a page of its own, where nobody names the agency and others were as early


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing seen: ``amount`` times the weight of ``kind`` is what it adds, in log-odds."""

    kind: str
    amount: float
    document: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that may have written the copy; ``documents`` are its own pages, best first."""

    name: str
    kind: OriginKind
    documents: tuple[str, ...]
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A cluster as the signals see it. ``own`` are the pages of each organisation, best first."""

    known: Registry
    shares: Shares
    claims: Mapping[str, Sequence[Claim]]  # who speaks -> its claims, by document
    own: Mapping[str, Sequence[Page]]
    disclaimers: frozenset[str]  # documents that say "from a syndicated feed" and not whose


def candidates(
    stories: Sequence[Story], edges: Sequence[Edge], agencies: Sequence[Agency]
) -> list[Candidate]:
    """All candidates, by name. The order of the arguments' items does not matter."""
    return candidates_of(hear(stories, agencies), edges)


def candidates_of(hearing: Hearing, edges: Sequence[Edge]) -> list[Candidate]:
    """As :func:`candidates`, of stories that were read already."""
    scene = scene_of(hearing, edges)
    voices = _voices(scene)
    direction = _direction(scene, edges)
    backed = {name for name, amount in direction["first"].items() if amount > 0} | voices.keys()
    credited = _credited_agencies(scene, voices)
    share = _CONTESTED if len(credited) > 1 else 1.0
    return [
        Candidate(
            name,
            OriginKind.AGENCY if name in scene.known.agencies else OriginKind.OUTLET,
            tuple(page.id for page in scene.own.get(name, ())),
            (
                *_own_signals(name, scene, 1.0 if name in backed else _UNBACKED),
                *_claim_signals(voices.get(name, {}), scene.shares.voice, share),
                *_passing_signals(voices.get(name, {}), name in scene.own),
                *_relay_signals(name, scene.known, credited),
                *_direction_signals(name, scene, direction),
            ),
        )
        for name in sorted({*voices, *scene.own})
    ]


def scene_of(hearing: Hearing, edges: Sequence[Edge]) -> Scene:
    """The cluster whose pages were heard, with what its verified pairs say of each."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in (claim for testimony in hearing.testimonies for claim in testimony.claims):
        claims[claim.outlet].append(claim)
    stories = [testimony.story for testimony in hearing.testimonies]
    shares = shares_of([testimony.page for testimony in hearing.testimonies], edges)
    own = _own_pages(hearing, claims, shares)
    return Scene(hearing.known, shares, claims, own, _disclaimers(stories))


Voices = Mapping[str, Sequence[Claim]]  # outlet -> its claims for one organisation, strongest kind first


def _voices(scene: Scene) -> dict[str, Voices]:
    """Organisation -> outlet -> claims. What an organisation's own pages say of it is no claim of others."""
    grouped: dict[str, dict[str, dict[str, Claim]]] = defaultdict(lambda: defaultdict(dict))
    for outlet, claims in scene.claims.items():
        for claim in sorted(claims, key=lambda claim: -scene.shares.voice[claim.document]):
            if claim.name != outlet:
                grouped[claim.name][outlet].setdefault(claim.kind, claim)
    return {
        name: {
            outlet: sorted(kinds.values(), key=lambda claim: CLAIM_KINDS.index(claim.kind))
            for outlet, kinds in outlets.items()
        }
        for name, outlets in grouped.items()
    }


def _credited_agencies(scene: Scene, voices: Mapping[str, Voices]) -> Mapping[str, set[str]]:
    """The agencies that are credited with the text, by pages that mostly carry it: of which outlets."""
    credited: dict[str, set[str]] = defaultdict(set)
    for name in voices.keys() & scene.known.agencies.keys():
        for claim in (claim for claims in voices[name].values() for claim in claims):
            if claim.kind not in IN_PASSING and scene.shares.own[claim.document] >= 1:
                credited[name].add(claim.outlet)
    return credited


def _claim_signals(voices: Voices, voice_of: Mapping[str, float], share: float) -> list[Signal]:
    """What others say of an organisation, each claim at ``share`` of its amount."""
    ranked = sorted(
        voices.items(),
        key=lambda item: (CLAIM_KINDS.index(item[1][0].kind), -voice_of[item[1][0].document], item[0]),
    )
    return [
        Signal(claim.kind, share * _fade(place, turn) * voice_of[claim.document], claim.document, claim.text)
        for place, (_, claims) in enumerate(ranked[:_MAX_OUTLETS])
        for turn, claim in enumerate(claims)
    ]


def _passing_signals(voices: Voices, has_pages: bool) -> list[Signal]:
    """Cited or thanked and nothing else, an organisation that has no page here is not the author."""
    claims = [claim for said in voices.values() for claim in said]
    if has_pages or not claims or any(claim.kind not in IN_PASSING for claim in claims):
        return []
    return [Signal("in_passing", 1.0, min(c.document for c in claims), "nobody credits it for the text")]


def _relay_signals(name: str, known: Registry, credited: Mapping[str, set[str]]) -> list[Signal]:
    """An agency that hands on another's copy did not write what others credit that one with.

    Who credits both ("desk/SDA/AFP") says that both had a part in it.
    """
    agency = known.agencies.get(name)
    relayed = credited.keys() & set(agency.relays) if agency else set()
    others = sorted(other for other in relayed if credited[other] - credited.get(name, set()))
    return [Signal("relay", 1.0, None, f"hands on the copy of {others[0]}")] if others else []


def _fade(place: int, turn: int) -> float:
    """What the ``turn``-th claim of the ``place``-th outlet counts."""
    return float(_PER_OUTLET**place * _PER_KIND**turn)


def _own_signals(name: str, scene: Scene, backing: float) -> list[Signal]:
    """What follows from having a page in the cluster, and from whom that page names.

    A page of an agency counts by how much of the others' text it holds, times ``backing``.
    """
    is_agency = name in scene.known.agencies
    signals = [Signal("agency" if is_agency else "outlet", 1.0, None, f"{name} is one of the candidates")]
    own = scene.own.get(name, ())
    if not own:
        return signals
    if is_agency:
        amount = backing * scene.shares.bond[own[0].id]
        signals.append(Signal("own_site", amount, own[0].id, f"a page of {name} itself"))
    said = scene.claims.get(name, ())
    others = [claim for claim in said if _names_another(claim)]
    if others:
        first = min(others, key=lambda claim: (CLAIM_KINDS.index(claim.kind), claim.document))
        amount = scene.shares.own[first.document]
        signals.append(Signal("names_another", amount, first.document, f"names {first.name}: {first.text}"))
    elif selves := [claim for claim in said if claim.name == name and claim.kind in _SELF]:
        amount = scene.shares.bond[selves[0].document]
        signals.append(Signal("names_itself", amount, selves[0].document, selves[0].text))
    if disclaimed := [page.id for page in own if page.id in scene.disclaimers]:
        signals.append(Signal("disclaimer", 1.0, disclaimed[0], "says that it comes from a syndicated feed"))
    return signals


def _names_another(claim: Claim) -> bool:
    return claim.name != claim.outlet and claim.kind not in IN_PASSING


Direction = Mapping[str, Mapping[str, float]]  # signal -> outlet -> amount in -1..1

_SAYS = {
    "complete": "holds more of the others' text than they hold of its own",
    "longer": "the length of its text against the others'",
    "dated": "a dateline with a date",
    "desk": "a desk in the reporter's place",
    "faults": "errors of spacing, as in text that was pasted",
    "portal": "a site that carries others' stories",
    "first": "its time against the earliest other page",
    "headstart": "the time until another page followed",
}


def _direction(scene: Scene, edges: Sequence[Edge]) -> Direction:
    pages = sorted((page for own in scene.own.values() for page in own), key=lambda page: page.id)
    # Of a page that is mostly another text the time is another's too.
    earliest = earliest_moments([page for page in pages if page.id in scene.shares.main])
    return {
        "complete": completeness({page.id: page for page in pages}, edges),
        "longer": lengths(pages),
        "dated": marks(pages, "dated"),
        "desk": marks(pages, "desk"),
        "faults": marks(pages, "faults"),
        "portal": marks(pages, "portal"),
        "first": firsts(earliest),
        "headstart": headstarts(earliest),
    }


def _direction_signals(name: str, scene: Scene, direction: Direction) -> list[Signal]:
    """A page that is longer by other stories (a round-up) has not the more complete text of this one.

    For an agency, whose name alone makes it a likely author, its page speaks by how much of the others'
    text it holds.
    """
    is_agency = name in scene.known.agencies
    found = []
    for kind, amounts in direction.items():
        if amount := amounts.get(name):
            page = scene.own[name][0].id
            if amount > 0:
                amount *= scene.shares.own[page] if kind in _OF_SIZE else 1.0
                amount *= scene.shares.bond[page] if is_agency else 1.0
            found.append(Signal(kind, amount, page, _SAYS[kind]))
    return found


def _own_pages(
    hearing: Hearing, claims: Mapping[str, Sequence[Claim]], shares: Shares
) -> dict[str, list[Page]]:
    """Per organisation its pages, best first.

    Without another's name, mostly the cluster's text, on the agency's main site (the first of its
    domains), earliest, longest.
    """
    named = {claim.document for said in claims.values() for claim in said if _names_another(claim)}
    pages: dict[str, list[Page]] = defaultdict(list)
    for testimony in hearing.testimonies:
        pages[testimony.page.outlet].append(testimony.page)
    rank = partial(_rank, named, shares.main, hearing.known.sites)
    return {organisation: sorted(own, key=rank) for organisation, own in pages.items()}


def _rank(
    named: set[str], main: frozenset[str], sites: Mapping[str, int], page: Page
) -> tuple[bool, bool, int, float, int, str]:
    middle = math.inf if page.moment is None else page.moment.middle
    site = sites.get(page.site or "", 0)
    return page.id in named, page.id not in main, site, middle, -page.words, page.id


def _disclaimers(stories: Sequence[Story]) -> frozenset[str]:
    return frozenset(
        story.document.id
        for story in stories
        if any(a.kind is AttributionKind.DISCLAIMER and a.name is None for a in story.attributions)
    )
