"""What `stats` and `show` print: on a terminal of 80 columns, into a pipe, without colour."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from generated import write_lines
from rich.cells import cell_len

from dedupe import Index
from dedupe.cli.showing import RELATIONS, ROLES
from dedupe.model import Relation, Role

CANAL = "420e5ac710e6ffe1"
COMMAND = [sys.executable, "-c", "from dedupe.cli import main; main()"]
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def piped(*arguments: str | Path, **environment: str) -> str:
    """What a program reads that the output is piped into."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, check=True, encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1", **environment},
    )  # fmt: skip
    return done.stdout


def on_a_terminal(*arguments: str | Path) -> list[str]:
    """The lines a person sees who has 80 columns and no colour."""
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals here")
    import fcntl
    import struct
    import termios

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment |= {"NO_COLOR": "1", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
    os.close(ours)
    assert process.returncode == 0, seen.decode()
    return STYLE.sub("", seen.decode()).split("\r\n")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


@pytest.mark.parametrize(
    "arguments",
    [
        ["stats"],
        ["show", CANAL],
        ["show", "meridiandaily.example/canal-talks.txt"],
        ["show", "baihe.example/dengta.html"],
        ["show", "--furniture", "northgatecourier.example"],
    ],
    ids=["stats", "cluster", "document", "Chinese", "furniture"],
)
def test_no_line_is_wider_than_a_terminal_of_80_columns(arguments: list[str], samples_db: Path) -> None:
    lines = on_a_terminal(*arguments, "--db", samples_db)
    assert len(lines) > 5
    assert [line for line in lines if cell_len(line) > 80] == []


def test_a_pipe_gets_every_line_whole(samples_db: Path) -> None:
    shown = piped("show", "meridiandaily.example/canal-talks.txt", "--db", samples_db)
    assert max(map(len, shown.splitlines())) > 200
    assert "\x1b" not in shown


def test_a_cluster_is_told_in_time_with_every_document(samples_db: Path) -> None:
    lines = piped("show", CANAL, "--db", samples_db).splitlines()
    assert lines[1] == f"cluster {CANAL}  7 documents"
    head = next(i for i, line in enumerate(lines) if line.startswith("role "))
    rows = [line for line in lines[head + 1 :] if line.split(" ")[0] in set(Role)]
    times = [row[12:28] for row in rows]
    assert len(rows) == 7
    assert times == sorted(times, key=lambda time: time.replace("–", "~"))
    assert "            another byline, trimmed, 12 h later" in lines


def test_furniture_is_told_from_the_story_without_colour(samples_db: Path) -> None:
    shown = piped("show", "meridiandaily.example/canal-talks.txt", "--db", samples_db)
    assert "[-Subscribe-]" in shown
    assert "[-Negotiators" not in shown


def test_a_terminal_without_unicode_gets_bars_too(samples_db: Path) -> None:
    shown = piped("stats", "--db", samples_db, PYTHONIOENCODING="ascii:replace")
    assert "16  identical    ####################  the same text" in shown


def test_every_role_and_relation_is_explained() -> None:
    assert set(ROLES) == set(Role)
    assert set(RELATIONS) == set(Relation)


def test_pages_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    text = "The ferry was late \x1b]0;owned\x07 and [bold]nobody[/bold] minded at all, they said. " * 5
    record = {"id": "a", "title": "\x1b[31mred [link=x]title[/link]", "author": "\x1b[2J", "text": text}
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "a.jsonl", [record]), workers=0)
    shown = piped("show", "a", "--db", tmp_path / "news.db")
    assert "\x1b" not in shown
    assert "[link=x]title[/link]" in shown
    assert "[bold]nobody[/bold]" in shown
