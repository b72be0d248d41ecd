"""Who likely took a story from whom, as a tree for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedupe.cli.answers import safe
from dedupe.report.wording import moment

if TYPE_CHECKING:
    from dedupe.report import ClusterRow, DocumentRow


def lineage(cluster: ClusterRow) -> Iterator[str]:
    """The lines of the tree, as rich's markup: below the origin stand those who took it from nobody else."""
    first = cluster.origin.document
    branches: dict[str | None, list[DocumentRow]] = {}
    for row in cluster.documents:
        if row.id != first:
            branches.setdefault(None if row.parent == first else row.parent, []).append(row)

    def grow(parent: str | None, stem: str) -> Iterator[str]:
        rows = sorted(branches.pop(parent, []), key=lambda row: (row.at is None, row.at or "", row.id))
        for number, row in enumerate(rows, 1):
            last = number == len(rows)
            name = f"{safe(row.outlet or row.id)}  {row.role.value}  [dim]{moment(row.published_at)}[/dim]"
            yield f"{stem}{'└─' if last else '├─'} {name}"
            yield from grow(row.id, stem + ("   " if last else "│  "))

    name = safe(cluster.origin.name or "origin unknown")
    yield name + ("" if first else "  [dim]not in the index[/dim]")
    yield from grow(None, "")
