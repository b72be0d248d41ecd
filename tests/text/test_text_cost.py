"""No text makes a pattern blow up: twice the text takes about twice the time."""

from __future__ import annotations

import time

import pytest
from text_fiction import CONFIG

from dedupe.model import Document
from dedupe.text import clean, line_keys, title_key

UNITS = [
    "(",
    "((AP) ",
    "[",
    "A ",
    "a. ",
    ". ",
    "© ",
    "©",
    "By ",
    "AP",
    "AP ",
    "Reuters, ",
    "Reuters reported ",
    "/",
    "/AP/",
    "— ",
    "—",
    "-",
    "contributed ",
    "contributed to ",
    "reporting by a; ",
    "this article ",
    "this article was , ",
    "the post ",
    "with ",
    "told ",
    "is a ",
    "@",
    "a@",
    "follow him on ",
    "\n",
    "AFP\n",
    "Source: \n",
    "Related stories\n",
    "Ada Obi\n",
    "read more:\n",
    "A. \n",
    "x.\n" + "y" * 130 + ".\n",
    "聞",
    "【",
    "\u0130",
    "\u2028",
]


def seconds(document: Document) -> float:
    begin = time.process_time()
    clean(document, frozenset({1}), CONFIG)
    line_keys(document)
    title_key(document)
    return time.process_time() - begin


@pytest.mark.parametrize("unit", UNITS, ids=[repr(unit)[:24] for unit in UNITS])
def test_time_grows_with_the_text(unit: str) -> None:
    def page(chars: int) -> Document:
        return Document("page.txt", "", unit * (chars // len(unit)), outlet="harbour.example", title=unit * 9)

    small, large = seconds(page(100_000)), seconds(page(1_000_000))
    assert large < max(40 * small, 1.5)
