"""The index as a source of report rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from dedupe.config import load_agencies, unpack_agencies
from dedupe.model import Agency, Edge, Passage
from dedupe.report.data import ClusterRow, DocumentRow, Filters, OutletRow, TextRow, Totals
from dedupe.store import clusters, documents, pairs
from dedupe.store.clusters import StoredCluster, StoredMember
from dedupe.store.database import get_meta


class StoredSource:
    """Reads one index; see :class:`dedupe.report.data.ReportSource`."""

    def __init__(
        self, connection: sqlite3.Connection, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """``progress`` is told of how many clusters were read, and of how many there are."""
        self._connection = connection
        self._progress = progress

    def clusters(self, filters: Filters) -> Iterator[ClusterRow]:
        total = clusters.count(self._connection, filters.min_size)
        for number, cluster in enumerate(clusters.clusters(self._connection, filters.min_size), 1):
            yield self.cluster_row(cluster)
            if self._progress is not None:
                self._progress(number, total)

    def cluster_row(self, cluster: StoredCluster) -> ClusterRow:
        """One cluster, with the pairs of its anchor."""
        edges = pairs.edges_of(self._connection, cluster.anchor)
        rows = [
            _document_row(member, cluster.anchor, edges.get(member.origin.id)) for member in cluster.members
        ]
        related = tuple(other for other, _ in clusters.related(self._connection, cluster.id))
        return ClusterRow(cluster.id, cluster.anchor, tuple(rows), cluster.origin, related)

    def text(self, document: str) -> TextRow:
        number = documents.number_of(self._connection, document)
        (story,) = documents.load_stories(self._connection, [number])
        return TextRow(story.document.text, story.removed)

    def outlets(self) -> Iterable[OutletRow]:
        return (OutletRow(name, count) for name, count in documents.outlets(self._connection))

    def agencies(self) -> Iterable[Agency]:
        """Those that the index was made with."""
        packed = get_meta(self._connection, "agencies")
        return load_agencies() if packed is None else unpack_agencies(packed)

    def totals(self) -> Totals:
        return Totals(documents.count(self._connection), tuple(documents.skipped_counts(self._connection)))


def listed_row(cluster: StoredCluster) -> ClusterRow:
    """One cluster as lists show it and totals count it: without pairs, and without the related ones."""
    rows = tuple(_document_row(member, cluster.anchor, None) for member in cluster.members)
    return ClusterRow(cluster.id, cluster.anchor, rows, cluster.origin)


def _document_row(member: StoredMember, anchor: str, edge: Edge | None) -> DocumentRow:
    came = member.origin
    return DocumentRow(
        id=came.id,
        path=member.path,
        url=member.url,
        outlet=member.outlet,
        title=member.title,
        byline=member.byline,
        published_at=member.published_at,
        first_seen_at=member.seen_at,
        role=came.role,
        attribution=member.attributions,
        language=member.language,
        relation=None if edge is None else edge.relation,
        kept=None if edge is None else edge.containment_of(anchor),
        credited=came.credited,
        byline_swap=came.byline_swap,
        headline_changed=came.headline_changed,
        edit=came.edit,
        delay_seconds=came.delay,
        parent=came.parent,
        passages=() if edge is None else _from_anchor(edge, anchor),
    )


def _from_anchor(edge: Edge, anchor: str) -> tuple[Passage, ...]:
    """The passages with the anchor as side ``a``, in its order."""
    if edge.a == anchor:
        return edge.passages
    return tuple(sorted((Passage(p.b, p.a) for p in edge.passages), key=lambda p: p.a))
