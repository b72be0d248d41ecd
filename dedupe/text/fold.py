"""The fold table: what each code point is to the tokeniser, and what stands for it in folded text.

``fold.npz`` is written by ``scripts/make_fold_table.py``, which holds the rule. Lookup is a two-level
table, ``actions[pages[point >> 8], point & 255]``; an action packs, from the lowest bit, the kind (3 bits),
whether the point expands (1 bit), and the signed rest: the distance to the one code point that stands for
it, or else the number of its expansion.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

SEPARATOR = 0  # ends a token
SILENT = 1  # as if it were not there: apostrophes, joiners, soft hyphens
DROPPED_MARK = 2  # belongs to the token before it, leaves no trace
MARK = 3  # belongs to the token before it; without one it is dropped
WORD = 4  # a token goes on, or begins
SINGLE = 5  # a token by itself, with the marks that follow
KIND = 7
EXPANDS = 8
REST = 4  # the bits below the rest


@dataclass(frozen=True, slots=True)
class FoldTable:
    """``pages`` uint16[0x1100]; ``actions`` int32[p, 256]; expansion e is the code points
    ``expansion[expansion_first[e] : expansion_first[e + 1]]`` (uint32, int32[m+1]).
    """

    pages: npt.NDArray[np.uint16]
    actions: npt.NDArray[np.int32]
    expansion_first: npt.NDArray[np.int32]
    expansion: npt.NDArray[np.uint32]
    unicode_version: str
    fingerprint: str

    def fold(self, point: int) -> tuple[int, str]:
        """The kind of a code point, and what stands for it (nothing, unless it is a mark or letter)."""
        action = int(self.actions[self.pages[point >> 8], point & 0xFF])
        kind, rest = action & KIND, action >> REST
        if action & EXPANDS:
            expansion = self.expansion[self.expansion_first[rest] : self.expansion_first[rest + 1]]
            return kind, "".join(map(chr, expansion.tolist()))
        return kind, chr(point + rest) if kind >= MARK else ""


@cache
def fold_table() -> FoldTable:
    """The table shipped with the package, read once."""
    data = (files("dedupe.text") / "fold.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return FoldTable(
            pages=arrays["pages"],
            actions=arrays["actions"],
            expansion_first=arrays["expansion_first"],
            expansion=arrays["expansion"],
            unicode_version=str(arrays["unicode_version"]),
            fingerprint=_fingerprint([arrays[name] for name in sorted(arrays.files)]),
        )


def _fingerprint(arrays: list[npt.NDArray[np.generic]]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for array in arrays:
        digest.update(array.tobytes())
    return digest.hexdigest()
