"""Where words stand, against the regular expression that says it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from unicode_texts import TEXTS

from dedupe.origin.extent import share_within, words_in

SPACED = st.text(st.sampled_from("ab.  \n\t\r\x1c\x1f\x85\xa0\u2003\u2028\u3000\x00é港🌧\ud800"), max_size=60)
SPANS = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=5)


@given(TEXTS | SPACED)
def test_words_are_counted_as_by_splitting(text: str) -> None:
    assert words_in(text) == len(text.split())


@given(TEXTS | SPACED, SPANS)
def test_the_extent_is_words_and_single_spaces(text: str, spans: list[tuple[int, int]]) -> None:
    stretches = [match.span() for match in re.finditer(r"\S+(?: \S+)*", text)]
    extent = {at for begin, end in stretches for at in range(begin, end)}
    inside = extent & {at for begin, end in spans for at in range(begin, end)}

    outside = len(extent) - len(inside)
    assert share_within(text, spans) == (1 - outside / len(extent) if extent else 0.0)
