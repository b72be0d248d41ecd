"""Story text -> tokens, folded for matching.

A token is a run of letters, marks and digits; everything else separates. Scripts that do not put spaces
between words (Han, kana, Thai, Lao, Khmer, Myanmar) give one token per character, with its marks. Tokens
are folded code point by code point with the table of :mod:`dedupe.text.fold`, so composed and decomposed
text, and text with and without optional marks, give the same tokens:

    "Don’t re-open the CAFÉ" -> dont re open the cafe

Apostrophes join rather than separate: of the ways in which crawled pages write *don't* (straight, curly,
modifier letter, encoded away) only a space in its place then gives other tokens, and a word stays one
token, so a shingle spans the same number of words whether a text contracts or not.

There are two forms, equal array for array. The compiled one is a numba kernel; the plain one is numpy
alone, for commands that read one text and must not wait for a compiler to be imported.

Not handled: Hangul in conjoining jamo differs from Hangul syllables (``Document.text`` is NFC, so it has
syllables); words are not segmented, stemmed or stripped of hyphenation at line ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedupe.model import Tokens
from dedupe.text.fold import (
    DROPPED_MARK,
    EXPANDS,
    KIND,
    MARK,
    REST,
    SEPARATOR,
    SILENT,
    SINGLE,
    WORD,
    fold_table,
)

if TYPE_CHECKING:
    from dedupe.text.fold_kernels import Table

LINE_END = "\n".encode("utf-16-le")
PIECE = 1 << 15  # code points that the plain form handles at once

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Points = npt.NDArray[np.uint32]


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
    parts = [_tokenize_piece(piece) for piece in _pieces(texts)]
    if len(parts) == 1:
        return parts[0]
    tokens = np.cumsum([0, *(len(part.byte_begin) for part in parts)])
    at = np.cumsum([0, *(len(part.folded) for part in parts)])
    first = [part.first[:-1] + before for part, before in zip(parts, tokens[:-1], strict=True)]
    return Tokens(
        folded=np.concatenate([part.folded for part in parts]),
        byte_begin=np.concatenate([p.byte_begin + begin for p, begin in zip(parts, at[:-1], strict=True)]),
        byte_end=np.concatenate([p.byte_end + begin for p, begin in zip(parts, at[:-1], strict=True)]),
        char_begin=np.concatenate([part.char_begin for part in parts]),
        char_end=np.concatenate([part.char_end for part in parts]),
        first=np.concatenate([*first, tokens[-1:]]),
    )


def _pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Some texts at a time, so that what is made of them on the way stays in the processor's cache."""
    begin, size = 0, 0
    for end, text in enumerate(texts):
        if end > begin and size + len(text) > PIECE:
            yield texts[begin:end]
            begin, size = end, 0
        size += len(text)
    yield texts[begin:]


def _tokenize_piece(texts: Sequence[str]) -> Tokens:
    points, text_begin = _code_points(texts)
    kinds, actions = _flat()
    kind = kinds.take(points)
    heard = np.flatnonzero(kind != SILENT)
    kind = kind[heard]
    starts, inside = _runs(kind)
    ends = inside & np.append(starts[1:] | ~inside[1:], True)[: len(heard)]
    begins = heard[starts]
    first = np.searchsorted(begins, np.append(text_begin, len(points) + 1))
    spoken = np.flatnonzero(inside & (kind != DROPPED_MARK))
    voiced = points[heard[spoken]]
    letters, opens = _letters(voiced, actions.take(voiced), starts[spoken])
    folded, byte_begin, byte_end = _joined(letters, np.flatnonzero(opens), first)
    shift = np.repeat(text_begin, np.diff(first))
    return Tokens(
        folded=folded,
        byte_begin=byte_begin,
        byte_end=byte_end,
        char_begin=(begins - shift).astype(np.int32),
        char_end=(heard[ends] + 1 - shift).astype(np.int32),
        first=first.astype(np.int64),
    )


@cache
def _flat() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The kind and the action of every code point, without pages between."""
    table = fold_table()
    actions = table.actions[table.pages].reshape(-1)
    return (actions & KIND).astype(np.uint8), actions


def _code_points(texts: Sequence[str]) -> tuple[Points, Indices]:
    """All texts as uint32 code points with a line end after each, and where each begins (int64[n])."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    encoded = "".join(f"{text}\n" for text in texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, "<u4"), np.cumsum(lengths + 1) - lengths - 1


def _runs(kind: npt.NDArray[np.uint8]) -> tuple[Flags, Flags]:
    """Which code points begin a token, and which are in one; ``kind`` has no SILENT."""
    base = kind
    is_mark = (kind == DROPPED_MARK) | (kind == MARK)
    if is_mark.any():
        letter = np.maximum.accumulate(np.where(is_mark, -1, np.arange(len(kind))))
        base = np.where(letter < 0, SEPARATOR, kind[letter])
    before = np.append(np.uint8(SEPARATOR), base)[: len(kind)]
    starts = (kind == SINGLE) | ((kind == WORD) & (before != WORD))
    return starts, base != SEPARATOR


def _letters(points: Points, actions: npt.NDArray[np.int32], starts: Flags) -> tuple[Points, Flags]:
    """What stands for each code point, and where in it tokens begin."""
    rest = actions >> REST
    expands = actions & EXPANDS != 0
    if not expands.any():
        return points + rest.astype(np.uint32), starts
    table = fold_table()
    rest = np.where(expands, rest, 0)
    lengths = np.where(expands, np.diff(table.expansion_first)[rest], 1)
    at = np.cumsum(lengths) - lengths
    within = np.arange(lengths.sum()) - np.repeat(at, lengths)
    expanded = table.expansion.take(np.repeat(table.expansion_first[rest], lengths) + within, mode="clip")
    plain = np.repeat(points + (actions >> REST).astype(np.uint32), lengths)
    opens = np.zeros(len(within), np.bool_)
    opens[at] = starts
    return np.where(np.repeat(expands, lengths), expanded, plain), opens


def _joined(
    letters: Points, begins: Indices, first: Indices
) -> tuple[npt.NDArray[np.uint8], Indices, Indices]:
    """Tokens in UTF-8, a space between those of one text, and where each begins and ends; ``begins`` are
    their first letters.
    """
    leads = np.ones(len(begins), np.int64)
    leads[first[:-1][np.diff(first) > 0]] = 0
    spaces = np.cumsum(leads)
    ahead = np.zeros(len(letters), np.int64)
    ahead[begins] = leads
    text = np.full(len(letters) + leads.sum(), ord(" "), np.uint32)
    text[np.arange(len(letters)) + np.cumsum(ahead)] = letters
    begin, end = begins + spaces, np.append(begins, len(letters))[1:] + spaces
    if len(text) == 0 or text.max() < 0x80:
        return text.astype(np.uint8), begin, end
    offsets = np.append(0, np.cumsum(1 + (text > 0x7F) + (text > 0x7FF) + (text > 0xFFFF)))
    encoded = text.astype("<u4").tobytes().decode("utf-32-le").encode()
    return np.frombuffer(bytearray(encoded), np.uint8), offsets[begin], offsets[end]
