"""Keys by which a crawl learns which lines are site furniture.

A line that stands under many different titles of one outlet is furniture, whatever the page's markup.
The store counts (outlet, line) -> distinct titles; here are the two keys it counts by. Both depend on
the document alone and the count only grows, so the order in which documents arrive does not matter.

A line as long as prose needs more titles than a short one: a paragraph of background stands in every
update of a running story. Measured on one day of 825 sites: of the long lines under 4 to 7 titles half
are such paragraphs, of those under 12 and more none; of the short lines under 4 nearly all are furniture.
A line of several web addresses is a list of links or a gallery's markup, however long.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xxhash

from dedupe.text.lines import Line, lines_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from dedupe.model import Document

_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT_LINE = 160  # code points; longer lines are prose, whose digits are part of what it says
_PROSE_BYTES = 130  # in UTF-8: about 130 Latin, 70 Cyrillic or Arabic, 45 Han letters
_ADDRESSES = 3  # a line with so many web addresses is no prose
_TITLE_WORDS = 6
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
# One of these bytes is in the UTF-8 of every digit beyond ASCII (Arabic, Devanagari, full width …) and of
# all white space but the plain space.
_UNUSUAL = bytes(range(0x20)) + b"\x7f\xc2\xd9\xdb\xdf\xe0\xe1\xe2\xe3\xea\xef\xf0"
_SENTENCE_END = (".", "!", "?", "”", '"', "»", "。", "۔", "।", "…")


def fold_line(line: str) -> str:
    """The form in which two lines of one site are the same line: ``"  12  comments "`` -> ``"0 comments"``.

    Runs of digits become one ``0`` in short lines, because a site's chrome counts and dates itself
    ("3 comments", "Published 12:04"); a line of figures alone keeps them, it is content of a table.
    Case is kept: one site spells its chrome one way, and folding case costs more than all the rest.
    """
    return _folded(line.strip()).decode("utf-8", "surrogatepass")


def _folded(line: str) -> bytes:
    """The folded form of a line without white space around it, in UTF-8."""
    encoded = line.encode("utf-8", "surrogatepass")
    return _folded_short(line, encoded) if len(line) <= _SHORT_LINE else encoded


def _folded_short(line: str, encoded: bytes) -> bytes:
    """The same of a short line, which is ``encoded`` in UTF-8.

    Most lines have no digit and no other white space than single spaces; one pass over the bytes tells.
    """
    bare = encoded.translate(_ZEROS, _UNUSUAL)
    if len(bare) < len(encoded) or "  " in line:
        return _folded_with_care(line)
    if b"0" not in bare:
        return encoded
    while b"00" in bare:
        bare = bare.replace(b"00", b"0")
    return bare if _LETTER.search(line) else encoded


def _folded_with_care(line: str) -> bytes:
    """The same of any short line."""
    if "  " in line or not line.isprintable():  # as all white space but the plain space is not
        line = " ".join(line.split())
    bare = _DIGITS.sub("0", line) if _LETTER.search(line) else line
    return bare.encode("utf-8", "surrogatepass")


def line_key(outlet: str, line: str) -> int:
    """xxh3_64 of ``outlet``, NUL and the folded line; ``line`` must not be blank.

    The lowest bit is 1 for a line as long as prose.
    """
    return _key(_prefix(outlet), line.strip())


class KeyedLines(NamedTuple):
    """The lines of a document, and the key of each; no keys for a document without an outlet."""

    lines: list[Line]
    keys: list[int]


def keyed_lines(document: Document) -> KeyedLines:
    """Lines and keys for whoever needs them more than once: :func:`line_keys`, then ``clean``."""
    lines = lines_of(document.text)
    if document.outlet is None:
        return KeyedLines(lines, [])
    prefix = _prefix(document.outlet)
    return KeyedLines(lines, [_key(prefix, line.text) for line in lines])


def known_lines(keyed: KeyedLines, furniture: Container[int]) -> set[int]:
    """The beginnings of those lines that are furniture on the document's outlet."""
    return {line.begin for line, key in zip(*keyed, strict=False) if key in furniture}


def _prefix(outlet: str) -> bytes:
    return outlet.encode("utf-8", "surrogatepass") + b"\0"


def _key(prefix: bytes, line: str) -> int:
    """The key of a line without white space around it."""
    folded = line.encode("utf-8", "surrogatepass")
    if len(line) <= _SHORT_LINE:
        folded = _folded_short(line, folded)
    key: int = xxhash.xxh3_64_intdigest(prefix + folded)
    return key | 1 if len(folded) >= _PROSE_BYTES and not _is_list_of_links(folded) else key & ~1


def _is_list_of_links(folded: bytes) -> bool:
    # Counting colons first takes a tenth of the time that counting the longer sign does.
    return folded.count(b":") >= _ADDRESSES and folded.count(b"://") >= _ADDRESSES


def line_keys(document: Document, keyed: KeyedLines | None = None) -> npt.NDArray[np.uint64]:
    """One key for each distinct non-blank line of the document's text, ascending: uint64[k].

    A document without an outlet gives none: nothing could be learned for "its" site. ``keyed`` are its
    :func:`keyed_lines`, where they are at hand.
    """
    return np.array(sorted(set((keyed or keyed_lines(document)).keys)), np.uint64)


def title_key(document: Document) -> int:
    """A 63-bit key that two publications of one story share and two stories do not.

    The title's longest words, in no order: a later version that moves words, gains "UPDATE 1" or
    changes a small word is the same title. Without a title the longest sentence-like line stands in,
    so that pages of a site that gives no titles still count as different.
    """
    words = _WORD.findall((document.title or "").casefold())
    if not words:
        words = _WORD.findall(_longest_sentence(document.text)[:200].casefold())
    longest = sorted(sorted(set(words)), key=len, reverse=True)[:_TITLE_WORDS]
    return xxhash.xxh3_64_intdigest(" ".join(sorted(longest)).encode("utf-8", "surrogatepass")) >> 1


def _longest_sentence(text: str) -> str:
    lines = text.splitlines()
    sentences = [line for line in lines if line.rstrip().endswith(_SENTENCE_END)]
    return max(sentences or lines, key=len, default="")
