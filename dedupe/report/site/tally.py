"""Figures over all stories, counted while they pass by once.

What a copy is says :mod:`dedupe.store.copies`; the source of one is its story's origin, whoever it was
taken from: the figures are those of `dedupe sources`, but for outlets that an agency or an owner runs, which
are each themselves here. Where the origin is unknown nobody can say whether a copy credits it, or whether
it is one: such documents are counted apart.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from dedupe.model import OriginKind, Role
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.wording import states_a_time
from dedupe.store.copies import Copies, is_copy


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


_CREDIT = {True: Credit.GIVEN, False: Credit.NONE, None: Credit.UNKNOWN}


@dataclass(slots=True)
class OutletTally:
    """One outlet's part: the stories it carried, the copies it ran of known origins, and its documents of
    stories that others have too and whose origin is unknown."""

    stories: int = 0
    ran: Copies = field(default_factory=Copies)
    open: int = 0


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
    all_copies: Copies = field(default_factory=Copies)
    outlets: defaultdict[str, OutletTally] = field(default_factory=lambda: defaultdict(OutletTally))
    origins: Counter[Source] = field(default_factory=Counter)
    taken: defaultdict[Source, Copies] = field(default_factory=lambda: defaultdict(Copies))
    flows: defaultdict[tuple[Source, str], Copies] = field(default_factory=lambda: defaultdict(Copies))

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
        carriers = {_carrier(document) for document in cluster.documents}
        for outlet in {document.outlet for document in cluster.documents if document.outlet is not None}:
            self.outlets[outlet].stories += 1
        start = measured_from(cluster)
        for document in cluster.documents:
            self._add_document(document)
            if is_copy(document.role, _carrier(document), origin.name if origin else None, carriers):
                self._add_copy(document, origin, None if document.id == start else document.delay_seconds)

    def _add_document(self, document: DocumentRow) -> None:
        """A round-up has a role in each of its stories, and is one document."""
        self.roles[document.role] += 1
        if document.id not in self.seen:
            self.seen.add(document.id)
            self.languages[document.language or ""] += 1

    def _add_copy(self, copy: DocumentRow, origin: Source | None, delay: int | None) -> None:
        credited = None if origin is None else copy.credited
        credit = _CREDIT[credited]
        self.all_copies.add(credited, copy.byline_swap, delay)
        if delay is not None:
            self.delays[credit].append(delay)
        if copy.published_at is not None:
            length = 13 if states_a_time(copy.published_at) else 10
            self.hours[credit][copy.published_at[:length]] += 1
        counted = [] if origin is None else [self.taken[origin]]
        if copy.outlet is not None and origin is None:
            self.outlets[copy.outlet].open += 1
        elif copy.outlet is not None and origin is not None:
            counted += [self.outlets[copy.outlet].ran, self.flows[origin, copy.outlet]]
        for copies in counted:
            copies.add(credited, copy.byline_swap, delay)


def _carrier(document: DocumentRow) -> str:
    """A document without an outlet speaks for itself."""
    return document.outlet or document.id


def credit_of(cluster: ClusterRow, copy: DocumentRow) -> Credit:
    """What stands on the page of a story is counted as :class:`Copies` counts it."""
    return _CREDIT[None if source_of(cluster) is None else copy.credited]


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
