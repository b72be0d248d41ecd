"""The parameters of min-hashing, as datasketch makes them, kept apart from datasketch.

An index takes its permutations from datasketch once, when it is created, and stores them; signing and
querying then need only these bytes. Importing datasketch costs more than answering a query.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe.errors import InputError, NotAnIndex

SCHEME = "affine32"


@dataclass(frozen=True, slots=True)
class Permutations:
    """``a * fmix32(h) + b`` modulo 2**32 for each of num_perm pairs; ``a`` is odd, both uint32[num_perm].

    Source: datasketch 2, ``MinHash(scheme="affine32")``; ``seed`` is the one it was given.
    """

    a: npt.NDArray[np.uint32]
    b: npt.NDArray[np.uint32]
    seed: int

    def to_bytes(self) -> bytes:
        """All of ``a``, then all of ``b``, little-endian."""
        return self.a.astype("<u4").tobytes() + self.b.astype("<u4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, seed: int) -> Permutations:
        """The inverse of :meth:`to_bytes`.

        Raises:
            NotAnIndex: the bytes are not two equally long rows of uint32, or an ``a`` is even.
        """
        if not data or len(data) % 8:
            raise NotAnIndex(f"the permutations are damaged: {len(data)} bytes are not pairs of uint32")
        a, b = np.frombuffer(data, "<u4").astype(np.uint32).reshape(2, -1)
        if not np.all(a & 1):
            raise NotAnIndex("the permutations are damaged: a multiplier is even")
        return cls(a, b, seed)


def make_permutations(num_perm: int, seed: int) -> Permutations:
    """The permutations of ``datasketch.MinHash(num_perm, seed, scheme="affine32")``."""
    from datasketch import MinHash

    a, b = MinHash(num_perm=num_perm, seed=seed, scheme=SCHEME).permutations
    return Permutations(np.array(a, np.uint32), np.array(b, np.uint32), seed)


def lsh_params(threshold: float, num_perm: int) -> tuple[int, int]:
    """Bands and rows for a Jaccard threshold: the optimum of ``datasketch.MinHashLSH``.

    Raises:
        InputError: a threshold outside 0..1, or fewer than two permutations.
    """
    from datasketch import MinHashLSH

    try:
        lsh = MinHashLSH(threshold=threshold, num_perm=num_perm)
    except ValueError as error:
        raise InputError(
            f"no bands for threshold {threshold} and {num_perm} permutations: {error}"
        ) from error
    return lsh.b, lsh.r
