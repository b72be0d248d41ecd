"""The tokeniser as a numba kernel: UTF-16 of a batch in, the arrays of :class:`dedupe.model.Tokens` out.

Importing this module imports numba (a third of a second), so only the compiled path does. The code is
compiled at the first call and cached on disk, beside this file or, where that cannot be written, in the
user's cache directory. Numba notices changes of this file alone: after a change of ``fold_vectors.py``,
touch this one.

ASCII separators cut a text into runs that do not depend on each other. They are found 64 code units at a
time as bits of one word (Langdale and Lemire, 2019, "Parsing gigabytes of JSON per second"), which does away
with a branch per character; a run of ASCII alone is one token and is copied 16 units at a time, any other
goes through the fold table code point by code point.

UTF-16 because CPython makes it from its own strings at the speed of a copy, and UTF-8 at a third of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dedupe.compiled import inlined, kernel
from dedupe.text.fold import DROPPED_MARK, EXPANDS, KIND, REST, SEPARATOR, SILENT, SINGLE, WORD
from dedupe.text.fold_vectors import (
    BLOCK,
    STEP,
    beyond_ascii,
    copy_folded,
    inside,
    ligatures,
    set_bits,
    store64,
    trailing_zeros,
)

Bytes = npt.NDArray[np.uint8]
Units = npt.NDArray[np.uint16]
Indices = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
# Scalars inside kernels: numba gives them these types, which numpy's stubs do not follow through arithmetic.
Int64: TypeAlias = Any
UInt64: TypeAlias = Any

SPACE = np.uint8(0x20)
PADDING = BLOCK  # units that may be read, and bytes that may be written, beyond the end
SMALL = 0x800  # code points below have their folded form ready in ``Table.small``
# Bytes of folded text, a space included, that one unit can become: Arabic ligatures, others, ASCII.
LIGATURE_WIDTH, OTHER_WIDTH, ASCII_WIDTH = 31, 10, 2

U6, U8, U12, U18 = np.uint64(6), np.uint64(8), np.uint64(12), np.uint64(18)
CONTINUATION, LOW_SIX = np.uint64(0x80), np.uint64(0x3F)  # of a byte of UTF-8 that is not the first


class Source(NamedTuple):
    """All texts in UTF-16, text i at ``begin[i]:end[i]`` with a separator after it, and padding."""

    data: Units
    begin: Indices
    end: Indices


class Table(NamedTuple):
    """The fields of :class:`dedupe.text.fold.FoldTable`, and for each code point below ``SMALL`` a word
    uint64: from the lowest bit its kind (3 bits), the number of its folded bytes (5 bits), and these.
    """

    small: npt.NDArray[np.uint64]
    pages: npt.NDArray[np.uint16]
    actions: npt.NDArray[np.int32]
    expansion_first: npt.NDArray[np.int32]
    expansion: npt.NDArray[np.uint32]


class Output(NamedTuple):
    """The arrays of :class:`dedupe.model.Tokens`, with room."""

    folded: Bytes
    byte_begin: Indices
    byte_end: Indices
    char_begin: Positions
    char_end: Positions


@inlined
def pack(point: Int64) -> UInt64:
    """A code point in UTF-8, in the form of ``Table.small``, without a kind."""
    p = np.uint64(point)
    if point < 0x80:
        return p << U8 | np.uint64(1 << 3)
    last = CONTINUATION | p & LOW_SIX
    if point < 0x800:
        return (last << U8 | p >> U6 | np.uint64(0xC0)) << U8 | np.uint64(2 << 3)
    tail = last << U8 | CONTINUATION | p >> U6 & LOW_SIX
    if point < 0x10000:
        return (tail << U8 | p >> U12 | np.uint64(0xE0)) << U8 | np.uint64(3 << 3)
    tail = tail << U8 | CONTINUATION | p >> U12 & LOW_SIX
    return (tail << U8 | p >> U18 | np.uint64(0xF0)) << U8 | np.uint64(4 << 3)


@inlined
def put(packed: UInt64, out: Bytes, at: int) -> int:
    """Writes a packed code point; the place behind it."""
    store64(out, at, packed >> np.uint64(8))
    return at + int(packed >> np.uint64(3) & np.uint64(31))


@inlined
def code_point(data: Units, at: int) -> tuple[Int64, int]:
    """The code point at a place, and its width in units. Surrogates come in pairs only."""
    unit = np.int64(data[np.uint64(at)])
    if unit & 0xFC00 != 0xD800:
        return unit, 1
    return 0x10000 + ((unit & 0x3FF) << 10 | np.int64(data[np.uint64(at + 1)]) & 0x3FF), 2


@inlined
def action_of(point: Int64, table: Table) -> Int64:
    return np.int64(table.actions[table.pages[point >> 8], point & 0xFF])


@inlined
def kind_of(point: Int64, table: Table) -> int:
    if point < SMALL:
        return int(np.int64(table.small[point]) & KIND)
    return int(action_of(point, table) & KIND)


@inlined
def put_folded(point: Int64, table: Table, out: Bytes, at: int) -> int:
    """Writes what stands for a code point; the place behind it."""
    if point < SMALL:
        return put(table.small[point], out, at)
    action = action_of(point, table)
    if not action & EXPANDS:
        return put(pack(point + (action >> REST)), out, at)
    expansion = action >> REST
    for i in range(table.expansion_first[expansion], table.expansion_first[expansion + 1]):
        at = put(pack(table.expansion[i]), out, at)
    return at


@inlined
def room_of(source: Source) -> tuple[int, int]:
    """No fewer than the tokens of all texts, and the bytes of their folded form.

    A token begins after a separator, or at or after a code point that is not ASCII.
    """
    begins, others, wide, carry = 1, 0, 0, np.uint64(0)
    for at in range(0, len(source.data) - PADDING, BLOCK):
        bits = inside(source.data, at)
        begins += set_bits(bits & ~(bits << np.uint64(1) | carry))
        others += set_bits(beyond_ascii(source.data, at))
        wide += set_bits(ligatures(source.data, at))
        carry = bits >> np.uint64(BLOCK - 1)
    folded = LIGATURE_WIDTH * wide + OTHER_WIDTH * others + ASCII_WIDTH * len(source.data)
    return begins + 2 * others, folded + PADDING


@inlined
def edges_of(source: Source, text: int, edges: Indices) -> int:
    """The runs of a text between ASCII separators: the unit each begins at and the one behind it, in turns.
    Returned is the number of runs.
    """
    count, carry = np.uint64(0), np.uint64(0)
    end = source.end[text]
    for at in range(source.begin[text], end, BLOCK):
        bits = inside(source.data, at)
        if end - at < BLOCK:
            bits &= (np.uint64(1) << np.uint64(end - at)) - np.uint64(1)
        changes = bits ^ (bits << np.uint64(1) | carry)
        carry = bits >> np.uint64(BLOCK - 1)
        while changes != 0:
            edges[count] = at + trailing_zeros(changes)
            count += np.uint64(1)
            changes &= changes - np.uint64(1)
    edges[count] = end  # counts when the last run reaches the end
    return int(count + np.uint64(1)) >> 1


@inlined
def copy_run(data: Units, begin: int, end: int, out: Bytes, to: int) -> bool:
    """Copies a run with ASCII letters folded, unless something in it needs the fold table."""
    while end - begin > STEP:
        if copy_folded(data, begin, out, to) != 0:
            return False
        begin, to = begin + STEP, to + STEP
    within = (np.uint64(1) << np.uint64(end - begin)) - np.uint64(1)
    return bool(copy_folded(data, begin, out, to) & within == 0)


@inlined
def fold_run(
    data: Units, span: tuple[int, int, int], table: Table, out: Output, state: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Writes the tokens of a run, code point by code point.

    ``span`` is the run's begin and end, and the unit that code point 0 would have if all from there on
    took one. ``state`` is the number of the next token, the first token of the text, and the place in
    ``out.folded``. Returned are the next token, the place, and the new unit of code point 0.
    """
    at, end, origin = span
    token, opened, to = state
    base = SEPARATOR
    while at < end:
        point, width = code_point(data, at)
        kind = kind_of(point, table)
        at, origin = at + width, origin + width - 1
        if kind == SEPARATOR:
            base = SEPARATOR
        elif kind >= WORD and (kind == SINGLE or base != WORD):
            base = kind
            if token > opened:
                out.folded[np.uint64(to)] = SPACE
                to += 1
            out.byte_begin[np.uint64(token)], out.char_begin[np.uint64(token)] = to, at - origin - 1
            token += 1
        if base != SEPARATOR and kind != SILENT:
            if kind != DROPPED_MARK:
                to = put_folded(point, table, out.folded, to)
            out.byte_end[np.uint64(token - 1)], out.char_end[np.uint64(token - 1)] = to, at - origin
    return token, to, origin


@inlined
def tokens_of(
    source: Source,
    text: int,
    table: Table,
    out: Output,
    edges: Indices,
    state: tuple[int, int],
) -> tuple[int, int]:
    """Writes the tokens of one text; ``state`` is the number of the next token and the place in
    ``out.folded``, before and after.
    """
    opened, to = state
    token, origin = opened, source.begin[text]
    for run in range(edges_of(source, text, edges)):
        begin, end = edges[np.uint64(2 * run)], edges[np.uint64(2 * run + 1)]
        out.folded[to] = SPACE
        place = to + (token > opened)
        if copy_run(source.data, begin, end, out.folded, place):
            to = place + end - begin
            slot = np.uint64(token)
            out.byte_begin[slot], out.byte_end[slot] = place, to
            out.char_begin[slot], out.char_end[slot] = begin - origin, end - origin
            token += 1
        else:
            span, place_ = (begin, end, origin), (token, opened, to)
            token, to, origin = fold_run(source.data, span, table, out, place_)
    return token, to


@kernel
def tokenize_texts(
    source: Source, table: Table
) -> tuple[Bytes, Indices, Indices, Positions, Positions, Indices]:
    """The six arrays of ``Tokens``, in its order; all but the last share one allocation."""
    texts = len(source.begin)
    most, bytes_ = room_of(source)
    room = np.empty(24 * most + bytes_, np.uint8)
    byte_begin, byte_end = room[: 8 * most].view(np.int64), room[8 * most : 16 * most].view(np.int64)
    char_begin = room[16 * most : 20 * most].view(np.int32)
    char_end = room[20 * most : 24 * most].view(np.int32)
    folded = room[24 * most :]
    out = Output(folded, byte_begin, byte_end, char_begin, char_end)
    longest = 0
    for text in range(texts):
        longest = max(longest, source.end[text] - source.begin[text])
    edges = np.empty(longest + 2, np.int64)
    first = np.zeros(texts + 1, np.int64)
    token, to = 0, 0
    for text in range(texts):
        token, to = tokens_of(source, text, table, out, edges, (token, to))
        first[text + 1] = token
    return folded[:to], byte_begin[:token], byte_end[:token], char_begin[:token], char_end[:token], first
