"""Sets of integers: ascending arrays of int64 or uint64 without repeats.

np.unique looks integers up in a hash table since NumPy 2.3, and union1d, setdiff1d and isin call it: for
300,000 of them that takes 14 to 60 times as long as sorting (measured with NumPy 2.4).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Array = TypeVar("Array", npt.NDArray[np.int64], npt.NDArray[np.uint64])
Mask = npt.NDArray[np.bool_]


def distinct(values: Array) -> Array:
    """The set of some values, in any order.

    >>> distinct(np.array([3, 1, 3]))
    array([1, 3])
    """
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def union(a: Array, b: Array) -> Array:
    """What either has; both may be in any order."""
    return distinct(np.concatenate([a, b]))


def is_in(values: Array, members: Array) -> Mask:
    """Which of the values, in any order, the set ``members`` has.

    >>> is_in(np.array([5, 1, 5]), np.array([2, 5]))
    array([ True, False,  True])
    """
    if not len(members):
        return np.zeros(len(values), np.bool_)
    places = np.searchsorted(members, values)
    places[places == len(members)] = 0
    found: Mask = members[places] == values
    return found


def difference(a: Array, b: Array) -> Array:
    """What ``a`` has and the set ``b`` has not, in the order of ``a``."""
    return a[~is_in(a, b)]


def intersection(a: Array, b: Array) -> Array:
    """What ``a`` has and the set ``b`` has too, in the order of ``a``."""
    return a[is_in(a, b)]
