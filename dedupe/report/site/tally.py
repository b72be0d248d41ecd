"""Figures over all stories, counted while they pass by once.

A copy is a document that is syndicated, a repost, or of a story whose origin is unknown; an excerpt or
an outlet's own update is neither a copy nor an original. The source of a copy is the outlet it was taken
from, else the origin. Where the origin is unknown nobody can say whether a copy credits it: such copies
are counted apart.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from dedupe.model import OriginKind, Role
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.wording import states_a_time


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Somebody copy is taken from."""

    name: str
    kind: OriginKind


class Credit(StrEnum):
    """Whether a copy names its story's origin."""

    GIVEN = "given"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Flow:
    """Copies that went one way; ``judged`` ones are of a known origin. ``delays`` are seconds, int64."""

    copies: int = 0
    judged: int = 0
    uncredited: int = 0
    swapped: int = 0
    delays: array[int] = field(default_factory=lambda: array("q"))

    def add(self, copy: DocumentRow, credit: Credit, delay: int | None) -> None:
        self.copies += 1
        self.judged += credit is not Credit.UNKNOWN
        self.uncredited += credit is Credit.NONE
        self.swapped += copy.byline_swap
        if delay is not None:
            self.delays.append(delay)

    @property
    def uncredited_share(self) -> float | None:
        """Of the copies of a known origin."""
        return self.uncredited / self.judged if self.judged else None

    @property
    def median_delay(self) -> int | None:
        return int(median(self.delays)) if self.delays else None


@dataclass(slots=True)
class OutletTally:
    """One outlet's part: the stories it carried, and the copies it ran."""

    stories: int = 0
    ran: Flow = field(default_factory=Flow)


@dataclass(slots=True)
class Tally:
    """Everything the overview and the pages of outlets and agencies count; ``seen`` are ids."""

    stories: int = 0
    unknown: int = 0
    roles: Counter[Role] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    hours: defaultdict[Credit, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    delays: defaultdict[Credit, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    all_copies: Flow = field(default_factory=Flow)
    outlets: defaultdict[str, OutletTally] = field(default_factory=lambda: defaultdict(OutletTally))
    origins: Counter[Source] = field(default_factory=Counter)
    flows: defaultdict[tuple[Source, str], Flow] = field(default_factory=lambda: defaultdict(Flow))

    @property
    def documents(self) -> int:
        return len(self.seen)

    def add(self, cluster: ClusterRow) -> None:
        origin = source_of(cluster)
        self.stories += 1
        if origin is None:
            self.unknown += 1
        else:
            self.origins[origin] += 1
        outlet_of = {document.id: document.outlet for document in cluster.documents}
        for outlet in {outlet for outlet in outlet_of.values() if outlet is not None}:
            self.outlets[outlet].stories += 1
        start = measured_from(cluster)
        for document in cluster.documents:
            self._add_document(document)
            if document.role.is_copy:
                taken_from = outlet_of.get(document.parent) if document.parent is not None else None
                source = Source(taken_from, OriginKind.OUTLET) if taken_from is not None else origin
                delay = None if document.id == start else document.delay_seconds
                self._add_copy(document, source, credit_of(cluster, document), delay)

    def _add_document(self, document: DocumentRow) -> None:
        """A round-up has a role in each of its stories, and is one document."""
        self.roles[document.role] += 1
        if document.id not in self.seen:
            self.seen.add(document.id)
            self.languages[document.language or ""] += 1

    def _add_copy(self, copy: DocumentRow, source: Source | None, credit: Credit, delay: int | None) -> None:
        self.all_copies.add(copy, credit, delay)
        if delay is not None:
            self.delays[credit].append(delay)
        if copy.published_at is not None:
            length = 13 if states_a_time(copy.published_at) else 10
            self.hours[credit][copy.published_at[:length]] += 1
        if copy.outlet is not None:
            self.outlets[copy.outlet].ran.add(copy, credit, delay)
            if source is not None and source.name != copy.outlet:
                self.flows[source, copy.outlet].add(copy, credit, delay)


def credit_of(cluster: ClusterRow, copy: DocumentRow) -> Credit:
    if copy.credited:
        return Credit.GIVEN
    return Credit.UNKNOWN if source_of(cluster) is None else Credit.NONE


def measured_from(cluster: ClusterRow) -> str | None:
    """The copy whose time stands in for an origin that was not crawled; its own delay says nothing."""
    if cluster.origin.document is not None:
        return None
    return next((document.id for document in cluster.documents if document.delay_seconds == 0), None)


def source_of(cluster: ClusterRow) -> Source | None:
    """The origin as a source of flows; None if it is unknown."""
    origin = cluster.origin
    if origin.name is None or origin.kind is OriginKind.UNKNOWN:
        return None
    return Source(origin.name, origin.kind)


def merged(flows: Iterable[Flow]) -> Flow:
    total = Flow()
    for flow in flows:
        total.copies += flow.copies
        total.judged += flow.judged
        total.uncredited += flow.uncredited
        total.swapped += flow.swapped
        total.delays.extend(flow.delays)
    return total
