"""The lineage of one story as a tree: who took it from whom, one line a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dedupe.model import Role
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.site.tally import source_of

LINE, INDENT, MOST = 26, 22, 80


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree; places in pixels. ``document`` is None for an origin not in the crawl.

    ``stem`` is the y of the line's parent, None for a root.
    """

    x: int
    y: int
    stem: int | None
    label: str
    document: DocumentRow | None

    @property
    def role(self) -> Role:
        return Role.ORIGIN if self.document is None else self.document.role


@dataclass(frozen=True, slots=True)
class Tree:
    """``hidden`` documents did not fit."""

    branches: tuple[Branch, ...]
    height: int
    hidden: int

    @property
    def linked(self) -> bool:
        """Whether anything hangs from anything."""
        return any(branch.stem is not None for branch in self.branches)


def tree(cluster: ClusterRow) -> Tree:
    """Depth first, children in time. Documents that name each other in a ring hang from the root."""
    lines = list(walk(cluster))
    branches: list[Branch] = []
    stems: dict[int, int] = {}
    for depth, document in lines[:MOST]:
        y = len(branches) * LINE + LINE // 2
        label = _label(document, cluster)
        branches.append(Branch(depth * INDENT + 9, y, stems.get(depth - 1), label, document))
        stems[depth] = y
    return Tree(tuple(branches), len(branches) * LINE, max(0, len(lines) - MOST))


Children = dict[str | None, list[DocumentRow]]


def _children(cluster: ClusterRow) -> Children:
    """By parent id; under None those that hang from the root."""
    documents = {document.id: document for document in cluster.documents}
    root = cluster.origin.document if cluster.origin.document in documents else None
    children: defaultdict[str | None, list[DocumentRow]] = defaultdict(list)
    for document in sorted(cluster.documents, key=lambda d: (d.published_at or "~", d.id)):
        if document.id == root:
            children[None].append(document)
        elif _reaches_the_root(document, documents):
            children[document.parent or root].append(document)
        else:
            children[root].append(document)
    return dict(children)


def _reaches_the_root(document: DocumentRow, documents: dict[str, DocumentRow]) -> bool:
    seen: set[str] = set()
    parent = document.parent
    while parent in documents and parent is not None:
        if parent in seen or parent == document.id:
            return False
        seen.add(parent)
        parent = documents[parent].parent
    return parent is None


def walk(cluster: ClusterRow) -> Iterator[tuple[int, DocumentRow | None]]:
    """(depth, document), depth first; None for an origin that is not in the crawl.

    A stack, not recursion: a chain of copies may be deeper than Python's stack.
    """
    children = _children(cluster)
    missing = cluster.origin.document is None and source_of(cluster) is not None
    if missing:
        yield 0, None
    stack = [(int(missing), document) for document in reversed(children.get(None, []))]
    while stack:
        depth, document = stack.pop()
        yield depth, document
        stack += [(depth + 1, child) for child in reversed(children.get(document.id, []))]


def _label(document: DocumentRow | None, cluster: ClusterRow) -> str:
    if document is None:
        return f"{cluster.origin.name} (not in this crawl)"
    label = document.outlet or document.id
    return label if len(label) <= 36 else label[:35] + "…"
