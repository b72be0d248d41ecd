"""Story -> Profile: what the verification of a pair needs of one story, made once and used many times.

Quotations are found by their marks, by the shape of an embedded post, and by the colon that announces
a block quotation; a quotation that a page sets without any of them is not seen as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe.config import MatchConfig
from dedupe.model import Span, Story

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

_QUOTATION = re.compile(
    r"""
      „[^“”"\n]*[“”"]?
    | “[^”\n]*”?
    | «[^»\n]*»?
    | (?<![\w»])»(?=\w)[^«\n]*«
    | 「[^」\n]*」? | 『[^』\n]*』?
    | (?<![\w”])”(?=\w)[^”\n]*”
    | (?<![\w"])"(?=\S)[^"\n]*"?
    | (?<![\w'’‘])['‘](?=\w)[^\n]{12,900}?[.,!?…]['’](?!\w)
    """,
    re.VERBOSE,
)
_POST = re.compile(r"^.*(?:\(@\w{2,}\)|pic\.twitter\.com/|https?://t\.co/).*$", re.MULTILINE)
_FURNITURE = re.compile(
    r"^.*(?:"
    r"newsletter|sign up (?:for|to)|subscri(?:be|ption)|follow us|click here|read more|comment policy|"
    r"all rights reserved|facebook page|facebook group|up[- ]to[- ]date with|your inbox|your browser|coupon|"
    r"cookies?\b|©|copyright \(c\)|terms of (?:use|service)|privacy policy|download (?:the|our)|"
    r"rss|telegram[- ]канал|подпис(?:ывайтесь|аться|ка)|комментари(?:и|ев|й)|"
    r"abonnieren|abonnez|inscrivez|tous droits|alle rechte|suscr[ií]b|derechos reservados|"
    r"assine|inscreva|iscriviti|riproduzione riservata"
    r").*$",
    re.MULTILINE | re.IGNORECASE,
)
_FURNITURE_CHARS = 600  # a longer line that holds such a word is prose
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’»“)\]]*\s+|[。！？]|\n+")


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One story, ready to be compared.

    For its t tokens, in text order: ``char_begin``/``char_end`` int32[t], code points of
    ``story.text``; ``sentence`` int32[t], the number of the sentence; ``quoted`` bool[t], inside a
    quotation; ``figure`` bool[t], begins with a digit; ``capital`` bool[t],
    begins with a capital; ``furniture`` bool[t], in a line that addresses the reader of the site.
    ``hashes`` uint64[s]: the shingles in text
    order, shingle i covering the tokens ``i : i + size``. ``distinct`` uint64[d]: their values,
    ascending; ``place`` int32[d]: the first shingle with that value.
    """

    story: Story
    char_begin: Ints
    char_end: Ints
    sentence: Ints
    quoted: Flags
    figure: Flags
    capital: Flags
    furniture: Flags
    hashes: Hashes
    distinct: Hashes
    place: Ints
    size: int

    @property
    def id(self) -> str:
        return self.story.document.id

    @property
    def tokens(self) -> int:
        return len(self.char_begin)


def profile(story: Story, char_begin: Ints, char_end: Ints, hashes: Hashes, config: MatchConfig) -> Profile:
    """The profile of a story from its tokens (int32[t] twice) and shingle hashes (uint64[s], text order).

    The shingle size follows from the lengths, s = t - size + 1; a story shorter than one shingle has
    either no hash or one for all its tokens.
    """
    distinct, place = np.unique(hashes, return_index=True)
    initials = [story.text[begin] for begin in char_begin.tolist()]
    return Profile(
        story=story,
        char_begin=char_begin,
        char_end=char_end,
        sentence=_sentence_of(story.text, char_begin),
        quoted=_inside(_quotations(story.text), char_begin),
        figure=np.fromiter((initial.isdigit() for initial in initials), np.bool_, len(initials)),
        capital=np.fromiter((initial.isupper() for initial in initials), np.bool_, len(initials)),
        furniture=_inside(_furniture(story.text), char_begin),
        hashes=hashes,
        distinct=distinct,
        place=place.astype(np.int32),
        size=max(len(char_begin) - len(hashes) + 1, 1) if len(hashes) else len(char_begin),
    )


def _sentence_of(text: str, char_begin: Ints) -> Ints:
    ends = np.fromiter((match.end() for match in _SENTENCE_END.finditer(text)), np.int32)
    return np.searchsorted(ends, char_begin, side="right").astype(np.int32)


def _inside(spans: Iterable[Span], char_begin: Ints) -> Flags:
    """bool[t]: which tokens begin inside one of the spans, which may overlap."""
    begin_end = np.array(sorted(spans), np.int32).reshape(-1, 2)
    if not len(begin_end):
        return np.zeros(len(char_begin), np.bool_)
    reach = np.maximum.accumulate(begin_end[:, 1])
    before = np.searchsorted(begin_end[:, 0], char_begin, side="right") - 1
    return (before >= 0) & (char_begin < reach[before])


def _quotations(text: str) -> list[Span]:
    spans = [match.span() for match in _QUOTATION.finditer(text)]
    spans.extend(match.span() for match in _POST.finditer(text))
    return spans


def _furniture(text: str) -> list[Span]:
    spans = (match.span() for match in _FURNITURE.finditer(text))
    return [(begin, end) for begin, end in spans if end - begin <= _FURNITURE_CHARS]
