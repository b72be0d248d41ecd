"""Alignment -> Shared: the measurements of a pair that its relation is decided on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.match.align import Alignment
from dedupe.match.blocks import EDIT_TOKENS, Run
from dedupe.match.kin import Kin
from dedupe.match.profiles import NAMED, QUOTED, SITE, Flags, Ints, Pairs, Profile
from dedupe.model import Span

if TYPE_CHECKING:
    from dedupe.match.pair_kernels import Words

FRAGMENT = 0.3  # of a sentence: less of it shared is a phrase, not copy
WHOLE = 0.6  # … of one outlet's stories: its standing forms leave gaps in every sentence
NOTICE_TOKENS, END_SLACK = 60, 6  # a notice is no longer than this, and this near the end of the story
OWN_OPENING = 40  # tokens, two sentences: more than another lead for the same news
BEHIND = 0.06  # of the story: a link or a last line that only one of two has behind the background of both


@dataclass(frozen=True, slots=True)
class Shared:
    """What two stories share, in tokens that stand in both.

    Each of the ``equal`` tokens is one of: ``quoted`` in either story; in a line of ``furniture`` in
    either; in a notice or bio at the ``end`` of both stories of one outlet; in a phrase (``phrases``)
    from sentences that are otherwise not shared; and ``told``, the reporters' own sentences.
    ``figure_edits`` of the ``edits`` between them put other figures in the place of figures. ``names_told``
    and ``names_around`` are the shares of names (capitals inside a sentence) in what is told and in the
    two whole stories. ``background``: all of it stands at the end of both, behind an opening of each one's
    own.
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
    background: bool


class Counts(NamedTuple):
    """Tokens in runs: all; those that are quoted; of the others those that are not furniture; of these those
    that are no notice at the end; of these those in sentences that are mostly such, on both sides; and the
    names among the last, of both stories.
    """

    equal: int
    quoted: int
    own: int
    copied: int
    told: int
    names: int


def measure(a: Profile, b: Profile, alignment: Alignment, counts: Counts) -> Shared:
    """Measure a pair from its alignment (with one run or more) and what is in its runs."""
    equal, quoted, own, copied, told, names = counts
    edits, figure_edits = _edits(a, b, alignment.runs)
    return Shared(
        equal=equal,
        told=told,
        quoted=quoted,
        furniture=equal - quoted - own,
        end=own - copied,
        phrases=copied - told,
        covers_a=equal / a.tokens,
        covers_b=equal / b.tokens,
        tokens_a=a.tokens,
        tokens_b=b.tokens,
        edits=edits,
        figure_edits=figure_edits,
        names_told=names / max(2 * told, 1),
        names_around=(a.names + b.names) / (a.tokens + b.tokens),
        background=_is_background(a, b, alignment),
    )


def count(a: Profile, b: Profile, alignment: Alignment, kin: Kin) -> Counts:
    """What is in the runs of a pair, with numpy alone."""
    marks_a, marks_b = alignment.of_a(a.marks()), alignment.of_b(b.marks())
    marks = marks_a | marks_b
    if kin.strangers_at_home:
        marks |= alignment.of_a(a.address()) * np.uint8(SITE)
    own = marks & (QUOTED | SITE) == 0
    copied = own
    if kin.strangers_at_home:
        at_end = np.zeros(a.tokens, np.bool_)
        at_end[slice(*_end(a, b, alignment))] = True
        copied = own & ~alignment.of_a(at_end)
    least = WHOLE if kin.strangers_at_home else FRAGMENT
    told = copied & _mostly(a, alignment.of_a(a.sentence), copied, least)
    told &= _mostly(b, alignment.of_b(b.sentence), copied, least)
    names = told * np.uint8(NAMED)
    return Counts(
        equal=len(marks),
        quoted=_count(marks & QUOTED),
        own=_count(own),
        copied=_count(copied),
        told=_count(told),
        names=_count(marks_a & names) + _count(marks_b & names),
    )


def count_pairs(
    stories: Sequence[Profile], pairs: Pairs, alignments: Sequence[Alignment], kin: Sequence[Kin]
) -> list[Counts]:
    """:func:`count` for many pairs, by a kernel; ``pairs`` int32[m, 2]: their places in ``stories``."""
    from dedupe.match import pair_kernels as kernels

    left, right = pairs.T.copy()
    at_home = np.array([each.strangers_at_home for each in kin], np.bool_)
    end = [
        _end(stories[place], stories[other], alignment) if each.strangers_at_home else (0, 0)
        for (place, other), alignment, each in zip(pairs.tolist(), alignments, kin, strict=True)
    ]
    of_pairs = kernels.Pairs(
        left=left,
        right=right,
        runs=np.array([run for alignment in alignments for run in alignment.runs], np.int32).reshape(-1, 3),
        first=np.cumsum([0, *(len(alignment.runs) for alignment in alignments)]),
        at_home=at_home,
        least=np.where(at_home, WHOLE, FRAGMENT),
        end=np.array(end, np.int32).reshape(-1, 2),
    )
    words = _words(stories, {place for place, _ in pairs[at_home].tolist()})
    return list(map(Counts._make, kernels.count_tokens(words, of_pairs).tolist()))


def _words(stories: Sequence[Profile], asked: Iterable[int]) -> Words:
    """The tokens of stories; of those whose places are ``asked`` also which speak to the reader."""
    from dedupe.match.pair_kernels import Words

    first = np.cumsum([0, *(story.tokens for story in stories)])
    begins = [story.sentence_begin for story in stories]
    address = np.zeros(first[-1], np.bool_)
    for place in asked:
        address[first[place] : first[place + 1]] = stories[place].address()
    return Words(
        marks=np.concatenate([story.marks() for story in stories]),
        address=address,
        sentence=np.concatenate([story.sentence for story in stories]),
        first=first,
        sentence_begin=np.concatenate(begins),
        first_sentence=np.cumsum([0, *map(len, begins)]),
    )


def _count(flags: npt.NDArray[np.generic]) -> int:
    return int(np.count_nonzero(flags))


def _mostly(story: Profile, sentence: Ints, counted: Flags, least: float) -> Flags:
    """bool[m]: for each shared token, by its sentence, whether the counted ones are that share of it."""
    sizes = story.sentence_begin[1:] - story.sentence_begin[:-1]
    enough: Flags = np.bincount(sentence[counted], minlength=len(sizes)) / sizes >= least
    return enough.take(sentence)


def _end(a: Profile, b: Profile, alignment: Alignment) -> Span:
    """The tokens of a in a short block that ends both stories and does not begin them; (0, 0) for none.

    It is the last block: no other comes so near to the end.
    """
    for block in alignment.blocks[-1:]:
        size = max(block.a_end - block.a_begin, block.b_end - block.b_begin)
        last = max(a.tokens - block.a_end, b.tokens - block.b_end) <= END_SLACK
        first = max(block.a_begin, block.b_begin) <= END_SLACK
        if last and not first and size <= NOTICE_TOKENS:
            return block.a_begin, block.a_end
    return 0, 0


def _is_background(a: Profile, b: Profile, alignment: Alignment) -> bool:
    """Whether the blocks, in order of a, stand at the end of both stories and leave both an own opening."""
    blocks = alignment.blocks
    begin = min(blocks[0].a_begin, *(block.b_begin for block in blocks))
    behind_a = a.tokens - blocks[-1].a_end
    behind_b = b.tokens - max(block.b_end for block in blocks)
    at_end = behind_a <= max(END_SLACK, BEHIND * a.tokens) and behind_b <= max(END_SLACK, BEHIND * b.tokens)
    return begin >= OWN_OPENING and at_end


def _edits(a: Profile, b: Profile, runs: tuple[Run, ...]) -> tuple[int, int]:
    """The small edits between neighbouring runs, and those of them that put figures for figures."""
    edits, other = 0, 0
    for left, right in pairwise(runs):
        end_a, end_b = left.a + left.length, left.b + left.length
        if 0 <= right.a - end_a <= EDIT_TOKENS and 0 <= right.b - end_b <= EDIT_TOKENS:
            edits += 1
            if _has_figures(a, end_a, right.a) and _has_figures(b, end_b, right.b):
                other += _digits(a, end_a, right.a) != _digits(b, end_b, right.b)
    return edits, other


def _has_figures(story: Profile, begin: int, end: int) -> bool:
    return story.figures.item(end) > story.figures.item(begin)


def _digits(story: Profile, begin: int, end: int) -> str:
    """The digits of some tokens: ``3,100`` and ``3 100`` are one figure."""
    first, last = story.chars(begin, end)
    return "".join(filter(str.isdigit, story.story.text[first:last]))
