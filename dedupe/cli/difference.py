"""Two texts laid over each other for a terminal, in the manner of a word diff.

Colours tell what is whose, and marks tell it where there are none: ``[-only in a-]``, ``{+only in b+}``,
``(~not part of the story~)``. Words that were exchanged stand side by side. Text is a's where both have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from dedupe.match import Change, Segment
from dedupe.model import Removed, Span, Story


class Mark(Enum):
    """Whose a piece of text is: (what stands before each line, after it, and the style of rich)."""

    BOTH = ("", "", "")
    ONLY_A = ("[-", "-]", "red")
    ONLY_B = ("{+", "+}", "green")
    ASIDE = ("(~", "~)", "dim")


class Piece(NamedTuple):
    """A stretch of text within a line, or the white space between two; marks are part of ``text``."""

    text: str
    style: str


_LINE = re.compile(r"(\s*)(\S(?:[^\n]*\S)?)?(\s*)")

LEGEND = (
    Piece("[-only in a-]", Mark.ONLY_A.value[2]),
    Piece(" ", ""),
    Piece("{+only in b+}", Mark.ONLY_B.value[2]),
    Piece(" ", ""),
    Piece("(~site text and credits, not compared~)", Mark.ASIDE.value[2]),
    Piece("\n\n", ""),
)


def pieces(segments: Sequence[Segment], a: Story, b: Story) -> Iterator[Piece]:
    """What to print, in order; without marks it is a's text with b's where b differs."""
    for segment in segments:
        if segment.change is Change.EQUAL and segment.a is not None:
            yield from _marked(a, segment.a, Mark.BOTH)
        elif segment.change is Change.CHANGED and segment.a is not None and segment.b is not None:
            *old, space = _marked(a, segment.a, Mark.ONLY_A)
            yield from old
            if space.text.strip():
                yield space
            yield from _marked(b, segment.b, Mark.ONLY_B)
        elif segment.a is not None:
            yield from _marked(a, segment.a, Mark.ONLY_A)
        elif segment.b is not None:
            yield from _marked(b, segment.b, Mark.ONLY_B)


def _marked(story: Story, span: Span, mark: Mark) -> Iterator[Piece]:
    """The lines of a span, each within marks of its own, and the white space as it is."""
    for begin, end, aside in _parts(span, story.removed):
        before, after, style = (Mark.ASIDE if aside else mark).value
        for found in _LINE.finditer(story.document.text, begin, end):
            lead, words, rest = found.groups(default="")
            if lead:
                yield Piece(lead, "")
            if words:
                yield Piece(f"{before}{words}{after}", style)
            if rest:
                yield Piece(rest, "")


def _parts(span: Span, removed: Sequence[Removed]) -> Iterator[tuple[int, int, bool]]:
    """A span cut where the story ends and begins: ``(begin, end, whether it is no story)``."""
    at, last = span
    for part in removed:
        begin, end = max(part.begin, at), min(part.end, last)
        if begin < end:
            if at < begin:
                yield at, begin, False
            yield begin, end, True
            at = end
    if at < last:
        yield at, last, False
