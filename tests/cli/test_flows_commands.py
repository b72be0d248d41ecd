"""sources, reposts and independent, as a shell runs them."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from generated import WORDS, write_lines

from dedupe import Index
from dedupe.config import load_agencies
from dedupe.report.table import unguarded

MAIN = "from dedupe.cli import main; main()"
FORMULA = "=HYPERLINK(1)"
ESCAPE = "\x1b]0;owned\x07[red]Tansy"


def dedupe(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command; never on a terminal."""
    return subprocess.run(
        [sys.executable, "-c", MAIN, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
    )  # fmt: skip


def output(*arguments: str | Path) -> str:
    done = dedupe(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six stories of the Associated Press in two outlets, with titles and bylines that want to act."""
    folder = tmp_path_factory.mktemp("sly")
    draw = random.Random(11)
    records: list[dict[str, Any]] = []
    for number in range(6):
        text = " ".join(draw.choices(WORDS, k=120)).capitalize() + "."
        for outlet in ("harnow.example", "kestrel.example"):
            records.append(
                {
                    "id": f"{outlet}-{number}",
                    "url": f"https://{outlet}/{number}",
                    "title": FORMULA,
                    "text": text,
                }
            )
            records[-1]["byline"] = "Associated Press" if outlet == "harnow.example" else ESCAPE
    with Index.open(folder / "news.db") as index:
        index.add(write_lines(folder / "crawl.jsonl", records), workers=0)
    return folder / "news.db"


LISTS = {
    "sources": ["sources"],
    "flows": ["sources", "--flows"],
    "reposts": ["reposts", "VOA"],
}


@pytest.mark.parametrize("command", LISTS.values(), ids=LISTS)
def test_every_format_holds_the_same_rows(samples_db: Path, command: list[str]) -> None:
    def printed(format: str) -> str:
        return output(*command, "--db", samples_db, "--format", format)

    rows = json.loads(printed("json"))
    assert [json.loads(line) for line in printed("jsonl").splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(printed("csv"), newline="")))
    assert [list(row) for row in table] == [list(row) for row in rows]
    assert [row[first] for row in table for first in [next(iter(row))]] == [
        str(next(iter(row.values()))) for row in rows
    ]
    assert len(rows) > 3


@pytest.mark.parametrize("command", LISTS.values(), ids=LISTS)
def test_the_same_index_gives_the_same_bytes(samples_db: Path, command: list[str]) -> None:
    assert output(*command, "--db", samples_db) == output(*command, "--db", samples_db)


def test_a_source_as_json(samples_db: Path) -> None:
    rows = json.loads(output("sources", "--db", samples_db, "--format", "json"))
    (valley,) = [row for row in rows if row["name"] == "valleysentinel.example"]
    taken = [
        row
        for name in ("VOA", "AP", "kestrelbayobserver.example")
        for row in json.loads(output("reposts", name, "--db", samples_db, "--format", "json"))
        if row["outlet"] == "valleysentinel.example"
    ]
    assert len(taken) == 3
    assert valley == {
        "name": "valleysentinel.example",
        "kind": "outlet",
        "documents": 4,
        "originals": 0,
        "copies": 3,
        "uncredited": 3,
        "uncredited_share": 1.0,
        "byline_swaps": sum(row["byline_swap"] for row in taken),
        "median_delay_seconds": 53_400,  # 6 h 48 min, 14 h 50 min and 1 d 1 h 45 min after the first
        "origin_unknown": 1,
        "taken": 0,
        "taken_uncredited": 0,
        "taken_uncredited_share": None,
        "taken_byline_swaps": 0,
        "taken_median_delay_seconds": None,
    }


def test_a_repost_carries_the_note_on_rights(samples_db: Path) -> None:
    (licence,) = [agency.licence for agency in load_agencies() if agency.short == "VOA"]
    rows = json.loads(output("reposts", "VOA", "--db", samples_db, "--format", "json"))
    assert {row["licence"] for row in rows} == {licence}
    assert f"rights  {licence}" in output("reposts", "VOA", "--db", samples_db)
    assert f"rights  {licence}" in output("show", rows[0]["cluster_id"], "--db", samples_db)


def test_the_answer_about_an_agencys_text_carries_the_note_on_rights(samples_db: Path, root: Path) -> None:
    (licence,) = [agency.licence for agency in load_agencies() if agency.short == "VOA"]
    page = root / "samples" / "query" / "repost.html"
    assert f"rights  {licence}" in output("query", page, "--db", samples_db)


def test_one_copy_is_said_to_be_the_one_that_the_others_are_measured_on(samples_db: Path) -> None:
    found = json.loads(output("reposts", "VOA", "--db", samples_db, "--format", "json"))
    shown = output("show", found[0]["cluster_id"], "--db", samples_db)
    assert shown.count("the others keep so much of this one") == 1


def test_a_story_of_an_outlet_has_no_note_on_rights(samples_db: Path) -> None:
    assert "rights" not in output("reposts", "kestrelbayobserver.example", "--db", samples_db)


def test_reposts_say_who_how_and_what(samples_db: Path) -> None:
    shown = output("reposts", "kestrelbayobserver.example", "--db", samples_db)
    assert "syndicated  commonground.example, credited" in shown
    assert "repost  valleysentinel.example, no credit, under another byline, Rena Holt" in shown
    assert "https://valleysentinel.example/meters\n    “The meters, installed in 14,200 homes" in shown
    assert shown.endswith("2 copies of 1 story at 2 outlets, 1 without credit; 1 excerpt besides\n")


def test_copies_without_credit_alone(samples_db: Path) -> None:
    every, some = (
        json.loads(output("reposts", "AP", "--db", samples_db, "--format", "json", *options))
        for options in ([], ["--uncredited"])
    )
    assert some == [row for row in every if not row["credited"]]
    assert [row["outlet"] for row in some] == ["valleysentinel.example"]


def test_stories_of_unknown_origin_are_told_apart_from_the_list(samples_db: Path) -> None:
    done = dedupe("reposts", "baihe.example", "--db", samples_db)
    assert done.stdout == "nobody is known to have republished baihe.example\n"
    assert done.stderr.startswith("1 more story is shared with others")


def test_no_cell_becomes_a_formula(sly: Path) -> None:
    text = output("reposts", "AP", "--db", sly, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["title"] for row in rows} == {"'" + FORMULA}
    assert {unguarded(row["story"]) for row in rows} == {FORMULA}


@pytest.mark.parametrize("command", [["reposts", "AP"], ["sources"], ["sources", "--flows"]], ids=" ".join)
def test_text_of_a_crawl_does_not_act_on_a_terminal(sly: Path, command: list[str]) -> None:
    shown = output(*command, "--db", sly)
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]Tansy" in shown or command[0] != "reposts"


def test_owners_are_suggested_and_folded(tmp_path: Path) -> None:
    draw = random.Random(5)
    records = []
    for number in range(6):
        text = " ".join(draw.choices(WORDS, k=120)).capitalize() + "."
        for outlet in ("harnow.example", 'kes"trel.example'):
            records.append({"id": f"{outlet}-{number}", "outlet": outlet, "title": text[:40], "text": text})
    db, owners = tmp_path / "news.db", tmp_path / "owners.toml"
    with Index.open(db) as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", records), workers=0)
    owners.write_text(output("sources", "--suggest-owners", "--db", db), "utf-8")
    outlets = ["harnow.example", 'kes"trel.example']
    assert tomllib.loads(owners.read_text("utf-8")) == {
        "owner": [{"name": "harnow.example", "domains": outlets}]
    }
    folded = json.loads(output("sources", "--owners", owners, "--db", db, "--format", "json"))
    assert [(row["name"], row["kind"], row["documents"]) for row in folded] == [
        ("harnow.example", "owner", 12)
    ]
    assert output("sources", "--suggest-owners", "--owners", owners, "--db", db) == ""


def test_independent_texts(samples_db: Path) -> None:
    asked = ["independent", "ow-1001", "capitalherald.example/saint-brenn.html", "--db", str(samples_db)]
    found = json.loads(output(*asked, "--format", "json"))
    assert found["independent"] == 2
    assert [text["documents"] for text in found["texts"]] == [
        ["ow-1001"],
        ["capitalherald.example/saint-brenn.html"],
    ]
    assert output(*asked).startswith("2 independent texts in 2 documents\n")


def test_a_story_is_shown_with_its_lineage(samples_db: Path) -> None:
    shown = output("show", "420e5ac710e6ffe1", "--db", samples_db)
    assert shown.split("\nlineage\n")[1].splitlines()[:6] == [
        "  Voice of America  not in the index",
        "  ├─ openwire.example  syndicated  2025-09-26 18:40",
        "  ├─ northgatecourier.example  repost  2025-09-27 07:10",
        "  ├─ valleysentinel.example  repost  2025-09-27 09:30",
        "  ├─ islanderdispatch.example  repost  2025-09-27 14:20",
        "  │  └─ islanderdispatch.example  update  2025-09-28 20:05",
    ]
