"""Tokens -> shingles -> signatures, samples and the keys they are filed under."""

from dedupe.sketch.permutations import SCHEME, Permutations, lsh_params, make_permutations
from dedupe.sketch.postings import BAND_BIT, band_keys, posting_keys
from dedupe.sketch.shingles import distinct_hashes, shingle_hashes
from dedupe.sketch.sketches import sign, signatures

__all__ = [
    "BAND_BIT",
    "SCHEME",
    "Permutations",
    "band_keys",
    "distinct_hashes",
    "lsh_params",
    "make_permutations",
    "posting_keys",
    "shingle_hashes",
    "sign",
    "signatures",
]
