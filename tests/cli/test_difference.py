"""The word diff of `dedupe explain`: whose each piece is, with colours and without."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe import Index
from dedupe.cli.difference import pieces
from dedupe.match import Change, Segment
from dedupe.model import Document, Removed, Span, Story

MAIN = "from dedupe.cli import main; main()"
NOTICE = (
    "The ferry to Hask stops at noon from Monday, the county said. Passengers who hold a winter ticket may "
    "use the mail boat, which leaves from the inner quay and carries eleven people and no animals. "
)
CAUSE = "Divers found a crack in the keel. "
REPAIRS = "Repairs will take three weeks and the yard at Lanmouth has ordered the steel already."
BODY = NOTICE + CAUSE + REPAIRS


def story(text: str, *removed: Removed) -> Story:
    return Story(Document("page.txt", "", text), text, removed)


def drawn(a: Story, b: Story, *segments: tuple[Change, Span | None, Span | None]) -> str:
    return "".join(piece.text for piece in pieces([Segment(*each) for each in segments], a, b))


OLD, NEW = story("It rained hard.\nThe quay closed."), story("It poured.\nAll went home.\nThe quay closed.")


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        pytest.param([(Change.EQUAL, (0, 3), (0, 3))], "It ", id="what both have is bare"),
        pytest.param([(Change.CHANGED, (3, 15), (3, 10))], "[-rained hard.-]{+poured.+}", id="an exchange"),
        pytest.param([(Change.CHANGED, (3, 16), (3, 11))], "[-rained hard.-]{+poured.+}\n", id="a line end"),
        pytest.param(
            [(Change.ONLY_A, (10, 32), None)], "[-hard.-]\n[-The quay closed.-]", id="marks around each line"
        ),
        pytest.param([(Change.ONLY_B, None, (11, 26))], "{+All went home.+}\n", id="what b adds"),
    ],
)
def test_a_segment_is_drawn(segments: list[tuple[Change, Span | None, Span | None]], expected: str) -> None:
    assert drawn(OLD, NEW, *segments) == expected


def test_what_is_no_story_is_set_aside() -> None:
    a = story("HASK (AP) — It rained.", Removed(0, 11, "dateline"))
    assert drawn(a, NEW, (Change.ONLY_A, (0, 22), None)) == "(~HASK (AP) —~) [-It rained.-]"


texts = st.text("ab \n", max_size=30)


@given(texts, st.lists(st.integers(0, 30), max_size=4))
def test_no_sign_is_lost(text: str, cuts: list[int]) -> None:
    inside = sorted({cut for cut in cuts if cut <= len(text)})
    removed = [Removed(begin, end, "furniture") for begin, end in pairwise(inside)][::2]
    whole = drawn(story(text, *removed), NEW, (Change.ONLY_A, (0, len(text)), None))
    assert re.sub(r"\[-|-\]|\(~|~\)", "", whole) == text


@pytest.fixture
def db(tmp_path: Path) -> Path:
    for name, text in (("a", BODY), ("b", BODY.replace(CAUSE, "").replace("noon", "one \x1b[31m[o'clock]"))):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    with Index.open(tmp_path / "news.db") as index:
        index.add(sorted(tmp_path.glob("*.txt")), workers=0)
    return tmp_path / "news.db"


@pytest.mark.parametrize("colours", [False, True], ids=["plain", "coloured"])
def test_explain_lays_one_text_over_the_other(db: Path, colours: bool) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    if colours:
        environment |= {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "explain", "a.txt", "b.txt", "--db", str(db)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    removed, added = "[-Divers found a crack in the keel.-]", "{+one [31m[o'clock]+}"
    assert (f"\x1b[31m{removed}\x1b[0m" in done.stdout) is colours
    assert (f"\x1b[32m{added}\x1b[0m" in done.stdout) is colours
    assert removed in done.stdout
    assert "word pairs stand in b" in done.stdout
    assert f"[-noon-]{added}" in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
