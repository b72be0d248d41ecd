"""The tokeniser as a numba kernel: UTF-8 of a batch in, the arrays of :class:`dedupe.model.Tokens` out.

Importing this module imports numba (a third of a second), so only the compiled path does. The code is
compiled at the first call and cached on disk, beside this file or, where that cannot be written, in the
user's cache directory.

ASCII separators cut a text into chunks that do not depend on each other. They are found 64 bytes at a time
as bits of one word (Langdale and Lemire, 2019, "Parsing gigabytes of JSON per second"), which does away
with a branch per byte; a chunk of ASCII alone is one token and is copied 16 bytes at a time, any other goes
through the fold table code point by code point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from dedupe.text.fold import DROPPED_MARK, EXPANDS, KIND, REST, SEPARATOR, SILENT, SINGLE, WORD

Function = TypeVar("Function", bound=Callable[..., Any])
Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
# Scalars inside kernels: numba gives them these types, which numpy's stubs do not follow through arithmetic.
Int64: TypeAlias = Any
UInt64: TypeAlias = Any

SPACE = np.uint8(0x20)
BLOCK = 64  # bytes classified at once
STEP = 16  # bytes copied at once
PADDING = BLOCK  # bytes that may be read or written beyond the end
WIDEST = 11  # bytes of folded text, with a space, that one byte of source can at most become (U+FDFA)


class Source(NamedTuple):
    """UTF-8 of all texts, text i at ``begin[i]:end[i]`` with a separator after it, and padding."""

    data: Bytes
    begin: Indices
    end: Indices


class Table(NamedTuple):
    """The fields of :class:`dedupe.text.fold.FoldTable`."""

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


def kernel(function: Function) -> Function:
    """An entry point: compiled at its first call, cached on disk, runs without the interpreter's lock."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """Compiled into the kernels that call it. Never cached: object code could not be inlined."""
    return cast(Function, njit(nogil=True, error_model="numpy", forceinline=True)(function))


def emitted(generator: Callable[..., Any]) -> Callable[..., Any]:
    """An instruction sequence that ``generator`` writes itself, in the compiler's intermediate language."""
    return cast(Callable[..., Any], intrinsic(generator))


def _bytes_at(compiler: tuple[Any, Any], array_type: Any, place: tuple[Any, Any], width: int) -> Any:
    """The address of ``width`` bytes, as one vector, of an array from an index on."""
    context, builder = compiler
    data = context.make_array(array_type)(context, builder, place[0]).data
    return cgutils.pointer_add(builder, data, place[1], ir.VectorType(ir.IntType(8), width).as_pointer())


def _splat(width: int, value: int) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(8), width), [value] * width)


def _letters(builder: Any, data: Any, width: int) -> Any:
    """Which bytes are ASCII letters, and all bytes with the bit of lower case set."""
    lower = builder.or_(data, _splat(width, 0x20))
    since_a = builder.sub(lower, _splat(width, ord("a")))
    return builder.icmp_unsigned("<", since_a, _splat(width, 26)), lower


def _others(builder: Any, data: Any, width: int) -> Any:
    """Which bytes are neither an ASCII separator nor a letter or digit: apostrophes and all not ASCII."""
    beyond = builder.icmp_signed("<", data, _splat(width, 0))
    return builder.or_(beyond, builder.icmp_unsigned("==", data, _splat(width, ord("'"))))


@emitted
def unseparated(typing_context: Any, data: Any, at: Any) -> Any:
    """Bit i is clear where ``data[at + i]`` is an ASCII separator; uint64 for 64 bytes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _bytes_at((context, builder), signature.args[0], arguments, BLOCK)
        block = builder.load(address, align=1)
        since_0 = builder.sub(block, _splat(BLOCK, ord("0")))
        digits = builder.icmp_unsigned("<", since_0, _splat(BLOCK, 10))
        letters, _ = _letters(builder, block, BLOCK)
        inside = builder.or_(builder.or_(letters, digits), _others(builder, block, BLOCK))
        return builder.bitcast(inside, ir.IntType(BLOCK))

    return types.uint64(data, types.int64), generate


@emitted
def copy_folded(typing_context: Any, data: Any, at: Any, out: Any, to: Any) -> Any:
    """Copies 16 bytes, ASCII letters in lower case; bit i is set where the byte needs the fold table."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source = _bytes_at((context, builder), signature.args[0], arguments[:2], STEP)
        target = _bytes_at((context, builder), signature.args[2], arguments[2:], STEP)
        word = builder.load(source, align=1)
        letters, lower = _letters(builder, word, STEP)
        builder.store(builder.select(letters, lower, word), target, align=1)
        others = builder.bitcast(_others(builder, word, STEP), ir.IntType(STEP))
        return builder.zext(others, ir.IntType(64))

    return types.uint64(data, types.int64, out, types.int64), generate


@emitted
def trailing_zeros(typing_context: Any, value: Any) -> Any:
    """The number of zero bits below the lowest one bit; 64 for zero."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@inlined
def decode(data: Bytes, at: int) -> tuple[Int64, int]:
    """The code point at a place of (surrogate-passing) UTF-8, and its width in bytes."""
    lead = np.int64(data[at])
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (np.int64(data[at + 1]) & 0x3F), 2
    middle = (np.int64(data[at + 1]) & 0x3F) << 6 | (np.int64(data[at + 2]) & 0x3F)
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | middle, 3
    return (lead & 0x07) << 18 | middle << 6 | (np.int64(data[at + 3]) & 0x3F), 4


@inlined
def encode(point: Int64, out: Bytes, at: int) -> int:
    """Writes a code point as UTF-8; the place behind it."""
    if point < 0x80:
        out[at] = point
        return at + 1
    if point < 0x800:
        out[at], out[at + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
        return at + 2
    if point < 0x10000:
        out[at], out[at + 1] = 0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F
        out[at + 2] = 0x80 | point & 0x3F
        return at + 3
    out[at], out[at + 1] = 0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F
    out[at + 2], out[at + 3] = 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
    return at + 4


@inlined
def write_folded(point: Int64, action: int, table: Table, out: Bytes, at: int) -> int:
    """Writes what stands for a code point; the place behind it."""
    if not action & EXPANDS:
        return encode(point + (action >> REST), out, at)
    expansion = action >> REST
    for i in range(table.expansion_first[expansion], table.expansion_first[expansion + 1]):
        at = encode(np.int64(table.expansion[i]), out, at)
    return at


@inlined
def bit_places(bits: UInt64, at: int, places: Indices, count: int) -> int:
    """Appends ``at`` plus the number of each set bit to ``places[:count]``; the new count."""
    while bits != 0:
        places[count] = at + trailing_zeros(bits)
        count += 1
        bits &= bits - np.uint64(1)
    return count


@inlined
def chunks_of(source: Source, text: int, begins: Indices, ends: Indices) -> int:
    """The runs of a text between ASCII separators, by their first byte and the one behind; their number."""
    begun, ended, carry = 0, 0, np.uint64(0)
    end = source.end[text]
    for at in range(source.begin[text], end, BLOCK):
        inside = unseparated(source.data, at)
        if end - at < BLOCK:
            inside &= (np.uint64(1) << np.uint64(end - at)) - np.uint64(1)
        before = inside << np.uint64(1) | carry
        carry = inside >> np.uint64(BLOCK - 1)
        begun = bit_places(inside & ~before, at, begins, begun)
        ended = bit_places(~inside & before, at, ends, ended)
    if ended < begun:
        ends[ended] = end
    return begun


@inlined
def copy_chunk(data: Bytes, begin: int, end: int, out: Bytes, to: int) -> bool:
    """Copies a chunk with ASCII letters folded; whether nothing in it needs the fold table."""
    others = np.uint64(0)
    while end - begin > STEP:
        others |= copy_folded(data, begin, out, to)
        begin, to = begin + STEP, to + STEP
    within = (np.uint64(1) << np.uint64(end - begin)) - np.uint64(1)
    others |= copy_folded(data, begin, out, to) & within
    return bool(others == 0)


@inlined
def fold_chunk(
    data: Bytes, span: tuple[int, int, int], table: Table, out: Output, state: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Writes the tokens of a chunk, code point by code point.

    ``span`` is the chunk's begin and end, and the byte that code point 0 would have if all from there on
    were ASCII. ``state`` is the number of the next token, the first token of the text, and the place in
    ``out.folded``. Returned are the next token, the place, and the new byte of code point 0.
    """
    at, end, origin = span
    token, opened, to = state
    base = SEPARATOR
    while at < end:
        point, width = decode(data, at)
        action = table.actions[table.pages[point >> 8], point & 0xFF]
        kind = action & KIND
        at, origin = at + width, origin + width - 1
        if kind == SEPARATOR:
            base = SEPARATOR
        elif kind >= WORD and (kind == SINGLE or base != WORD):
            base = kind
            if token > opened:
                out.folded[to] = SPACE
                to += 1
            out.byte_begin[token], out.char_begin[token] = to, at - origin - 1
            token += 1
        if base != SEPARATOR and kind != SILENT:
            if kind != DROPPED_MARK:
                to = write_folded(point, action, table, out.folded, to)
            out.byte_end[token - 1], out.char_end[token - 1] = to, at - origin
    return token, to, origin


@inlined
def tokens_of(
    source: Source,
    text: int,
    table: Table,
    out: Output,
    chunks: tuple[Indices, Indices],
    state: tuple[int, int],
) -> tuple[int, int]:
    """Writes the tokens of one text; ``state`` is the number of the next token and the place in
    ``out.folded``, before and after.
    """
    begins, ends = chunks
    opened, to = state
    token, origin = opened, source.begin[text]
    for chunk in range(chunks_of(source, text, begins, ends)):
        begin, end = begins[chunk], ends[chunk]
        out.folded[to] = SPACE
        place = to + (token > opened)
        if copy_chunk(source.data, begin, end, out.folded, place):
            to = place + end - begin
            out.byte_begin[token], out.byte_end[token] = place, to
            out.char_begin[token], out.char_end[token] = begin - origin, end - origin
            token += 1
        else:
            span, place_ = (begin, end, origin), (token, opened, to)
            token, to, origin = fold_chunk(source.data, span, table, out, place_)
    return token, to


@inlined
def room_for(folded: Bytes, used: int, source_bytes: int) -> Bytes:
    """The output, grown where the folded form of so many bytes might not fit behind those used."""
    need = used + WIDEST * source_bytes + 2 * PADDING
    if need <= len(folded):
        return folded
    grown = np.empty(need + len(folded), np.uint8)
    grown[:used] = folded[:used]
    return grown


@kernel
def tokenize_texts(
    source: Source, table: Table
) -> tuple[Bytes, Indices, Indices, Positions, Positions, Indices]:
    """The six arrays of ``Tokens``, in its order."""
    texts = len(source.begin)
    most = len(source.data) // 2 + 1  # a token has a byte and a separator, or is wider
    byte_begin, byte_end = np.empty(most, np.int64), np.empty(most, np.int64)
    char_begin, char_end = np.empty(most, np.int32), np.empty(most, np.int32)
    folded = np.empty(len(source.data) + len(source.data) // 2, np.uint8)
    longest = 0
    for text in range(texts):
        longest = max(longest, source.end[text] - source.begin[text])
    chunks = np.empty(longest // 2 + 2, np.int64), np.empty(longest // 2 + 2, np.int64)
    first = np.zeros(texts + 1, np.int64)
    token, to = 0, 0
    for text in range(texts):
        folded = room_for(folded, to, source.end[text] - source.begin[text])
        out = Output(folded, byte_begin, byte_end, char_begin, char_end)
        token, to = tokens_of(source, text, table, out, chunks, (token, to))
        first[text + 1] = token
    return folded[:to], byte_begin[:token], byte_end[:token], char_begin[:token], char_end[:token], first
