"""What long work says: on a terminal how far it is, elsewhere a line a minute."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich import console

from dedupe.cli import progress
from dedupe.cli.progress import lines, progress_bars


def drawn(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, steps: list[tuple[str, int, int | None]]
) -> str:
    """What reaches the terminal, control sequences left out."""
    written = StringIO()
    shown = console.Console(file=written, force_terminal=is_terminal, width=100)
    monkeypatch.setattr(progress, "Console", lambda **_: shown)
    with progress_bars("read") as show:
        for step in steps:
            show(*step)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.getvalue())


def test_a_log_has_a_line_a_minute() -> None:
    now, written = iter([0.0, 59.0, 60.0, 60.0, 119.0, 121.0, 121.0]), list[str]()
    show = lines(written.append, lambda: next(now))
    for done, total in ((1, None), (1500, None), (1600, 9000), (1700, 1650)):
        show("read", done, total)
    assert written == ["reading: 1,500", "reading: 1,700 of some 1,700"]


def test_what_is_done_within_a_minute_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, is_terminal=False, steps=[("read", 5, None), ("sign", 5, 5)]).strip() == ""


def test_a_step_tells_how_many_of_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(monkeypatch, is_terminal=True, steps=[("read", 1500, None), ("match", 1234, 20000)])
    assert re.search(r"comparing.*1,234 of 20,000", text)


@pytest.mark.parametrize("total", [None, 1490, 2000], ids=["unknown", "guessed too low", "guessed too high"])
def test_a_step_is_over_when_another_begins(monkeypatch: pytest.MonkeyPatch, total: int | None) -> None:
    text = drawn(monkeypatch, is_terminal=True, steps=[("read", 1500, total), ("match", 1234, 20000)])
    assert re.search(r"reading.*1,500 of some 1,500", text)


def test_of_how_many_are_read_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(monkeypatch, is_terminal=True, steps=[("read", 1500, 9000)])
    assert re.search(r"reading.*1,500 of some 9,000", text)
