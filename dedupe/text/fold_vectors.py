"""Instructions for :mod:`dedupe.text.fold_kernels` that the compiler would not choose by itself: tests of 64
UTF-16 units at once whose answers are the bits of one word, narrowing copies, unaligned writes.

They are written as vector code in the compiler's intermediate language, which turns it into what the
processor at hand has (AVX-512, AVX2, SSE, NEON).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from dedupe.compiled import emitted

BLOCK = 64  # units tested at once
STEP = 16  # units copied at once


def _vector(compiler: tuple[Any, Any], array_type: Any, place: tuple[Any, Any], count: int) -> Any:
    """The address of ``count`` elements of an array from an index on, as one vector."""
    context, builder = compiler
    array = context.make_array(array_type)(context, builder, place[0])
    element = ir.IntType(array_type.dtype.bitwidth)
    first = cgutils.pointer_add(
        builder, array.data, builder.mul(place[1], array.itemsize), element.as_pointer()
    )
    return builder.bitcast(first, ir.VectorType(element, count).as_pointer())


def _all(count: int, value: int) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(16), count), [value] * count)


def _letters(builder: Any, units: Any, count: int) -> tuple[Any, Any]:
    """Which units are ASCII letters, and all units with the bit of lower case set."""
    lower = builder.or_(units, _all(count, 0x20))
    since_a = builder.sub(lower, _all(count, ord("a")))
    return builder.icmp_unsigned("<", since_a, _all(count, 26)), lower


def _others(builder: Any, units: Any, count: int) -> Any:
    """Which units need the fold table: all that are not ASCII, and the one apostrophe that is."""
    beyond = builder.icmp_unsigned(">", units, _all(count, 0x7F))
    return builder.or_(beyond, builder.icmp_unsigned("==", units, _all(count, ord("'"))))


def _test_of_block(test: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """``(data, at) -> uint64``: bit i is the answer of a test for ``data[at + i]``."""

    def emit(typing_context: Any, data: Any, at: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            address = _vector((context, builder), signature.args[0], arguments, BLOCK)
            return builder.bitcast(test(builder, builder.load(address, align=2)), ir.IntType(BLOCK))

        return types.uint64(data, types.int64), generate

    return emitted(emit)


def _is_inside(builder: Any, units: Any) -> Any:
    since_0 = builder.sub(units, _all(BLOCK, ord("0")))
    digits = builder.icmp_unsigned("<", since_0, _all(BLOCK, 10))
    word = builder.or_(_letters(builder, units, BLOCK)[0], digits)
    return builder.or_(word, _others(builder, units, BLOCK))


def _is_beyond_ascii(builder: Any, units: Any) -> Any:
    return builder.icmp_unsigned(">", units, _all(BLOCK, 0x7F))


def _is_ligature(builder: Any, units: Any) -> Any:
    return builder.icmp_unsigned("==", builder.and_(units, _all(BLOCK, 0xFFF0)), _all(BLOCK, 0xFDF0))


inside = _test_of_block(_is_inside)  # all but the ASCII separators
beyond_ascii = _test_of_block(_is_beyond_ascii)
ligatures = _test_of_block(_is_ligature)  # U+FDF0..U+FDFF, which expand most


@emitted
def copy_folded(typing_context: Any, data: Any, at: Any, out: Any, to: Any) -> Any:
    """Copies 16 units to bytes, ASCII letters in lower case; bit i is set where the fold table is needed."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        compiler = context, builder
        units = builder.load(_vector(compiler, signature.args[0], arguments[:2], STEP), align=2)
        letters, lower = _letters(builder, units, STEP)
        narrow = ir.VectorType(ir.IntType(8), STEP)
        folded = builder.trunc(builder.select(letters, lower, units), narrow)
        builder.store(folded, _vector(compiler, signature.args[2], arguments[2:], STEP), align=1)
        others = builder.bitcast(_others(builder, units, STEP), ir.IntType(STEP))
        return builder.zext(others, ir.IntType(64))

    return types.uint64(data, types.int64, out, types.int64), generate


@emitted
def store64(typing_context: Any, data: Any, at: Any, value: Any) -> Any:
    """Writes eight bytes, little-endian."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = cgutils.pointer_add(builder, array.data, arguments[1], ir.IntType(64).as_pointer())
        builder.store(arguments[2], address, align=1)
        return context.get_dummy_value()

    return types.void(data, types.int64, types.uint64), generate


def _bit_count(name: str) -> Callable[..., Any]:
    """``uint64 -> int64``: an instruction that counts bits."""

    def emit(typing_context: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            flags = [ir.Constant(ir.IntType(1), 0)] if name == "cttz" else []
            return getattr(builder, name)(*arguments, *flags)

        return types.int64(types.uint64), generate

    return emitted(emit)


set_bits = _bit_count("ctpop")
trailing_zeros = _bit_count("cttz")  # 64 for zero
