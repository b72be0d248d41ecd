"""One cluster, one document, an outlet's furniture, the figures: as tables that fit 80 columns.

On a terminal lines are broken between words; into a file or a pipe every line is written whole. Nothing
is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dedupe.cli.answers import counted, plain, print_origin, print_wrapped, safe, terminal
from dedupe.cli.lineage import lineage
from dedupe.report.wording import duration, moment, percent

if TYPE_CHECKING:
    from rich.console import Console

    from dedupe.model import Attribution, Document, Story
    from dedupe.report import ClusterRow, DocumentRow
    from dedupe.store.figures import Figures

MEASURED = "the others keep so much of this one"
MOST_ORIGINS = 10
BAR = 20  # columns of the longest bar
OUTLET, BYLINE = 26, 18  # columns, of 80

ROLES = {
    "origin": "the source itself",
    "syndicated": "copied with credit",
    "repost": "copied without credit",
    "unknown": "origin unknown, credits nobody",
    "update": "the outlet's own later version",
    "excerpt": "quotes a part",
}
RELATIONS = {
    "identical": "the same text",
    "edited": "the same text, reworked",
    "excerpt": "one is a part of the other",
    "partial": "a fair part is shared",
    "update": "two versions at one outlet",
    "quote_only": "the same quotations: no reuse",
    "boilerplate": "the same template: no reuse",
}


def print_cluster(cluster: ClusterRow, rights: str | None = None) -> None:
    """One story: its origin with a note on rights, its documents in time, and who took it from whom."""
    console = terminal()
    anchor = next(document for document in cluster.documents if document.id == cluster.anchor)
    headline = cluster.headline
    print_wrapped(console, "", headline.title or headline.id, style="bold")
    console.print(f"cluster {cluster.cluster_id}  {counted(cluster.size, 'document')}")
    print_origin(cluster.origin)
    if rights:
        print_wrapped(console, "rights  ", rights)
    console.print()
    lines: list[tuple[str, ...]] = [("role", "published", "kept", "outlet", "byline")]
    documents = sorted(cluster.documents, key=lambda document: (document.published_at or "~", document.id))
    lines += [_columns(document) for document in documents]
    wide = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    console.print(_aligned(lines[0], wide), style="bold", markup=False)
    for line, document in zip(lines[1:], documents, strict=True):
        console.print(_aligned(line, wide), markup=False)
        indent = " " * (wide[0] + 2)
        console.print(f"{indent}{safe(document.id)}")
        notes = ", ".join([*_notes(document), *([MEASURED] if document is anchor else [])])
        if notes:
            print_wrapped(console, indent, notes, style="dim")
    console.print("\nlineage", style="bold")
    for branch in lineage(cluster):
        console.print(f"  {branch}", soft_wrap=True)
    if cluster.related:
        print_wrapped(console, "related  ", " ".join(cluster.related))


def print_document(story: Story, clusters: Sequence[str]) -> None:
    """One document: what it claims, where it belongs, and its text with what is not story marked."""
    console, document = terminal(), story.document
    print_wrapped(console, "", document.title or document.id, style="bold")
    fields = {
        "id": document.id, "path": document.path + document.member, "url": document.url,
        "outlet": document.outlet, "byline": document.byline, "published": document.published_at,
        "first seen": document.seen_at, "fetched as": _fetched(document), "clusters": " ".join(clusters),
    }  # fmt: skip
    for name, value in fields.items():
        if value:
            console.print(f"{name:>10}  {safe(value)}")
    for claim in story.attributions:
        print_wrapped(console, f"{'claims':>10}  ", _claim(claim))
    if story.removed:
        print_wrapped(console, f"{'story':>10}  ", "without what stands in [- -]")
    console.print()
    console.print("".join(_marked(story)), soft_wrap=not console.is_terminal)


def print_furniture(outlet: str, lines: Sequence[tuple[str, int]]) -> None:
    """The lines learned as furniture of one outlet, and in how many documents they stand."""
    console = terminal()
    if not lines:
        console.print(f"no furniture was learned for {safe(outlet)}")
        return
    console.print("documents  line", style="bold")
    for line, documents in lines:
        print_wrapped(console, f"{documents:>9,}  ", line)


def print_figures(now: Figures, unsearched: int | None) -> None:
    """Counts, then bars of what is counted. ``unsearched`` documents wait to be made searchable."""
    console = terminal()
    share = f", {percent(now.clustered / now.documents)} of all" if now.clustered else ""
    lines = [
        (now.documents, f"documents of {counted(now.outlets, 'outlet')}"),
        (now.clusters, f"clusters with {now.clustered:,} documents{share}"),
        (now.pairs, "pairs that share text"),
        (now.furniture_lines, "lines of site furniture learned"),
        (now.skipped, "files or records skipped" + (" (dedupe skipped lists them)" if now.skipped else "")),
    ]
    if unsearched:
        lines.append((unsearched, "documents not yet in the search (dedupe report --format datasette)"))
    for count, text in lines:
        console.print(f"{count:>9,}  {text}")
    _print_bars(console, "pairs by relation", now.relations, RELATIONS)
    _print_bars(console, "documents in clusters, by role", now.roles, ROLES)
    _print_bars(console, "origins of clusters", now.origins, {})


def _columns(document: DocumentRow) -> tuple[str, ...]:
    return (
        document.role.value,
        moment(document.published_at),
        percent(document.kept),
        _cut(plain(document.outlet or ""), OUTLET),
        _cut(plain(document.byline or ""), BYLINE),
    )


def _notes(document: DocumentRow) -> Iterator[str]:
    if document.byline_swap:
        yield "another byline"
    if document.headline_changed:
        yield "another headline"
    if document.edit:
        yield document.edit
    if document.delay_seconds:
        late = document.delay_seconds > 0
        yield f"{duration(abs(document.delay_seconds))} {'later' if late else 'earlier'}"
    if document.parent:
        yield f"taken from {document.parent}"


def _fetched(document: Document) -> str:
    """What the crawl recorded of the fetch: ``200 text/html sha1:…``."""
    recorded = (document.status, document.content_type, document.digest)
    return " ".join(str(each) for each in recorded if each is not None)


def _claim(claim: Attribution) -> str:
    return f"{claim.kind.value}: {claim.text}" + (f" ({claim.name})" if claim.name else "")


def _marked(story: Story) -> Iterator[str]:
    """The text as rich's markup; what is not story in ``[- -]`` and dim."""
    text, at = story.document.text, 0
    for part in story.removed:
        begin = max(at, part.begin)
        yield safe(text[at:begin])
        if begin < part.end:
            yield f"[dim]{safe(f'[-{text[begin : part.end]}-]')}[/dim]"
        at = max(at, part.end)
    yield safe(text[at:])


def _print_bars(
    console: Console, heading: str, counts: Sequence[tuple[str, int]], words: dict[str, str]
) -> None:
    if not counts:
        return
    console.print(f"\n{heading}", style="bold")
    most = max(count for _, count in counts)
    shown = counts[:MOST_ORIGINS]
    names = [_cut(plain(name), OUTLET) for name, _ in shown]
    wide = max(map(_width, names))
    for (name, count), short in zip(shown, names, strict=True):
        bar = ("█" if "utf" in console.encoding else "#") * max(1, round(BAR * count / most))
        said = words.get(name, "")
        line = f"{count:>9,}  {_padded(short, wide)}  {_padded(bar, BAR if said else 0)}  {said}"
        console.print(line.rstrip(), markup=False)
    if len(counts) > len(shown):
        rest = sum(count for _, count in counts[len(shown) :])
        console.print(f"{rest:>9,}  of {len(counts) - len(shown):,} more; --format json lists all")


def _aligned(cells: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(_padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(text: str, width: int) -> str:
    """The text, with an ellipsis where it is too wide.

    >>> _cut("Our own correspondent", 12), _cut("旋回橋が再開通", 8)
    ('Our own cor…', '旋回橋…')
    """
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _width(text: str) -> int:
    """Columns on a terminal, where many signs of Asia take two."""
    from rich.cells import cell_len

    return cell_len(text)
