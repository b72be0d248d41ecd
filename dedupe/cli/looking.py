"""Commands that look: show, skipped, stats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli.options import DEFAULT_DB, Db
from dedupe.errors import InputError, NotFound

if TYPE_CHECKING:
    from dedupe.store.figures import Figures


def show(
    name: Annotated[str | None, typer.Argument(metavar="DOCUMENT|CLUSTER", help="An id.")] = None,
    db: Db = DEFAULT_DB,
    furniture: Annotated[
        str | None, typer.Option(metavar="OUTLET", help="The lines learned as furniture there.")
    ] = None,
) -> None:
    """Show a document with its claims and cluster, a cluster with its copies, or learned furniture.

    Example: dedupe show wire/harbour.txt --db news.db
    """
    from dedupe.cli import answers
    from dedupe.index import Index
    from dedupe.origin import rights_hint
    from dedupe.report.stored import StoredSource
    from dedupe.store import clusters, documents

    with Index.open(db) as index:
        if furniture is not None:
            answers.print_furniture(furniture, index.furniture(furniture))
            return
        if name is None:
            raise InputError(
                "nothing was named to show", hint="name a document, a cluster, or --furniture OUTLET"
            )
        stored = clusters.cluster(index.reader, name)
        if stored is not None:
            rights = rights_hint(stored.origin, index.config.text.agencies)
            answers.print_cluster(StoredSource(index.reader).cluster_row(stored), rights)
            return
        try:
            number = documents.number_of(index.reader, name)
        except NotFound as error:
            raise NotFound(f"no document or cluster has the id {name!r}", hint=error.hint) from error
        (story,) = documents.load_stories(index.reader, [number])
        answers.print_document(story, clusters.clusters_of(index.reader, number))


def skipped(db: Db = DEFAULT_DB) -> None:
    """List what was left out of the crawl, and why: path, reason, detail, separated by tabs.

    Example: dedupe skipped --db news.db
    """
    from dedupe.index import Index
    from dedupe.store import documents

    with Index.open(db) as index:
        for path, reason, detail in documents.skipped(index.reader):
            typer.echo(f"{path}\t{reason}\t{detail}")


def stats(
    db: Db = DEFAULT_DB,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Figures of the index: documents, clusters, relations, roles, origins.

    Example: dedupe stats --db news.db
    """
    from dedupe.index import Index
    from dedupe.store.figures import figures

    with Index.open(db) as index:
        now = figures(index.reader)
    if as_json:
        from dataclasses import asdict

        import orjson

        typer.echo(orjson.dumps(asdict(now)).decode())
    else:
        typer.echo("\n".join(_table(now)))


def _table(now: Figures) -> list[str]:
    lines = [
        f"{now.documents:>9,}  documents of {now.outlets:,} outlets",
        f"{now.clusters:>9,}  clusters with {now.clustered:,} documents",
        f"{now.pairs:>9,}  pairs that share text",
        f"{now.furniture_lines:>9,}  lines of site furniture learned",
        f"{now.skipped:>9,}  files or records skipped",
    ]
    for heading, counts in (
        ("relations", now.relations),
        ("roles", now.roles),
        ("origins", now.origins[:10]),
    ):
        lines += ["", heading, *(f"{count:>9,}  {name}" for name, count in counts)]
    return lines
