"""The arrays of profiles as numba kernels: what :mod:`dedupe.match.profiles` makes with numpy, at a fifth of
its time.

Importing this module imports numba (a third of a second), so only the compiled path does. The code is
compiled at the first call and cached on disk, beside this file or, where that cannot be written, in the
user's cache directory. Numba notices changes of a kernel's own file alone: after a change of a constant that
:mod:`dedupe.match.pair_kernels` takes from ``blocks.py`` or ``profiles.py``, touch that one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.compiled import inlined, kernel

Points = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]


class Batch(NamedTuple):
    """The texts of n stories, one after the other, and their tokens.

    ``points`` uint32: code points; those of story i begin at ``first_point[i]`` (int64[n]).
    ``char_begin``/``char_end`` int32[t]: the tokens, by code points of their own story; those of story i are
    ``first[i] : first[i + 1]`` (int64[n+1]).
    """

    points: Points
    first_point: Indices
    char_begin: Ints
    char_end: Ints
    first: Indices


class Alphabet(NamedTuple):
    """Tables by code point, the last entry for all that are higher: what it counts between tokens (int64; see
    :func:`sentence_ends`), whether it is a capital, whether it is a digit.
    """

    separators: Indices
    capitals: Flags
    digits: Flags


class Read(NamedTuple):
    """The arrays of :class:`dedupe.match.profiles.Profile` for all stories, one after the other; of story i
    the sentences begin at ``first_sentence[i]``, the figures at ``first[i] + i``.
    """

    sentence: Ints
    sentence_begin: Indices
    first_sentence: Indices
    named: Flags
    figures: Ints


@inlined
def sentence_ends(points: Points, begin: int, end: int, alphabet: Alphabet, units: tuple[int, int]) -> bool:
    """Whether what stands between two tokens ends a sentence; ``units``: what a space and a break count."""
    space, line_break = units
    between = 0
    for at in range(begin, end):
        between += alphabet.separators[min(points[at], len(alphabet.separators) - 1)]
    return between >= line_break or (between % space > 0 and between >= space)


@kernel
def read_tokens(batch: Batch, alphabet: Alphabet, units: tuple[int, int]) -> Read:
    """Sentences, names and figures."""
    texts, tokens, highest = len(batch.first) - 1, len(batch.char_begin), len(alphabet.capitals) - 1
    sentence, named = np.empty(tokens, np.int32), np.empty(tokens, np.bool_)
    sentence_begin, figures = np.empty(tokens + texts, np.int64), np.zeros(tokens + texts, np.int32)
    first_sentence = np.zeros(texts + 1, np.int64)
    for text in range(texts):
        first, origin, at = batch.first[text], batch.first_point[text], first_sentence[text]
        for token in range(first, batch.first[text + 1]):
            begin = origin + batch.char_begin[token]
            before = origin + batch.char_end[token - 1]
            begins = token == first or sentence_ends(batch.points, before, begin, alphabet, units)
            if begins:
                sentence_begin[at] = token - first
                at += 1
            letter = min(batch.points[begin], highest)
            sentence[token] = at - first_sentence[text] - 1
            named[token] = alphabet.capitals[letter] and not begins
            figures[token + text + 1] = figures[token + text] + alphabet.digits[letter]
        sentence_begin[at] = batch.first[text + 1] - first
        first_sentence[text + 1] = at + 1
    return Read(sentence, sentence_begin[: first_sentence[-1]], first_sentence, named, figures)


@inlined
def sort_places(hashes: Hashes, values: Hashes, order: Indices, places: Ints) -> None:
    """Writes the hashes in ascending order, and where each stood; equal ones stay in their order.

    Distribution by the upper bits, then insertion: hashes are uniform, so a value stands next to its place
    after the first step. ``places`` int32[at least 2 * len + 4].
    """
    buckets, shift = 2, np.uint64(63)
    while buckets < len(hashes):
        buckets, shift = buckets * 2, shift - np.uint64(1)
    places[: buckets + 1] = 0
    for value in hashes:
        places[np.int64(value >> shift) + 1] += 1
    for bucket in range(buckets):
        places[bucket + 1] += places[bucket]
    for i in range(len(hashes)):
        upper = np.int64(hashes[i] >> shift)
        order[places[upper]] = i
        places[upper] += 1
    for i in range(len(hashes)):
        place, at = order[i], i
        value = hashes[place]
        while at > 0 and values[at - 1] > value:
            values[at], order[at] = values[at - 1], order[at - 1]
            at -= 1
        values[at], order[at] = value, place


@kernel
def first_places(hashes: Hashes, first: Indices) -> tuple[Hashes, Indices, Indices]:
    """The distinct hashes of each text, ascending, where in it each occurs first, and where those of each
    text begin.
    """
    longest = 0
    for text in range(len(first) - 1):
        longest = max(longest, first[text + 1] - first[text])
    values, order = np.empty(longest, np.uint64), np.empty(longest, np.int64)
    places = np.empty(2 * longest + 4, np.int32)
    distinct, place = np.empty(len(hashes), np.uint64), np.empty(len(hashes), np.int64)
    distinct_first = np.zeros_like(first)
    count = 0
    for text in range(len(first) - 1):
        size = first[text + 1] - first[text]
        sort_places(hashes[first[text] : first[text + 1]], values, order, places)
        for i in range(size):
            if i == 0 or values[i] != values[i - 1]:
                distinct[count], place[count] = values[i], order[i]
                count += 1
        distinct_first[text + 1] = count
    return distinct[:count], place[:count], distinct_first
