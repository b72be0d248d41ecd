"""The colours of the style sheet can be told apart by those who see less contrast (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("dedupe.report.site").joinpath("assets/site.css").read_text("utf-8")
GROUNDS = {"--paper", "--sheet", "--tint"}
TEXTS = {"--ink", "--soft", "--carbon", "--vermilion", "--moss", "--ochre"}
MARKS = {"--shared", "--shared-now", "--own"}
ENOUGH = 4.5


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"^ *(:root[^{,]*|:root, [^{]*)\{([^}]*)\}", CSS, re.MULTILINE)
    found = {head.strip(): dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{3,6});", body)) for head, body in blocks}
    base = found[":root"]
    return {head: base | palette for head, palette in found.items()}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_there_is_a_palette_for_light_dark_and_paper() -> None:
    assert len(palettes()) == 4


def test_both_ways_to_the_dark_palette_give_the_same() -> None:
    dark = [
        p
        for head, p in palettes().items()
        if head in (':root:not([data-theme="light"])', ':root[data-theme="dark"]')
    ]
    assert len(dark) == 2
    assert dark[0] == dark[1]


@pytest.mark.parametrize("head", palettes())
def test_text_stands_out_from_its_ground(head: str) -> None:
    palette = palettes()[head]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + [("--ink", mark) for mark in MARKS]
    weak = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < ENOUGH} == {}


def test_contrast_of_black_and_white_is_the_standards() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
