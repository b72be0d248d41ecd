"""Write ``dedupe/text/fold.npz``, the table by which the tokeniser folds each code point.

    python scripts/make_fold_table.py
    python scripts/make_fold_table.py build/fold.npz

The rule is in :func:`fold`; it is applied once to every code point, with the ``unicodedata`` of the
Python that runs this, and the Unicode version is recorded in the file. The package reads only the
file, so the tokens of a text do not depend on the Python that indexes it.

    É -> e    ß -> ss    ﬁ -> fi    Ａ -> a    ٣ -> 3    أ -> ا    ی -> ي    ’ -> (nothing, joins)
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
from commandline import parser

OUTPUT = Path(__file__).parent.parent / "dedupe" / "text" / "fold.npz"

SEPARATOR, SILENT, DROPPED_MARK, MARK, WORD, SINGLE = range(6)
EXPANDS = 8

# Equivalences that neither case folding nor compatibility decomposition knows: the code points by which
# Arabic, Persian and Urdu keyboards write one letter, the Turkish dotless i (capital I folds to i in
# every other language), and Thai and Lao SARA AM, which NFKC splits into a sign (dropped) and SARA AA.
EQUIVALENT = {
    "ى": "ي", "ی": "ي", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ٱ": "ا", "ۃ": "ة",
    "ı": "i", "ำ": "า", "ຳ": "າ",
}  # fmt: skip
NIKHAHIT = "\u0e4d\u0ecd"
TATWEEL = "\u0640"

# All that is typed for an apostrophe inside a word. It joins, and leaves no trace: don't = don’t = dont.
APOSTROPHES = "'’‘‛ʼʻʽˈʹ′＇՚׳ꞌ"

HANGUL_FILLERS = "\u115f\u1160\u3164\uffa0"
# Format characters that do not sit inside words: Arabic and other number signs, annotations.
SEPARATING_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, *range(0xFFF9, 0xFFFC)}

# Scripts without spaces between words: one token per character.
UNSPACED = (
    "CJK ", "IDEOGRAPHIC ", "VERTICAL IDEOGRAPHIC ", "HANGZHOU ", "THAI ", "LAO ", "KHMER ", "MYANMAR ",
    "HIRAGANA", "KATAKANA", "HENTAIGANA", "VERTICAL KANA ", "MASU MARK",
)  # fmt: skip
# Marks that ordinary text may leave out. All others carry vowels and stay.
OPTIONAL_MARKS = ("COMBINING", "ARABIC", "HEBREW", "CYRILLIC", "COPTIC", "SYRIAC", "SAMARITAN")
NOT_OPTIONAL = "\u3099\u309a\U0001133b"  # "combining" by name, but kana and an Indic script need them


def fold(char: str) -> tuple[int, str]:
    """What a code point is to the tokeniser, and what stands for it in the folded text."""
    category = unicodedata.category(char)
    if _is_silent(char, category):
        return SILENT, ""
    if category[0] == "M":
        return _mark(char)
    if not _is_word_character(char, category):
        return SEPARATOR, ""
    folded = _letters(char)
    if not folded:
        return DROPPED_MARK, ""  # a presentation form of a mark alone
    if all(unicodedata.category(c)[0] == "M" for c in folded):
        return MARK, folded  # half-width voiced sound marks
    single = any(unicodedata.name(c, "").startswith(UNSPACED) for c in folded)
    return (SINGLE if single else WORD), folded


def _is_silent(char: str, category: str) -> bool:
    if char in APOSTROPHES or char in HANGUL_FILLERS or char == TATWEEL:
        return True
    if category == "Cf":
        return ord(char) not in SEPARATING_FORMATS
    name = unicodedata.name(char, "")
    return "VARIATION SELECTOR" in name or char in "\u034f\u17b4\u17b5"


def _is_word_character(char: str, category: str) -> bool:
    """Letters and digits; of the symbols only the radicals that PDF readers emit for ideographs."""
    if category[0] == "L" or category in ("Nd", "Nl"):
        return True
    if category == "No":
        return unicodedata.digit(char, None) is not None
    return unicodedata.name(char, "").startswith("KANGXI RADICAL")


def _mark(char: str) -> tuple[int, str]:
    kept = "".join(c for c in unicodedata.normalize("NFKD", char) if not _is_dropped(c))
    return (MARK, kept) if kept else (DROPPED_MARK, "")


def _is_dropped(char: str) -> bool:
    if unicodedata.category(char)[0] != "M" or char in NOT_OPTIONAL:
        return False
    return char in NIKHAHIT or unicodedata.name(char, "").startswith(OPTIONAL_MARKS)


def _letters(char: str) -> str:
    """Case, compatibility forms, optional marks and digits folded; what is no letter in them left out."""
    if unicodedata.name(char, "").startswith("HANGUL SYLLABLE"):
        return char
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    folded = "".join(EQUIVALENT.get(c, c) for c in _bare(_bare(char).casefold()))
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN" and c not in APOSTROPHES)


def _bare(text: str) -> str:
    """Decomposed, optional marks removed. Marks go before case: U+0345 folds to a letter."""
    decomposed = unicodedata.normalize("NFKD", "".join(EQUIVALENT.get(c, c) for c in text))
    return "".join(c for c in decomposed if not _is_dropped(c) and c != TATWEEL)


def build() -> dict[str, np.ndarray]:
    """The arrays of the file; :class:`dedupe.text.fold.FoldTable` describes them."""
    actions = np.zeros(0x110000, np.int32)
    expansions: dict[str, int] = {}
    for point in range(0x110000):
        kind, folded = fold(chr(point))
        if len(folded) == 1:
            actions[point] = kind | (ord(folded) - point) << 4
        elif folded:
            actions[point] = kind | EXPANDS | expansions.setdefault(folded, len(expansions)) << 4
        else:
            actions[point] = kind
    pages, place = np.unique(actions.reshape(-1, 256), axis=0, return_inverse=True)
    return {
        "pages": place.reshape(-1).astype(np.uint16),
        "actions": pages.astype(np.int32),
        "expansion_first": np.cumsum([0, *map(len, expansions)]).astype(np.int32),
        "expansion": np.frombuffer("".join(expansions).encode("utf-32-le"), "<u4").astype(np.uint32),
        "unicode_version": np.array(unicodedata.unidata_version),
    }


def main() -> None:
    command = parser(__doc__)
    command.add_argument("output", type=Path, nargs="?", default=OUTPUT, metavar="FILE")
    np.savez_compressed(command.parse_args().output, allow_pickle=False, **build())


if __name__ == "__main__":
    main()
