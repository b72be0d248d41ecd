"""Commands that export: report, pairs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dedupe.cli.options import DEFAULT_DB, Db, Output
from dedupe.model import Role


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


class Nodes(StrEnum):
    """What the nodes of a graph are."""

    DOCUMENTS = "documents"
    OUTLETS = "outlets"


class PairFormat(StrEnum):
    """What `dedupe pairs` writes."""

    JSONL = "jsonl"
    CSV = "csv"


def report(
    db: Db = DEFAULT_DB,
    format: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.JSONL,
    output: Output = "-",
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Stories with a document from this day on.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Stories with a document of this outlet.")] = None,
    agency: Annotated[str | None, typer.Option(help="Stories whose origin is this organisation.")] = None,
    min_size: Annotated[
        int, typer.Option("--min-size", min=1, help="Stories of at least so many documents.")
    ] = 1,
    role: Annotated[Role | None, typer.Option(help="Stories with a document in this role.")] = None,
    where: Annotated[
        str | None,
        typer.Option(metavar="SQL", help="Stories with a document like this: an SQL condition over columns."),
    ] = None,
    nodes: Annotated[
        Nodes, typer.Option(help="Of a graph (graphml, gexf): each document, or each outlet.")
    ] = Nodes.DOCUMENTS,
) -> None:
    """Write the clusters: a site of pages for people, or data for programs.

    Filters choose stories, the same ones for every format; a story is always written whole. One of its
    documents must meet --since, --outlet, --role and --where at once. --where may name the columns of
    --format csv: "byline_swap AND kept > .9 AND outlet LIKE '%.de'".

    Example: dedupe report --db news.db --format html --output site
    """
    from dedupe import report as reports
    from dedupe.index import Index
    from dedupe.report.stored import StoredSource

    condition = None if where is None else reports.Condition(where)
    filters = reports.Filters(since, outlet, agency, min_size, role, condition)
    with Index.open(db) as index:
        written = reports.write(StoredSource(index.reader), format.value, output, filters, nodes.value)
    typer.echo(f"{written.clusters:,} clusters, {written.documents:,} documents", err=True)


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
    typer.echo(f"{count:,} pairs", err=True)
