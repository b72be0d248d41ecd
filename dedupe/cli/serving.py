"""Commands that stay: serve, watch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dedupe.cli.indexing import config_of
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
from dedupe.errors import InputError, MissingExtra

Host = Annotated[
    str,
    typer.Option(metavar="NAME", help="The address to listen on; the default is this machine's own."),
]
Readers = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Processes that answer; all cores by default.")
]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="FILE", help="Holds the token; else DEDUPE_TOKEN does."),
]
Rate = Annotated[
    float | None, typer.Option(min=0.01, metavar="N", help="Requests a second that one address may make.")
]


def serve(
    db: Db = DEFAULT_DB,
    host: Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="The port; 0 takes a free one.")
    ] = 8765,
    readers: Readers = None,
    writable: Annotated[
        bool, typer.Option("--writable", help="Let the holder of the token add documents.")
    ] = False,
    token_file: TokenFile = None,
    rate: Rate = None,
    max_body: Annotated[
        int, typer.Option("--max-body", min=1, metavar="MIB", help="Largest request, in MiB.")
    ] = 8,
    seconds: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Longest time for one answer.")
    ] = 10.0,
) -> None:
    """Answer over HTTP: questions, documents, clusters, and the report as live pages.

    Example: dedupe serve --db news.db --port 8765
    """
    import os

    from dedupe.index import Index
    from dedupe.web.settings import Settings

    try:
        from dedupe.web.server import run
    except ImportError as error:
        raise MissingExtra("dedupe serve", "web") from error
    if token_file is not None and not writable:
        raise InputError(f"--token-file {token_file} is for a service that may write", hint="add --writable")
    token = _token(token_file) if writable else None
    if token is None or db.exists():
        with Index.open(db) as index:
            index.reader.execute("SELECT 1")  # refused now rather than at every question
    settings = Settings(
        db=db.absolute(),
        host=host,
        port=port,
        readers=readers or os.cpu_count() or 1,
        token=token,
        rate=rate,
        max_body=max_body << 20,
        answer_seconds=seconds,
    )
    _log_to_stderr()
    run(settings, lambda address: typer.echo(f"serving {db} at {address}"))
    typer.echo("stopped", err=True)


def watch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The directory that the crawler fills.")],
    db: Db = DEFAULT_DB,
    prune: Prune = False,
    field: Fields = None,
    extractor: Extractor = Extraction.RESILIPARSE,
    agencies: Agencies = None,
    workers: Workers = None,
    memory: Memory = DEFAULT_MEMORY,
) -> None:
    """Index a directory, and go on indexing what comes into it, until it is stopped.

    Example: dedupe watch crawl/ --db news.db
    """
    from dedupe.index import Index

    try:
        from dedupe.web.watch import give_way, passes
    except ImportError as error:
        raise MissingExtra("dedupe watch", "web") from error
    give_way()
    try:
        with Index.open(db, config_of(field or [], extractor, agencies)) as index:
            index.memory = memory << 20
            for each in passes(index, folder, prune=prune, workers=workers):
                now = each.reading
                typer.echo(
                    f"{now.added:,} new, {now.changed:,} changed, {now.removed:,} removed,"
                    f" {now.skipped.total():,} skipped in {each.seconds:.1f} s"
                )
                sys.stdout.flush()
    except KeyboardInterrupt:
        typer.echo("stopped; the next watch goes on from here", err=True)


def _token(file: Path | None) -> str:
    """
    Raises:
        InputError: there is none, or it is too short to be one.
    """
    import os

    try:
        token = (os.environ.get("DEDUPE_TOKEN", "") if file is None else file.read_text("utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.unreadable(f"the token from {file}", error) from error
    if len(token) < 16:
        raise InputError(
            "--writable needs a token of at least 16 characters",
            hint="put one into a file and give it as --token-file, or set DEDUPE_TOKEN",
        )
    return token


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
