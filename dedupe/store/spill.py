"""Sums by key for more pairs than memory holds: sorted runs on disk, merged by key ranges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.int64]


class WeightSums:
    """Adds up weights by code: ``add`` arrays of any length, then read ``sums`` once.

    ``limit`` is how many (code, weight) entries are held in memory, at 16 bytes each; summing needs
    about three times that for a moment. What is more goes to the system's temporary directory.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._directory = TemporaryDirectory(prefix="dedupe-")
        self._buffer: list[tuple[Array, Array]] = []
        self._buffered = 0
        self._runs: list[tuple[Array, Array]] = []

    def __enter__(self) -> WeightSums:
        return self

    def __exit__(self, *exception: object) -> None:
        self._runs.clear()
        self._directory.cleanup()

    def add(self, codes: Array, weights: Array) -> None:
        """Add ``weights`` (int64[n]) to the sums of ``codes`` (int64[n])."""
        self._buffer.append((codes, weights))
        self._buffered += len(codes)
        if self._buffered > self._limit:
            self._compact()

    def sums(self) -> Iterator[tuple[Array, Array]]:
        """Distinct codes, ascending over all pieces, and their sums."""
        if not self._runs:
            yield self._take()
            return
        self._spill(*self._take())
        begins = [0] * len(self._runs)
        for bound in self._bounds():
            ends = [int(np.searchsorted(codes, bound, side="right")) for codes, _ in self._runs]
            parts = list(zip(self._runs, begins, ends, strict=True))
            yield _summed([(np.array(c[b:e]), np.array(w[b:e])) for (c, w), b, e in parts])
            begins = ends

    def _compact(self) -> None:
        codes, weights = self._take()
        if len(codes) > self._limit // 2:
            self._spill(codes, weights)
        else:
            self._buffer, self._buffered = [(codes, weights)], len(codes)

    def _take(self) -> tuple[Array, Array]:
        buffer, self._buffer, self._buffered = self._buffer, [], 0
        return _summed(buffer)

    def _spill(self, codes: Array, weights: Array) -> None:
        mapped = []
        for name, column in (("codes", codes), ("weights", weights)):
            path = Path(self._directory.name) / f"{len(self._runs)}.{name}.npy"
            np.save(path, column)
            mapped.append(np.load(path, mmap_mode="r"))
        self._runs.append((mapped[0], mapped[1]))

    def _bounds(self) -> list[int]:
        """Codes that part all runs into pieces of at most about ``limit`` entries."""
        pieces = 1 + sum(len(codes) for codes, _ in self._runs) // self._limit
        longest = max((codes for codes, _ in self._runs), key=len)
        inner = [int(longest[len(longest) * i // pieces]) for i in range(1, pieces)]
        return [*inner, int(np.iinfo(np.int64).max)]


def _summed(parts: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    codes = np.concatenate([part[0] for part in parts])
    weights = np.concatenate([part[1] for part in parts])
    order = np.argsort(codes, kind="stable")
    codes, weights = codes[order], weights[order]
    begins = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else codes
    return codes[begins], np.add.reduceat(weights, begins) if len(codes) else weights
