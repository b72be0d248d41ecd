"""What becomes of the functions that numba compiles. Importing this imports numba, a third of a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """An entry point: compiled at its first call, cached on disk, runs without the interpreter's lock."""
    try:
        return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # no directory can be written to: compile anew in each process
        return cast(Function, njit(nogil=True, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """Compiled into the kernels that call it. Never cached: object code could not be inlined."""
    return cast(Function, njit(nogil=True, error_model="numpy", forceinline=True)(function))


def emitted(generator: Callable[..., Any]) -> Callable[..., Any]:
    """An instruction sequence that ``generator`` writes itself, in the compiler's intermediate language."""
    return cast(Callable[..., Any], intrinsic(generator))
