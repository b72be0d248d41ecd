"""Past one machine: spark run, and import of what it wrote."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli.answers import counted
from dedupe.cli.indexing import config_of
from dedupe.cli.options import DEFAULT_DB, Agencies, Db, Extraction, Extractor, Fields
from dedupe.errors import MissingExtra

if TYPE_CHECKING:
    from dedupe.spark.run import Result

spark = typer.Typer(no_args_is_help=True, help="The same job on Apache Spark, for crawls past one machine.")


@spark.command("run")
def run(
    inputs: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Crawl files and directories.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="A new directory for the tables.")
    ],
    master: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Spark's master; what spark-submit says, else this machine."),
    ] = None,
    part: Annotated[
        int | None,
        typer.Option(min=1, metavar="MIB", help="Input that a task reads, in MiB; by the crawl's size."),
    ] = None,
    field: Fields = None,
    extractor: Extractor = Extraction.RESILIPARSE,
    agencies: Agencies = None,
) -> None:
    """Find the same pairs, clusters and origins as `dedupe index`, on Spark, as Parquet tables.

    PATH and DIR must be paths that every worker sees: a shared or mounted file system.

    Example: dedupe spark run crawl/ --output tables/ --master "local[4]"
    """
    try:
        from dedupe.spark.run import Run, Settings, refuse
        from dedupe.spark.session import open_session, stopped_clearly
    except ImportError as error:
        raise MissingExtra("dedupe spark", "spark") from error
    config = config_of(field or [], extractor, agencies)
    refuse(inputs, output, config)
    started = time.monotonic()
    session = open_session(master)
    settings = Settings(part_bytes=None if part is None else part << 20)
    with stopped_clearly(session):
        result = Run(session, output.absolute(), config, settings).index(inputs, _show)
    typer.echo("\n".join(_summary(result, time.monotonic() - started)))


def import_tables(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `dedupe spark run` wrote.")],
    db: Db = DEFAULT_DB,
) -> None:
    """Make one index file of the tables of a Spark run, to be asked, reported and added to.

    Example: dedupe import tables/ --db news.db
    """
    try:
        from dedupe.spark.importing import import_run
    except ImportError as error:
        raise MissingExtra("dedupe import", "spark") from error
    count = import_run(folder, db)
    typer.echo(f"{counted(count, 'document')} in {db}")


def _summary(result: Result, seconds: float) -> Iterator[str]:
    yield f"{result.files:,} files read, {result.skipped:,} records skipped"
    yield f"{result.clusters:,} clusters, {result.pairs:,} pairs that share text"
    yield f"{result.documents:,} documents in {seconds:.1f} s, {result.documents / seconds:,.0f} documents/s"


def _show(step: str, seconds: float) -> None:
    typer.echo(f"{step}: {seconds:.1f} s", err=True)
