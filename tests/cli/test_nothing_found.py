"""An answer that is empty says why, and what could be asked instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dedupe.cli.app import app


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--outlet", "kestrelbay.example"], "did you mean kestrelbayobserver.example?"),
        (["--outlet", "voanews.com"], "--agency 'Voice of America' selects the stories that come from there"),
        (
            ["--outlet", "OPENWIRE.example", "--min-size", "99"],
            "4 documents of OPENWIRE.example, none",
        ),
        (["--outlet", "qq"], "no document is of qq; dedupe sources lists the outlets"),
    ],
    ids=["misspelt", "an agency", "none that is as asked for", "like no other"],
)
def test_a_report_on_an_outlet_says_why_it_is_empty(
    arguments: list[str], hint: str, samples_db: Path
) -> None:
    done = CliRunner().invoke(app, ["report", "--db", str(samples_db), *arguments])
    assert done.stdout == ""
    assert hint in done.stderr


def test_a_report_that_is_empty_for_other_reasons_gives_no_hint(samples_db: Path) -> None:
    done = CliRunner().invoke(app, ["report", "--db", str(samples_db), "--min-size", "99"])
    assert done.stderr == "0 clusters, 0 documents\n"
