"""xxHash32, xxHash64 and the mixing step of MinHash, as parts that numba compiles into kernels.

Sources: the xxHash specification (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), and datasketch 2 for
:func:`fmix32`. Equal, value for value, to the xxhash and datasketch packages, which the tests compare with.
Reads are little-endian, as are the machines that numba supports.

Numba widens arithmetic on uint32 to 64 bits, hence the casts; the optimiser takes them out again. The tail
of an input is handled by conditions instead of loops, because each is right most of the time when inputs
come in the order of their lengths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils

from dedupe.compiled import emitted, inlined

Bytes = npt.NDArray[np.uint8]
# Scalars inside kernels: numba gives them these types, which numpy's stubs do not follow through arithmetic.
UInt8: TypeAlias = Any
UInt32: TypeAlias = Any
UInt64: TypeAlias = Any

# The primes of xxHash, 32 and 64 bits.
P32_1, P32_2, P32_3 = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)
P32_4, P32_5 = np.uint32(0x27D4EB2F), np.uint32(0x165667B1)
P64_1, P64_2, P64_3 = (
    np.uint64(0x9E3779B185EBCA87),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
)
P64_4, P64_5 = np.uint64(0x85EBCA77C2B2AE63), np.uint64(0x27D4EB2F165667C5)


def _load(width: int) -> Callable[..., Any]:
    """A read of ``width`` bits, little-endian, at any byte of an array of uint8."""

    def load(typing_context: Any, array: Any, at: Any) -> Any:
        signature = types.Integer.from_bitwidth(width, signed=False)(array, types.int64)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            address = cgutils.pointer_add(builder, data, arguments[1], ir.IntType(width).as_pointer())
            return builder.load(address, align=1)

        return signature, generate

    return emitted(load)


load8 = _load(8)
load32 = _load(32)
load64 = _load(64)


@inlined
def rotl32(value: UInt32, bits: int) -> UInt32:
    value = np.uint32(value)
    return np.uint32(np.uint32(value << np.uint32(bits)) | (value >> np.uint32(32 - bits)))


@inlined
def rotl64(value: UInt64, bits: int) -> UInt64:
    return (value << np.uint64(bits)) | (value >> np.uint64(64 - bits))


@inlined
def round64(lane: UInt64, word: UInt64) -> UInt64:
    return rotl64(lane + word * P64_2, 31) * P64_1


@emitted
def stripes32(typing_context: Any, data: Any, begin: Any, count: Any) -> Any:
    """The first ``count`` 16-byte stripes of xxHash32, seed 0, from ``data[begin]``: uint32.

    Written as vector code because the compiler does not see that the four accumulators are one vector.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lanes = ir.VectorType(ir.IntType(32), 4)

        def constant(*values: UInt32) -> Any:
            return ir.Constant(lanes, [int(value) & 0xFFFFFFFF for value in values])

        def rotl(value: Any, *bits: int) -> Any:
            opposite = constant(*(32 - bit for bit in bits))
            return builder.or_(builder.shl(value, constant(*bits)), builder.lshr(value, opposite))

        array = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = cgutils.pointer_add(builder, array, arguments[1], lanes.as_pointer())
        start = constant(int(P32_1) + int(P32_2), P32_2, 0, -int(P32_1))
        state = cgutils.alloca_once_value(builder, start)
        with cgutils.for_range(builder, arguments[2]) as loop:
            word = builder.load(builder.gep(address, [loop.index]), align=1)
            sum_ = builder.add(builder.load(state), builder.mul(word, constant(*[P32_2] * 4)))
            builder.store(builder.mul(rotl(sum_, *[13] * 4), constant(*[P32_1] * 4)), state)
        rotated = rotl(builder.load(state), 1, 7, 12, 18)
        parts = [builder.extract_element(rotated, ir.Constant(ir.IntType(32), i)) for i in range(4)]
        return builder.add(builder.add(parts[0], parts[1]), builder.add(parts[2], parts[3]))

    return types.uint32(data, types.int64, types.int64), generate


@inlined
def word32(value: UInt32, word: UInt32) -> UInt32:
    return np.uint32(rotl32(np.uint32(value + word * P32_3), 17) * P32_4)


@inlined
def byte32(value: UInt32, byte: UInt8) -> UInt32:
    return np.uint32(rotl32(np.uint32(value + byte * P32_5), 11) * P32_1)


@inlined
def absorb32(data: Bytes, begin: int, end: int) -> UInt32:
    """xxHash32, seed 0, of ``data[begin:end]``, but for :func:`finish32`."""
    length = end - begin
    value = stripes32(data, begin, length >> 4) if length >= 16 else P32_5
    value = np.uint32(value + length)
    at = end - (length & 15)
    if length & 12 >= 4:
        value = word32(value, load32(data, at))
    if length & 12 >= 8:
        value = word32(value, load32(data, at + 4))
    if length & 12 >= 12:
        value = word32(value, load32(data, at + 8))
    at = end - (length & 3)
    if length & 3 >= 1:
        value = byte32(value, load8(data, at))
    if length & 3 >= 2:
        value = byte32(value, load8(data, at + 1))
    if length & 3 >= 3:
        value = byte32(value, load8(data, at + 2))
    return value


@inlined
def finish32(value: UInt32) -> UInt32:
    """The avalanche of xxHash32, apart so that a loop over many values becomes vector code."""
    value = np.uint32((value ^ (value >> np.uint32(15))) * P32_2)
    value = np.uint32((value ^ (value >> np.uint32(13))) * P32_3)
    return np.uint32(value ^ (value >> np.uint32(16)))


@inlined
def merge64(value: UInt64, lane: UInt64) -> UInt64:
    return (value ^ round64(np.uint64(0), lane)) * P64_1 + P64_4


@inlined
def stripes64(data: Bytes, begin: int, end: int, seed: UInt64) -> UInt64:
    """The whole 32-byte stripes of an input of at least one."""
    v1, v2, v3, v4 = seed + P64_1 + P64_2, seed + P64_2, seed, seed - P64_1
    for at in range(begin, end - 31, 32):
        v1 = round64(v1, load64(data, at))
        v2 = round64(v2, load64(data, at + 8))
        v3 = round64(v3, load64(data, at + 16))
        v4 = round64(v4, load64(data, at + 24))
    value = rotl64(v1, 1) + rotl64(v2, 7) + rotl64(v3, 12) + rotl64(v4, 18)
    return merge64(merge64(merge64(merge64(value, v1), v2), v3), v4)


@inlined
def word64(value: UInt64, word: UInt64) -> UInt64:
    return rotl64(value ^ round64(np.uint64(0), word), 27) * P64_1 + P64_4


@inlined
def byte64(value: UInt64, byte: UInt8) -> UInt64:
    return rotl64(value ^ (np.uint64(byte) * P64_5), 11) * P64_1


@inlined
def absorb64(data: Bytes, begin: int, end: int, seed: UInt64) -> UInt64:
    """xxHash64 of ``data[begin:end]``, but for :func:`finish64`."""
    length = end - begin
    value = stripes64(data, begin, end, seed) if length >= 32 else seed + P64_5
    value += np.uint64(length)
    at = end - (length & 31)
    if length & 24 >= 8:
        value = word64(value, load64(data, at))
    if length & 24 >= 16:
        value = word64(value, load64(data, at + 8))
    if length & 24 >= 24:
        value = word64(value, load64(data, at + 16))
    if length & 4:
        value ^= np.uint64(load32(data, end - (length & 7))) * P64_1
        value = rotl64(value, 23) * P64_2 + P64_3
    at = end - (length & 3)
    if length & 3 >= 1:
        value = byte64(value, load8(data, at))
    if length & 3 >= 2:
        value = byte64(value, load8(data, at + 1))
    if length & 3 >= 3:
        value = byte64(value, load8(data, at + 2))
    return value


@inlined
def finish64(value: UInt64) -> UInt64:
    """The avalanche of xxHash64."""
    value = (value ^ (value >> np.uint64(33))) * P64_2
    value = (value ^ (value >> np.uint64(29))) * P64_3
    return value ^ (value >> np.uint64(32))


@inlined
def fmix32(value: UInt32) -> UInt32:
    """The finalizer of MurmurHash3, which ``affine32`` applies once before all permutations."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))
