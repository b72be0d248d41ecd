"""Lines that only date a page leave the story; lines with other figures stay."""

from __future__ import annotations

import pytest
from text_fiction import BODY, CONFIG, cleaned, page, words

from dedupe.text import clean, line_keys

STAMPS = [
    "Newsroom, Harbour News 16:44 , 01 November 2019 - 16:48",
    "Ada Obi, Harbour News 07:42 , 01 November 2019",
    "1 November 2019",
    "November 1, 2019 5:30 pm",
    "Сегодня, 13:31",
    "입력 2019.11.01 21:31",
    "更新時間｜2019.11.01 09:49",
    "Aktualizováno 1. 11. 2019 – 17:35",
]


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("above", [True, False], ids=["above", "below"])
def test_a_stamp_leaves_the_story(stamp: str, above: bool) -> None:
    story = cleaned(stamp, *BODY) if above else cleaned(*BODY, stamp)
    assert words(story) == " ".join(BODY)
    assert [part.reason for part in story.removed] == ["stamp"]


STORY = [
    "Harbour Rovers beat Lock United 3:1, 01 November 2019",
    "Ada Obi / October 23, 1939 - October 30, 2019",
    "The lock opens at 16:00",
    "The regatta begins on 1 November 2019.",
    "4. Ben Oko (Selene) 1:59.984",
    "Preisgeld von 2019",
]


@pytest.mark.parametrize("line", STORY)
def test_a_line_of_the_story_with_figures_stays(line: str) -> None:
    assert line in words(cleaned(line, *BODY, line))


def test_a_stamp_inside_the_story_stays() -> None:
    lines = [*BODY, STAMPS[0], *BODY]
    assert words(cleaned(*lines)) == " ".join(lines)


def test_cleaning_again_finds_no_more_stamps() -> None:
    once = cleaned("Agencies", STAMPS[0], "AFP", STAMPS[1], *BODY, STAMPS[2], "Source: VOA")
    assert words(cleaned(once.text)) == words(once) == " ".join(BODY)


SIGNED = [
    ("Ada Obi", None, ["byline"]),
    ("Аделаида Оби-Око", None, ["byline"]),
    ("Ada Obi", "Ben Oko", ["byline"]),
    ("Subscribe", None, []),
    ("Related stories", None, []),
    ("ADA OBI", None, []),
    ("Ada obi", None, []),
]


@pytest.mark.parametrize(("line", "byline", "kinds"), SIGNED, ids=[f"{s[0]}, {s[1]}" for s in SIGNED])
def test_a_learned_name_below_the_story_is_a_byline(line: str, byline: str | None, kinds: list[str]) -> None:
    furniture = set(line_keys(page(line)).tolist())
    story = clean(page(*BODY, line, byline=byline), furniture, CONFIG)
    assert [claim.kind.value for claim in story.attributions] == kinds
    assert words(story) == " ".join(BODY)
