"""Who likely took a story from whom, as a tree for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedupe.cli.answers import safe
from dedupe.model import OriginKind
from dedupe.report.site.lineage import walk
from dedupe.report.wording import moment

if TYPE_CHECKING:
    from dedupe.report import ClusterRow, DocumentRow


def lineage(cluster: ClusterRow) -> Iterator[str]:
    """The lines of the tree, as rich's markup: below the origin stand those who took it from nobody else."""
    rows = [*walk(cluster)]
    origin = cluster.origin
    if origin.kind is not OriginKind.UNKNOWN:
        rows = [(depth - 1, row) for depth, row in rows[1:]]  # it stands in the first line
    yield safe(origin.name or "origin unknown") + ("" if origin.document else "  [dim]not in the index[/dim]")
    drawn: list[str] = []
    later: set[int] = set()  # depths at which another document comes, below the same one
    for depth, row in reversed(rows):
        stem = "".join("│  " if above in later else "   " for above in range(depth))
        drawn.append(f"{stem}{'├─' if depth in later else '└─'} {_line(row)}")
        later = {other for other in later if other < depth} | {depth}
    yield from reversed(drawn)


def _line(row: DocumentRow | None) -> str:
    assert row is not None
    return f"{safe(row.outlet or row.id)}  {row.role.value}  [dim]{moment(row.published_at)}[/dim]"
