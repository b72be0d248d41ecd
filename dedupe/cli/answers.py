"""Answers for a person at a terminal: verdicts, clusters, documents, differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from dedupe.lookup import Lookup
    from dedupe.model import Attribution, Document, Edge, Origin, Story
    from dedupe.report import ClusterRow
    from dedupe.report.data import DocumentRow

MOST_MATCHES = 8
MOST_EVIDENCE = 6
EXCERPT_CHARS = 240


def print_answer(found: Lookup) -> None:
    """The verdict, the origin with its evidence, the best matches with a passage each."""
    console = terminal()
    console.print(
        f"[bold]{found.verdict.value}[/bold]" + (f"  cluster {found.cluster_id}" if found.cluster_id else "")
    )
    _print_origin(console, found.origin)
    for edge, story in list(zip(found.edges, found.stories, strict=True))[:MOST_MATCHES]:
        console.print()
        console.print(
            f"[bold]{edge.relation.value}[/bold]  {safe(edge.b)}  "
            f"{edge.containment_of_a:.0%} of the article, {edge.containment_of_b:.0%} of the match"
        )
        if story.document.title or story.document.outlet:
            console.print(f"  {safe(story.document.outlet or '')}  {safe(story.document.title or '')}")
        for passage in edge.passages[:2]:
            console.print(f"  [dim]“{excerpt(story.document.text, passage.b)}”[/dim]")
    if len(found.edges) > MOST_MATCHES:
        console.print(f"\nand {len(found.edges) - MOST_MATCHES} more; --format json lists all")


def print_cluster(cluster: ClusterRow, rights: str | None = None) -> None:
    """One story: its origin with a note on rights, a line a copy, and who took it from whom."""
    from rich.table import Table

    console = terminal()
    console.print(f"[bold]cluster {cluster.cluster_id}[/bold]  {cluster.size} documents")
    _print_origin(console, cluster.origin)
    if rights:
        console.print(f"rights  {safe(rights)}")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("role", "outlet", "published", "kept", "byline", "id"):
        table.add_column(heading, overflow="fold")
    for row in cluster.documents:
        table.add_row(
            row.role.value,
            safe(row.outlet or ""),
            (row.published_at or "")[:16].replace("T", " "),
            "" if row.kept is None else f"{row.kept:.0%}",
            safe(row.byline or ""),
            safe(row.id),
        )
    console.print(table)
    console.print("\nlineage")
    for line in _lineage(cluster):
        console.print(f"  {line}")
    if cluster.related:
        console.print(f"related  {' '.join(cluster.related)}")


def _lineage(cluster: ClusterRow) -> Iterator[str]:
    """Who likely took the story from whom, as a tree; below the origin who took it from nobody else."""
    first = cluster.origin.document
    branches: dict[str | None, list[DocumentRow]] = {}
    for row in cluster.documents:
        if row.id != first:
            branches.setdefault(None if row.parent == first else row.parent, []).append(row)

    def grow(parent: str | None, stem: str) -> Iterator[str]:
        rows = sorted(branches.pop(parent, []), key=lambda row: (row.at is None, row.at or "", row.id))
        for number, row in enumerate(rows, 1):
            last = number == len(rows)
            name = f"{safe(row.outlet or row.id)}  {row.role.value}  [dim]{safe(row.id)}[/dim]"
            yield f"{stem}{'└─' if last else '├─'} {name}"
            yield from grow(row.id, stem + ("   " if last else "│  "))

    name = safe(cluster.origin.name or "origin unknown")
    yield f"{name}  [dim]{safe(first)}[/dim]" if first else name
    yield from grow(None, "")


def print_document(story: Story, clusters: Sequence[str]) -> None:
    """One document: what it claims, what was taken for the story, where it belongs."""
    console, document = terminal(), story.document
    console.print(f"[bold]{safe(document.title or document.id)}[/bold]")
    fields = {
        "id": document.id, "path": document.path + document.member, "url": document.url,
        "outlet": document.outlet, "byline": document.byline, "published": document.published_at,
        "first seen": document.seen_at, "fetched as": _fetched(document), "clusters": " ".join(clusters),
    }  # fmt: skip
    for name, value in fields.items():
        if value:
            console.print(f"{name:>10}  {safe(value)}")
    for claim in story.attributions:
        console.print(f"{'claims':>10}  {_claim(claim)}")
    console.print()
    at = 0
    for part in story.removed:
        console.print(safe(document.text[at : part.begin]), end="")
        console.print(f"[dim strike]{safe(document.text[part.begin : part.end])}[/dim strike]", end="")
        at = part.end
    console.print(safe(document.text[at:]))


def _fetched(document: Document) -> str:
    """What the crawl recorded of the fetch: ``200 text/html sha1:…``."""
    recorded = (document.status, document.content_type, document.digest)
    return " ".join(str(each) for each in recorded if each is not None)


def print_furniture(outlet: str, lines: Sequence[tuple[str, int]]) -> None:
    """The lines learned as furniture of one outlet, and under how many titles they stood."""
    console = terminal()
    for line, titles in lines:
        console.print(f"{titles:>6}  {safe(line)}")
    if not lines:
        console.print(f"no furniture was learned for {safe(outlet)}")


def print_explanation(a: Story, b: Story, edge: Edge | None, wording: tuple[float, float]) -> None:
    """Why a pair is what it is, how much of the wording is shared, and the two texts laid over each other."""
    from dedupe import match
    from dedupe.cli.difference import LEGEND, pieces

    console = terminal()
    words = f"{wording[0]:.0%} of a's word pairs stand in b, {wording[1]:.0%} of b's in a"
    if edge is None:
        console.print(f"These two share no passage worth showing; {words}.")
        return
    console.print(f"[bold]{edge.relation.value}[/bold]  resemblance {edge.resemblance:.2f}")
    for side, story, share in (("a", a, edge.containment_of_a), ("b", b, edge.containment_of_b)):
        console.print(f"  {side}  {safe(story.document.id)}: {share:.0%} of it is shared")
    for reason in edge.reasons:
        console.print(f"  because {safe(reason)}")
    console.print(f"  wording {words}")
    console.print()
    for side, story in (("a", a), ("b", b)):
        console.print(f"[bold]{side}  {safe(story.document.title or story.document.id)}[/bold]")
    for piece in (*LEGEND, *pieces(match.explain(edge, a, b), a, b)):
        console.print(safe(piece.text), style=piece.style or None, end="")
    console.print()


def _print_origin(console: Console, origin: Origin) -> None:
    name = origin.name or "unknown"
    where = f", {safe(origin.document)}" if origin.document else ""
    console.print(
        f"origin  [bold]{safe(name)}[/bold] ({origin.kind.value}{where}), confidence {origin.confidence:.2f}"
    )
    for reason in origin.evidence[:MOST_EVIDENCE]:
        console.print(f"  {reason.weight:+6.2f}  {reason.kind}: {safe(reason.text)}")


def _claim(claim: Attribution) -> str:
    return f"{claim.kind.value}: {safe(claim.text)}" + (f" ({safe(claim.name)})" if claim.name else "")


def excerpt(text: str, span: tuple[int, int]) -> str:
    """The words of a part of a text, on one line and not too long."""
    passage = " ".join(text[slice(*span)].split())
    return safe(passage if len(passage) <= EXCERPT_CHARS else passage[:EXCERPT_CHARS] + "…")


def safe(text: str) -> str:
    """Text from a crawl may hold terminal control sequences and rich's own markup; neither may act."""
    from rich.markup import escape

    return escape(plain(text))


def plain(text: str) -> str:
    """The same for text that is printed without markup."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable())


def terminal() -> Console:
    """Standard output, which wraps nothing."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)
