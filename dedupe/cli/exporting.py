"""Commands that export: report, pairs."""

from __future__ import annotations

import shlex
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli import completing
from dedupe.cli.answers import counted, plain
from dedupe.cli.options import DEFAULT_DB, Db, Output
from dedupe.model import Role

if TYPE_CHECKING:
    from dedupe.index import Index
    from dedupe.report import Filters


class ReportFormat(StrEnum):
    """What `dedupe report` writes."""

    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
    GRAPHML = "graphml"
    GEXF = "gexf"
    DATASETTE = "datasette"


class Nodes(StrEnum):
    """What the nodes of a graph are."""

    DOCUMENTS = "documents"
    OUTLETS = "outlets"


class PairFormat(StrEnum):
    """What `dedupe pairs` writes."""

    JSONL = "jsonl"
    CSV = "csv"


OfOutlet = Annotated[
    str | None,
    typer.Option(
        metavar="OUTLET",
        help="Stories with a document of this outlet.",
        autocompletion=completing.outlets,
    ),
]
OfAgency = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Stories whose origin is this organisation.",
        autocompletion=completing.origins,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(metavar="SQL", help="Stories with a document like this: an SQL condition over columns."),
]


def report(
    db: Db = DEFAULT_DB,
    format: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.JSONL,
    output: Output = "-",
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Stories with a document from this day on.")
    ] = None,
    outlet: OfOutlet = None,
    agency: OfAgency = None,
    min_size: Annotated[
        int, typer.Option("--min-size", min=1, metavar="N", help="Stories of at least so many documents.")
    ] = 1,
    role: Annotated[Role | None, typer.Option(help="Stories with a document in this role.")] = None,
    where: Where = None,
    nodes: Annotated[
        Nodes, typer.Option(help="Of a graph (graphml, gexf): each document, or each outlet.")
    ] = Nodes.DOCUMENTS,
) -> None:
    """Write the clusters: a site of pages for people, or data for programs.

    Filters choose stories, the same ones for every format; a story is always written whole. One of its
    documents must meet --since, --outlet, --role and --where at once. --where may name the columns of
    --format csv: "byline_swap AND kept > .9 AND outlet LIKE '%.de'".

    datasette makes the index searchable (once; later only what is new) and writes the metadata for it:
    `datasette news.db --metadata metadata.yaml`.

    Example: dedupe report --db news.db --format html --output site
    """
    from dedupe import report as reports
    from dedupe.cli.progress import progress_bars
    from dedupe.index import Index
    from dedupe.report import sink
    from dedupe.report.stored import StoredSource

    condition = None if where is None else reports.Condition(where)
    filters = reports.Filters(since, outlet, agency, min_size, role, condition)
    if format is ReportFormat.DATASETTE:
        _datasette(db, output, filters)
        return
    if format is ReportFormat.PARQUET:
        sink.refuse_terminal(output, format.value)
    with Index.open(db) as index, progress_bars("write", output) as progress:
        source = StoredSource(index.reader, partial(progress, "write"))
        written = reports.write(source, format.value, output, filters, nodes.value)
        hint = None if written.clusters or outlet is None else _why_nothing(index, outlet)
    typer.echo(f"{counted(written.clusters, 'cluster')}, {counted(written.documents, 'document')}", err=True)
    if hint:
        typer.echo(f"hint: {plain(hint)}", err=True)


def _why_nothing(index: Index, outlet: str) -> str:
    """Why no story has a document of an outlet and is as else was asked for."""
    from dedupe.names import folded, meant
    from dedupe.owners import Organisations
    from dedupe.store import clusters, documents

    carried = dict(documents.outlets(index.reader))
    held = sum(count for name, count in carried.items() if folded(name) == folded(outlet))
    if held:
        return f"{counted(held, 'document')} of {outlet}, none of them in a story that is as asked for"
    origin = Organisations(index.config.text.agencies).of(outlet)
    if clusters.count_from(index.reader, origin):
        named = shlex.quote(origin)
        return f"no document is of {outlet}; --agency {named} selects the stories that come from there"
    return f"no document is of {outlet}; {meant(outlet, carried) or 'dedupe sources lists the outlets'}"


def _datasette(db: Path, output: str, filters: Filters) -> None:
    """Full-text search into the index file, metadata to the output."""
    from dedupe.report import datasette, sink
    from dedupe.store import search
    from dedupe.store.database import connect_reader, open_writer

    datasette.refuse_filters(filters)
    connect_reader(db).close()  # an index that is not there must not be made
    with open_writer(db) as database:
        added = search.build(database.conn)
    with sink.file(output) as stream:
        stream.write(datasette.metadata(db.stem))
    typer.echo(f"{counted(added, 'document')} made searchable", err=True)


def pairs(
    db: Db = DEFAULT_DB,
    format: Annotated[PairFormat, typer.Option("--format", help="What to write.")] = PairFormat.JSONL,
    output: Output = "-",
) -> None:
    """Write every verified pair with its relation and passages.

    Example: dedupe pairs --db news.db --format jsonl --output pairs.jsonl
    """
    from dedupe import report as reports
    from dedupe.index import Index

    with Index.open(db) as index:
        count = reports.write_pairs(index.pairs(), format.value, output)
    typer.echo(counted(count, "pair"), err=True)
