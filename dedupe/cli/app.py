"""The commands' names, in the order in which people meet them. Each command is a module's function."""

from __future__ import annotations

from typing import Annotated

import typer

from dedupe import __version__
from dedupe.cli import (
    asking,
    checking,
    evaluating,
    exporting,
    flows,
    indexing,
    keeping,
    looking,
    serving,
    spark,
)

app = typer.Typer(
    name="dedupe",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Find republished news copy, group the copies into clusters, name the likely original source.",
    epilog="Example: dedupe index crawl/ --db news.db, then dedupe report --format html --output site",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dedupe {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback for an error.")] = False,
) -> None:
    """Find republished news copy, group the copies into clusters, name the likely original source."""


app.command("index")(indexing.index)
app.command("remove")(indexing.remove)
app.command("query")(asking.query)
app.command("explain")(asking.explain)
app.command("report")(exporting.report)
app.command("pairs")(exporting.pairs)
app.command("keep")(keeping.keep)
app.command("show")(looking.show)
app.command("sources")(flows.sources)
app.command("reposts")(flows.reposts)
app.command("independent")(flows.independent)
app.command("columns")(looking.columns)
app.command("skipped")(looking.skipped)
app.command("stats")(looking.stats)
app.command("check")(checking.check)
app.command("evaluate")(evaluating.evaluate)
app.command("serve")(serving.serve)
app.command("watch")(serving.watch)
app.command("import")(spark.import_tables)
app.add_typer(spark.spark, name="spark")
