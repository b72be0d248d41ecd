"""A stream as text, of which a stretch is in memory: for formats that are cut up by patterns."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

CHUNK = 2**20  # bytes
OVERLAP = 1024  # characters that a match may reach back beyond what was searched


class Window:
    """``text[at:]`` is what comes next; ``ended`` when nothing comes behind it."""

    def __init__(self, stream: BinaryIO, codec: str = "utf-8", head: bytes = b"") -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self.text = self._decoder.decode(head)
        self.at = 0
        self.ended = False
        self._step = CHUNK

    def grow(self) -> None:
        """Read on, dropping what lies behind; each time twice as much, so that no item is scanned often."""
        data = self._stream.read(self._step)
        self.ended = not data
        self.text = self.text[self.at :] + self._decoder.decode(data, self.ended)
        self.at = 0
        self._step *= 2

    def settle(self) -> None:
        """An item is done: small steps again."""
        self._step = CHUNK

    def skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move behind the next match of ``pattern``; None at the end of the stream without one."""
        while True:
            match = pattern.search(self.text, self.at)
            if match and (self.ended or match.end() < len(self.text)):
                self.at = match.end()
                return match
            if self.ended:
                return match
            self.at = match.start() if match else max(self.at, len(self.text) - OVERLAP)
            self.grow()
            self.settle()

    def until(self, pattern: re.Pattern[str], limit: int) -> str | None:
        """What stands before the next match, and move behind that; None where more than ``limit``
        characters, or all that is left, have no match."""
        searched = 0
        while True:
            if match := pattern.search(self.text, self.at + searched):
                found = self.text[self.at : match.start()]
                self.at = match.end()
                self.settle()
                return found
            held = len(self.text) - self.at
            if self.ended or held > limit:
                return None
            searched = max(0, held - OVERLAP)
            self.grow()
