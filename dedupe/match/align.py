"""Two profiles -> Alignment: which tokens of one story stand in the other, and the passages they form.

Seeds are the shingles of both (the first occurrence of each value). Seeds on one diagonal are a run;
runs take the tokens they claim longest first; a short run that is not near another on its diagonal is
chance and is dropped. Neighbouring runs are one passage when what lies between them is an edit inside a
sentence or reads alike on both sides (Indel similarity, rapidfuzz).

Not handled: the second occurrence of a refrain is aligned only where it continues a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from dedupe.match.profiles import Ints, Profile
from dedupe.model import Passage, Span

ISOLATED_TOKENS = 8  # a run with fewer tokens counts only near another run
NEAR_TOKENS = 40  # how far "near" is, in either story
EDIT_TOKENS = 25  # the largest edit inside a sentence that a passage runs through
ALIKE = 0.6  # Indel similarity from which the text between two runs counts as edited, not replaced


class Run(NamedTuple):
    """``length`` equal tokens, from token ``a`` of one story and token ``b`` of the other."""

    a: int
    b: int
    length: int


class Block(NamedTuple):
    """A passage in tokens: ``[a_begin, a_end)`` x ``[b_begin, b_end)``, ``equal`` of them in runs."""

    a_begin: int
    a_end: int
    b_begin: int
    b_end: int
    equal: int


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """``shared`` distinct shingles; the runs and blocks, in order of a."""

    shared: int
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]

    def token_pairs(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """int64[m] twice: the equal tokens of all runs, as indices into a and into b."""
        if not self.runs:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        a, b, length = np.array(self.runs, np.int64).T
        before = np.cumsum(length) - length
        step = np.arange(length.sum())
        return step + np.repeat(a - before, length), step + np.repeat(b - before, length)


def shared_shingles(a: Profile, b: Profile) -> tuple[Ints, Ints]:
    """int32[n] twice: the first places of the n distinct shingles both have, in order of a."""
    if not len(a.distinct) or not len(b.distinct):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    at = np.searchsorted(b.distinct, a.distinct)
    at[at == len(b.distinct)] = 0
    hit = b.distinct[at] == a.distinct
    in_a, in_b = a.place[hit], b.place[at[hit]]
    order = np.argsort(in_a)
    return in_a[order], in_b[order]


def align(a: Profile, b: Profile, seeds: tuple[Ints, Ints]) -> Alignment:
    """The alignment of two stories from the places of the shingles they share."""
    runs = _settled(_diagonals(seeds, min(a.size, b.size)), a.tokens, b.tokens)
    return Alignment(len(seeds[0]), tuple(runs), tuple(_blocks(a, b, runs)))


def passages(a: Profile, b: Profile, alignment: Alignment) -> tuple[Passage, ...]:
    """The blocks in code points of the two source texts."""
    return tuple(
        Passage(
            _chars(a, block.a_begin, block.a_end),
            _chars(b, block.b_begin, block.b_end),
        )
        for block in alignment.blocks
    )


def _chars(story: Profile, begin: int, end: int) -> Span:
    return int(story.char_begin[begin]), int(story.char_end[end - 1])


def _diagonals(seeds: tuple[Ints, Ints], size: int) -> list[Run]:
    """Maximal runs of seeds that step by one in both stories."""
    in_a, in_b = seeds
    if not len(in_a):
        return []
    breaks = np.flatnonzero((in_a[1:] - in_a[:-1] != 1) | (in_b[1:] - in_b[:-1] != 1)) + 1
    first = np.concatenate(([0], breaks))
    count = np.diff(np.concatenate((first, [len(in_a)])))
    return [
        Run(i, j, n + size - 1)
        for i, j, n in zip(in_a[first].tolist(), in_b[first].tolist(), count.tolist(), strict=True)
    ]


def _settled(runs: list[Run], tokens_a: int, tokens_b: int) -> list[Run]:
    """The runs in order of a, each token claimed at most once on either side, chance hits dropped."""
    runs = _without_chance(runs)
    taken_a, taken_b = bytearray(tokens_a), bytearray(tokens_b)
    kept = []
    for run in sorted(runs, key=lambda run: (-run.length, run.a + run.b, abs(run.a - run.b))):
        i, j, n = _trimmed(run, taken_a, taken_b)
        if n > 0:
            taken_a[i : i + n] = taken_b[j : j + n] = b"\1" * n
            kept.append(Run(i, j, n))
    return sorted(kept)


def _trimmed(run: Run, taken_a: bytearray, taken_b: bytearray) -> Run:
    """What is left of a run between the tokens that longer runs took; nothing when its middle is taken."""
    i, j, n = run
    while n and (taken_a[i] or taken_b[j]):
        i, j, n = i + 1, j + 1, n - 1
    while n and (taken_a[i + n - 1] or taken_b[j + n - 1]):
        n -= 1
    if 1 in taken_a[i : i + n] or 1 in taken_b[j : j + n]:
        return Run(i, j, 0)
    return Run(i, j, n)


def _without_chance(runs: list[Run]) -> list[Run]:
    near = [_near(left, right) for left, right in pairwise(runs)]
    beside = [before or after for before, after in zip([False, *near], [*near, False], strict=True)]
    return [run for run, close in zip(runs, beside, strict=True) if close or run.length >= ISOLATED_TOKENS]


def _near(left: Run, right: Run) -> bool:
    gap_a = right.a - (left.a + left.length)
    gap_b = right.b - (left.b + left.length)
    return gap_a <= NEAR_TOKENS and -left.length < gap_b <= NEAR_TOKENS


def _blocks(a: Profile, b: Profile, runs: list[Run]) -> list[Block]:
    blocks: list[Block] = []
    taken_b = bytearray(b.tokens)
    for run in runs:
        taken_b[run.b : run.b + run.length] = b"\1" * run.length
    for run in runs:
        fresh = Block(run.a, run.a + run.length, run.b, run.b + run.length, run.length)
        if blocks and _continues(a, b, blocks[-1], run) and 1 not in taken_b[blocks[-1].b_end : run.b]:
            last = blocks.pop()
            fresh = Block(last.a_begin, fresh.a_end, last.b_begin, fresh.b_end, last.equal + run.length)
        blocks.append(fresh)
    return [block for block in blocks if block.equal >= ISOLATED_TOKENS]


def _continues(a: Profile, b: Profile, block: Block, run: Run) -> bool:
    """Whether the text between a block and the next run is an edit of the same text."""
    gap_a, gap_b = run.a - block.a_end, run.b - block.b_end
    if gap_b < 0 or max(gap_a, gap_b) > NEAR_TOKENS:
        return False
    one_sentence = (
        a.sentence[run.a] == a.sentence[block.a_end - 1] or b.sentence[run.b] == b.sentence[block.b_end - 1]
    )
    if one_sentence and max(gap_a, gap_b) <= EDIT_TOKENS:
        return True
    if not gap_a or not gap_b:
        return gap_a == gap_b
    return Indel.normalized_similarity(_text(a, block.a_end, run.a), _text(b, block.b_end, run.b)) >= ALIKE


def _text(story: Profile, begin: int, end: int) -> str:
    return story.story.text[story.char_begin[begin] : story.char_end[end - 1]].casefold()
