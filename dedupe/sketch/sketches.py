"""Shingles -> signature and sample.

The signature is datasketch 2's ``affine32`` MinHash over xxh32 of each shingle, value for value, so it
loads into ``datasketch.LeanMinHash(seed=…, hashvalues=…, scheme="affine32")``. The sample is FracMinHash
(Irber et al., 2022, "Lightweight compositional analysis of metagenomes with FracMinHash and minimum
metagenome covers") over xxh64 of each shingle: all distinct hashes below ``2**64 // sample_one_in``, and
for short texts at least the ``sample_floor`` smallest.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedupe.config import SketchConfig
from dedupe.model import Sketches, Tokens
from dedupe.sketch.permutations import Permutations
from dedupe.sketch.shingles import Hashes, distinct_hashes, shingle_hashes, shingle_spans

CHUNK = 4096  # shingles permuted at once: bounds the memory of one long text


def sign(tokens: Tokens, permutations: Permutations, config: SketchConfig, compiled: bool = True) -> Sketches:
    """Signatures and samples of a batch.

    ``compiled`` chooses the numba kernel, or else numpy with the xxhash package, for commands that sign
    one text; the values are the same. A text without tokens has the empty signature of datasketch, all
    ``2**32 - 1``, and no sample.
    """
    if compiled:
        return _sign_compiled(tokens, permutations, config)
    distinct, first = distinct_hashes(*shingle_hashes(tokens, config, False), False)
    samples, sample_first = _samples(distinct, first, config)
    return Sketches(
        signatures=signatures(tokens, permutations, config, compiled=False),
        samples=samples,
        first=sample_first,
        shingles=np.diff(first).astype(np.int32),
    )


def highest_sampled(config: SketchConfig) -> np.uint64:
    """The largest hash that is in the sample by its value: ``2**64 // sample_one_in - 1``."""
    return np.uint64(2**64 // config.sample_one_in - 1)


def _sign_compiled(tokens: Tokens, permutations: Permutations, config: SketchConfig) -> Sketches:
    from dedupe.sketch.kernels import batch_of, sign_texts

    parameters, highest = _parameters(permutations), highest_sampled(config)
    made = sign_texts(batch_of(tokens), config.shingle_size, parameters, highest, config.sample_floor)
    return Sketches(*made)


def _samples(
    distinct: Hashes, first: npt.NDArray[np.int64], config: SketchConfig
) -> tuple[Hashes, npt.NDArray[np.int64]]:
    parts = []
    for begin, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        below = int(np.searchsorted(distinct[begin:end], highest_sampled(config), side="right"))
        parts.append(distinct[begin : min(end, begin + max(below, config.sample_floor))])
    sizes = np.array([0, *map(len, parts)], np.int64)
    return np.concatenate([np.empty(0, np.uint64), *parts]), np.cumsum(sizes)


def signatures(
    tokens: Tokens, permutations: Permutations, config: SketchConfig, compiled: bool = True
) -> npt.NDArray[np.uint32]:
    """Signatures alone, uint32[n, num_perm]: what ``datasketch.MinHash.bulk`` gives for the shingles."""
    if compiled:
        from dedupe.sketch.kernels import batch_of, signatures_of

        return signatures_of(batch_of(tokens), config.shingle_size, _parameters(permutations))
    import xxhash

    begin, end, first = shingle_spans(tokens, config)
    folded = tokens.folded.tobytes()
    spans = zip(begin.tolist(), end.tolist(), strict=True)
    mixed = fmix32(np.array([xxhash.xxh32_intdigest(folded[b:e]) for b, e in spans], np.uint32))
    rows = np.full((len(first) - 1, len(permutations.a)), 2**32 - 1, np.uint32)
    for text, (begin_, end_) in enumerate(zip(first[:-1].tolist(), first[1:].tolist(), strict=True)):
        for chunk in range(begin_, end_, CHUNK):
            values = mixed[chunk : min(chunk + CHUNK, end_), None] * permutations.a + permutations.b
            np.minimum(rows[text], values.min(axis=0), out=rows[text])
    return rows


def _parameters(permutations: Permutations) -> npt.NDArray[np.uint32]:
    """Permutations for a kernel: uint32[2, num_perm]."""
    return np.stack([permutations.a, permutations.b])


def fmix32(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The finalizer of MurmurHash3, which ``affine32`` applies once before all permutations."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))
