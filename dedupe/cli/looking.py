"""Commands that look: show, skipped, stats."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dedupe.cli import completing
from dedupe.cli.answers import plain
from dedupe.cli.options import DEFAULT_DB, Answer, AnswerFormat, Db, RowFormat, Rows
from dedupe.errors import InputError, NotFound


def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="A document or a cluster.",
            autocompletion=completing.documents_and_clusters,
        ),
    ] = None,
    db: Db = DEFAULT_DB,
    furniture: Annotated[
        str | None,
        typer.Option(
            metavar="OUTLET",
            help="The lines learned as furniture there.",
            autocompletion=completing.outlets,
        ),
    ] = None,
) -> None:
    """Show a document with its claims and cluster, a cluster with its copies, or learned furniture.

    Example: dedupe show wire/harbour.txt --db news.db
    """
    from dedupe.cli import showing
    from dedupe.index import Index
    from dedupe.report.stored import StoredSource
    from dedupe.store import clusters, documents

    with Index.open(db) as index:
        if furniture is not None:
            showing.print_furniture(furniture, index.furniture(furniture))
            return
        if name is None:
            raise InputError(
                "nothing was named to show", hint="name a document, a cluster, or --furniture OUTLET"
            )
        stored = clusters.cluster(index.reader, name)
        if stored is not None:
            row = StoredSource(index.reader).cluster_row(stored)
            showing.print_cluster(row, index.rights(stored.origin))
            return
        try:
            number = documents.number_of(index.reader, name)
        except NotFound as error:
            raise NotFound(f"no document or cluster has the id {name!r}", hint=error.hint) from error
        (story,) = documents.load_stories(index.reader, [number])
        showing.print_document(story, clusters.clusters_of(index.reader, number))


class Tabled(StrEnum):
    """Commands whose rows have columns."""

    REPORT = "report"
    SOURCES = "sources"
    FLOWS = "flows"
    REPOSTS = "reposts"


def columns(
    of: Annotated[Tabled, typer.Argument(help="The command; flows is sources --flows.")] = Tabled.REPORT,
) -> None:
    """Say what each column of a command's CSV holds, and each key of its JSON; for report --where as well.

    Example: dedupe columns sources
    """
    from dedupe.cli import tables
    from dedupe.report.record import COLUMNS

    described = {
        Tabled.REPORT: COLUMNS,
        Tabled.SOURCES: tables.SOURCE_COLUMNS,
        Tabled.FLOWS: tables.FLOW_COLUMNS,
        Tabled.REPOSTS: tables.REPOST_COLUMNS,
    }
    tables.print_columns(described[of])


def skipped(db: Db = DEFAULT_DB, format: RowFormat = Rows.TABLE) -> None:
    """List what was left out of the crawl, and why: path, reason, detail, in the table separated by tabs.

    Example: dedupe skipped --db news.db --format csv
    """
    from dedupe.cli import tables
    from dedupe.index import Index
    from dedupe.store import documents

    with Index.open(db) as index:
        found = documents.skipped(index.reader)
        if format is Rows.TABLE:
            for row in found:
                typer.echo("\t".join(" ".join(plain(part).split()) for part in row))
        else:
            tables.write(map(tables.skipped_record, found), tables.SKIPPED_COLUMNS, format)


def stats(
    db: Db = DEFAULT_DB,
    format: AnswerFormat = Answer.TEXT,
) -> None:
    """Figures of the index: documents, clusters, relations, roles, origins.

    Example: dedupe stats --db news.db
    """
    from dedupe.index import Index
    from dedupe.store.figures import figures
    from dedupe.store.search import missing

    with Index.open(db) as index:
        now, unsearched = figures(index.reader), missing(index.reader)
    if format is Answer.JSON:
        from dataclasses import asdict

        import orjson

        typer.echo(orjson.dumps(asdict(now)).decode())
    else:
        from dedupe.cli.showing import print_figures

        print_figures(now, unsearched)
