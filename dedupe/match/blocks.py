"""Runs -> Blocks: the passages that equal tokens and the edits between them form.

Neighbouring runs are one passage when what lies between them is an edit inside a sentence, or reads alike
on both sides (Indel similarity, rapidfuzz). A passage reaches to the limits of its first and its last
sentence where these read alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import Indel

from dedupe.match.profiles import Profile
from dedupe.model import Passage, Span

ISOLATED_TOKENS = 8  # fewer equal tokens than these are no passage
NEAR_TOKENS = 40  # the largest edit that a passage runs through, where it reads alike
EDIT_TOKENS = 25  # … inside a sentence, whatever it reads like
ALIKE = 0.6  # Indel similarity from which text counts as edited, not replaced


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


class _Side(NamedTuple):
    """A story, and which of its tokens are spoken for: one byte each."""

    story: Profile
    taken: bytearray


def blocks(a: Profile, b: Profile, runs: list[Run]) -> list[Block]:
    """The passages that runs (in order of a, none overlapping) form, in order of a."""
    taken_b = _taken(b.tokens, ((run.b, run.b + run.length) for run in runs))
    found: list[Block] = []
    for run in runs:
        block = Block(run.a, run.a + run.length, run.b, run.b + run.length, run.length)
        if found and _continues(a, b, found[-1], run) and 1 not in taken_b[found[-1].b_end : run.b]:
            last = found.pop()
            block = Block(last.a_begin, block.a_end, last.b_begin, block.b_end, last.equal + run.length)
        found.append(block)
    return _grown(a, b, [block for block in found if block.equal >= ISOLATED_TOKENS])


def passages(a: Profile, b: Profile, found: Iterable[Block]) -> tuple[Passage, ...]:
    """Blocks in code points of the two source texts."""
    return tuple(
        Passage(a.chars(block.a_begin, block.a_end), b.chars(block.b_begin, block.b_end)) for block in found
    )


def _taken(tokens: int, spans: Iterable[Span]) -> bytearray:
    taken = bytearray(tokens)
    for begin, end in spans:
        taken[begin:end] = b"\1" * (end - begin)
    return taken


def _continues(a: Profile, b: Profile, block: Block, run: Run) -> bool:
    """Whether the text between a block and the next run is an edit of the same text."""
    gap_a, gap_b = run.a - block.a_end, run.b - block.b_end
    if gap_b < 0 or max(gap_a, gap_b) > NEAR_TOKENS:
        return False
    if max(gap_a, gap_b) <= EDIT_TOKENS and (
        a.sentence.item(run.a) == a.sentence.item(block.a_end - 1)
        or b.sentence.item(run.b) == b.sentence.item(block.b_end - 1)
    ):
        return True
    return gap_a == gap_b == 0 or _alike(a, (block.a_end, run.a), b, (block.b_end, run.b))


def _alike(a: Profile, in_a: Span, b: Profile, in_b: Span) -> bool:
    """Whether two stretches of tokens read alike; an empty one is like nothing."""
    if in_a[0] >= in_a[1] or in_b[0] >= in_b[1]:
        return False
    return Indel.normalized_similarity(_text(a, in_a), _text(b, in_b), score_cutoff=ALIKE) >= ALIKE


def _text(story: Profile, tokens: Span) -> str:
    begin, end = story.chars(*tokens)
    return story.story.text[begin:end].casefold()


def _grown(a: Profile, b: Profile, found: list[Block]) -> list[Block]:
    """The blocks, each reaching to the limits of its sentences where that is free and reads alike."""
    left = _Side(a, _taken(a.tokens, ((block.a_begin, block.a_end) for block in found)))
    right = _Side(b, _taken(b.tokens, ((block.b_begin, block.b_end) for block in found)))
    grown = []
    for block in found:
        before = (a.sentence_at(block.a_begin)[0], b.sentence_at(block.b_begin)[0])
        if _joins(left, (before[0], block.a_begin), right, (before[1], block.b_begin)):
            block = block._replace(a_begin=before[0], b_begin=before[1])
        after = (a.sentence_at(block.a_end - 1)[1], b.sentence_at(block.b_end - 1)[1])
        if _joins(left, (block.a_end, after[0]), right, (block.b_end, after[1])):
            block = block._replace(a_end=after[0], b_end=after[1])
        grown.append(block)
    return grown


def _joins(left: _Side, in_a: Span, right: _Side, in_b: Span) -> bool:
    """Whether two stretches are free, short and alike, hence not empty; if so they are taken."""
    if not (0 < in_a[1] - in_a[0] <= EDIT_TOKENS and 0 < in_b[1] - in_b[0] <= EDIT_TOKENS):
        return False
    if 1 in left.taken[slice(*in_a)] or 1 in right.taken[slice(*in_b)]:
        return False
    if not _alike(left.story, in_a, right.story, in_b):
        return False
    for side, (begin, end) in ((left, in_a), (right, in_b)):
        side.taken[begin:end] = b"\1" * (end - begin)
    return True
