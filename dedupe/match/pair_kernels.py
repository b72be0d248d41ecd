"""Many pairs at once as numba kernels: the runs of equal tokens, and what kinds of tokens are in them.

Equal, pair for pair, to the plain forms in :mod:`dedupe.match.align` and :mod:`dedupe.match.measure`, which
explain what is counted and why. Importing this module imports numba (a third of a second), so only the
compiled path does; as to caches see :mod:`dedupe.match.profile_kernels`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.compiled import inlined, kernel
from dedupe.match.blocks import ISOLATED_TOKENS, NEAR_TOKENS
from dedupe.match.profile_kernels import Flags, Hashes, Indices, Ints
from dedupe.match.profiles import NAMED, QUOTED, SITE, Marks

NOWHERE = -2  # no place, and next to none

Counted = tuple[int, int, int, int]


class Shingles(NamedTuple):
    """The shingles of n stories: the distinct hashes of story i, ascending, and where each occurs first, are
    at ``first[i] : first[i + 1]`` (int64[n+1]). ``total`` int64[n]: how many it has in text order; ``size``
    int64[n]: tokens in one.
    """

    distinct: Hashes
    place: Indices
    first: Indices
    total: Indices
    size: Indices


class Words(NamedTuple):
    """The tokens of n stories, those of story i at ``first[i] : first[i + 1]``: their marks (uint8), whether
    they address the reader (bool, False where nobody asks) and their sentence (int32).

    Where its sentences begin, and the last one ends, is at ``first_sentence[i] : first_sentence[i + 1]`` of
    ``sentence_begin``.
    """

    marks: Marks
    address: Flags
    sentence: Ints
    first: Indices
    sentence_begin: Indices
    first_sentence: Indices


class Pairs(NamedTuple):
    """m pairs of stories: ``left`` and ``right`` int32[m]; their runs are ``first[i] : first[i + 1]`` of
    ``runs``, int32[r, 3]: the first token on either side, the number of tokens.

    ``at_home`` bool[m]: strangers at home; ``least`` float64[m]: of a sentence must be copied;
    ``end`` int32[m, 2]: the tokens of the left story that are a notice at the end of both.
    """

    left: Ints
    right: Ints
    runs: Ints
    first: Indices
    at_home: Flags
    least: npt.NDArray[np.float64]
    end: Ints


@inlined
def match_places(shingles: Shingles, a: int, b: int, partner: Ints) -> int:
    """Writes for each shingle of a the place in b of the same, or NOWHERE; how many both have.

    Of equal shingles in one story the first alone is looked at.
    """
    partner[: shingles.total[a]] = NOWHERE
    at, end = shingles.first[a], shingles.first[a + 1]
    other, other_end = shingles.first[b], shingles.first[b + 1]
    shared = 0
    while at < end and other < other_end:
        low, high = shingles.distinct[at], shingles.distinct[other]
        if low == high:
            partner[shingles.place[at]] = shingles.place[other]
            shared += 1
        at += low <= high
        other += high <= low
    return shared


@inlined
def put_runs(partner: Ints, size: int, runs: Ints, count: int) -> int:
    """Writes the maximal runs of shingles that step by one in both stories, from row ``count`` on."""
    before = NOWHERE
    for i in range(len(partner)):
        if partner[i] >= 0:
            if partner[i] == before + 1:
                runs[count - 1, 2] += 1
            else:
                runs[count, 0], runs[count, 1], runs[count, 2] = i, partner[i], size
                count += 1
        before = partner[i]
    return count


@inlined
def with_room(runs: Ints, used: int, more: int) -> Ints:
    """The runs, moved to a larger array where they have no room to grow."""
    if used + more <= len(runs):
        return runs
    larger = np.empty((2 * (used + more), 3), np.int32)
    larger[:used] = runs[:used]
    return larger


@inlined
def are_near(runs: Ints, left: int, right: int) -> bool:
    gap_a = runs[right, 0] - (runs[left, 0] + runs[left, 2])
    gap_b = runs[right, 1] - (runs[left, 1] + runs[left, 2])
    return bool(-runs[left, 2] < gap_a <= NEAR_TOKENS and -runs[left, 2] < gap_b <= NEAR_TOKENS)


@inlined
def drop_chance(runs: Ints) -> int:
    """Moves the runs that are long enough, or near another in the order of either story, to the front; their
    number."""
    kept = runs[:, 2] >= ISOLATED_TOKENS
    if kept.all():
        return len(runs)
    by_b = np.argsort(runs[:, 1])
    for turn in range(len(runs) - 1):
        for left, right in ((turn, turn + 1), (by_b[turn], by_b[turn + 1])):
            if are_near(runs, left, right):
                kept[left] = kept[right] = True
    count = 0
    for run in range(len(runs)):
        if kept[run]:
            runs[count] = runs[run]
            count += 1
    return count


@inlined
def are_settled(runs: Ints) -> bool:
    """Whether runs come one after the other in both stories."""
    for run in range(1, len(runs)):
        end_a, end_b = runs[run - 1, 0] + runs[run - 1, 2], runs[run - 1, 1] + runs[run - 1, 2]
        if runs[run, 0] < end_a or runs[run, 1] < end_b:
            return False
    return True


@kernel
def find_runs(shingles: Shingles, left: Ints, right: Ints, least: float) -> tuple[Ints, Ints, Indices, Flags]:
    """How many shingles each pair shares (int32[m]); the runs of all pairs that are not chance, where those
    of each begin, and whether they are settled.

    A pair has runs where it shares at least ``least`` of the distinct shingles of either story.
    """
    partner = np.empty(shingles.total.max() if len(left) else 0, np.int32)
    shared, first = np.zeros(len(left), np.int32), np.zeros(len(left) + 1, np.int64)
    runs, used, settled = np.empty((4 * len(left), 3), np.int32), 0, np.zeros(len(left), np.bool_)
    for pair in range(len(left)):
        a, b = left[pair], right[pair]
        shared[pair] = match_places(shingles, a, b, partner)
        smaller = min(shingles.first[a + 1] - shingles.first[a], shingles.first[b + 1] - shingles.first[b])
        if shared[pair] >= least * smaller:
            runs = with_room(runs, used, shared[pair])
            size = min(shingles.size[a], shingles.size[b])
            used = put_runs(partner[: shingles.total[a]], size, runs, used)
            used = first[pair] + drop_chance(runs[first[pair] : used])
            settled[pair] = are_settled(runs[first[pair] : used])
        first[pair + 1] = used
    return shared, runs[:used].copy(), first, settled


@inlined
def count_copied(words: Words, pairs: Pairs, pair: int, copied: Flags, within: Indices) -> Counted:
    """Writes which of the tokens in runs are copied, and counts these by sentence, the left story's in row 0
    of ``within``, the right one's in row 1; returned are the equal, quoted, own and copied ones.
    """
    first_a, first_b = words.first[pairs.left[pair]], words.first[pairs.right[pair]]
    at_home, end = pairs.at_home[pair], pairs.end[pair]
    equal, quotes, own, kept = 0, 0, 0, 0
    for run in range(pairs.first[pair], pairs.first[pair + 1]):
        for token in range(pairs.runs[run, 0], pairs.runs[run, 0] + pairs.runs[run, 2]):
            a = first_a + token
            b = first_b + token - pairs.runs[run, 0] + pairs.runs[run, 1]
            marks = words.marks[a] | words.marks[b]
            is_own = marks & (QUOTED | SITE) == 0 and not (at_home and words.address[a])
            is_copied = is_own and not end[0] <= token < end[1]
            copied[equal] = is_copied
            within[0, words.sentence[a]] += is_copied
            within[1, words.sentence[b]] += is_copied
            equal += 1
            quotes += marks & QUOTED != 0
            own += is_own
            kept += is_copied
    return equal, quotes, own, kept


@inlined
def are_mostly(words: Words, story: int, within: Indices, least: float) -> None:
    """Turns the number of copied tokens in each sentence into whether they are at least that share of it."""
    begin = words.sentence_begin[words.first_sentence[story] : words.first_sentence[story + 1]]
    for sentence in range(len(begin) - 1):
        within[sentence] = within[sentence] / (begin[sentence + 1] - begin[sentence]) >= least


@inlined
def count_told(words: Words, pairs: Pairs, pair: int, copied: Flags, within: Indices) -> tuple[int, int]:
    """How many copied tokens are in sentences that are mostly copied on both sides, and names in these."""
    first_a, first_b = words.first[pairs.left[pair]], words.first[pairs.right[pair]]
    place, told, names = 0, 0, 0
    for run in range(pairs.first[pair], pairs.first[pair + 1]):
        for i in range(pairs.runs[run, 2]):
            a, b = first_a + pairs.runs[run, 0] + i, first_b + pairs.runs[run, 1] + i
            if copied[place] and within[0, words.sentence[a]] and within[1, words.sentence[b]]:
                told += 1
                names += (words.marks[a] & NAMED != 0) + (words.marks[b] & NAMED != 0)
            place += 1
    return told, names


@kernel
def count_tokens(words: Words, pairs: Pairs) -> Ints:
    """int32[m, 6]: of each pair the tokens in runs, those of them that are quoted, own, copied and told, and
    the names among the last, in both stories; see :class:`dedupe.match.measure.Counts`.
    """
    stories = len(words.first) - 1
    longest, most = 0, 0
    for story in range(stories):
        longest = max(longest, words.first[story + 1] - words.first[story])
        most = max(most, words.first_sentence[story + 1] - words.first_sentence[story])
    copied, within = np.empty(longest, np.bool_), np.empty((2, most), np.int64)
    counts = np.empty((len(pairs.left), 6), np.int32)
    for pair in range(len(pairs.left)):
        within[:] = 0
        a, b, least = pairs.left[pair], pairs.right[pair], pairs.least[pair]
        equal, quotes, own, kept = count_copied(words, pairs, pair, copied, within)
        are_mostly(words, a, within[0], least)
        are_mostly(words, b, within[1], least)
        told, names = count_told(words, pairs, pair, copied, within)
        counts[pair, 0], counts[pair, 1], counts[pair, 2] = equal, quotes, own
        counts[pair, 3], counts[pair, 4], counts[pair, 5] = kept, told, names
    return counts
