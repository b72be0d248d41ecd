"""Options that several commands share: one spelling, one help text each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Db = Annotated[Path, typer.Option("--db", metavar="FILE", help="The index file.", show_default=True)]
Output = Annotated[str, typer.Option("--output", "-o", metavar="PATH|-", help="Where to write; - is stdout.")]
Agencies = Annotated[
    Path | None, typer.Option("--agencies", metavar="FILE", help="Further agencies, as in agencies.toml.")
]

DEFAULT_DB = Path("news.db")


class Rows(StrEnum):
    """Formats of a list of rows."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
