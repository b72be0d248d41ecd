"""`dedupe columns` says what every column of every table holds."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

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
