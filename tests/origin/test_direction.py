"""Which of two pages looks like the original, by its text and its time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import BODY, edge, story

from dedupe.model import Relation
from dedupe.origin.clock import Moment
from dedupe.origin.direction import (
    completeness,
    earliest_moments,
    faults_in,
    firsts,
    headstarts,
    is_house,
    lengths,
    marks,
    page_of,
)

HOUR = 3600.0


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("HAVENMOUTH, March 3 (NW) — The quay", True),
        ("Havenmouth, 3. März — The quay", True),
        ("HAVENMOUTH (NW) — The quay", False),
        ("The quay was closed on March 3", False),
        ("The quay: closed", False),
    ],
    ids=["month and day", "day in another language", "no date", "no dateline", "a colon"],
)
def test_a_dateline_with_a_date_is_seen(text: str, dated: bool) -> None:
    assert page_of(story("1", "a.example", text=text), "a.example").dated is dated


@pytest.mark.parametrize(
    ("byline", "outlet", "house"),
    [
        ("Web Desk", "daily.example", True),
        ("Redacción", "diario.example", True),
        ("The Daily Heron", "dailyheron.example", True),
        ("Ada Penner", "dailyheron.example", False),
        ("", "dailyheron.example", False),
        ("Ada Penner", None, False),
    ],
)
def test_a_house_byline_is_a_desk_or_the_outlet(byline: str, outlet: str | None, house: bool) -> None:
    assert is_house(byline, outlet) is house


@pytest.mark.parametrize(
    ("text", "faulty"),
    [
        ("The quay was closed.Divers found a crack,and a second one .", True),
        ("The quay , it is said , will open.", True),
        ("The U.S. quay at 3.5 m, www.quay.example, was closed. Divers came.", False),
    ],
    ids=["glued sentences", "a space before a comma", "initials, figures, addresses"],
)
def test_errors_of_spacing(text: str, faulty: bool) -> None:
    assert (page_of(story("1", "a.example", text=text), "a.example").faults > 0) is faulty


def test_the_outlet_that_holds_more_of_the_other_is_more_complete() -> None:
    pages = {id_: page_of(story(id_, outlet), outlet) for id_, outlet in (("1", "a"), ("2", "b"))}
    assert completeness(pages, [edge("1", "2", 0.4, 1.0)]) == {"a": 0.6, "b": -0.6}
    assert completeness(pages, [edge("1", "2", 0.4, 1.0, Relation.QUOTE_ONLY)]) == {}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50), st.booleans()), max_size=8))
def test_marks_and_lengths_compare_outlets_and_stay_within_bounds(drawn: list[tuple[str, int, bool]]) -> None:
    page = page_of(story("1", "a"), "a")
    pages = [replace(page, outlet=outlet, words=words, dated=dated) for outlet, words, dated in drawn]
    outlets = {outlet for outlet, _, _ in drawn}
    for found in (marks(pages, "dated"), lengths(pages)):
        assert set(found) == (outlets if len(outlets) > 1 else set())
        assert all(-1 <= amount <= 1 for amount in found.values())


def moment(hours: float) -> Moment:
    return Moment(hours * HOUR, hours * HOUR, None)


def test_the_first_outlet_leads_and_the_others_follow() -> None:
    assert firsts({"a": moment(0), "b": moment(5), "c": moment(9)}) == {"a": 1.0, "b": -1.0, "c": -1.0}


@pytest.mark.parametrize(
    ("hours", "amount"), [(0.0, None), (1.0, 0.315), (8.0, 1.0), (48.0, 1.0)], ids=["none", "1", "8", "48"]
)
def test_a_headstart_grows_with_the_hours_until_the_next(hours: float, amount: float | None) -> None:
    found = headstarts({"a": moment(0), "b": moment(hours)})
    assert found == ({} if amount is None else {"a": pytest.approx(amount, abs=1e-3)})


def test_an_outlet_counts_by_its_earliest_page() -> None:
    early, late = (story(id_, "a", at=f"2026-03-01T0{id_}:00:00Z", text=BODY) for id_ in ("1", "2"))
    found = earliest_moments([page_of(late, "a"), page_of(early, "a")])
    assert found == {"a": page_of(early, "a").moment}


# The three errors as they read from left to right, which is slow to search for.
LEFT_TO_RIGHT = re.compile(r"[^\W\d_][,;،؛۔](?=[^\W\d_])|[a-zà-ÿа-я][.!?][”\"’]?(?=[A-ZА-Я])|\s[,،۔](?=\s)")


FAULTS = ["a.Z", "a.”Z", 'я!"Я', "z?’A", "a,b", "é;ک", "ک۔ک", " , ", " ۔ ", "\u00a0،\n", "1.2", "À.Z"]
PIECES = st.sampled_from([*FAULTS, *'aéяшZÀЯک1_ \n\u00a0,;،؛۔.!?”"’-'])


@given(st.lists(PIECES).map("".join))
def test_faults_are_those_found_from_left_to_right(text: str) -> None:
    assert faults_in(text) == len(LEFT_TO_RIGHT.findall(text))
