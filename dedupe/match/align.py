"""Two profiles -> Alignment: which tokens of one story stand in the other, and the passages they form.

Seeds are the shingles of both (the first occurrence of each value). Seeds on one diagonal are a run;
runs take the tokens they claim longest first; a short run that is not near another on its diagonal is
chance and is dropped.

Not handled: the second occurrence of a refrain is aligned only where it continues a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe.match.blocks import ISOLATED_TOKENS, NEAR_TOKENS, Block, Run, blocks
from dedupe.match.profiles import Indices, Pairs, Profile

if TYPE_CHECKING:
    from dedupe.match.pair_kernels import Shingles

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """``shared`` distinct shingles; the runs and blocks, in order of a."""

    shared: int
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]

    def of_a(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """From one value for each token of a, those of the tokens in runs, one run or more."""
        return np.concatenate([values[run.a : run.a + run.length] for run in self.runs])

    def of_b(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """The same for b: the tokens of the two answers are equal, one by one."""
        return np.concatenate([values[run.b : run.b + run.length] for run in self.runs])


def shared_shingles(a: Profile, b: Profile) -> tuple[Indices, Indices]:
    """int64[n] twice: the first places of the n distinct shingles both have, in order of a."""
    if not len(a.distinct) or not len(b.distinct):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = b.distinct.searchsorted(a.distinct)
    at[at == len(b.distinct)] = 0
    hit = np.flatnonzero(b.distinct.take(at) == a.distinct)
    partner = np.full(len(a.hashes), -1)  # of each shingle of a: cheaper than putting the places in order
    partner[a.place.take(hit)] = b.place.take(at.take(hit))
    in_a = np.flatnonzero(partner >= 0)
    return in_a, partner.take(in_a)


def align(a: Profile, b: Profile, seeds: tuple[Indices, Indices]) -> Alignment:
    """The alignment of two stories from the places of the shingles they share."""
    runs = _settled(_without_chance(_diagonals(seeds, min(a.size, b.size))), a.tokens, b.tokens)
    return Alignment(len(seeds[0]), tuple(runs), tuple(blocks(a, b, runs)))


def align_pairs(stories: Sequence[Profile], pairs: Pairs, least: float) -> list[Alignment | None]:
    """The alignments of many pairs, their runs found by a kernel.

    ``pairs`` int32[m, 2]: their places in ``stories``. None where a pair shares no shingle, less than the
    share ``least`` of the distinct ones of either story, or no passage.
    """
    from dedupe.match.pair_kernels import find_runs

    left, right = pairs.T.copy()
    shared, runs, first, settled = find_runs(_shingles(stories), left, right, least)
    rows, limits = list(map(Run._make, runs.tolist())), pairwise(first.tolist())
    found: list[Alignment | None] = [None] * len(pairs)
    for pair, ((begin, end), is_settled) in enumerate(zip(limits, settled.tolist(), strict=True)):
        if begin < end:
            a, b = stories[left[pair]], stories[right[pair]]
            kept = rows[begin:end] if is_settled else _settled(rows[begin:end], a.tokens, b.tokens)
            if formed := blocks(a, b, kept):
                found[pair] = Alignment(int(shared[pair]), tuple(kept), tuple(formed))
    return found


def _shingles(stories: Sequence[Profile]) -> Shingles:
    from dedupe.match.pair_kernels import Shingles

    distinct = [story.distinct for story in stories]
    return Shingles(
        distinct=np.concatenate(distinct),
        place=np.concatenate([story.place for story in stories]),
        first=np.cumsum([0, *map(len, distinct)]),
        total=np.array([len(story.hashes) for story in stories]),
        size=np.array([story.size for story in stories]),
    )


def _diagonals(seeds: tuple[Indices, Indices], size: int) -> list[Run]:
    """Maximal runs of seeds that step by one in both stories."""
    in_a, in_b = seeds
    if not len(in_a):
        return []
    breaks = np.flatnonzero((in_a[1:] - in_a[:-1] != 1) | (in_b[1:] - in_b[:-1] != 1)) + 1
    first = [0, *breaks.tolist()]
    begins = zip(in_a.take(first).tolist(), in_b.take(first).tolist(), strict=True)
    counts = (end - begin for begin, end in pairwise([*first, len(in_a)]))
    return [Run(i, j, n + size - 1) for (i, j), n in zip(begins, counts, strict=True)]


def _settled(runs: list[Run], tokens_a: int, tokens_b: int) -> list[Run]:
    """The runs in order of a, each token claimed at most once on either side."""
    if all(
        left.a + left.length <= right.a and left.b + left.length <= right.b for left, right in pairwise(runs)
    ):
        return runs  # one after the other in both stories, as in most copies: nothing to settle
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
    """The runs that are long enough, or near another on its diagonal in the order of either story."""
    if all(run.length >= ISOLATED_TOKENS for run in runs):
        return runs
    by_b = sorted(runs, key=lambda run: (run.b, run.a))
    neighbours = [*pairwise(runs), *pairwise(by_b)]
    near = {run for left, right in neighbours if _near(left, right) for run in (left, right)}
    return [run for run in runs if run.length >= ISOLATED_TOKENS or run in near]


def _near(left: Run, right: Run) -> bool:
    gap_a = right.a - (left.a + left.length)
    gap_b = right.b - (left.b + left.length)
    return -left.length < gap_a <= NEAR_TOKENS and -left.length < gap_b <= NEAR_TOKENS
