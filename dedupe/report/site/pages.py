"""What stands on each page, as data; the templates only loop over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedupe.model import Agency, Evidence, OriginKind
from dedupe.report.data import ClusterRow, DocumentRow, OutletRow, Totals
from dedupe.report.site.charts import Chart, delays, timeline
from dedupe.report.site.flow import Picture, picture
from dedupe.report.site.lineage import Tree, tree
from dedupe.report.site.listing import ListRow
from dedupe.report.site.names import entity_path
from dedupe.report.site.spread import Spread, spread_of
from dedupe.report.site.tally import (
    Credit,
    OutletTally,
    Source,
    Tally,
    credit_of,
    source_of,
)
from dedupe.store.copies import Copies

TOP = 8
PARTNERS = 25
SHOWN = 30
FIRST_PAGE = 25
_FAST_FROM = 4  # outlets with a time of day, below which a pace says little


@dataclass(frozen=True, slots=True)
class Overview:
    tally: Tally
    totals: Totals
    copies: int
    outlets: int
    agencies: int
    timeline: Chart | None
    undated: int  # copies that the timeline cannot show
    delays: Chart | None
    flows: Picture | None
    largest: Sequence[ListRow]
    fastest: Sequence[ListRow]
    languages: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Stories:
    rows: Sequence[ListRow]
    total: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence; ``width`` is the bar's, in per cent of the strongest."""

    evidence: Evidence
    width: float
    number: int | None  # of the document it stands in


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One document; ``taken_from`` is a label, ``number`` its place in the story's data file.

    ``credit`` is None for what is no copy."""

    document: DocumentRow
    number: int
    taken_from: str | None
    is_anchor: bool
    credit: Credit | None


@dataclass(frozen=True, slots=True)
class Story:
    cluster: ClusterRow
    anchor: DocumentRow
    headline: DocumentRow
    source: Source | None
    source_path: str | None
    outlets: int
    copies: int
    uncredited: int
    swaps: int
    headlines: int
    reasons: Sequence[Reason]
    members: Sequence[MemberLine]
    tree: Tree
    spread: Spread


@dataclass(frozen=True, slots=True)
class Partner:
    """One line of a table of sources or of takers."""

    name: str
    path: str | None
    kind: OriginKind
    flow: Copies


@dataclass(frozen=True, slots=True)
class Outlet:
    """``documents`` is None where the index does not say how many there are in all."""

    name: str
    path: str
    documents: int | None
    tally: OutletTally
    originals: int
    sources: Sequence[Partner]
    takers: Sequence[Partner]
    taken: Copies
    stories: Sequence[ListRow]


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """``agency`` is None for a name that is not in the list of agencies."""

    name: str
    path: str
    agency: Agency | None
    stories_count: int
    outlets: int
    takers: Sequence[Partner]
    taken: Copies
    stories: Sequence[ListRow]


def overview(tally: Tally, rows: Sequence[ListRow], totals: Totals) -> Overview:
    fast = [row for row in rows if row.reach >= _FAST_FROM]
    timed = bool(tally.all_copies.delays)
    return Overview(
        tally=tally,
        totals=totals,
        copies=tally.all_copies.count,
        outlets=len(tally.outlets),
        agencies=sum(source.kind is OriginKind.AGENCY for source in tally.origins),
        timeline=timeline(tally.hours),
        undated=tally.all_copies.count - sum(hours.total() for hours in tally.hours.values()),
        delays=delays(tally.delays) if timed else None,
        flows=picture(tally.flows),
        largest=rows[:TOP],
        fastest=sorted(fast, key=lambda row: (-row.pace, row.cluster_id))[:TOP],
        languages=tally.languages.most_common(12),
    )


def story(cluster: ClusterRow) -> Story:
    anchor = next((d for d in cluster.documents if d.id == cluster.anchor), cluster.documents[0])
    copies = [document for document in cluster.documents if document.role.is_copy]
    return Story(
        cluster=cluster,
        anchor=anchor,
        headline=cluster.headline,
        source=source_of(cluster),
        source_path=_source_path(cluster),
        outlets=len({d.outlet for d in cluster.documents if d.outlet is not None}),
        copies=len(copies),
        uncredited=sum(credit_of(cluster, copy) is Credit.NONE for copy in copies),
        swaps=sum(document.byline_swap for document in cluster.documents),
        headlines=sum(bool(document.headline_changed) for document in cluster.documents),
        reasons=_reasons(cluster),
        members=_members(cluster, anchor),
        tree=tree(cluster),
        spread=spread_of(cluster),
    )


def _source_path(cluster: ClusterRow) -> str | None:
    """An agency always has a page; an outlet has one if it is in a story."""
    source = source_of(cluster)
    if source is None:
        return None
    if source.kind is OriginKind.AGENCY:
        return entity_path("agency", source.name)
    known = source.name in {document.outlet for document in cluster.documents}
    return entity_path("outlet", source.name) if known else None


def _reasons(cluster: ClusterRow) -> list[Reason]:
    numbers = {document.id: i for i, document in enumerate(cluster.documents)}
    strongest = max((abs(reason.weight) for reason in cluster.origin.evidence), default=0) or 1
    return [
        Reason(reason, round(100 * abs(reason.weight) / strongest, 1), numbers.get(reason.document or ""))
        for reason in cluster.origin.evidence
    ]


def _members(cluster: ClusterRow, anchor: DocumentRow) -> list[MemberLine]:
    labels = {document.id: document.outlet or document.id for document in cluster.documents}
    source = source_of(cluster)

    def taken_from(document: DocumentRow) -> str | None:
        if document.parent is not None:
            return labels.get(document.parent)
        return source.name if source is not None and document.role.is_copy else None

    numbered = enumerate(cluster.documents)
    lines = [MemberLine(d, i, taken_from(d), d.id == anchor.id, _credit(cluster, d)) for i, d in numbered]
    return sorted(lines, key=lambda line: (line.document.published_at or "~", line.document.id))


def _credit(cluster: ClusterRow, document: DocumentRow) -> Credit | None:
    return credit_of(cluster, document) if document.role.is_copy else None


def outlet_pages(tally: Tally, rows: Iterable[ListRow], known: Iterable[OutletRow]) -> Iterable[Outlet]:
    """A page for each outlet that is in a story, those in most stories first."""
    documents = {outlet.name: outlet.documents for outlet in known}
    stories = _first_rows((outlet, row) for row in rows for outlet in row.outlets)
    sources, takers = _partners(tally)
    for name, counted in sorted(tally.outlets.items(), key=lambda item: (-item[1].stories, item[0])):
        mine = takers.get(Source(name, OriginKind.OUTLET), [])
        yield Outlet(
            name=name,
            path=entity_path("outlet", name),
            documents=documents.get(name),
            tally=counted,
            originals=tally.origins[Source(name, OriginKind.OUTLET)],
            sources=sources.get(name, [])[:PARTNERS],
            takers=mine[:PARTNERS],
            taken=tally.taken.get(Source(name, OriginKind.OUTLET), Copies()),
            stories=stories.get(name, []),
        )


def agency_pages(tally: Tally, rows: Iterable[ListRow], known: Iterable[Agency]) -> Iterable[AgencyPage]:
    """A page for each agency that is the origin of a story, those with most stories first."""
    agencies = {agency.name: agency for agency in known}
    stories = _first_rows((row.origin, row) for row in rows if row.origin_kind is OriginKind.AGENCY)
    _, takers = _partners(tally)
    named = [(source, count) for source, count in tally.origins.items() if source.kind is OriginKind.AGENCY]
    for source, count in sorted(named, key=lambda item: (-item[1], item[0].name)):
        mine = takers.get(source, [])
        yield AgencyPage(
            name=source.name,
            path=entity_path("agency", source.name),
            agency=agencies.get(source.name),
            stories_count=count,
            outlets=len(mine),
            takers=mine[:PARTNERS],
            taken=tally.taken.get(source, Copies()),
            stories=stories.get(source.name, []),
        )


def _first_rows(pairs: Iterable[tuple[str | None, ListRow]]) -> dict[str, list[ListRow]]:
    first: dict[str, list[ListRow]] = {}
    for name, row in pairs:
        if name is not None and len(shown := first.setdefault(name, [])) < SHOWN:
            shown.append(row)
    return first


Sources = Mapping[str, list[Partner]]
Takers = Mapping[Source, list[Partner]]


def _partners(tally: Tally) -> tuple[Sources, Takers]:
    """For each outlet its sources, and for each source those who took from it; most copies first."""
    sources: dict[str, list[Partner]] = {}
    takers: dict[Source, list[Partner]] = {}
    for (source, outlet), flow in sorted(tally.flows.items(), key=lambda i: (-i[1].count, i[0])):
        taker = Partner(outlet, entity_path("outlet", outlet), OriginKind.OUTLET, flow)
        takers.setdefault(source, []).append(taker)
        sources.setdefault(outlet, []).append(Partner(source.name, _path(source, tally), source.kind, flow))
    return sources, takers


def _path(source: Source, tally: Tally) -> str | None:
    if source.kind is OriginKind.AGENCY:
        return entity_path("agency", source.name) if source in tally.origins else None
    return entity_path("outlet", source.name) if source.name in tally.outlets else None
