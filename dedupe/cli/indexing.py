"""Commands that write: index, remove."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli.options import DEFAULT_DB, Agencies, Db
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.config import Config
    from dedupe.index import Index
    from dedupe.reading import Progress, Reading

Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="FIELD=NAME",
        help="Field of the records to read FIELD from; the index remembers it.",
    ),
]
Extractor = Annotated[str, typer.Option(help="Main text of pages: resiliparse or trafilatura.")]

STEPS = {
    "check": "looking",
    "read": "reading",
    "sign": "signing",
    "match": "comparing",
    "cluster": "clustering",
}


def index(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Crawl files and directories.")],
    db: Db = DEFAULT_DB,
    prune: Annotated[bool, typer.Option("--prune", help="Drop documents whose file is gone.")] = False,
    field: Fields = None,
    extractor: Extractor = "resiliparse",
    agencies: Agencies = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes; all cores by default.")] = None,
    memory: Annotated[
        int, typer.Option(min=64, metavar="MIB", help="For merging, in MiB; workers come on top.")
    ] = 512,
) -> None:
    """Read a crawl and bring the index up to date: only what is new or has changed is read.

    Example: dedupe index crawl/ --db news.db
    """
    from dedupe.index import Index

    started = time.monotonic()
    with Index.open(db, config_of(field or [], extractor, agencies)) as opened, progress_bars() as progress:
        opened.memory = memory << 20
        reading = opened.add(paths, prune=prune, workers=workers, progress=progress)
        lines = list(_summary(opened, reading, time.monotonic() - started))
    typer.echo("\n".join(lines))


def remove(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Ids of documents.")] = None,
    db: Db = DEFAULT_DB,
    path: Annotated[str | None, typer.Option(help="All documents whose path matches this glob.")] = None,
    outlet: Annotated[str | None, typer.Option(help="All documents of this outlet.")] = None,
    url: Annotated[str | None, typer.Option(help="All documents whose URL matches this glob.")] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DATE", help="All documents older than this day.")
    ] = None,
) -> None:
    """Take documents out; what is left is as if they had never been indexed.

    Example: dedupe remove --outlet example.com --db news.db
    """
    from dedupe.index import Index
    from dedupe.store.selection import Selection

    selection = Selection(tuple(ids or ()), path, outlet, url, before)
    if selection == Selection():
        raise InputError(
            "nothing was named to remove", hint="name ids, or use --path, --outlet, --url, --before"
        )
    with Index.open(db) as opened, progress_bars() as progress:
        removed = opened.remove(selection, progress=progress)
    typer.echo(f"removed {removed:,} documents")


def config_of(field: list[str], extractor: str, agencies: Path | None) -> Config:
    """The configuration that these options ask for.

    Raises:
        InputError: one of them cannot be used.
    """
    from dedupe.config import Config, load_agencies

    mapped = []
    for each in field:
        ours, sign, theirs = each.partition("=")
        if not sign or not ours or not theirs:
            raise InputError(
                f"--field {each!r} is not FIELD=NAME", hint="for example --field text=article_body"
            )
        mapped.append((ours, theirs))
    if extractor not in ("resiliparse", "trafilatura"):
        raise InputError(f"no extractor {extractor!r}", hint="resiliparse or trafilatura")
    config = Config()
    return replace(
        config,
        crawl=replace(config.crawl, fields=tuple(mapped), extractor=extractor),
        text=replace(config.text, agencies=load_agencies(agencies)),
    )


def _summary(index: Index, reading: Reading, seconds: float) -> Iterator[str]:
    from dedupe.store.figures import figures

    now = figures(index.reader)
    read = reading.added + reading.changed + reading.unchanged
    yield f"{reading.files:,} files read, {reading.unchanged_files:,} unchanged"
    yield (
        f"{now.documents:,} documents: {reading.added:,} new, {reading.changed:,} changed, "
        f"{reading.removed:,} removed"
    )
    if reading.skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in reading.skipped.most_common())
        yield f"{reading.skipped.total():,} skipped: {reasons} (dedupe skipped lists them)"
        if reading.skipped["no text"]:
            yield "hint: where a field of another name holds the text, --field text=NAME says so"
    yield f"{now.clusters:,} clusters with {now.clustered:,} documents, {now.pairs:,} pairs that share text"
    yield f"{seconds:.1f} s, {read / seconds:,.0f} documents/s"


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A bar a step, on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        tasks = {step: bars.add_task(label, total=None, visible=False) for step, label in STEPS.items()}

        def show(step: str, done: int, total: int | None) -> None:
            bars.update(tasks[step], completed=done, total=total, visible=True)

        yield show
