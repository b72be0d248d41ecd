"""The cheap checks before a costly rule never exclude what the rule would find."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_fiction import BODY, CONFIG

from dedupe.text import edges, layout, notices
from dedupe.text.lines import lines_of
from dedupe.text.names import lexicon_of

LEXICON = lexicon_of(CONFIG.agencies)
PIECES = [
    *(
        "This article ",
        "was first published on ",
        "With inputs from ",
        "contributed to this report",
        "Ada Obi ",
    ),
    *(
        "(",
        ")",
        "[",
        "（",
        "© ",
        "—",
        "“",
        "”",
        "»",
        "'",
        "l’article ",
        "c",
        "C",
        "聞",
        "版权 ",
        "\u00a0",
        "\u3000",
    ),
    *(".", ". ", "! ", "?\u2003", " \x1f", "İ", "Source: ", ":", "AFP", "Reuters", "2019 ", "x" * 30, "all "),
    *("Reporting by ", "; Editing by ", "the-CNN-Wire ", "PTI AB", "Copyright ", "agencies", "no. ", "by "),
]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def at_end(text: str) -> list[object]:
    """Each last sentence that is a notice or has a label."""
    sentences = [text[begin:] for begin in edges._last_sentences(text)]
    return [s for s in sentences if ":" in s[:16] or notices.read_notice(s, 0, LEXICON, sentence=True)]


@given(texts.map(str.strip).filter(bool))
def test_a_line_that_is_passed_over_has_no_claim_at_its_end(text: str) -> None:
    assert edges._may_tell_at_end(text) or not at_end(text)


@given(st.lists(texts, min_size=1, max_size=3).map("\n".join))
def test_a_line_that_is_remembered_says_the_same_on_every_page(text: str) -> None:
    lines = lines_of(text)
    page = edges.Edges(lines, {line.begin for line in lines}, LEXICON.mentions(text), LEXICON)
    assert [page._claims_aside(line) for line in lines] == [page._claims_of(line) for line in lines]


@pytest.mark.parametrize("text", BODY)
def test_prose_is_passed_over(text: str) -> None:
    assert not edges._may_tell_at_end(text)


@given(texts.map(str.lower))
def test_a_notice_begins_like_one_or_tells_who_contributed(text: str) -> None:
    assert " contribut" in text or bool(notices._BEGINS_NOTICE.match(text)) == bool(
        notices._NOTICE.match(text)
    )


@given(texts)
def test_a_closing_formula_is_found_with_and_without_its_group(text: str) -> None:
    assert bool(LEXICON.sign_offs.match(text)) == bool(LEXICON.signed.match(text))


def test_a_bio_reads_the_same_in_lower_case() -> None:
    """A letter that the pattern takes for another one is a trap, or becomes that one in lower case."""
    letters = sorted({letter for letter in layout._BIO_SIGNS if letter.isalpha()})
    any_case = re.compile(f"[{''.join(letters)}]", re.I)
    every = [character for character in map(chr, range(sys.maxunicode + 1)) if any_case.fullmatch(character)]
    assert [c for c in every if c not in layout._CASE_TRAPS and c.lower() not in letters] == []


@pytest.mark.parametrize("trap", layout._CASE_TRAPS)
def test_a_bio_with_a_letter_of_its_own_lower_case_is_read(trap: str) -> None:
    text = f"{trap}. She is a reporter. Follow her on the quay."
    assert layout.is_bio(text)
    assert not layout.is_bio(f"{trap}. She is a reporter of the quay.")
