"""What was a pattern and took seconds for a megabyte, and is code now: the same, and fast."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.crawl import claims
from dedupe.crawl import text as markdown
from dedupe.match import quotations

MEGABYTE = 1_000_000
SECONDS = 1.0  # of processor time; it is some hundredths
COUNTER = "counter.theconversation.com/content/1/count"
LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
SINGLE = re.compile(r"['‘](?:(?<=')(?<![\w'’‘]')|(?<=‘)(?<![\w'’‘]‘))\w[^\n]{12,900}?[.,!?…]['’](?!\w)")

WORK: dict[str, tuple[Callable[[str], object], str]] = {
    "brackets that open": (markdown._plain, "["),
    "links without an end": (markdown._plain, "[a]("),
    "links in links": (markdown._plain, "[[a](b"),
    "single marks": (quotations.quotations, " 'w"),
    "single marks that end soon": (quotations.quotations, " 'w.'"),
    "turned marks": (quotations.quotations, " ‘w,"),
    "marks of all kinds": (quotations.quotations, " „“«»w」『”\"w'w‘w"),
    "slashes": (lambda text: list(claims._counters(text + COUNTER)), "/"),
    "counters without an address": (lambda text: list(claims._counters(text)), f" {COUNTER}"),
    "counters": (lambda text: list(claims._counters(text)), f"//{COUNTER} "),
}


@pytest.mark.parametrize(("work", "unit"), WORK.values(), ids=WORK)
def test_a_megabyte_takes_a_moment(work: Callable[[str], object], unit: str) -> None:
    made = unit * (MEGABYTE // len(unit))
    begin = time.process_time()
    work(made)
    assert time.process_time() - begin < SECONDS


def pieces(parts: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), max_size=30).map("".join)


@given(pieces(["[", "]", "(", ")", "](", "!", "a", "a" * 299, "b" * 499, " "]))
def test_links_are_what_the_pattern_says(line: str) -> None:
    assert markdown._unlinked(line) == LINK.sub(r"\1", line)


@given(pieces(["'", "‘", "’", " ", ".", ",", "w", "word" * 3, "w" * 897, "\n", ".'", "!’", " 'w"]))
def test_single_quotations_are_what_the_pattern_says(text: str) -> None:
    assert quotations.quotations(text) == [match.span() for match in SINGLE.finditer(text)]


@given(pieces(["//", "https:", "http:", COUNTER, "?republication-pixel=true", " ", "<", "a", "a" * 199, "/"]))
def test_counters_are_what_the_pattern_says(text: str) -> None:
    assert list(claims._counters(text)) == [match[0] for match in claims._PIXEL.finditer(text)]
