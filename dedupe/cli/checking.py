"""The command that looks for damage, and repairs it: check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli.exits import DAMAGED
from dedupe.cli.options import DEFAULT_DB, Agencies, Answer, AnswerFormat, Db, Extraction, Workers

if TYPE_CHECKING:
    from dedupe.checking import Checked, Repaired


def check(
    db: Db = DEFAULT_DB,
    full: Annotated[
        bool, typer.Option("--full", help="Derive all anew, not only that of 1,000 documents.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Make a damaged index anew from what is kept in it.")
    ] = False,
    format: AnswerFormat = Answer.TEXT,
    workers: Workers = None,
    extractor: Annotated[
        Extraction | None,
        typer.Option("--extractor", help="What the index was made with, where a repair finds that lost."),
    ] = None,
    agencies: Agencies = None,
) -> None:
    """Look whether an index is whole: the file, what was read, and all that was derived from it.

    Exits with 3 where something is damaged, or was lost in a repair. A repair makes a new file beside the old
    one, which stays as FILE.damaged, and names what it cannot take over.

    Example: dedupe check --db news.db --repair
    """
    from dedupe import checking
    from dedupe.cli.indexing import config_of
    from dedupe.cli.progress import progress_bars

    with progress_bars("check") as progress:
        found = checking.check(db, full=full, workers=workers, progress=progress)
        repaired = None
        if repair and not found.is_whole:
            config = (
                config_of([], extractor or Extraction.RESILIPARSE, agencies)
                if extractor or agencies
                else None
            )
            repaired = checking.repair(db, config=config, workers=workers, progress=progress)
    if format is Answer.JSON:
        typer.echo(_json(found, repaired))
    else:
        typer.echo("\n".join(_lines(db, found, repaired)))
    if repaired.losses if repaired else found.findings:
        raise typer.Exit(DAMAGED)


def _lines(db: Path, found: Checked, repaired: Repaired | None) -> list[str]:
    lines = [str(each) for each in found.findings]
    if repaired is not None:
        lines += [f"lost: {each}" for each in repaired.losses]
        lines.append(f"{db} was made anew with {repaired.documents:,} documents")
        lines.append(f"the damaged file is {repaired.kept_as}")
        if repaired.losses:
            lines.append(
                "dedupe index reads the crawl files of what was lost again, where they are still there"
            )
    elif found.findings:
        lines.append(f"{db} is damaged; dedupe check --repair --db {db} makes it anew from what is kept")
    else:
        lines.append(f"{db} is whole: {found.documents:,} documents, {found.derived:,} derived anew")
        if found.waiting:
            lines.append(f"{found.waiting:,} documents wait for the next dedupe index, which goes on")
    return lines


def _json(found: Checked, repaired: Repaired | None) -> str:
    from dataclasses import asdict

    import orjson

    answer = {
        "whole": found.is_whole,
        "documents": found.documents,
        "derived": found.derived,
        "waiting": found.waiting,
        "findings": [asdict(each) for each in found.findings],
        "repaired": None,
    }
    if repaired is not None:
        answer["repaired"] = {
            "documents": repaired.documents,
            "kept_as": str(repaired.kept_as),
            "losses": [asdict(each) for each in repaired.losses],
        }
    return orjson.dumps(answer).decode()
