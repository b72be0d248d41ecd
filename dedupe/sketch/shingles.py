"""Tokens -> shingles: which bytes each is, their hashes, and how many two texts share.

A shingle is ``shingle_size`` consecutive tokens of one text: the slice of ``Tokens.folded`` from the
begin of its first to the end of its last, so no shingle is ever copied. A text with fewer tokens, but at
least one, gives one shingle of what it has; a text without tokens gives none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedupe.config import SketchConfig
from dedupe.model import Tokens

Indices = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


def shingle_spans(tokens: Tokens, config: SketchConfig) -> tuple[Indices, Indices, Indices]:
    """Begin and end of every shingle in ``tokens.folded``, int64[s], and int64[n+1]: those of text i are
    ``first[i]:first[i+1]``, in text order.
    """
    count = np.diff(tokens.first)
    shingles = np.where(count > 0, np.maximum(count - config.shingle_size + 1, 1), 0)
    first = np.append(0, np.cumsum(shingles))
    begin = np.arange(first[-1]) + np.repeat(tokens.first[:-1] - first[:-1], shingles)
    end = np.minimum(begin + config.shingle_size, np.repeat(tokens.first[1:], shingles)) - 1
    return tokens.byte_begin[begin], tokens.byte_end[end], first


def shingle_hashes(tokens: Tokens, config: SketchConfig, compiled: bool = True) -> tuple[Hashes, Indices]:
    """xxh64 (seed 0) of every shingle, uint64[s] in text order and not distinct; int64[n+1] as above."""
    if compiled:
        from dedupe.sketch.kernels import batch_of, hash_texts

        return hash_texts(batch_of(tokens), config.shingle_size)
    import xxhash

    begin, end, first = shingle_spans(tokens, config)
    folded = tokens.folded.tobytes()
    spans = zip(begin.tolist(), end.tolist(), strict=True)
    return np.array([xxhash.xxh64_intdigest(folded[b:e]) for b, e in spans], np.uint64), first


def distinct_hashes(hashes: Hashes, first: Indices, compiled: bool = True) -> tuple[Hashes, Indices]:
    """The hashes of each text ascending and without repetition, with their own int64[n+1]."""
    if compiled:
        from dedupe.sketch.kernels import distinct_texts

        return distinct_texts(hashes, first)
    order = np.lexsort((hashes, np.repeat(np.arange(len(first) - 1), np.diff(first))))
    sorted_hashes = hashes[order]
    new = np.ones(len(hashes), np.bool_)
    new[1:] = sorted_hashes[1:] != sorted_hashes[:-1]
    new[first[:-1][np.diff(first) > 0]] = True
    return sorted_hashes[new], np.append(0, np.cumsum(new))[first]
