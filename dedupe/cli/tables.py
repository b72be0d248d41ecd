"""Sources, flows, reposts and texts: tables for a person, records for programs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from dedupe.answer import copies_record
from dedupe.cli.answers import counted, excerpt, plain, print_wrapped, safe, terminal
from dedupe.cli.options import Rows
from dedupe.model import Role
from dedupe.report.record import ratio
from dedupe.report.wording import duration, moment, percent

if TYPE_CHECKING:
    from dedupe.model import Origin
    from dedupe.report.record import Record
    from dedupe.store.copies import Copies
    from dedupe.store.events import Event
    from dedupe.store.flows import Flow, Source
    from dedupe.store.reposts import Repost, Text

MOST_ROWS = 30
MOST_PASSAGES = 2
MOST_TEXTS = 8
COPIES_SHOWN = ("uncredited", "other byline", "median delay")
NAMES = {"source", "kind", "outlet", "origin", "taken from the copy of"}  # headings of texts

SOURCE_COLUMNS = {
    "name": "an outlet, an agency, or an owner of several",
    "kind": "outlet, agency or owner",
    "documents": "of it in the index, copies or not",
    "originals": "stories whose origin it is, crawled or not",
    "copies": "documents that it made of others' stories; excerpts and later versions are none",
    "uncredited": "of its copies, those that do not name the origin",
    "uncredited_share": "uncredited of copies, 0..1",
    "byline_swaps": "of its copies, those under another byline than the origin's",
    "median_delay_seconds": "of its copies behind the origin, or the first copy if that was not crawled",
    "origin_unknown": "its documents that others have too, nobody knows from whom: copies, or the original",
    "taken": "copies that others made of its stories, whoever handed them on",
    "taken_uncredited": "of those taken, as above",
    "taken_uncredited_share": "of those taken, as above",
    "taken_byline_swaps": "of those taken, as above",
    "taken_median_delay_seconds": "of those taken, as above",
}
FLOW_COLUMNS = {
    "kind": "what source is: the story's origin, or the parent whose copy this was made from",
    "source": "where the copies come from",
    "outlet": "who made them",
    "copies": "how many; one whose parent is known is in a row of both kinds",
    "origin_unknown": "of them, those of stories of unknown origin",
    "uncredited": "of the others, those that do not name the origin",
    "uncredited_share": "uncredited of those of known origin, 0..1",
    "byline_swaps": "those under another byline than the origin's",
    "median_lag_seconds": "behind the source",
}
SKIPPED_COLUMNS = ("path", "reason", "detail")
REPOST_COLUMNS = {
    "cluster_id": "the story",
    "story": "its headline",
    "origin_name": "whose story it is",
    "origin_document": "id of the origin's own document; empty if it was not crawled",
    "origin_confidence": "0..1",
    "licence": "what is known of the rights in the origin's text",
    "id": "the document",
    "url": "as the crawl has it",
    "outlet": "the publication that carried it",
    "title": "as the page has it",
    "byline": "as the page has it",
    "published_at": "what the page claims, UTC ISO-8601, or a date alone",
    "role": "syndicated, repost, excerpt or update; the first two are copies",
    "credited": "whether it names the origin",
    "byline_swap": "whether it carries another byline than the origin's",
    "headline_changed": "whether its headline differs from the origin's; unknown without its page",
    "edit": "kind of change to the text",
    "delay_seconds": "after the origin's document, or after the earliest",
    "share_kept": "of the origin's text, or of the anchor's, 0..1",
    "against": "id of the document that the passages are shared with",
    "passages": "offsets there and in the copy, and the words",
}


def skipped_record(skipped: tuple[str, str, str]) -> Record:
    """What was left out, keys as in SKIPPED_COLUMNS."""
    return dict(zip(SKIPPED_COLUMNS, skipped, strict=True))


def flow_record(flow: Flow) -> Record:
    """One way, keys as in FLOW_COLUMNS."""
    return {
        "kind": flow.kind.value,
        "source": flow.source,
        "outlet": flow.outlet,
        "copies": flow.copies.count,
        "origin_unknown": flow.copies.origin_unknown,
        **copies_record(flow.copies, "lag"),
    }


def repost_record(repost: Repost, licence: str | None) -> Record:
    """One copy, keys as in REPOST_COLUMNS. ``against`` and ``copy`` of a passage are offsets."""
    copy, came = repost.copy, repost.copy.origin
    return {
        "cluster_id": repost.cluster_id,
        "story": repost.story,
        "origin_name": repost.origin.name,
        "origin_document": repost.origin.document,
        "origin_confidence": ratio(repost.origin.confidence),
        "licence": licence,
        "id": came.id,
        "url": copy.url,
        "outlet": copy.outlet,
        "title": copy.title,
        "byline": copy.byline,
        "published_at": copy.published_at,
        "role": came.role.value,
        "credited": came.credited,
        "byline_swap": came.byline_swap,
        "headline_changed": came.headline_changed,
        "edit": None if came.edit is None else came.edit.value,
        "delay_seconds": came.delay,
        "share_kept": ratio(came.share_kept),
        "against": repost.against,
        "passages": [asdict(passage) for passage in repost.passages],
    }


def write(records: Iterable[Record], columns: Iterable[str], format: Rows) -> None:
    """To standard output, in a format for programs."""
    import orjson

    stream = sys.stdout.buffer
    if format is Rows.CSV:
        from dedupe.report.table import write_table

        write_table(records, tuple(columns), stream)
    elif format is Rows.JSONL:
        stream.writelines(orjson.dumps(record) + b"\n" for record in records)
    else:
        stream.write(orjson.dumps(list(records)) + b"\n")
    stream.flush()


def print_columns(columns: Mapping[str, str]) -> None:
    """What each column holds."""
    console, wide = terminal(), max(map(len, columns))
    for name, meaning in columns.items():
        print_wrapped(console, f"{name:{wide}}  ", meaning)


def print_sources(sources: Sequence[Source]) -> None:
    """Whose stories are taken, and who takes them: the largest of each."""
    taken = [source for source in sources if source.originals]
    taken.sort(key=lambda source: (-source.taken.count, -source.originals, source.name))
    _print_table(
        ("source", "kind", "documents", "originals", "taken by others", *COPIES_SHOWN),
        [
            (
                s.name,
                s.kind.value,
                f"{s.documents:,}",
                f"{s.originals:,}",
                f"{s.taken.count:,}",
                *_shown(s.taken),
            )
            for s in taken
        ],
    )
    copying = [source for source in sources if source.copies.count or source.open]
    copying.sort(key=lambda source: (-source.copies.count, -source.open, source.name))
    _print_table(
        ("outlet", "documents", "copies", *COPIES_SHOWN, "origin unknown"),
        [
            (s.name, f"{s.documents:,}", f"{s.copies.count:,}", *_shown(s.copies), f"{s.open:,}")
            for s in copying
        ],
    )


def print_flows(flows: Sequence[Flow]) -> None:
    """From origins, then from the copies that others were taken from: the largest of each."""
    headings = {"origin": "origin", "parent": "taken from the copy of"}
    for kind, group in groupby(flows, key=lambda flow: flow.kind.value):
        _print_table(
            (headings[kind], "outlet", "copies", *COPIES_SHOWN),
            [(flow.source, flow.outlet, f"{flow.copies.count:,}", *_shown(flow.copies)) for flow in group],
        )


def print_reposts(name: str, reposts: Iterable[Repost], rights: Callable[[Origin], str | None]) -> None:
    """Story by story, its copies with what they share; the note on rights once for each origin."""
    console, roles, stories, uncredited = terminal(), Counter[Role](), 0, 0
    outlets, told = set(), set()
    for _, group in groupby(reposts, key=lambda repost: repost.cluster_id):
        listed = list(group)
        origin = listed[0].origin
        _print_story(listed, None if origin.name in told else rights(origin))
        told.add(origin.name)
        stories += 1
        roles.update(repost.copy.origin.role for repost in listed)
        copies = [repost.copy for repost in listed if repost.copy.origin.role.is_copy]
        outlets |= {copy.outlet for copy in copies}
        uncredited += sum(not copy.origin.credited for copy in copies)
    if not stories:
        console.print(f"nobody is known to have republished {safe(name)}")
        return
    total = sum(count for role, count in roles.items() if role.is_copy)
    besides = [(roles[Role.EXCERPT], "excerpt"), (roles[Role.UPDATE], "later version")]
    console.print(
        f"[bold]{counted(total, 'copy', 'copies')}[/bold] of {counted(stories, 'story', 'stories')}"
        f" at {counted(len(outlets), 'outlet')}, {uncredited:,} without credit"
        + "".join(f"; {counted(count, each)} besides" for count, each in besides if count)
    )


def print_texts(texts: Sequence[Text]) -> None:
    """How many independent texts, and which documents each of them is."""
    console = terminal()
    documents = sum(len(text.documents) for text in texts)
    console.print(
        f"[bold]{counted(len(texts), 'independent text')}[/bold] in {counted(documents, 'document')}"
    )
    for text in texts:
        origin = f", origin {safe(text.origin)}" if text.origin else ""
        console.print(f"\n{f'cluster {text.cluster_id}' if text.cluster_id else 'no copy known'}{origin}")
        for document in text.documents:
            console.print(f"  {safe(document)}")


def print_events(events: Sequence[Event]) -> None:
    """The events with most independent texts, and of each the texts that most pages carry."""
    console = terminal()
    if not events:
        console.print("no two texts share what somebody said")
    for event in events[:MOST_ROWS]:
        documents = sum(len(text.documents) for text in event.texts)
        console.print(
            f"[bold]{counted(len(event.texts), 'independent text')}[/bold]"
            f" in {counted(documents, 'document')} at {counted(event.outlets, 'outlet')}"
            f"  {safe(event.headline or 'no headline')}"
        )
        for text in event.texts[:MOST_TEXTS]:
            origin = f", origin {safe(text.origin)}" if text.origin else ""
            name = f"cluster {text.cluster_id}" if text.cluster_id else safe(text.documents[0])
            console.print(f"  {counted(len(text.documents), 'document')}  {name}{origin}")
        if len(event.texts) > MOST_TEXTS:
            console.print(f"  and {len(event.texts) - MOST_TEXTS} more")
    if len(events) > MOST_ROWS:
        console.print(f"and {len(events) - MOST_ROWS:,} more events; --format json lists all")


def _print_story(copies: Sequence[Repost], rights: str | None) -> None:
    console, first = terminal(), copies[0]
    console.print(f"[bold]{safe(first.story or 'no headline')}[/bold]  cluster {first.cluster_id}")
    own = f", {safe(first.origin.document)}" if first.origin.document else ""
    console.print(
        f"origin  {safe(first.origin.name or '')}{own}, confidence {percent(first.origin.confidence)}"
    )
    if rights:
        console.print(f"rights  {safe(rights)}")
    for repost in copies:
        _print_copy(repost)
    console.print()


def _print_copy(repost: Repost) -> None:
    console, copy, came = terminal(), repost.copy, repost.copy.origin
    facts = [f"[bold]{came.role.value}[/bold]  {safe(copy.outlet or came.id)}"]
    facts.append("credited" if came.credited else "no credit")
    if copy.byline:
        facts.append(("under another byline, " if came.byline_swap else "by ") + safe(copy.byline))
    if came.share_kept is not None:
        facts.append(f"{percent(came.share_kept)} kept")
    facts.append("undated" if copy.published_at is None else moment(copy.published_at))
    if came.delay:
        facts.append(f"{duration(abs(came.delay))} {'later' if came.delay > 0 else 'earlier'}")
    console.print("  " + ", ".join(facts))
    console.print(f"    {safe(copy.url or came.id)}")
    longest = sorted(repost.passages, key=lambda passage: (-len(passage.text), passage.copy))
    for passage in sorted(longest[:MOST_PASSAGES], key=lambda passage: passage.copy):
        console.print(f"    [dim]“{excerpt(passage.text, (0, len(passage.text)))}”[/dim]")


def _shown(copies: Copies) -> tuple[str, ...]:
    return percent(copies.uncredited_share), f"{copies.byline_swaps:,}", duration(copies.median_delay)


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Names to the left, figures to the right, however wide; the first MOST_ROWS."""
    from rich.cells import cell_len

    console = terminal()
    if not rows:
        console.print(f"{headings[0]}: none")
        return
    lines = [headings, *(tuple(map(plain, row)) for row in rows[:MOST_ROWS])]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for number, line in enumerate(lines):
        cells = []
        for heading, text, width in zip(headings, line, widths, strict=True):
            padding = " " * (width - cell_len(text))
            cells.append(text + padding if heading in NAMES else padding + text)
        console.print("  ".join(cells).rstrip(), style="bold" if number == 0 else None, markup=False)
    if len(rows) > MOST_ROWS:
        console.print(f"and {len(rows) - MOST_ROWS:,} more; --format csv lists all")
    console.print()
