"""Alignment -> Shared: the measurements of a pair that its relation is decided on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe.match.align import Alignment
from dedupe.match.blocks import EDIT_TOKENS, Run
from dedupe.match.kin import Kin
from dedupe.match.profiles import Flags, Profile

FRAGMENT = 0.3  # of a sentence: less of it shared is a phrase, not copy
WHOLE = 0.6  # … of one outlet's stories: its standing forms leave gaps in every sentence
NOTICE_TOKENS, END_SLACK = 60, 6  # a notice is no longer than this, and this near the end of the story

Indices = npt.NDArray[np.int64]


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
    in_a, in_b = alignment.token_pairs()
    quoted = a.quoted[in_a] | b.quoted[in_b]
    site = a.site[in_a] | b.site[in_b]
    if kin.strangers_at_home:
        site |= a.address()[in_a]
    furniture = ~quoted & site
    rest = ~quoted & ~furniture
    end = rest & _at_end(a, b, alignment, in_a) if kin.strangers_at_home else np.zeros_like(rest)
    rest &= ~end
    least = WHOLE if kin.strangers_at_home else FRAGMENT
    told = rest & (_share(a, in_a, rest) >= least) & (_share(b, in_b, rest) >= least)
    edits, figure_edits = _edits(a, b, alignment.runs)
    return Shared(
        equal=len(in_a),
        told=_count(told),
        quoted=_count(quoted),
        furniture=_count(furniture),
        end=_count(end),
        phrases=_count(rest & ~told),
        covers_a=len(in_a) / a.tokens,
        covers_b=len(in_b) / b.tokens,
        tokens_a=a.tokens,
        tokens_b=b.tokens,
        edits=edits,
        figure_edits=figure_edits,
        names_told=(_count(a.named[in_a[told]]) + _count(b.named[in_b[told]])) / max(2 * _count(told), 1),
        names_around=(_count(a.named) + _count(b.named)) / (a.tokens + b.tokens),
    )


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))


def _share(story: Profile, tokens: Indices, counted: Flags) -> npt.NDArray[np.float64]:
    """float64[m]: for each shared token, the share of its sentence that the counted tokens make up."""
    of = story.sentence[tokens]
    count = np.bincount(of[counted], minlength=len(story.sentence_begin) - 1)
    return count[of] / (story.sentence_begin[of + 1] - story.sentence_begin[of])


def _at_end(a: Profile, b: Profile, alignment: Alignment, in_a: Indices) -> Flags:
    """bool[m]: in a short block that ends both stories and does not begin them."""
    end = np.zeros(len(in_a), np.bool_)
    for block in alignment.blocks:
        size = max(block.a_end - block.a_begin, block.b_end - block.b_begin)
        last = max(a.tokens - block.a_end, b.tokens - block.b_end) <= END_SLACK
        first = max(block.a_begin, block.b_begin) <= END_SLACK
        if last and not first and size <= NOTICE_TOKENS:
            end |= (in_a >= block.a_begin) & (in_a < block.a_end)
    return end


def _edits(a: Profile, b: Profile, runs: tuple[Run, ...]) -> tuple[int, int]:
    """The small edits between neighbouring runs, and those of them that put figures for figures."""
    start_a, start_b, length = np.array(runs, np.int64).T
    end_a, end_b, next_a, next_b = (start_a + length)[:-1], (start_b + length)[:-1], start_a[1:], start_b[1:]
    gap_a, gap_b = next_a - end_a, next_b - end_b
    near = (gap_a >= 0) & (gap_b >= 0) & (gap_a <= EDIT_TOKENS) & (gap_b <= EDIT_TOKENS)
    figures = near & (a.figures[next_a] > a.figures[end_a]) & (b.figures[next_b] > b.figures[end_b])
    spans = (array[figures].tolist() for array in (end_a, next_a, end_b, next_b))
    other = sum(_digits(a, i, j) != _digits(b, k, m) for i, j, k, m in zip(*spans, strict=True))
    return _count(near), other


def _digits(story: Profile, begin: int, end: int) -> str:
    """The digits of some tokens: ``3,100`` and ``3 100`` are one figure."""
    first, last = story.chars(begin, end)
    return "".join(filter(str.isdigit, story.story.text[first:last]))
