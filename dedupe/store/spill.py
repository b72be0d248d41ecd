"""Sums by pair for more pairs than memory holds: sorted runs on disk, merged by ranges of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.int64]
Columns = tuple[Array, Array, Array]  # pair codes, ascending and distinct; weights; keys


class PairSums:
    """What pairs share, added up: ``add`` arrays of any length, then read ``sums`` once.

    ``limit`` is how many entries are held in memory, at 24 bytes each; summing needs about three times
    that for a moment. What is more goes to files without a name in ``folder``, or else the system's temporary
    directory: they are gone when the process is, however that ends.
    """

    def __init__(self, limit: int, folder: Path | None = None) -> None:
        self._limit = limit
        self._folder = folder
        self._buffer: list[Columns] = []
        self._buffered = 0
        self._runs: list[Columns] = []

    def __enter__(self) -> PairSums:
        return self

    def __exit__(self, *exception: object) -> None:
        self._runs.clear()

    def add(self, codes: Array, weights: Array, keys: Array) -> None:
        """The pairs ``codes`` share ``keys``, which weigh ``weights``: int64[n] each."""
        self._buffer.append((codes, weights, keys))
        self._buffered += len(codes)
        if self._buffered > self._limit:
            self._compact()

    def sums(self) -> Iterator[Columns]:
        """Distinct codes, ascending over all pieces, the sum of their weights, and their lowest key."""
        if not self._runs:
            yield self._take()
            return
        self._spill(self._take())
        begins = [0] * len(self._runs)
        for bound in self._bounds():
            ends = [int(np.searchsorted(codes, bound, side="right")) for codes, _, _ in self._runs]
            spans = [slice(begin, end) for begin, end in zip(begins, ends, strict=True)]
            yield _summed(
                [
                    _columns(column[span] for column in run)
                    for run, span in zip(self._runs, spans, strict=True)
                ]
            )
            begins = ends

    def _compact(self) -> None:
        columns = self._take()
        if len(columns[0]) > self._limit // 2:
            self._spill(columns)
        else:
            self._buffer, self._buffered = [columns], len(columns[0])

    def _take(self) -> Columns:
        buffer, self._buffer, self._buffered = self._buffer, [], 0
        return _summed(buffer)

    def _spill(self, columns: Columns) -> None:
        codes, weights, keys = (self._on_disk(column) for column in columns)
        self._runs.append((codes, weights, keys))

    def _on_disk(self, column: Array) -> Array:
        if not len(column):
            return column  # a file of nothing cannot be mapped
        with TemporaryFile(dir=self._folder) as file:
            file.write(column.data)
            file.flush()
            return np.memmap(file, np.int64, "r")

    def _bounds(self) -> list[int]:
        """Codes that part all runs into pieces of at most about ``limit`` entries."""
        pieces = 1 + sum(len(codes) for codes, _, _ in self._runs) // self._limit
        longest = max((codes for codes, _, _ in self._runs), key=len)
        inner = [int(longest[len(longest) * i // pieces]) for i in range(1, pieces)]
        return [*inner, int(np.iinfo(np.int64).max)]


def _columns(columns: Iterable[Array]) -> Columns:
    codes, weights, keys = (np.array(column) for column in columns)
    return codes, weights, keys


def _summed(parts: list[Columns]) -> Columns:
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    codes, weights, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(codes)
    codes, weights, keys = codes[order], weights[order], keys[order]
    begins = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else codes
    if not len(begins):
        return codes, weights, keys
    return codes[begins], np.add.reduceat(weights, begins), np.minimum.reduceat(keys, begins)
