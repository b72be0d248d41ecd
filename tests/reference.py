"""Slow oracles: the definitions, in pure Python, that the fast code is compared with on generated input.

They are written from the description of each thing and share no code with the package.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import xxhash
from datasketch import MinHash

Token = tuple[str, int, int]  # folded, begin, end

APOSTROPHES = frozenset("'\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\u055a\u05f3\ua78c\uff07")
TATWEEL = "\u0640"
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
NUMBER_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
ANNOTATIONS = frozenset("\ufff9\ufffa\ufffb")
VARIATION_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
# Blocks whose marks ordinary text may leave out: the diacritics of Latin, Greek and Cyrillic, the points of
# Hebrew, Arabic, Syriac and Samaritan, and the signs that combine with anything.
OPTIONAL_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x0816, 0x082D),
    (0x0898, 0x089F), (0x08CA, 0x08FF), (0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0),
    (0x2CEF, 0x2CF1), (0x2DE0, 0x2DFF), (0xA66F, 0xA67D), (0xA69E, 0xA69F), (0xA8E0, 0xA8F1),
    (0xFB1E, 0xFB1E), (0xFE20, 0xFE2F), (0x102E0, 0x102E0), (0x10376, 0x1037A), (0x11366, 0x11374),
    (0x1D242, 0x1D244), (0x1E000, 0x1E02A),
)  # fmt: skip
NIKHAHIT = frozenset("\u0e4d\u0ecd")
# Han, kana, Thai, Lao, Khmer, Myanmar: letters of these stand alone.
UNSPACED = (
    (0x0E00, 0x0E7F), (0x0E80, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007),
    (0x3021, 0x3029), (0x3031, 0x3035), (0x3038, 0x303C), (0x3041, 0x309F), (0x30A1, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF), (0x1AFF0, 0x1AFFE), (0x1B000, 0x1B167), (0x20000, 0x3FFFF),
)  # fmt: skip
SAME = {"ى": "ي", "ی": "ي", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ٱ": "ا", "ۃ": "ة", "ı": "i", "ำ": "า", "ຳ": "າ"}


def among(char: str, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(begin <= ord(char) <= end for begin, end in ranges)


def is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def is_silent(char: str) -> bool:
    """As if it were not in the text: apostrophes, joiners, fillers, soft hyphens."""
    if char in APOSTROPHES or char in FILLERS or char == TATWEEL or among(char, VARIATION_SELECTORS):
        return True
    return unicodedata.category(char) == "Cf" and char not in NUMBER_SIGNS and char not in ANNOTATIONS


def is_optional(char: str) -> bool:
    return is_mark(char) and (among(char, OPTIONAL_MARKS) or char in NIKHAHIT)


def is_word_character(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "No":
        return unicodedata.digit(char, None) is not None
    return category in {"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl"} or 0x2F00 <= ord(char) <= 0x2FD5


def fold(char: str) -> str:
    """What is left of a letter, digit or mark."""
    if 0xAC00 <= ord(char) <= 0xD7A3:
        return char
    if unicodedata.digit(char, None) is not None:
        return str(unicodedata.digit(char))
    for step in (str, str.casefold):  # twice: folding case gives new things to decompose
        unified = "".join(SAME.get(c, c) for c in step(char))
        decomposed = unicodedata.normalize("NFKD", unified)
        char = "".join(SAME.get(c, c) for c in decomposed if not is_optional(c) and c != TATWEEL)
    return "".join(c for c in char if unicodedata.category(c)[0] in "LMN" and c not in APOSTROPHES)


def tokens(text: str) -> list[Token]:
    """The tokens of a text with their places in it."""
    found: list[Token] = []
    base = ""  # the last code point that is not a mark: "" separator, "w" word, "s" stands alone
    for i, char in enumerate(text):
        if is_silent(char):
            continue
        folded = fold(char) if is_mark(char) or is_word_character(char) else ""
        if is_mark(char) or (is_word_character(char) and all(map(is_mark, folded))):
            if base:
                found[-1] = (found[-1][0] + folded, found[-1][1], i + 1)
        elif not is_word_character(char):
            base = ""
        else:
            kind = "s" if any(among(c, UNSPACED) for c in folded) else "w"
            if kind == base == "w":
                found[-1] = (found[-1][0] + folded, found[-1][1], i + 1)
            else:
                found.append((folded, i, i + 1))
            base = kind
    return found


def shingles(text: str, size: int) -> list[bytes]:
    """``size`` consecutive tokens each; a text with fewer gives one of what it has, one without none."""
    words = [folded for folded, _, _ in tokens(text)]
    count = max(len(words) - size + 1, 1) if words else 0
    return [" ".join(words[i : i + size]).encode() for i in range(count)]


def signature(shingled: Sequence[bytes], num_perm: int, seed: int) -> list[int]:
    minhash = MinHash(num_perm=num_perm, seed=seed, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    for shingle in shingled:
        minhash.update(shingle)
    return [int(value) for value in minhash.hashvalues]


def sample(shingled: Sequence[bytes], one_in: int, floor: int) -> list[int]:
    hashes = sorted({xxhash.xxh64_intdigest(shingle) for shingle in shingled})
    below = [value for value in hashes if value < 2**64 // one_in]
    return below if len(below) >= floor else hashes[:floor]


def band_keys(values: Sequence[int], bands: int, rows: int) -> list[int]:
    keys = []
    for band in range(bands):
        data = b"".join(value.to_bytes(4, "little") for value in values[band * rows : (band + 1) * rows])
        keys.append(xxhash.xxh64_intdigest(data, seed=band))
    return keys
