"""`dedupe columns` says what every column of every table holds."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dedupe import Index
from dedupe.cli.app import app

TABLES = {
    "report": ["report", "--format", "csv"],
    "sources": ["sources", "--format", "csv"],
    "flows": ["sources", "--flows", "--format", "csv"],
    "reposts": ["reposts", "AP", "--format", "csv"],
}


def output(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", TABLES)
def test_the_columns_of_a_table_are_described_in_their_order(name: str, samples_db: Path) -> None:
    (heading, *_) = csv.reader(StringIO(output(*TABLES[name], "--db", str(samples_db))))
    described = [line.split(maxsplit=1) for line in output("columns", name).splitlines()]
    assert [column for column, _ in described] == heading


@pytest.mark.parametrize("format", ["json", "jsonl", "csv"])
def test_what_was_skipped_has_the_formats_of_other_lists(format: str, samples: Path, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with Index.open(db) as index:
        index.add(samples / "archive", workers=0)
    shown = output("skipped", "--db", str(db), "--format", format)
    if format == "csv":
        (row,) = csv.DictReader(StringIO(shown))
    else:
        found = json.loads(shown)
        (row,) = found if format == "json" else [found]
    assert list(row) == ["path", "reason", "detail"]
    assert (row["path"].partition("#")[0], row["reason"]) == ("islands.warc.gz", "revisit")
