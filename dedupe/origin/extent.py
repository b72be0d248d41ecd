"""Where the words of a text stand: how many there are, and the stretches that they fill."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dedupe.model import Span

Flags = npt.NDArray[np.bool_]

_SPACE, _OTHER_SPACE, _INK = 0, 1, 2
_KINDS = bytes((_INK, _OTHER_SPACE)[chr(byte).isspace()] if byte != 0x20 else _SPACE for byte in range(128))
_KINDS += bytes([_INK]) * 128
_WIDE_SPACES = [chr(point) for point in range(128, 0x3001) if chr(point).isspace()]  # all there are


def words_in(text: str) -> int:
    """How many words a text has, as ``len(text.split())`` counts them.

    >>> words_in("It rained,\\u00a0 they say.")
    4
    """
    ink = _kinds(text) == _INK
    return _count(ink[:1]) + _count(ink[1:] > ink[:-1])


def share_within(text: str, spans: list[Span]) -> float:
    """The share of a text's extent that lies in the spans; 0 where it has none.

    The extent is its words and the single spaces between them: what was blanked is none of it.
    """
    extent = _extent(text)
    outside = extent.copy()
    for begin, end in spans:
        outside[begin:end] = False
    size = _count(extent)
    return 1 - _count(outside) / size if size else 0.0


@lru_cache(maxsize=2)  # the copies of one story are compared with one page
def _extent(text: str) -> Flags:
    kinds = _kinds(text)
    extent: Flags = kinds == _INK
    extent[1:-1] |= (kinds[1:-1] == _SPACE) & (kinds[:-2] == _INK) & (kinds[2:] == _INK)
    return extent


def _kinds(text: str) -> npt.NDArray[np.uint8]:
    """uint8[code points]: a space, other white space, or ink."""
    if not text.isascii():
        for space in _WIDE_SPACES:
            text = text.replace(space, "\n")
    return np.frombuffer(text.encode("latin-1", "replace").translate(_KINDS), np.uint8)


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))
