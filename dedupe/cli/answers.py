"""Answers for a person at a terminal: verdicts and differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Any

from dedupe.model import Evidence, Origin, OriginKind
from dedupe.report.wording import percent

if TYPE_CHECKING:
    from rich.console import Console

    from dedupe.model import Edge, Story

MOST_MATCHES = 8
MOST_EVIDENCE = 6
SCALE = "in log-odds: each +1 makes the odds 2.7 times as high, each −1 as low"
EXCERPT_CHARS = 240


def print_answer(answer: Mapping[str, Any]) -> None:
    """The verdict, the origin with its evidence, the best matches with two passages each.

    ``answer`` is as :func:`dedupe.answer.answer_record` makes it, here or at a service.
    """
    console = terminal()
    cluster = answer["cluster_id"]
    console.print(f"[bold]{answer['verdict']}[/bold]" + (f"  cluster {safe(cluster)}" if cluster else ""))
    if not answer["matches"]:
        console.print("nothing in the index shares text with it")
        return
    print_origin(_origin(answer["origin"]))
    if answer["rights"]:
        print_wrapped(console, "rights  ", answer["rights"])
    for match in answer["matches"][:MOST_MATCHES]:
        console.print(
            f"\n[bold]{match['relation']}[/bold]  {safe(match['id'])}  "
            f"{percent(match['containment_of_query'])} of the article, "
            f"{percent(match['containment_of_match'])} of the match"
        )
        if heading := "  ".join(filter(None, (match["outlet"], match["title"]))):
            console.print(f"  {safe(heading)}")
        for passage in match["passages"][:2]:
            text = passage["b_text"]
            console.print(f"  [dim]“{excerpt(text, (0, len(text)))}”[/dim]")
    if len(answer["matches"]) > MOST_MATCHES:
        console.print(f"\nand {len(answer['matches']) - MOST_MATCHES} more; --format json lists all")


def print_explanation(a: Story, b: Story, edge: Edge | None, wording: tuple[float, float]) -> None:
    """Why a pair is what it is, how much of the wording is shared, and the two texts laid over each other."""
    from dedupe import match
    from dedupe.cli.difference import LEGEND, pieces

    console = terminal()
    words = f"{percent(wording[0])} of a's word pairs stand in b, {percent(wording[1])} of b's in a"
    if edge is None:
        console.print(f"These two share no passage worth showing; {words}.")
        return
    console.print(f"[bold]{edge.relation.value}[/bold]  resemblance {edge.resemblance:.2f}")
    for side, story, share in (("a", a, edge.containment_of_a), ("b", b, edge.containment_of_b)):
        console.print(f"  {side}  {safe(story.document.id)}: {percent(share)} of it is shared")
    for reason in edge.reasons:
        console.print(f"  because {safe(reason)}")
    console.print(f"  wording {words}")
    console.print()
    for side, story in (("a", a), ("b", b)):
        console.print(f"[bold]{side}  {safe(story.document.title or story.document.id)}[/bold]")
    for piece in (*LEGEND, *pieces(match.explain(edge, a, b), a, b)):
        console.print(safe(piece.text), style=piece.style or None, end="")
    console.print()


def _origin(record: Mapping[str, Any]) -> Origin:
    evidence = tuple(Evidence(**each) for each in record["evidence"])
    return Origin(**{**record, "kind": OriginKind(record["kind"]), "evidence": evidence})


def print_origin(origin: Origin) -> None:
    """Who it is, how sure that is, and the evidence that weighs most."""
    console = terminal()
    where = f", {safe(origin.document)}" if origin.document else ""
    console.print(
        f"origin  [bold]{safe(origin.name or 'unknown')}[/bold] ({origin.kind.value}{where}),"
        f" confidence {percent(origin.confidence)}"
    )
    reasons = _together(origin.evidence)
    if reasons:
        print_wrapped(console, "evidence  ", SCALE)
    for weight, text in reasons[:MOST_EVIDENCE]:
        print_wrapped(console, f"  {round(weight, 1) + 0.0:+5.1f}  ", text)
    if len(reasons) > MOST_EVIDENCE:
        console.print(f"         and {len(reasons) - MOST_EVIDENCE} more")


def _together(evidence: Sequence[Evidence]) -> list[tuple[float, str]]:
    """Weight and words, strongest first; what several pages say alike is one piece that weighs all of it."""
    said: defaultdict[str, list[float]] = defaultdict(list)
    for each in evidence:
        said[f"{each.kind.replace('_', ' ')}: {each.text}"].append(each.weight)
    weighed = [
        (sum(weights), text if len(weights) == 1 else f"{text} ({len(weights)} times)")
        for text, weights in said.items()
    ]
    return sorted(weighed, key=lambda piece: -abs(piece[0]))


def print_wrapped(console: Console, label: str, text: str, style: str | None = None) -> None:
    """``label`` and then the text; on a terminal broken between words, under the text's beginning."""
    text = plain(" ".join(text.split()))
    if console.is_terminal:
        width = max(console.width, len(label) + 20)
        wrapper = TextWrapper(
            width,
            initial_indent=label,
            subsequent_indent=" " * len(label),
            break_on_hyphens=False,
            break_long_words=False,
        )
        console.print("\n".join(wrapper.wrap(text) or [label]), style=style, markup=False)
    else:
        console.print(label + text, style=style, markup=False)


def excerpt(text: str, span: tuple[int, int]) -> str:
    """The words of a part of a text, on one line and not too long."""
    passage = " ".join(text[slice(*span)].split())
    return safe(passage if len(passage) <= EXCERPT_CHARS else passage[:EXCERPT_CHARS] + "…")


def counted(count: int, one: str, many: str | None = None) -> str:
    """
    >>> counted(1, "copy", "copies"), counted(25336, "document")
    ('1 copy', '25,336 documents')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def safe(text: str) -> str:
    """Text from a crawl may hold terminal control sequences and rich's own markup; neither may act."""
    from rich.markup import escape

    return escape(plain(text))


def plain(text: str) -> str:
    r"""The same for text that is printed without markup; what is no UTF-8 is shown by its number.

    >>> plain("harbour\x1b[2J \udcff")
    'harbour[2J \\udcff'
    """
    shown = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c for c in shown if c in "\n\t" or c.isprintable())


def terminal() -> Console:
    """Standard output, which wraps nothing."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)
