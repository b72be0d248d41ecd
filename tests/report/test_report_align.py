"""Two texts side by side."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fiction import BRIDGE, BRIDGE_EXTENDED, BRIDGE_TRIMMED, common_passages

from dedupe.model import Passage, Removed
from dedupe.report.data import TextRow
from dedupe.report.site.align import FURNITURE, OWN, Row, Run, align, in_order
from dedupe.report.site.texts import utf16

TEXTS = st.text(alphabet="ab \n", max_size=40)
SPANS = st.tuples(st.integers(0, 45), st.integers(0, 45)).map(lambda pair: (min(pair), max(pair)))
PASSAGES = st.lists(st.builds(Passage, SPANS, SPANS), max_size=6)
REMOVED = st.lists(SPANS.map(lambda span: Removed(*span, "furniture")), max_size=3)


def shown(text: str, runs: tuple[Run, ...]) -> str:
    return "".join(text[run.begin : run.end] for run in runs)


def pairs_of_lines(left: str, right: str, passages: tuple[Passage, ...]) -> list[tuple[str, str]]:
    rows = align(TextRow(left), TextRow(right), passages)
    return [(shown(left, row.left), shown(right, row.right)) for row in rows]


@given(TEXTS, TEXTS, PASSAGES, REMOVED)
def test_rows_hold_both_texts_once_and_in_order(
    left: str, right: str, passages: list[Passage], removed: list[Removed]
) -> None:
    rows = align(TextRow(left, tuple(removed)), TextRow(right), passages)
    for text, sides in ((left, [row.left for row in rows]), (right, [row.right for row in rows])):
        runs = [run for side in sides for run in side]
        assert all(x.end <= y.begin for x, y in pairwise(runs))
        assert "".join(shown(text, tuple(runs)).split()) == "".join(text.split())


@given(PASSAGES)
def test_passages_in_order_run_forwards_in_both_texts(passages: list[Passage]) -> None:
    chain = [passages[number] for number in in_order(passages)]
    assert all(x.a[1] <= y.a[0] and x.b[1] <= y.b[0] for x, y in pairwise(chain))


@given(PASSAGES.filter(bool))
def test_the_longest_passage_is_always_among_those_in_order(passages: list[Passage]) -> None:
    longest = max(p.a[1] - p.a[0] for p in passages)
    assert longest in {passages[n].a[1] - passages[n].a[0] for n in in_order(passages)}


def test_dropped_paragraphs_stand_opposite_nothing() -> None:
    lines = pairs_of_lines(BRIDGE, BRIDGE_TRIMMED, common_passages(BRIDGE, BRIDGE_TRIMMED))
    assert [right == "" for _, right in lines] == [False] * 4 + [True] * 2
    assert [left for left, _ in lines[4:]] == BRIDGE.split("\n")[4:]


def test_added_paragraphs_stand_opposite_nothing() -> None:
    lines = pairs_of_lines(BRIDGE, BRIDGE_EXTENDED, common_passages(BRIDGE, BRIDGE_EXTENDED))
    assert [lines[0], *lines[-2:]] == [("", BRIDGE_EXTENDED.split("\n")[i]) for i in (0, -2, -1)]


def test_a_changed_word_stays_in_its_row() -> None:
    left, right = "one two three four", "one two 3 four"
    (row,) = align(TextRow(left), TextRow(right), [Passage((0, 7), (0, 7)), Passage((14, 18), (10, 14))])
    assert row == Row(
        (Run(0, 7, 0), Run(7, 14, OWN), Run(14, 18, 1)), (Run(0, 7, 0), Run(7, 10, OWN), Run(10, 14, 1))
    )


def test_furniture_is_marked_even_inside_a_passage() -> None:
    text = TextRow("a b\nbuy now\nc d", (Removed(4, 11, "furniture"),))
    rows = align(text, text, [Passage((0, 15), (0, 15))])
    assert [row.left[0].label for row in rows] == [0, FURNITURE, 0]


def test_a_moved_passage_is_marked_where_it_stands() -> None:
    left, right = "first part here\nsecond", "second\nfirst part here"
    rows = align(TextRow(left), TextRow(right), [Passage((0, 15), (7, 22)), Passage((16, 22), (0, 6))])
    assert {run.label for row in rows for run in row.left} == {0, 1}
    assert {run.label for row in rows for run in row.right} == {0, 1}


@pytest.mark.parametrize(
    ("text", "offset", "units"),
    [("abc", 2, 2), ("東京x", 2, 2), ("🦉b", 1, 2), ("a🦉b🦉", 4, 6), ("a🦉b🦉", 1, 1)],
    ids=["ascii", "one unit each", "behind a pair", "behind two pairs", "before a pair"],
)
def test_offsets_become_what_a_browser_counts(text: str, offset: int, units: int) -> None:
    assert utf16(text)(offset) == units == len(text[:offset].encode("utf-16-le")) // 2
