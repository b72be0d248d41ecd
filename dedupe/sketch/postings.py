"""Signatures and samples -> the keys under which a document is filed.

Both kinds of key live in one index as 63-bit values (they fit a signed 64-bit column), and the highest of
the 63 bits tells them apart: set for a band of the signature, clear for a sampled shingle.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedupe.config import SketchConfig
from dedupe.errors import InputError
from dedupe.model import Sketches

BAND_BIT = np.uint64(1 << 62)  # set in the keys of bands
HASH_BITS = np.uint64(2)  # a key keeps the upper 62 bits of its hash


def band_keys(
    signatures: npt.NDArray[np.uint32], config: SketchConfig, compiled: bool = False
) -> npt.NDArray[np.uint64]:
    """uint64[n, bands]: band k is xxh64, seeded with k, of its ``rows`` values as little-endian uint32.

    The bands are consecutive: band k has the values ``k * rows : (k + 1) * rows``. Values beyond
    ``bands * rows`` are not used. ``compiled`` chooses the numba kernel, which pays from about a hundred
    signatures on where numba is loaded anyway.

    Raises:
        InputError: there are fewer than ``bands * rows`` values.
    """
    if config.bands * config.rows > signatures.shape[1]:
        raise InputError(
            f"{config.bands} bands of {config.rows} rows need more than {signatures.shape[1]} permutations"
        )
    if compiled:
        from dedupe.sketch.kernels import hash_bands

        return hash_bands(np.ascontiguousarray(signatures), config.bands, config.rows)
    import xxhash

    used = np.ascontiguousarray(signatures[:, : config.bands * config.rows], "<u4")
    data, width = used.tobytes(), 4 * config.rows
    keys = [
        xxhash.xxh64_intdigest(data[at : at + width], seed=band % config.bands)
        for band, at in enumerate(range(0, len(data), width))
    ]
    return np.array(keys, np.uint64).reshape(-1, config.bands)


def posting_keys(
    sketches: Sketches, config: SketchConfig, compiled: bool = False
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """The postings of a batch: keys uint64[p] and the document each belongs to, int32[p] into the batch.

    A key is the upper 62 bits of a hash, with bit 62 (``BAND_BIT``) set when it is a band and clear when
    it is a sampled shingle; bit 63 is always clear. All bands come first, in the order of the documents,
    then all samples, likewise. A document without shingles has no postings, so that empty documents
    do not share a bucket.
    """
    filled = np.flatnonzero(sketches.shingles)
    bands = band_keys(sketches.signatures[filled], config, compiled).reshape(-1)
    samples = np.repeat(np.arange(len(sketches.shingles)), np.diff(sketches.first))
    return (
        np.concatenate([bands >> HASH_BITS | BAND_BIT, sketches.samples >> HASH_BITS]),
        np.concatenate([np.repeat(filled, config.bands), samples]).astype(np.int32),
    )
