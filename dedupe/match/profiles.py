"""Story -> Profile: what the verification of a pair needs of one story, made once and used many times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.match.quotations import first_persons, quotations
from dedupe.match.sitetext import address_lines, site_lines
from dedupe.model import Span, Story, Tokens

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]
Marks = npt.NDArray[np.uint8]
Pairs = npt.NDArray[np.int32]  # [m, 2]: places in a sequence of profiles

QUOTED, SITE, NAMED = 1, 2, 4  # bits of Profile.marks

_STOP, _SPACE, _BREAK = 1, 1 << 10, 1 << 20  # of the code points between tokens, counted in one sum
_KNOWN = 0x3100  # code points from here on are taken for no separator, capital or digit
_PIECE = 64  # stories handled at once: with fewer the calls cost more than the work, more leave the cache


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One story, ready to be compared.

    For its t ``tokens``, in text order: ``char_begin``/``char_end`` int32[t], code points of
    ``story.text``; ``sentence`` int32[t], the number of the sentence; ``named`` bool[t], begins with a
    capital inside a sentence. ``sentence_begin`` int64[n+1]: the tokens of sentence i are
    ``sentence_begin[i]`` to ``sentence_begin[i + 1]``. ``figures`` int32[t+1]: how many tokens before each
    place begin with a digit. ``names``: how many tokens are named. ``hashes`` uint64[s]: the shingles in
    text order, shingle i covering the tokens ``i : i + size``. ``distinct`` uint64[d]: their values,
    ascending; ``place`` int64[d]: the first shingle with that value.
    """

    story: Story
    char_begin: Ints
    char_end: Ints
    sentence: Ints
    sentence_begin: Indices
    named: Flags
    figures: Ints
    names: int
    hashes: Hashes
    distinct: Hashes
    place: Indices
    tokens: int
    size: int
    _marks: list[Marks] = field(default_factory=list, repr=False)  # empty until they are asked for
    _address: list[Flags] = field(default_factory=list, repr=False)  # the same

    @property
    def id(self) -> str:
        return self.story.document.id

    def chars(self, begin: int, end: int) -> Span:
        """The code points from the begin of token ``begin`` to the end of token ``end - 1``."""
        return self.char_begin.item(begin), self.char_end.item(end - 1)

    def sentence_at(self, token: int) -> Span:
        """The tokens of the sentence in which a token stands."""
        number = self.sentence.item(token)
        return self.sentence_begin.item(number), self.sentence_begin.item(number + 1)

    def marks(self) -> Marks:
        """uint8[t] of bits: QUOTED, in quoted text; SITE, in a line about the site; NAMED, where named.

        Half of what a profile costs, and needed only of stories that have copies, so made when asked.
        """
        if not self._marks:
            self._marks.append(_marks(self))
        return self._marks[0]

    def address(self) -> Flags:
        """bool[t]: in a line that speaks to the reader or is a heading; asked of few, so made when asked."""
        if not self._address:
            inside = np.zeros(self.tokens, np.bool_)
            for begin, end in _tokens_of(address_lines(self.story.text), self.char_begin):
                inside[begin:end] = True
            self._address.append(inside)
        return self._address[0]


def make_profiles(
    stories: Sequence[Story], tokens: Tokens, hashes: Hashes, first_hash: Indices, compiled: bool = True
) -> list[Profile]:
    """The profiles of stories from their tokens and shingle hashes, uint64 in text order.

    Story i has the hashes ``first_hash[i] : first_hash[i + 1]``. The shingle size follows from the lengths,
    s = t - size + 1; a story shorter than one shingle has either no hash or one for all its tokens.
    ``compiled`` chooses the kernels or numpy alone; the result is the same.
    """
    read, order = (_read_compiled, _ordered_compiled) if compiled else (_read_plain, _ordered_plain)
    found: list[Profile] = []
    for begin in range(0, len(stories), _PIECE):
        some = stories[begin : begin + _PIECE]
        first = tokens.first[begin : begin + len(some) + 1]
        own = slice(first[0], first[-1])
        parts = read(some, tokens.char_begin[own], tokens.char_end[own], first - first[0])
        ordered = order(hashes, first_hash[begin : begin + len(some) + 1])
        found.extend(map(_profile, some, parts, ordered))
    return found


class _Part(NamedTuple):
    """The arrays of one story that are made for several stories at once; see :class:`Profile`."""

    char_begin: Ints
    char_end: Ints
    sentence: Ints
    sentence_begin: Indices
    named: Flags
    figures: Ints


class _Ordered(NamedTuple):
    """The shingles of one story; see :class:`Profile`."""

    hashes: Hashes
    distinct: Hashes
    place: Indices


# What follows cuts large arrays into those of single stories, and copies them: a profile is kept and must not
# keep the arrays of all the others.


def _read_compiled(
    stories: Sequence[Story], char_begin: Ints, char_end: Ints, first: Indices
) -> Iterator[_Part]:
    from dedupe.match.profile_kernels import Alphabet, Batch, read_tokens

    points, first_point = _code_points(stories)
    alphabet = Alphabet(_separators(), _capitals(), _digits())
    batch = Batch(points, first_point, char_begin, char_end, first)
    read = read_tokens(batch, alphabet, (_SPACE, _BREAK))
    begins = pairwise(read.first_sentence.tolist())
    for story, ((low, high), (begin, end)) in enumerate(zip(pairwise(first.tolist()), begins, strict=True)):
        yield _Part(
            char_begin[low:high].copy(),
            char_end[low:high].copy(),
            read.sentence[low:high].copy(),
            read.sentence_begin[begin:end].copy(),
            read.named[low:high].copy(),
            read.figures[low + story : high + story + 1].copy(),
        )


def _read_plain(
    stories: Sequence[Story], char_begin: Ints, char_end: Ints, first: Indices
) -> Iterator[_Part]:
    points, first_point = _code_points(stories)
    known = np.minimum(points, _KNOWN)
    shift = np.repeat(first_point, np.diff(first))
    begin = char_begin + shift
    begins = _begins_of_sentences(known, begin, char_end + shift)
    begins[first[:-1][first[:-1] < len(begins)]] = True
    sentence = np.cumsum(begins, dtype=np.int32)
    starting = known[begin]
    named = _capitals()[starting] & ~begins
    figures = np.zeros(len(begin) + 1, np.int32)
    np.cumsum(_digits()[starting], out=figures[1:])
    for low, high in pairwise(first.tolist()):
        own = slice(low, high)
        yield _Part(
            char_begin[own].copy(),
            char_end[own].copy(),
            sentence[own] - sentence[low] if high > low else sentence[own].copy(),
            np.append(np.flatnonzero(begins[own]), high - low),
            named[own].copy(),
            figures[low : high + 1] - figures[low],
        )


def _code_points(stories: Sequence[Story]) -> tuple[npt.NDArray[np.uint32], Indices]:
    """uint32: the texts in one, and int64[n]: where each begins."""
    texts = [story.text for story in stories]
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return points, np.cumsum(lengths) - lengths


def _ordered_compiled(hashes: Hashes, first: Indices) -> Iterator[_Ordered]:
    from dedupe.match.profile_kernels import first_places

    distinct, place, first_distinct = first_places(hashes, first)
    for (low, high), (begin, end) in zip(
        pairwise(first.tolist()), pairwise(first_distinct.tolist()), strict=True
    ):
        yield _Ordered(hashes[low:high].copy(), distinct[begin:end].copy(), place[begin:end].copy())


def _ordered_plain(hashes: Hashes, first: Indices) -> Iterator[_Ordered]:
    for low, high in pairwise(first.tolist()):
        own = hashes[low:high].copy()
        yield _Ordered(own, *_first_places(own))


def _profile(story: Story, part: _Part, shingles: _Ordered) -> Profile:
    tokens = len(part.char_begin)
    return Profile(
        story=story,
        char_begin=part.char_begin,
        char_end=part.char_end,
        sentence=part.sentence,
        sentence_begin=part.sentence_begin,
        named=part.named,
        figures=part.figures,
        names=int(np.count_nonzero(part.named)),
        hashes=shingles.hashes,
        distinct=shingles.distinct,
        place=shingles.place,
        tokens=tokens,
        size=tokens - max(len(shingles.hashes), 1) + 1,
    )


def _first_places(hashes: Hashes) -> tuple[Hashes, Indices]:
    """The distinct values, ascending, and where each occurs first."""
    order = hashes.argsort()
    values = hashes[order]
    new = values[1:] != values[:-1]
    if new.all():
        return values, order
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    return values[starts], np.minimum.reduceat(order, starts)


def _marks(story: Profile) -> Marks:
    """uint8[t]. QUOTED is a token inside a quotation, or in a sentence whose words outside quotations are
    somebody's own."""
    text = story.story.text
    marks = story.named * np.uint8(NAMED)
    for begin, end in _tokens_of(quotations(text), story.char_begin):
        marks[begin:end] |= QUOTED
    for begin, end in [story.sentence_at(token) for token in _speaking(story) if not marks[token] & QUOTED]:
        marks[begin:end] |= QUOTED
    for begin, end in _tokens_of(site_lines(text), story.char_begin):
        marks[begin:end] |= SITE
    return marks


def _speaking(story: Profile) -> list[int]:
    """The tokens with which somebody speaks of himself or themselves."""
    places = first_persons(story.story.text)
    if not places:
        return []
    found: list[int] = story.char_begin.searchsorted(places).tolist()
    return [token for token in found if token < story.tokens]


def _tokens_of(spans: list[Span], char_begin: Ints) -> list[list[int]]:
    """For each span of code points, the first of the tokens that begin in it, and the one after its last."""
    if not spans:
        return []
    found: list[list[int]] = char_begin.searchsorted(np.array(spans, np.int32)).tolist()
    return found


def _begins_of_sentences(
    known: npt.NDArray[np.uint32], char_begin: npt.NDArray[np.integer], char_end: npt.NDArray[np.integer]
) -> Flags:
    """bool[t]: a sentence ends before a token where a line break, an ideographic stop, or a stop and a
    space stand between it and the token before."""
    begins = np.ones(len(char_begin), np.bool_)
    before = np.zeros(len(known) + 1, np.int64)
    np.cumsum(_separators()[known], out=before[1:])
    between = before[char_begin[1:]] - before[char_end[:-1]]
    begins[1:] = (between >= _BREAK) | ((between % _SPACE > 0) & (between >= _SPACE))
    return begins


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
