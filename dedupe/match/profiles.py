"""Story -> Profile: what the verification of a pair needs of one story, made once and used many times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dedupe.config import MatchConfig
from dedupe.match.quotations import first_persons, quotations
from dedupe.match.sitetext import address_lines, site_lines
from dedupe.model import Span, Story

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

_STOP, _SPACE, _BREAK = 1, 1 << 10, 1 << 20  # of the code points between tokens, counted in one sum
_KNOWN = 0x3100  # code points beyond are neither


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One story, ready to be compared.

    For its t tokens, in text order: ``char_begin``/``char_end`` int32[t], code points of
    ``story.text``; ``sentence`` int32[t], the number of the sentence; ``quoted`` bool[t], inside a
    quotation; ``site`` bool[t], in a line about the site; ``named`` bool[t], begins with a capital inside a
    sentence. ``sentence_begin`` int32[n+1]: the tokens of
    sentence i are ``sentence_begin[i]`` to ``sentence_begin[i + 1]``. ``figures`` int32[t+1]: how many
    tokens before each place begin with a digit. ``hashes`` uint64[s]: the shingles in text order, shingle
    i covering the tokens ``i : i + size``. ``distinct`` uint64[d]: their values, ascending; ``place``
    int32[d]: the first shingle with that value.
    """

    story: Story
    char_begin: Ints
    char_end: Ints
    sentence: Ints
    sentence_begin: Ints
    quoted: Flags
    site: Flags
    named: Flags
    figures: Ints
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

    def chars(self, begin: int, end: int) -> Span:
        """The code points from the begin of token ``begin`` to the end of token ``end - 1``."""
        return int(self.char_begin[begin]), int(self.char_end[end - 1])

    def sentence_at(self, token: int) -> Span:
        """The tokens of the sentence in which a token stands."""
        number = self.sentence[token]
        return int(self.sentence_begin[number]), int(self.sentence_begin[number + 1])

    def address(self) -> Flags:
        """bool[t]: in a line that speaks to the reader or is a heading; asked for few pairs, so not kept."""
        return _inside(address_lines(self.story.text), self.char_begin)


def profile(story: Story, char_begin: Ints, char_end: Ints, hashes: Hashes, config: MatchConfig) -> Profile:
    """The profile of a story from its tokens (int32[t] twice) and shingle hashes (uint64[s], text order).

    The shingle size follows from the lengths, s = t - size + 1; a story shorter than one shingle has
    either no hash or one for all its tokens.
    """
    points = np.frombuffer(story.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    known = np.minimum(points, _KNOWN)
    sentence = _sentences(known, char_begin, char_end)
    first = known[char_begin]
    distinct, place = np.unique(hashes, return_index=True)
    return Profile(
        story=story,
        char_begin=char_begin,
        char_end=char_end,
        sentence=sentence,
        sentence_begin=_counted(np.bincount(sentence)),
        quoted=_quoted(story.text, char_begin, sentence),
        site=_inside(site_lines(story.text), char_begin),
        named=_capitals()[first] & np.concatenate(([False], sentence[1:] == sentence[:-1])),
        figures=_counted(_digits()[first]),
        hashes=hashes,
        distinct=distinct,
        place=place.astype(np.int32),
        size=len(char_begin) - max(len(hashes), 1) + 1,
    )


def _quoted(text: str, char_begin: Ints, sentence: Ints) -> Flags:
    """bool[t]: inside a quotation, or in a sentence whose words outside quotations are somebody's own."""
    quoted = _inside(quotations(text), char_begin)
    speaking = np.searchsorted(char_begin, first_persons(text))
    speaking = speaking[speaking < len(char_begin)]
    spoken = np.zeros(len(char_begin), np.bool_)  # by sentence, of which there are no more than tokens
    spoken[sentence[speaking[~quoted[speaking]]]] = True
    return quoted | spoken[sentence]


def _sentences(known: npt.NDArray[np.uint32], char_begin: Ints, char_end: Ints) -> Ints:
    """int32[t]: a sentence ends before a token where a line break, an ideographic stop, or a stop and a
    space stand between it and the token before."""
    if not len(char_begin):
        return np.empty(0, np.int32)
    before = np.concatenate(([0], np.cumsum(_separators()[known])))
    between = before[char_begin[1:]] - before[char_end[:-1]]
    ends = (between >= _BREAK) | ((between % _SPACE > 0) & (between >= _SPACE))
    return np.concatenate(([0], np.cumsum(ends))).astype(np.int32)


@cache
def _separators() -> npt.NDArray[np.int64]:
    """int64[_KNOWN + 1]: what a code point counts between tokens."""
    table = np.zeros(_KNOWN + 1, np.int64)
    for point in range(_KNOWN):
        table[point] = _SPACE if chr(point).isspace() else 0
    table[[ord(stop) for stop in ".!?…؟۔।"]] = _STOP
    table[[ord(stop) for stop in "\n\u2028\u2029。"]] = _BREAK
    return table


@cache
def _capitals() -> Flags:
    """bool[_KNOWN + 1]: which code points are capitals."""
    return np.array([chr(point).isupper() for point in range(_KNOWN)] + [False])


@cache
def _digits() -> Flags:
    """bool[_KNOWN + 1]: which code points are digits."""
    return np.array([chr(point).isdigit() for point in range(_KNOWN)] + [False])


def _counted(counts: npt.NDArray[np.integer | np.bool_]) -> Ints:
    """int32[n+1]: the sum of the counts before each place."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def _inside(spans: Iterable[Span], char_begin: Ints) -> Flags:
    """bool[t]: which tokens begin inside one of the spans, which may overlap."""
    begin_end = np.array(sorted(spans), np.int32).reshape(-1, 2)
    if not len(begin_end):
        return np.zeros(len(char_begin), np.bool_)
    reach = np.maximum.accumulate(begin_end[:, 1])
    before = np.searchsorted(begin_end[:, 0], char_begin, side="right") - 1
    inside: Flags = (before >= 0) & (char_begin < reach[before])
    return inside
