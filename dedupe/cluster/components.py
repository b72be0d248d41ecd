"""Pairs -> connected components: what can be clustered apart from all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.int64]


def components(a: Array, b: Array) -> list[Array]:
    """The numbers that the pairs ``a``-``b`` (int64[m]) connect: each component ascending, by its first.

    Each number takes the smallest label among its neighbours, then labels are followed to their end
    (Shiloach and Vishkin, "An O(log n) Parallel Connectivity Algorithm", J. Algorithms 3(1), 1982), until
    no pair has two labels: a few rounds, each a few passes over arrays.
    """
    numbers, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = place[: len(a)], place[len(a) :]
    label = np.arange(len(numbers))
    while (apart := label[left] != label[right]).any():
        left, right = left[apart], right[apart]
        one, other = label[left], label[right]
        np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
        while (further := label[label]).tobytes() != label.tobytes():
            label = further
    order = np.argsort(label, kind="stable")
    bounds = np.flatnonzero(np.diff(label[order])) + 1
    return np.split(numbers[order], bounds) if len(numbers) else []


def together(found: Sequence[Array], documents: int) -> Iterator[list[int]]:
    """The numbers of some components at a time: at most so many ``documents``, or those of one component."""
    batch: list[int] = []
    for component in found:
        if batch and len(batch) + len(component) > documents:
            yield batch
            batch = []
        batch += component.tolist()
    if batch:
        yield batch
