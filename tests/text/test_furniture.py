"""The two keys by which furniture is learned."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_fiction import BODY, CONFIG, LOCK, VOTE, page

from dedupe.model import Document
from dedupe.text import clean, keyed_lines, line_keys, title_key
from dedupe.text.furniture import fold_line, line_key
from dedupe.text.lines import lines_of

FOLDED = [
    ("  12   comments ", "0 comments"),
    ("Published 12:04, 3 May", "Published 0:0, 0 May"),
    ("3 : 2", "3 : 2"),
    ("Share", "Share"),
    ("a\u00a0 b\tc", "a b c"),
]


@pytest.mark.parametrize(("line", "folded"), FOLDED, ids=[line.strip() for line, _ in FOLDED])
def test_folding_a_line(line: str, folded: str) -> None:
    assert fold_line(line) == folded


@given(st.text(st.sampled_from("a 0177٣９é ,:\u00a0\t\x1f²")))
def test_folding_is_one_space_and_one_zero_for_each_run(line: str) -> None:
    spaced = " ".join(line.split())
    bare = re.sub(r"\d+", "0", spaced)
    assert fold_line(line) == (bare if re.search(r"[^\W\d_]", bare) else spaced)


def test_the_digits_of_every_script_are_folded() -> None:
    digits = [character for character in map(chr, range(sys.maxunicode + 1)) if character.isdecimal()]
    assert [digit for digit in digits if fold_line(f"a{digit}é{digit}") != "a0é0"] == []


def test_the_spaces_of_every_script_are_folded() -> None:
    spaces = [character for character in map(chr, range(sys.maxunicode + 1)) if character.isspace()]
    assert [space for space in spaces if fold_line(f"a{space}b") != "a b"] == []


def test_figures_in_prose_tell_lines_apart() -> None:
    line = LOCK + " It will cost {} marks."
    assert fold_line(line.format(12)) != fold_line(line.format(13))


def test_each_distinct_line_has_one_key() -> None:
    keys = line_keys(page("Share", LOCK, "", "Share", "  Share  "))
    assert keys.dtype == np.uint64
    assert set(keys.tolist()) == {line_key("harbour.example", "Share"), line_key("harbour.example", LOCK)}


def test_the_same_line_of_another_outlet_has_another_key() -> None:
    assert line_key("harbour.example", "Share") != line_key("quay.example", "Share")


def test_without_an_outlet_nothing_is_learned() -> None:
    assert len(line_keys(Document("page.txt", "", LOCK))) == 0


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("Share this story", 0),
        (LOCK, 1),
        ("Шлюз закрыт. " * 8, 1),
        (f"{LOCK} The rules are at https://harbour.example/lock.", 1),
        (
            "srcset " + " ".join(f"https://pictures.example/lock-{width}.jpeg" for width in (320, 640, 1024)),
            0,
        ),
    ],
    ids=["a button", "prose", "Cyrillic prose", "prose with an address", "a gallery's markup"],
)
def test_the_lowest_bit_tells_prose(line: str, prose: int) -> None:
    assert line_key("harbour.example", line) & 1 == prose


@given(st.text(st.sampled_from("ab \n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u00a0")))
def test_lines_are_those_of_the_standard_library(text: str) -> None:
    lines = lines_of(text)
    assert [line.text for line in lines] == [line.strip() for line in text.splitlines() if line.strip()]
    assert all(line.text == text[line.begin : line.end] for line in lines)


@given(st.text())
def test_lines_at_hand_change_nothing(text: str) -> None:
    document = Document("page.txt", "", text, outlet="harbour.example")
    keyed, keys = keyed_lines(document), line_keys(document)
    furniture = frozenset(keys.tolist()[::2])
    assert np.array_equal(line_keys(document, keyed), keys)
    assert clean(document, furniture, CONFIG, keyed) == clean(document, furniture, CONFIG)


@given(st.text())
def test_keys_are_those_that_cleaning_looks_up(text: str) -> None:
    document = Document("page.txt", "", text, outlet="harbour.example")
    story = clean(document, frozenset(line_keys(document).tolist()), CONFIG)
    assert not story.text.strip()


SAME = [
    ("Lock closed until spring", "Until spring, lock closed"),
    ("Lock closed until spring", "LOCK CLOSED UNTIL SPRING!"),
    (
        "Harbour council closes eastern lock of Port Selene",
        "Harbour council closes the eastern lock of Port Selene",
    ),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_a_title_that_hardly_changed_is_one_title(a: str, b: str) -> None:
    assert title_key(page(LOCK, title=a)) == title_key(page(VOTE, title=b))


def test_two_titles_are_two() -> None:
    assert title_key(page(LOCK, title="Lock closed")) != title_key(page(LOCK, title="Lock open"))


def test_without_titles_pages_are_told_by_their_prose() -> None:
    header = "Harbour Times, four islands, one paper, two boats a day, whatever the weather and the captain"
    a, b, again = page(header, LOCK), page(header, VOTE), page("Menu", header, LOCK)
    assert title_key(a) != title_key(b)
    assert title_key(a) == title_key(again)


@given(st.text(), st.text())
def test_a_title_key_has_63_bits(title: str, text: str) -> None:
    assert 0 <= title_key(Document("page.txt", "", text, title=title)) < 2**63


def test_learned_lines_leave_the_story_with_their_reason() -> None:
    document = page("Four islands, one paper", *BODY, "Share")
    furniture = {line_key("harbour.example", "Four islands, one paper"), line_key("harbour.example", "Share")}
    story = clean(document, furniture, CONFIG)
    assert [part.reason for part in story.removed] == ["furniture", "furniture"]
    assert story.text.split("\n")[1:-1] == list(BODY)


def test_a_credit_line_that_was_learned_is_still_a_claim() -> None:
    document = page(*BODY, "Source: AFP", "© 2025 The Associated Press")
    furniture = {line_key("harbour.example", line) for line in ("Source: AFP", "© 2025 The Associated Press")}
    story = clean(document, furniture, CONFIG)
    assert [(claim.kind, claim.name) for claim in story.attributions] == [("credit", "Agence France-Presse")]
    assert [part.reason for part in story.removed] == ["furniture", "furniture"]
