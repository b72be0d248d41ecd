"""Story text -> tokens, folded for matching.

A token is a run of letters, marks and digits; everything else separates. Scripts that do not put spaces
between words (Han, kana, Thai, Lao, Khmer, Myanmar) give one token per character, with its marks. Tokens
are folded code point by code point with the table of :mod:`dedupe.text.fold`, so composed and decomposed
text, and text with and without optional marks, give the same tokens:

    "Don’t re-open the CAFÉ" -> don|t re open the cafe, where don|t is the one token "dont"

Apostrophes join rather than separate: of the ways in which crawled pages write *don't* (straight, curly,
modifier letter, encoded away) only a space in its place then gives other tokens, and a word stays one
token, so a shingle spans the same number of words whether a text contracts or not.

There are two forms, equal array for array. The compiled one is a numba kernel; the plain one is numpy
alone, for commands that read one text and must not wait for a compiler to be imported.

Not handled: Hangul in conjoining jamo differs from Hangul syllables (``Document.text`` is NFC, so it has
syllables); words are not segmented, stemmed or stripped of hyphenation at line ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedupe.model import Tokens
from dedupe.text.fold import DROPPED_MARK, EXPANDS, KIND, REST, SEPARATOR, SILENT, SINGLE, WORD, fold_table

if TYPE_CHECKING:
    from dedupe.text.fold_kernels import Table

LINE_END = "\n".encode("utf-16-le")

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def tokenize(texts: Sequence[str], compiled: bool = True) -> Tokens:
    """The tokens of a batch of texts.

    Any ``str`` will do: lone surrogates, NUL and unassigned code points separate. ``compiled`` chooses
    the numba kernel or :func:`tokenize_plain`; the result is the same. Fastest in batches of about a
    hundred texts: much larger ones spend their time on fresh memory.
    """
    return _tokenize_compiled(texts) if compiled else tokenize_plain(texts)


def _tokenize_compiled(texts: Sequence[str]) -> Tokens:
    from dedupe.text.fold_kernels import PADDING, Source, tokenize_texts

    # Lone surrogates become "?": one unit, and a separator like themselves.
    encoded = [text.encode("utf-16-le", "replace") for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded)) // 2
    begin = np.cumsum(lengths + 1) - lengths - 1
    data = np.frombuffer(LINE_END.join([*encoded, LINE_END * PADDING]), "<u2")
    return Tokens(*tokenize_texts(Source(data, begin, begin + lengths), _table()))


@cache
def _table() -> Table:
    """The fold table for the kernel: with the folded UTF-8 of the first code points packed into words."""
    from dedupe.text.fold_kernels import SMALL, Table

    table = fold_table()
    small = np.zeros(SMALL, np.uint64)
    for point in range(SMALL):
        kind, folded = table.fold(point)
        data = folded.encode()
        small[point] = kind | len(data) << 3 | int.from_bytes(data, "little") << 8
    return Table(small, table.pages, table.actions, table.expansion_first, table.expansion)


def tokenize_plain(texts: Sequence[str]) -> Tokens:
    """:func:`tokenize` with numpy alone: code points as an array, table look-ups, run boundaries."""
    points, text_begin = _code_points(texts)
    table = fold_table()
    actions = table.actions[table.pages[points >> 8], points & 0xFF]
    heard = np.flatnonzero(actions & KIND != SILENT)
    starts, inside = _runs(actions[heard] & KIND)
    ends = inside & np.append(starts[1:] | ~inside[1:], True)[: len(heard)]
    begins = heard[starts]
    first = np.searchsorted(begins, np.append(text_begin, len(points) + 1))
    spoken = inside & (actions[heard] & KIND != DROPPED_MARK)
    at = heard[spoken]
    folded, byte_begin, byte_end = _folded(points[at], actions[at], starts[spoken], first)
    shift = np.repeat(text_begin, np.diff(first))
    return Tokens(
        folded=folded,
        byte_begin=byte_begin,
        byte_end=byte_end,
        char_begin=(begins - shift).astype(np.int32),
        char_end=(heard[ends] + 1 - shift).astype(np.int32),
        first=first.astype(np.int64),
    )


def _code_points(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Indices]:
    """All texts as uint32 code points with a line end after each, and where each begins (int64[n])."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    encoded = "".join(f"{text}\n" for text in texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, "<u4"), np.cumsum(lengths + 1) - lengths - 1


def _runs(kinds: Indices) -> tuple[Flags, Flags]:
    """Which code points begin a token, and which are in one; ``kinds`` has no SILENT."""
    is_base = (kinds == SEPARATOR) | (kinds >= WORD)
    at = np.maximum.accumulate(np.where(is_base, np.arange(len(kinds)), -1))
    base = np.where(at < 0, SEPARATOR, kinds[at])
    before = np.append(SEPARATOR, base)[: len(kinds)]
    starts = (kinds == SINGLE) | ((kinds == WORD) & (before != WORD))
    return starts, base != SEPARATOR


def _folded(
    points: npt.NDArray[np.uint32], actions: npt.NDArray[np.int32], starts: Flags, first: Indices
) -> tuple[npt.NDArray[np.uint8], Indices, Indices]:
    """The folded tokens in UTF-8, a space between those of one text, and where each begins and ends."""
    table = fold_table()
    rest = (actions >> REST).astype(np.int64)
    expands = actions & EXPANDS != 0
    lengths = np.ones(len(points), np.int64)
    lengths[expands] = np.diff(table.expansion_first)[rest[expands]]
    leads = np.ones(first[-1], np.int64)
    leads[first[:-1][np.diff(first) > 0]] = 0
    lengths[starts] += leads
    ends = np.cumsum(lengths)
    text = np.full(ends[-1] if len(ends) else 0, ord(" "), np.uint32)
    text[ends[~expands] - 1] = points[~expands] + rest[~expands]
    for end, expansion in zip(ends[expands].tolist(), rest[expands].tolist(), strict=True):
        folded = table.expansion[table.expansion_first[expansion] : table.expansion_first[expansion + 1]]
        text[end - len(folded) : end] = folded
    offsets = np.append(0, np.cumsum(1 + (text > 0x7F) + (text > 0x7FF) + (text > 0xFFFF)))
    begins = (ends - lengths)[starts]
    byte_begin, byte_end = offsets[begins + leads], offsets[np.append(begins, len(text))[1:]]
    encoded = text.astype("<u4").tobytes().decode("utf-32-le").encode()
    return np.frombuffer(bytearray(encoded), np.uint8), byte_begin, byte_end
