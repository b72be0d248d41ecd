"""Alignment -> Shared: the measurements of a pair that its relation is decided on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedupe.match.align import Alignment
from dedupe.match.blocks import EDIT_TOKENS, Run
from dedupe.match.kin import Kin
from dedupe.match.profiles import NAMED, QUOTED, SITE, Flags, Ints, Profile

FRAGMENT = 0.3  # of a sentence: less of it shared is a phrase, not copy
WHOLE = 0.6  # … of one outlet's stories: its standing forms leave gaps in every sentence
NOTICE_TOKENS, END_SLACK = 60, 6  # a notice is no longer than this, and this near the end of the story


@dataclass(frozen=True, slots=True)
class Shared:
    """What two stories share, in tokens that stand in both.

    Each of the ``equal`` tokens is one of: ``quoted`` in either story; in a line of ``furniture`` in
    either; in a notice or bio at the ``end`` of both stories of one outlet; in a phrase (``phrases``)
    from sentences that are otherwise not shared; and ``told``, the reporters' own sentences.
    ``figure_edits`` of the ``edits`` between them put other figures in the place of figures. ``names_told``
    and ``names_around`` are the shares of names (capitals inside a sentence) in what is told and in the
    two whole stories.
    """

    equal: int
    told: int
    quoted: int
    furniture: int
    end: int
    phrases: int
    covers_a: float
    covers_b: float
    tokens_a: int
    tokens_b: int
    edits: int
    figure_edits: int
    names_told: float
    names_around: float


def measure(a: Profile, b: Profile, alignment: Alignment, kin: Kin) -> Shared:
    """Measure a pair from its alignment (with one run or more) and its metadata."""
    marks_a, marks_b = alignment.of_a(a.marks()), alignment.of_b(b.marks())
    marks = marks_a | marks_b
    if kin.strangers_at_home:
        marks |= alignment.of_a(a.address()) * np.uint8(SITE)
    equal, quoted = len(marks), _count(marks & QUOTED)
    rest = marks & (QUOTED | SITE) == 0
    own = _count(rest)
    if kin.strangers_at_home:
        rest &= ~_at_end(a, b, alignment)
    copied = _count(rest)
    least = WHOLE if kin.strangers_at_home else FRAGMENT
    told = rest & _mostly(a, alignment.of_a(a.sentence), rest, least)
    told &= _mostly(b, alignment.of_b(b.sentence), rest, least)
    tokens_told = _count(told)
    named = told * np.uint8(NAMED)
    names_told = _count(marks_a & named) + _count(marks_b & named)
    edits, figure_edits = _edits(a, b, alignment.runs)
    return Shared(
        equal=equal,
        told=tokens_told,
        quoted=quoted,
        furniture=equal - quoted - own,
        end=own - copied,
        phrases=copied - tokens_told,
        covers_a=equal / a.tokens,
        covers_b=equal / b.tokens,
        tokens_a=a.tokens,
        tokens_b=b.tokens,
        edits=edits,
        figure_edits=figure_edits,
        names_told=names_told / max(2 * tokens_told, 1),
        names_around=(a.names + b.names) / (a.tokens + b.tokens),
    )


def _count(flags: npt.NDArray[np.generic]) -> int:
    return int(np.count_nonzero(flags))


def _mostly(story: Profile, sentence: Ints, counted: Flags, least: float) -> Flags:
    """bool[m]: for each shared token, by its sentence, whether the counted ones are that share of it."""
    sizes = story.sentence_begin[1:] - story.sentence_begin[:-1]
    enough: Flags = np.bincount(sentence[counted], minlength=len(sizes)) / sizes >= least
    return enough.take(sentence)


def _at_end(a: Profile, b: Profile, alignment: Alignment) -> Flags:
    """bool[m]: in a short block that ends both stories and does not begin them."""
    end = np.zeros(a.tokens, np.bool_)
    for block in alignment.blocks:
        size = max(block.a_end - block.a_begin, block.b_end - block.b_begin)
        last = max(a.tokens - block.a_end, b.tokens - block.b_end) <= END_SLACK
        first = max(block.a_begin, block.b_begin) <= END_SLACK
        if last and not first and size <= NOTICE_TOKENS:
            end[block.a_begin : block.a_end] = True
    return alignment.of_a(end)


def _edits(a: Profile, b: Profile, runs: tuple[Run, ...]) -> tuple[int, int]:
    """The small edits between neighbouring runs, and those of them that put figures for figures."""
    edits, other = 0, 0
    for left, right in pairwise(runs):
        end_a, end_b = left.a + left.length, left.b + left.length
        if 0 <= right.a - end_a <= EDIT_TOKENS and 0 <= right.b - end_b <= EDIT_TOKENS:
            edits += 1
            if a.figures[right.a] > a.figures[end_a] and b.figures[right.b] > b.figures[end_b]:
                other += _digits(a, end_a, right.a) != _digits(b, end_b, right.b)
    return edits, other


def _digits(story: Profile, begin: int, end: int) -> str:
    """The digits of some tokens: ``3,100`` and ``3 100`` are one figure."""
    first, last = story.chars(begin, end)
    return "".join(filter(str.isdigit, story.story.text[first:last]))
