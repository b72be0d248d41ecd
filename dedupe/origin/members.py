"""Cluster and Origin -> how each member came by the story, as reports show it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dedupe.config import load_agencies
from dedupe.model import (
    Agency,
    AttributionKind,
    Edge,
    EditKind,
    MemberOrigin,
    Origin,
    OriginKind,
    Relation,
    Role,
    Story,
)
from dedupe.names import folded
from dedupe.origin.claims import IN_PASSING, Claim, Registry
from dedupe.origin.direction import Page
from dedupe.origin.extent import share_within
from dedupe.origin.hearing import Hearing, hear
from dedupe.origin.lineage import is_one_page, is_version, parents, ties_by_member, time_key
from dedupe.origin.naming import SAID_TO
from dedupe.origin.persons import Persons, is_swapped, known_persons

_VERBATIM = 0.95  # resemblance
_COVERED = 0.9  # of the text by shared passages: the rest is a matter of wording
_MERGED = 0.5
# Who says that somebody contributed does credit, though not with all.
_NO_CREDIT = IN_PASSING - {"contributor"}
_CITED_WITHIN = 1 / 3  # of the page's text: a source that is named so early is a credit
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Cluster:
    """What every member is compared with."""

    origin: Origin
    known: Registry
    reference: str
    stories: Mapping[str, Story]
    pages: Mapping[str, Page]
    claims: Mapping[str, Sequence[Claim]]
    to_reference: Mapping[str, Edge]
    updates: frozenset[str]
    guests: frozenset[str]
    first_at_home: str | None  # of a story that one outlet alone carries and nobody else wrote
    copied: Mapping[str, float]
    persons: Persons
    start: int | None


def members(
    stories: Sequence[Story],
    edges: Sequence[Edge],
    origin: Origin,
    anchor: str,
    agencies: Sequence[Agency] | None = None,
) -> list[MemberOrigin]:
    """One entry per story, by id. ``agencies`` must be those of :func:`attribute`; None: the shipped ones.

    The reference that members are compared with is the origin document, else ``anchor``. A member
    that is neither tied to the reference nor the reference has no edit and no share.
    """
    return members_of(hear(stories, load_agencies() if agencies is None else agencies), edges, origin, anchor)


def members_of(
    hearing: Hearing,
    edges: Sequence[Edge],
    origin: Origin,
    anchor: str,
    guests: frozenset[str] = frozenset(),
) -> list[MemberOrigin]:
    """As :func:`members`, of stories that were read already; ``guests`` are the cluster's excerpts."""
    cluster = _gather(hearing, edges, origin, anchor, guests)
    taken_from = parents(cluster.pages, ties_by_member(edges), cluster.claims, origin.document)
    return [_member(cluster, id_, taken_from[id_]) for id_ in sorted(cluster.stories)]


def is_credited(claims: Sequence[Claim], story: Story, origin: Origin, known: Registry) -> bool:
    """A page credits when it names the origin or an agency that hands on its copy, links to a source, or
    says that it is syndicated.

    "The agency reported" in the first third of the text names it; "told the agency" does not, which is
    what a copy keeps of the agency's own wording. Where the origin is unknown any organisation that is
    credited counts.
    """
    if any(attribution.kind is AttributionKind.DISCLAIMER for attribution in story.attributions):
        return True
    given = [claim for claim in claims if claim.kind not in _NO_CREDIT and claim.name != claim.outlet]
    links = {"republished", "canonical", "pixel"}
    early = len(story.document.text) * _CITED_WITHIN
    cited = [c for c in claims if _is_source(c) and c.begin is not None and c.begin < early]
    return any(claim.name == origin.name for claim in cited) or any(
        origin.name in (None, claim.name, *_relayed(claim.name, known)) or claim.kind in links
        for claim in given
    )


def _relayed(name: str, known: Registry) -> tuple[str, ...]:
    """The agencies whose copy an organisation hands on."""
    agency = known.agencies.get(name)
    return agency.relays if agency else ()


def _is_source(claim: Claim) -> bool:
    return claim.kind == "cited" or (claim.kind == "named" and SAID_TO.match(claim.text) is None)


def _gather(
    hearing: Hearing, edges: Sequence[Edge], origin: Origin, anchor: str, guests: frozenset[str]
) -> _Cluster:
    by_id = {testimony.page.id: testimony for testimony in hearing.testimonies}
    stories = {id_: testimony.story for id_, testimony in by_id.items()}
    pages = {id_: testimony.page for id_, testimony in by_id.items()}
    claims = {id_: testimony.claims for id_, testimony in by_id.items()}
    reference = anchor if origin.document is None else origin.document
    to_reference = {edge.other(reference): edge for edge in edges if reference in (edge.a, edge.b)}
    copied = _copied(pages, edges)
    hosts = [page for id_, page in pages.items() if id_ not in guests]
    at_home = _at_home(hosts, copied) if len(pages) > 1 else []
    unclaimed = at_home and origin.document is None and origin.name in (None, at_home[0].outlet)
    disowned = any(_is_disowned(stories[page.id], claims[page.id]) for page in at_home)
    return _Cluster(
        origin,
        hearing.known,
        reference,
        stories,
        pages,
        claims,
        to_reference,
        _updates(pages, edges) | {page.id for page in at_home[1:]},
        guests,
        at_home[0].id if unclaimed and not disowned else None,
        copied,
        known_persons(stories.values(), claims, origin),
        _start([page for page in hosts if copied[page.id] >= _HALF], pages, origin),
    )


def _is_disowned(story: Story, claims: Sequence[Claim]) -> bool:
    """Whether a page credits somebody else with its text, or a feed; "material from" is no such credit."""
    syndicated = any(attribution.kind is AttributionKind.DISCLAIMER for attribution in story.attributions)
    return syndicated or any(c.kind not in IN_PASSING and c.name != c.outlet for c in claims)


def _member(cluster: _Cluster, id_: str, parent: str | None) -> MemberOrigin:
    story = cluster.stories[id_]
    credited = is_credited(cluster.claims[id_], story, cluster.origin, cluster.known)
    edge = cluster.to_reference.get(id_)
    role = _role(cluster, id_, credited)
    return MemberOrigin(
        id=id_,
        role=role,
        credited=credited,
        byline_swap=_may_be_swapped(cluster, id_, role)
        and is_swapped(story, cluster.claims[id_], cluster.persons, credited=credited),
        headline_changed=_headline_changed(cluster, story),
        edit=None if edge is None or id_ == cluster.reference else _edit(cluster, edge),
        share_kept=1.0 if id_ == cluster.reference else None if edge is None else _kept(edge, id_),
        delay=_delay(cluster, id_),
        parent=parent,
    )


def _role(cluster: _Cluster, id_: str, credited: bool) -> Role:
    """The least accusing role that is true.

    Of a story that one outlet alone carries the first page is its origin, unless somebody else is known
    to be or one of its pages credits somebody, and the others are updates. An excerpt is a page that
    stands in the reference for the most part; a longer one that holds the reference is a copy, or a guest.
    A page that is mostly another text and credits somebody else with it holds an excerpt: two agencies'
    reports share what both were told. Where nobody knows who wrote the story, a page that credits nobody
    may be the original, also a later one: times do not tell.
    """
    if id_ in cluster.guests:
        return Role.EXCERPT
    if id_ == cluster.origin.document or id_ == cluster.first_at_home:
        return Role.ORIGIN
    if id_ in cluster.updates or (cluster.origin.document is not None and not _is_foreign(cluster, id_)):
        return Role.UPDATE
    edge = cluster.to_reference.get(id_)
    if edge is not None and edge.relation is Relation.EXCERPT and edge.containment_of(id_) > _kept(edge, id_):
        return Role.EXCERPT
    if credited:
        return Role.SYNDICATED
    if edge is not None and cluster.copied[id_] < _HALF and _credits_another(cluster, id_):
        return Role.EXCERPT
    return Role.UNKNOWN if cluster.origin.kind is OriginKind.UNKNOWN else Role.REPOST


def _may_be_swapped(cluster: _Cluster, id_: str, role: Role) -> bool:
    """Of a copy that is mostly this story and names no other author, the byline says who claims it."""
    is_copy = role.is_copy and _is_foreign(cluster, id_) and cluster.copied[id_] >= _HALF
    return is_copy and not _credits_another(cluster, id_)


def _credits_another(cluster: _Cluster, id_: str) -> bool:
    """Whether a page names somebody who is not the origin, nor itself, as the author of its text."""
    names = {claim.name for claim in cluster.claims[id_] if claim.kind not in IN_PASSING | {"free_name"}}
    return bool(names - {cluster.origin.name, cluster.pages[id_].outlet})


def _is_foreign(cluster: _Cluster, id_: str) -> bool:
    """Not a page of the origin itself; no page is foreign to an unknown origin."""
    known = cluster.origin.kind is not OriginKind.UNKNOWN
    return known and cluster.pages[id_].outlet != cluster.origin.name


def _updates(pages: Mapping[str, Page], edges: Sequence[Edge]) -> frozenset[str]:
    """The later document of every two versions by one outlet, and of one page that was read twice."""
    later = set()
    for edge in edges:
        pair = [pages[id_] for id_ in (edge.a, edge.b) if id_ in pages]
        if len(pair) < 2 or not edge.relation.is_reuse or pair[0].outlet != pair[1].outlet:
            continue
        if is_version(edge) or is_one_page(*pair):
            later.add(max(pair, key=time_key).id)
    return frozenset(later)


def _at_home(pages: Sequence[Page], copied: Mapping[str, float]) -> list[Page]:
    """The pages of a story that one outlet alone carries; none where it is not alone.

    In time, but first those that are mostly the story: an earlier page may share its background alone.
    """
    if len({page.outlet for page in pages}) != 1:
        return []
    return sorted(pages, key=lambda page: (copied[page.id] < _HALF, time_key(page)))


def _copied(pages: Mapping[str, Page], edges: Sequence[Edge]) -> dict[str, float]:
    """Per document, the most of its text that one page of another outlet holds, or one page at all.

    1 for a document that is alone.
    """
    elsewhere: dict[str, float] = {}
    anywhere: dict[str, float] = {}
    for edge in edges:
        if not edge.relation.is_reuse or edge.a not in pages or edge.b not in pages:
            continue
        for id_, share in ((edge.a, edge.containment_of_a), (edge.b, edge.containment_of_b)):
            anywhere[id_] = max(share, anywhere.get(id_, 0.0))
            if pages[edge.a].outlet != pages[edge.b].outlet:
                elsewhere[id_] = max(share, elsewhere.get(id_, 0.0))
    alone = 1.0 if len(pages) == 1 else 0.0
    return {id_: elsewhere.get(id_, anywhere.get(id_, alone)) for id_ in pages}


def _start(carriers: Sequence[Page], pages: Mapping[str, Page], origin: Origin) -> int | None:
    if origin.document is not None:
        moment = pages[origin.document].moment if origin.document in pages else None
        return None if moment is None else moment.exact
    exact = [p.moment.exact for p in carriers if p.moment is not None and p.moment.exact is not None]
    return min(exact, default=None)


def _delay(cluster: _Cluster, id_: str) -> int | None:
    """None as well for a page that shares less than half: its time is not that of this story.

    One that holds half of the story and is mostly another text may have begun as that: it has no lead.
    """
    moment, edge = cluster.pages[id_].moment, cluster.to_reference.get(id_)
    if cluster.start is None or moment is None or moment.exact is None:
        return None
    delay = moment.exact - cluster.start
    if id_ == cluster.origin.document:
        return delay
    share = 0.0 if edge is None else edge.containment_of(id_)
    held = cluster.copied[id_] if edge is None or id_ == cluster.reference else _kept(edge, id_)
    return delay if share >= _HALF or (held >= _HALF and delay >= 0) else None


def _kept(edge: Edge, id_: str) -> float:
    """Of the other one's text, what a page holds."""
    return edge.containment_of(edge.other(id_))


def _edit(cluster: _Cluster, edge: Edge) -> EditKind:
    """What was done, by how much of both texts the shared passages cover.

    Passages run over small edits, shingles do not: covered texts that differ in shingles were
    reworded throughout.
    """
    if edge.resemblance >= _VERBATIM:
        return EditKind.VERBATIM
    copy_is_b = edge.a == cluster.reference
    reference = share_within(cluster.stories[edge.a].text, [p.a for p in edge.passages])
    copy = share_within(cluster.stories[edge.b].text, [p.b for p in edge.passages])
    if not copy_is_b:
        reference, copy = copy, reference
    if copy < _MERGED:
        return EditKind.MERGED
    if min(copy, reference) >= _COVERED:
        return EditKind.LOCALISED
    return EditKind.EXTENDED if copy < reference else EditKind.TRIMMED


def _headline_changed(cluster: _Cluster, story: Story) -> bool | None:
    """Against the origin's own; None where that was not crawled: another copy's may have been changed too."""
    if cluster.origin.document not in cluster.stories:
        return None
    mine, theirs = story.document.title, cluster.stories[cluster.reference].document.title
    if not mine or not theirs:
        return None
    return not _same_headline(mine, theirs)


def _same_headline(a: str, b: str) -> bool:
    """Equal but for case, punctuation and a site's name at the end ("Headline | The Site")."""
    return a == b or not _headlines(a).isdisjoint(_headlines(b))


@lru_cache(maxsize=256)  # copies share their titles, and all are compared with one
def _headlines(title: str) -> frozenset[tuple[str, ...]]:
    """The words of a title, with and without what follows its last bar or dash."""
    without_site = re.split(r"\s[|–—-]\s(?!.*\s[|–—-]\s)", title)[0]
    return frozenset(tuple(re.findall(r"\w+", folded(part))) for part in (title, without_site))
