"""The command that thins a crawl: keep."""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from dedupe.cli.answers import counted
from dedupe.cli.options import DEFAULT_DB, Db, Output
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.keep import Decisions
    from dedupe.report.record import Record


class Keeping(StrEnum):
    """Which document of each story stays."""

    ORIGIN = "origin"
    EARLIEST = "earliest"
    LONGEST = "longest"
    BEST = "best"


class KeepFormat(StrEnum):
    """What is written of a document that stays."""

    IDS = "ids"
    PATHS = "paths"
    JSONL = "jsonl"
    PARQUET = "parquet"
    WARC = "warc"


KeepPolicy = Annotated[
    Keeping,
    typer.Option(
        help="The origin's own page or what is nearest to it; the earliest; the longest; or the fullest"
        " that says where it is from."
    ),
]
AtLeast = Annotated[
    float,
    typer.Option(
        "--at-least",
        min=0,
        max=1,
        metavar="SHARE",
        help="Of a copy's text in a document that stays, or it stays too; 0 leaves one of each story.",
    ),
]


def keep(
    db: Db = DEFAULT_DB,
    policy: KeepPolicy = Keeping.BEST,
    format: Annotated[
        KeepFormat,
        typer.Option(
            "--format", help="Names of the documents that stay, or the crawl's own lines, rows or records."
        ),
    ] = KeepFormat.IDS,
    output: Output = "-",
    dropped: Annotated[
        str | None,
        typer.Option(metavar="PATH|-", help="Write what is left out and why, as CSV (*.csv) or JSON lines."),
    ] = None,
    at_least: AtLeast = 0.8,
) -> None:
    """Keep one document of each story and all that are part of none: the crawl without its copies.

    A copy that says more stays too: at least --at-least of its text must stand in a document that does, in
    the same words or nearly. A round-up that quotes a story is no copy of it.

    Example: dedupe keep --policy origin --db news.db --format jsonl --output kept.jsonl.gz --dropped why.csv
    """
    from dedupe.cli.progress import progress_bars
    from dedupe.index import Index
    from dedupe.keep import Decisions, Policy
    from dedupe.report import sink
    from dedupe.store import documents

    if output == dropped == "-":
        raise InputError("both lists go to standard output", hint="name a file for --output or --dropped")
    if format in (KeepFormat.PARQUET, KeepFormat.WARC):
        sink.refuse_terminal(output, format.value)
    with Index.open(db) as index, progress_bars("keep", output, dropped) as show:
        decisions = Decisions(index.reader, Policy(policy.value), at_least, partial(show, "keep"))
        roles, stories = _decide(decisions, dropped)
        show("write", 0, None)
        _write(index.reader, decisions, format, output)
        total = documents.count(index.reader)
    gone = roles.total()
    listed = ", ".join(f"{count:,} {role}" for role, count in roles.most_common())
    summary = f"{total - gone:,} of {counted(total, 'document')} {'stays' if total - gone == 1 else 'stay'}"
    if gone:
        of = counted(stories, "story", "stories")
        summary += f"; {counted(gone, 'copy', 'copies')} of {of} {'goes' if gone == 1 else 'go'}: {listed}"
    typer.echo(summary, err=True)


def _decide(decisions: Decisions, output: str | None) -> tuple[Counter[str], int]:
    """Go through all stories, listing what goes; by role, and in how many stories."""
    from dedupe.keep import DROPPED_COLUMNS, dropped_record
    from dedupe.report import sink
    from dedupe.report.jsonl import write_lines
    from dedupe.report.table import write_table

    roles: Counter[str] = Counter()
    stories: set[str] = set()

    def records() -> Iterator[Record]:
        for each in decisions.dropped():
            roles[each.candidate.role.value] += 1
            stories.add(each.cluster_id)
            yield dropped_record(each)

    if output is None:
        for _ in records():
            pass
    else:
        with sink.file(output) as stream:
            if output.endswith(".csv"):
                write_table(records(), DROPPED_COLUMNS, stream)
            else:
                write_lines(records(), stream)
    return roles, len(stories)


def _write(connection: sqlite3.Connection, decisions: Decisions, format: KeepFormat, output: str) -> None:
    from dedupe import keep as keeping
    from dedupe.report import sink

    with sink.file(output) as stream:
        if format is KeepFormat.WARC:
            keeping.write_warc(connection, decisions.stays, stream, compress=output.endswith(".gz"))
        elif format is KeepFormat.PARQUET:
            keeping.write_parquet(connection, decisions.stays, stream)
        elif format is KeepFormat.JSONL:
            with _packed(stream, output) as lines:
                keeping.write_jsonl(connection, decisions.stays, lines)
        else:
            with _packed(stream, output) as lines:
                _write_names(connection, decisions, format, lines)


def _write_names(
    connection: sqlite3.Connection, decisions: Decisions, format: KeepFormat, stream: BinaryIO
) -> None:
    """One a line; a name that holds a line break would be two, and is refused."""
    from dedupe.store.keeping import kept

    for document in kept(connection, decisions.stays):
        name = document.id if format is KeepFormat.IDS else document.path + document.member
        if "\n" in name:
            raise InputError(f"the name {name!r} is no line", hint="--format jsonl")
        stream.write(name.encode() + b"\n")


@contextmanager
def _packed(stream: BinaryIO, output: str) -> Iterator[BinaryIO]:
    """The stream, through gzip where the output's name asks for it."""
    if output.endswith(".gz"):
        with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, filename="") as packed:
            yield packed  # type: ignore[misc]
    else:
        yield stream
