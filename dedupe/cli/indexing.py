"""Commands that write: index, remove."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli import completing
from dedupe.cli.answers import counted
from dedupe.cli.options import (
    DEFAULT_DB,
    DEFAULT_MEMORY,
    Agencies,
    Db,
    Extraction,
    Extractor,
    Fields,
    Memory,
    Prune,
    Workers,
)
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.config import Config
    from dedupe.index import Index
    from dedupe.reading import Reading

TELLING = 1000  # documents from which on a rate says something


def index(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Crawl files and directories.")],
    db: Db = DEFAULT_DB,
    prune: Prune = False,
    field: Fields = None,
    extractor: Extractor = Extraction.RESILIPARSE,
    agencies: Agencies = None,
    workers: Workers = None,
    memory: Memory = DEFAULT_MEMORY,
) -> None:
    """Read a crawl and bring the index up to date: only what is new or has changed is read.

    Example: dedupe index crawl/ --db news.db
    """
    from dedupe.cli.progress import progress_bars
    from dedupe.index import Index

    started = time.monotonic()
    config = config_of(field or [], extractor, agencies)
    with Index.open(db, config) as opened, progress_bars("read") as progress:
        opened.memory = memory << 20
        reading = opened.add(paths, prune=prune, workers=workers, progress=progress)
        lines = list(_summary(opened, reading, time.monotonic() - started))
    typer.echo("\n".join(lines))


def remove(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID...", help="Ids of documents.", autocompletion=completing.documents),
    ] = None,
    db: Db = DEFAULT_DB,
    path: Annotated[
        str | None, typer.Option(metavar="GLOB", help="All documents whose path matches this glob.")
    ] = None,
    outlet: Annotated[
        str | None,
        typer.Option(
            metavar="OUTLET", help="All documents of this outlet.", autocompletion=completing.outlets
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="GLOB", help="All documents whose URL matches this glob.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DATE", help="All documents older than this day.")
    ] = None,
) -> None:
    """Take documents out; what is left is as if they had never been indexed.

    Documents that are named, and those that meet all of the options given.

    Example: dedupe remove --outlet example.com --db news.db
    """
    from dedupe.cli.progress import progress_bars
    from dedupe.index import Index
    from dedupe.store.selection import Selection

    selection = Selection(tuple(ids or ()), path, outlet, url, before)
    if selection == Selection():
        raise InputError(
            "nothing was named to remove", hint="name ids, or use --path, --outlet, --url, --before"
        )
    with Index.open(db) as opened, progress_bars("sign") as progress:
        removed = opened.remove(selection, progress=progress)
    typer.echo(f"removed {counted(removed, 'document')}")


def config_of(field: list[str], extractor: Extraction, agencies: Path | None) -> Config:
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
    config = Config()
    return replace(
        config,
        crawl=replace(config.crawl, fields=tuple(mapped), extractor=extractor.value),
        text=replace(config.text, agencies=load_agencies(agencies)),
    )


def _summary(index: Index, reading: Reading, seconds: float) -> Iterator[str]:
    from dedupe.store.figures import figures

    now = figures(index.reader)
    read = reading.added + reading.changed + reading.unchanged
    yield f"{counted(reading.files, 'file')} read, {reading.unchanged_files:,} unchanged"
    yield (
        f"{counted(now.documents, 'document')}: {reading.added:,} new, {reading.changed:,} changed, "
        f"{reading.removed:,} removed"
    )
    if reading.skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in reading.skipped.most_common())
        yield f"{reading.skipped.total():,} skipped: {reasons} (dedupe skipped lists them)"
        if reading.skipped["no text"] > read:  # some empty ones are in every crawl
            yield "hint: where a field of another name holds the text, --field text=NAME says so"
    shared = f"{now.pairs:,} {'pair that shares' if now.pairs == 1 else 'pairs that share'} text"
    yield f"{counted(now.clusters, 'cluster')} with {counted(now.clustered, 'document')}, {shared}"
    # What a few documents take is the start of the worker processes.
    yield f"{seconds:.1f} s" + (f", {read / seconds:,.0f} documents/s" if read >= TELLING else "")
