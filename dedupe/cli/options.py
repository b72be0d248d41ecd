"""Options that several commands share: one spelling, one help text each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DB = Path("news.db")
DEFAULT_MEMORY = 512  # MiB


class Extraction(StrEnum):
    """What finds the main text of a page."""

    RESILIPARSE = "resiliparse"
    TRAFILATURA = "trafilatura"


class Answer(StrEnum):
    """Formats of an answer."""

    TEXT = "text"
    JSON = "json"


class Rows(StrEnum):
    """Formats of a list of rows."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


Db = Annotated[Path, typer.Option("--db", metavar="FILE", help="The index file.", show_default=True)]
Output = Annotated[str, typer.Option("--output", "-o", metavar="PATH|-", help="Where to write; - is stdout.")]
AnswerFormat = Annotated[Answer, typer.Option("--format", help="For a person, or as one JSON object.")]
RowFormat = Annotated[Rows, typer.Option("--format", help="For a person, or for programs.")]
Agencies = Annotated[
    Path | None, typer.Option("--agencies", metavar="FILE", help="Further agencies, as in agencies.toml.")
]
Owners = Annotated[
    Path | None, typer.Option("--owners", metavar="FILE", help="Outlets to fold into their owners, as TOML.")
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="FIELD=NAME",
        help="Field of the records to read FIELD from; the index remembers it.",
    ),
]
Extractor = Annotated[Extraction, typer.Option("--extractor", help="What finds the main text of pages.")]
Prune = Annotated[bool, typer.Option("--prune", help="Drop documents whose file is gone.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=0, metavar="N", help="Processes; all cores by default, 0 for none."),
]
Memory = Annotated[
    int,
    typer.Option("--memory", min=64, metavar="MIB", help="For merging, in MiB; workers come on top."),
]
