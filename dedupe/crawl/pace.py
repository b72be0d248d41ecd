"""How far a reading has come, by bytes, and so how many records there will be in the end."""

from __future__ import annotations

from dataclasses import dataclass

from dedupe.crawl.record import Record

_LEAST = 0.002  # of the bytes: before that, one file says too little of the others


@dataclass(slots=True)
class Pace:
    """``size``: the bytes of all files, as they lie on disk.

    A compressed file holds more than its bytes: it counts as read to its end once as many have come out.
    """

    size: int
    _before: int = 0  # bytes of the files before this one
    _file: int = 0  # bytes of this one
    _taken: int = 0  # bytes of the records out of it
    _records: int = 0

    def begin(self, size: int) -> None:
        """The next file is taken up."""
        self._before += self._file
        self._file, self._taken = size, 0

    def take(self, record: Record) -> None:
        """A record has come out of it."""
        self._taken += record.size
        self._records += 1

    @property
    def expected(self) -> int | None:
        """How many records there will be, from those so far; None while that cannot be told."""
        share = (self._before + min(self._taken, self._file)) / max(1, self.size)
        return round(self._records / share) if share >= _LEAST else None
