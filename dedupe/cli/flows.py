"""Commands over the whole index: sources, reposts, independent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli import completing
from dedupe.cli.options import DEFAULT_DB, Answer, AnswerFormat, Db, Owners, RowFormat, Rows
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.owners import Owner
    from dedupe.store.events import Event
    from dedupe.store.flows import Sisters


def sources(
    db: Db = DEFAULT_DB,
    format: RowFormat = Rows.TABLE,
    flows: Annotated[bool, typer.Option("--flows", help="Who copies from whom instead.")] = False,
    owners: Owners = None,
    suggest_owners: Annotated[
        bool, typer.Option("--suggest-owners", help="Outlets that look like one owner's instead, as TOML.")
    ] = False,
) -> None:
    """Count for each outlet and agency what it wrote, what it copied, and what others took from it.

    A copy is taken from its story's origin, whoever handed it on; excerpts and later versions are no copies.
    Where the origin is unknown a document may be the original and is counted apart. The pages of
    `dedupe report --format html` and the last line of `dedupe reposts` count the same. `--flows` has each
    copy twice where it is known from whose copy it was made: from its `origin`, and from that `parent`.

    Example: dedupe sources --db news.db --flows --format csv
    """
    from dedupe.answer import source_record
    from dedupe.cli import tables
    from dedupe.index import Index

    if flows and suggest_owners:
        raise InputError("--flows and --suggest-owners are two lists", hint="ask for one of them")
    with Index.open(db) as index:
        known = _owners(owners)
        if suggest_owners:
            _suggest(index.sisters(known))
        elif flows:
            ways = index.flows(known)
            if format is Rows.TABLE:
                tables.print_flows(ways)
            else:
                tables.write(map(tables.flow_record, ways), tables.FLOW_COLUMNS, format)
        else:
            listed = index.sources(known)
            if format is Rows.TABLE:
                tables.print_sources(listed)
            else:
                tables.write(map(source_record, listed), tables.SOURCE_COLUMNS, format)


def reposts(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="An outlet, an agency or an owner.",
            autocompletion=completing.outlets_and_origins,
        ),
    ],
    db: Db = DEFAULT_DB,
    format: RowFormat = Rows.TABLE,
    owners: Owners = None,
    uncredited: Annotated[bool, typer.Option("--uncredited", help="Only copies without credit.")] = False,
) -> None:
    """List who republishes an outlet or an agency: where, when, with credit or without, which passages.

    Excerpts and later versions are listed too, and counted apart in the last line.

    Example: dedupe reposts AP --db news.db --uncredited --format csv
    """
    from dedupe.cli import tables
    from dedupe.index import Index

    with Index.open(db) as index:
        known = _owners(owners)
        copies = (
            copy for copy in index.reposts(name, known) if not (uncredited and copy.copy.origin.credited)
        )
        if format is Rows.TABLE:
            tables.print_reposts(name, copies, index.rights)
        else:
            records = (tables.repost_record(copy, index.rights(copy.origin)) for copy in copies)
            tables.write(records, tables.REPOST_COLUMNS, format)
        undecided = index.open_stories(name, known)
    if undecided:
        stories = "story is" if undecided == 1 else "stories are"
        typer.echo(f"{undecided:,} more {stories} shared with others, the origin unknown", err=True)


def independent(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID...",
            help="Ids of documents or clusters; none: all.",
            autocompletion=completing.documents_and_clusters,
        ),
    ] = None,
    db: Db = DEFAULT_DB,
    format: AnswerFormat = Answer.TEXT,
) -> None:
    """Count the independent texts among documents: ten copies of one agency story are one.

    Without ids: over the whole index, event by event, texts that share what somebody said.

    Example: dedupe independent wire/harbour.txt mirror/harbour.html --db news.db
    """
    from dedupe.cli import tables
    from dedupe.index import Index

    if not ids:
        with Index.open(db) as index:
            _print_events(index.events(), format)
        return
    with Index.open(db) as index:
        texts = index.independent(ids)
    if format is Answer.TEXT:
        tables.print_texts(texts)
    else:
        from dataclasses import asdict

        import orjson

        found = {"independent": len(texts), "texts": [asdict(text) for text in texts]}
        typer.echo(orjson.dumps(found).decode())


def _print_events(events: Sequence[Event], format: Answer) -> None:
    from dedupe.cli import tables

    if format is Answer.TEXT:
        tables.print_events(events)
        return
    from dataclasses import asdict

    import orjson

    listed = [{"independent": len(event.texts), **asdict(event)} for event in events]
    typer.echo(orjson.dumps({"events": listed}).decode())


def _owners(path: Path | None) -> Sequence[Owner]:
    from dedupe.owners import load_owners

    return () if path is None else load_owners(path)


def _suggest(pairs: Sequence[Sisters]) -> None:
    lines = list(_suggestions(pairs))
    if not lines:
        typer.echo("no two outlets look like one owner's", err=True)
        return
    typer.echo("# Outlets that nearly always carry the same stories. Keep what you know to be true.")
    typer.echo("\n".join(lines))


def _suggestions(pairs: Sequence[Sisters]) -> Iterator[str]:
    from dedupe.store.flows import families

    left = list(pairs)
    for outlets, inside in families(pairs):
        yield ""
        yield from (f"# {_evidence(pair)}" for pair in inside)
        yield "[[owner]]"
        yield f"name = {_quoted(outlets[0])}"
        yield f"domains = [{', '.join(map(_quoted, outlets))}]"
        left = [pair for pair in left if pair not in inside]
    if left:
        yield "\n# Left out, as one of the two is listed above without the other:"
        yield from (f"#   {_evidence(pair)}" for pair in left)


def _evidence(pair: Sisters) -> str:
    return f"{_quoted(pair.a)} and {_quoted(pair.b)}: {pair.shared:,} of {pair.stories:,} stories in common"


def _quoted(text: str) -> str:
    """A TOML string in which nothing can act on a terminal."""
    plain = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text)
    return '"' + "".join(plain) + '"'
