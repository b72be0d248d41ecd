"""What a report consumes: plain rows, filled by whoever reads the index, looped over by the writers.

    ReportSource -> ClusterRow -> DocumentRow            (the contract, and what the pages add to it)
                 -> TextRow, OutletRow, Agency, Totals   (asked for by the HTML site alone)

Nothing here opens a file or a database. Every row arrives complete, so a writer never asks back
while it writes, with one exception: texts, which are asked for one story at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from dedupe.errors import InputError
from dedupe.model import Agency, Attribution, Origin, Passage, Relation, Removed, Role
from dedupe.names import folded
from dedupe.store.headlines import Titled, headline
from dedupe.store.selection import require_date


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document of a cluster.

    Up to ``attribution`` these are the fields of the contract, in its order. ``relation``, ``kept``
    and ``passages`` are measured against the cluster's anchor (side ``a`` of a passage); the anchor
    has None, None and (). ``kept`` is the share of the anchor's story that this document carries,
    0..1. ``delay_seconds`` counts from the origin's document, or from the earliest where that was
    not crawled, and may be negative, because clocks disagree. ``parent`` is the id of the document
    it was taken from, None where that is the origin itself or unknown. ``headline_changed`` is None where
    the origin's headline is not known.
    """

    id: str
    path: str
    url: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    published_at: str | None
    first_seen_at: str | None
    role: Role
    attribution: tuple[Attribution, ...] = ()
    language: str | None = None
    relation: Relation | None = None
    kept: float | None = None
    credited: bool = False
    byline_swap: bool = False
    headline_changed: bool | None = None
    edit: str | None = None
    delay_seconds: int | None = None
    parent: str | None = None
    passages: tuple[Passage, ...] = ()

    @property
    def at(self) -> str | None:
        """The time it is placed at: what the page claims, else when it was first seen."""
        return self.published_at or self.first_seen_at


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One story. ``anchor`` is the id of the document every other one was verified against.

    ``related`` are the ids of other stories that share text with this one, most pairs first.
    """

    cluster_id: str
    anchor: str
    documents: tuple[DocumentRow, ...]
    origin: Origin
    related: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.documents)

    @property
    def headline(self) -> DocumentRow:
        """The document under whose title the story is shown."""
        told = [Titled(each.id, each.title, each.role, each.at) for each in self.documents]
        chosen = headline(told, self.origin.document, self.anchor)
        return next((each for each in self.documents if each.id == chosen), self.documents[0])


@dataclass(frozen=True, slots=True)
class TextRow:
    """The source text of a document and the parts of it that are not the story, ascending."""

    text: str
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet and how many documents of it are in the index, copies or not."""

    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of the whole index, whatever the report is filtered to."""

    documents: int
    skipped: tuple[tuple[str, int], ...] = ()  # (reason, count)


class DocumentTest(Protocol):
    """A condition on one document of a cluster, as :class:`dedupe.report.where.Condition` is."""

    def __call__(self, cluster: ClusterRow, document: DocumentRow) -> bool: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """Which stories a report holds; every format applies the same one.

    A story passes when it is large enough, comes from the agency, and has one document that is at
    once of the outlet, of the role, not older than ``since`` and as ``where`` says. Stories are shown
    whole: a filter never hides a document of a story that passed.

    Raises:
        InputError: ``min_size`` below 1, or ``since`` is no date.
    """

    since: str | None = None  # 2019-11-01 or 2019-11-01T12:00:00Z
    outlet: str | None = None
    agency: str | None = None  # an origin's name, or an agency's short one; case does not matter
    min_size: int = 1
    role: Role | None = None
    where: DocumentTest | None = None

    def __post_init__(self) -> None:
        if self.min_size < 1:
            raise InputError(f"the smallest size is 1, not {self.min_size}")
        if self.since is not None:
            require_date(self.since)

    def match(self, cluster: ClusterRow) -> bool:
        if cluster.size < self.min_size:
            return False
        if self.agency is not None and not _same(cluster.origin.name, self.agency):
            return False
        return any(self._match_document(cluster, document) for document in cluster.documents)

    def _match_document(self, cluster: ClusterRow, document: DocumentRow) -> bool:
        if self.outlet is not None and not _same(document.outlet, self.outlet):
            return False
        if self.role is not None and document.role is not self.role:
            return False
        if self.since is not None and not _not_before(document.at, self.since):
            return False
        return self.where is None or self.where(cluster, document)


def _same(name: str | None, wanted: str) -> bool:
    return name is not None and folded(name) == folded(wanted)


def _not_before(at: str | None, since: str) -> bool:
    """ISO times compare as text; a bare date means the whole of that day, so it is compared as one."""
    if at is None:
        return False
    shorter = min(len(at), len(since))
    return at[:shorter] >= since[:shorter]


class ReportSource(Protocol):
    """Where the rows come from: the store's queries, or a list in memory.

    ``clusters`` may use the filters to read less, and need not: the writer filters again, so that
    every format holds the same stories. It is read once, front to back.
    """

    def clusters(self, filters: Filters) -> Iterator[ClusterRow]: ...

    def text(self, document: str) -> TextRow: ...

    def outlets(self) -> Iterable[OutletRow]: ...

    def agencies(self) -> Iterable[Agency]: ...

    def totals(self) -> Totals: ...


def matching(source: ReportSource, filters: Filters) -> Iterator[ClusterRow]:
    """The stories of a report, in the source's order; an agency may be named in any of its ways."""
    exact = filters if filters.agency is None else replace(filters, agency=_full_name(source, filters.agency))
    return (cluster for cluster in source.clusters(exact) if exact.match(cluster))


def _full_name(source: ReportSource, name: str) -> str:
    """``AP`` -> ``Associated Press``, where an agency of the source is called so."""
    for agency in source.agencies():
        if folded(name) in map(folded, agency.called):
            return agency.name
    return name
