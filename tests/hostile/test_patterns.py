"""No regular expression takes the square of a text's length, but for those that are given short ones."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import patterns
import pytest

BY_MODULE = {
    module: list(found)
    for module, found in groupby(patterns.patterns(), key=lambda each: each[0].rpartition(".")[0])
    if module.split(".")[0] in ("crawl", "text", "origin")  # the others' bounds are in their patterns
}


@pytest.mark.parametrize("module", BY_MODULE)
def test_time_grows_with_the_text(module: str) -> None:
    blown = [
        f"{name} {found}" for name, each in BY_MODULE[module] if (found := patterns.blow_up(name, each, 8000))
    ]
    assert not blown


@pytest.mark.parametrize(("pattern", "chars"), [(r"<[^>]*>", 16_000), (r"\s+#+$", 3_000)])
def test_a_pattern_that_does_is_found(pattern: str, chars: int) -> None:
    slow: re.Pattern[Any] = re.compile(pattern)
    assert patterns.blow_up("crawl.dom.slow", slow, chars)


def test_every_exemption_is_of_a_pattern_that_there_is() -> None:
    assert set(patterns.BOUNDED) <= {name for name, _ in patterns.patterns()}
