"""The lines of a text with their places in it."""

from __future__ import annotations

from typing import NamedTuple

# What else ends a line for str.splitlines; a crawled text is in lines that end with \n alone.
_RARE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


class Line(NamedTuple):
    """A non-blank line without the white space around it: ``text == source[begin:end]``."""

    begin: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """The non-blank lines of ``text``, in order."""
    rare = any(map(text.__contains__, _RARE_ENDS))
    raws = text.splitlines(keepends=True) if rare else text.split("\n")  # which looks for one character
    breadth = 0 if rare else 1  # code points of the line end that is not in the raw line
    lines = []
    at = 0
    for raw in raws:
        stripped = raw.strip()
        if stripped:
            begin = at if stripped is raw else at + raw.index(stripped[0])
            # What Line(…) does, at half the price.
            lines.append(tuple.__new__(Line, (begin, begin + len(stripped), stripped)))
        at += len(raw) + breadth
    return lines
