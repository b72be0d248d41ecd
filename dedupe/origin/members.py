"""Cluster and Origin -> how each member came by the story, as reports show it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from dedupe.origin.claims import Claim, fold
from dedupe.origin.direction import Page
from dedupe.origin.hearing import Hearing, hear
from dedupe.origin.lineage import covered, is_version, parents, ties_by_member, time_key
from dedupe.origin.persons import Persons, is_swapped, known_persons

_VERBATIM = 0.95  # resemblance
_COVERED = 0.9  # of the text by shared passages: the rest is a matter of wording
_MERGED = 0.5
_NO_CREDIT = frozenset({"cited", "told", "linked"})


@dataclass(frozen=True, slots=True)
class _Cluster:
    """What every member is compared with."""

    origin: Origin
    reference: str
    stories: Mapping[str, Story]
    pages: Mapping[str, Page]
    claims: Mapping[str, Sequence[Claim]]
    to_reference: Mapping[str, Edge]
    updates: frozenset[str]
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


def members_of(hearing: Hearing, edges: Sequence[Edge], origin: Origin, anchor: str) -> list[MemberOrigin]:
    """As :func:`members`, of stories that were read already."""
    cluster = _gather(hearing, edges, origin, anchor)
    taken_from = parents(cluster.pages, ties_by_member(edges), cluster.claims, origin.document)
    return [_member(cluster, id_, taken_from[id_]) for id_ in sorted(cluster.stories)]


def is_credited(claims: Sequence[Claim], story: Story, origin: Origin) -> bool:
    """A page credits when it names the origin, links to a source, or says that it is syndicated.

    Where the origin is unknown any organisation it names counts.
    """
    if any(attribution.kind is AttributionKind.DISCLAIMER for attribution in story.attributions):
        return True
    given = [claim for claim in claims if claim.kind not in _NO_CREDIT and claim.name != claim.outlet]
    links = {"republished", "canonical", "pixel"}
    return any(origin.name in (None, claim.name) or claim.kind in links for claim in given)


def _gather(hearing: Hearing, edges: Sequence[Edge], origin: Origin, anchor: str) -> _Cluster:
    by_id = {witness.page.id: witness for witness in hearing.witnesses}
    stories = {id_: witness.story for id_, witness in by_id.items()}
    pages = {id_: witness.page for id_, witness in by_id.items()}
    claims = {id_: witness.claims for id_, witness in by_id.items()}
    reference = anchor if origin.document is None else origin.document
    return _Cluster(
        origin,
        reference,
        stories,
        pages,
        claims,
        {edge.b if edge.a == reference else edge.a: edge for edge in edges if reference in (edge.a, edge.b)},
        _updates(pages, edges),
        known_persons(stories.values(), claims, origin),
        _start(pages, origin),
    )


def _member(cluster: _Cluster, id_: str, parent: str | None) -> MemberOrigin:
    story = cluster.stories[id_]
    credited = is_credited(cluster.claims[id_], story, cluster.origin)
    edge = cluster.to_reference.get(id_)
    return MemberOrigin(
        id=id_,
        role=_role(cluster, id_, credited),
        credited=credited,
        byline_swap=_is_foreign(cluster, id_) and is_swapped(story, cluster.claims[id_], cluster.persons),
        headline_changed=_headline_changed(cluster, story),
        edit=None if edge is None or id_ == cluster.reference else _edit(cluster, edge),
        share_kept=1.0 if id_ == cluster.reference else _share_kept(edge, id_),
        delay=_delay(cluster, id_),
        parent=parent,
    )


def _role(cluster: _Cluster, id_: str, credited: bool) -> Role:
    if id_ == cluster.origin.document:
        return Role.ORIGIN
    if id_ in cluster.updates or (cluster.origin.document is not None and not _is_foreign(cluster, id_)):
        return Role.UPDATE
    edge = cluster.to_reference.get(id_)
    if edge is not None and edge.relation is Relation.EXCERPT:
        return Role.EXCERPT
    return Role.SYNDICATED if credited else Role.REPOST


def _is_foreign(cluster: _Cluster, id_: str) -> bool:
    """Not a page of the origin itself; no page is foreign to an unknown origin."""
    known = cluster.origin.kind is not OriginKind.UNKNOWN
    return known and cluster.pages[id_].outlet != cluster.origin.name


def _updates(pages: Mapping[str, Page], edges: Sequence[Edge]) -> frozenset[str]:
    """The later document of every two versions by one outlet."""
    later = set()
    for edge in edges:
        pair = [pages[id_] for id_ in (edge.a, edge.b) if id_ in pages]
        if len(pair) == 2 and pair[0].outlet == pair[1].outlet and is_version(edge):
            later.add(max(pair, key=time_key).id)
    return frozenset(later)


def _start(pages: Mapping[str, Page], origin: Origin) -> int | None:
    if origin.document is not None:
        moment = pages[origin.document].moment if origin.document in pages else None
        return None if moment is None else moment.exact
    exact = [p.moment.exact for p in pages.values() if p.moment is not None and p.moment.exact is not None]
    return min(exact, default=None)


def _delay(cluster: _Cluster, id_: str) -> int | None:
    moment = cluster.pages[id_].moment
    if cluster.start is None or moment is None or moment.exact is None:
        return None
    return moment.exact - cluster.start


def _share_kept(edge: Edge | None, id_: str) -> float | None:
    if edge is None:
        return None
    return edge.containment_of_a if edge.b == id_ else edge.containment_of_b


def _edit(cluster: _Cluster, edge: Edge) -> EditKind:
    """What was done, by how much of both texts the shared passages cover.

    Passages run over small edits, shingles do not: covered texts that differ in shingles were
    reworded throughout.
    """
    if edge.resemblance >= _VERBATIM:
        return EditKind.VERBATIM
    copy_is_b = edge.a == cluster.reference
    reference = _coverage(cluster.stories[edge.a], [p.a for p in edge.passages])
    copy = _coverage(cluster.stories[edge.b], [p.b for p in edge.passages])
    if not copy_is_b:
        reference, copy = copy, reference
    if copy < _MERGED:
        return EditKind.MERGED
    if min(copy, reference) >= _COVERED:
        return EditKind.LOCALISED
    return EditKind.EXTENDED if copy < reference else EditKind.TRIMMED


def _coverage(story: Story, spans: Sequence[tuple[int, int]]) -> float:
    """The share of the story's extent (blanked parts left out) that lies in the spans."""
    words = [match.span() for match in re.finditer(r"\S+(?: \S+)*", story.text)]
    size = covered(words)
    outside = covered([*words, *spans]) - covered(spans)
    return 1 - outside / size if size else 0.0


def _headline_changed(cluster: _Cluster, story: Story) -> bool | None:
    mine, theirs = story.document.title, cluster.stories[cluster.reference].document.title
    if not mine or not theirs:
        return None
    return not _same_headline(mine, theirs)


def _same_headline(a: str, b: str) -> bool:
    """Equal but for case, punctuation and a site's name at the end ("Headline | The Site")."""
    return a == b or not _headlines(a).isdisjoint(_headlines(b))


def _headlines(title: str) -> set[tuple[str, ...]]:
    """The words of a title, with and without what follows its last bar or dash."""
    without_site = re.split(r"\s[|–—-]\s(?!.*\s[|–—-]\s)", title)[0]
    return {tuple(re.findall(r"\w+", fold(part))) for part in (title, without_site)}
