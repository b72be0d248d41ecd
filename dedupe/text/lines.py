"""The lines of a text with their places in it."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A non-blank line without the white space around it: ``text == source[begin:end]``."""

    begin: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """The non-blank lines of ``text``, in order."""
    lines = []
    at = 0
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        if stripped:
            begin = at if raw[0] == stripped[0] else at + raw.index(stripped[0])
            lines.append(Line(begin, begin + len(stripped), stripped))
        at += len(raw)
    return lines
