"""Edge, two stories -> the segments of an aligned diff, for whoever wants to see why a pair is a pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

from dedupe.model import Edge, Passage, Span, Story

_WORD = re.compile(r"\S+\s*")
_STOPS = 8  # code points at most between a sentence and the next


class Change(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    CHANGED = "changed"
    ONLY_A = "only-a"
    ONLY_B = "only-b"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the aligned diff: its place in either text, None where it has none."""

    change: Change
    a: Span | None
    b: Span | None


def explain(edge: Edge | None, a: Story, b: Story) -> tuple[Segment, ...]:
    """The two source texts laid side by side: passages word by word, the rest as only-a and only-b.

    ``a`` and ``b`` are the stories of ``edge.a`` and ``edge.b``; without an edge nothing is shared. The
    segments are in order of a, a gap of b comes before the passage it precedes in b, and every code point
    of either text is in exactly one segment.
    """
    text_a, text_b = a.document.text, b.document.text
    passages = tuple(_with_stops(text_a, text_b, passage) for passage in edge.passages) if edge else ()
    before = _gaps_before(passages)
    segments: list[Segment] = []
    at = 0
    for passage in passages:
        segments += _only((at, passage.a[0]), before[passage.b])
        segments += _words(text_a, text_b, passage)
        at = passage.a[1]
    last_b = max((passage.b[1] for passage in passages), default=0)
    return (*segments, *_only((at, len(text_a)), (last_b, len(text_b))))


def _with_stops(text_a: str, text_b: str, passage: Passage) -> Passage:
    """A passage, which ends with a word, with the stops and spaces after it that both texts have."""
    end_a, end_b = passage.a[1], passage.b[1]
    same = 0
    for one, other in zip(text_a[end_a : end_a + _STOPS], text_b[end_b : end_b + _STOPS], strict=False):
        if one != other or one.isalnum():
            break
        same += 1
    return Passage((passage.a[0], end_a + same), (passage.b[0], end_b + same))


def _gaps_before(passages: tuple[Passage, ...]) -> dict[Span, Span]:
    """For each passage's place in b, the text of b since the passage before it in b."""
    gaps, at = {}, 0
    for begin, end in sorted(passage.b for passage in passages):
        gaps[begin, end] = (at, begin)
        at = end
    return gaps


def _only(a: Span, b: Span) -> Iterator[Segment]:
    if a[0] < a[1]:
        yield Segment(Change.ONLY_A, a, None)
    if b[0] < b[1]:
        yield Segment(Change.ONLY_B, None, b)


def _words(text_a: str, text_b: str, passage: Passage) -> Iterator[Segment]:
    """The segments of one passage: runs of equal, changed, missing and added words."""
    words_a, words_b = _spans(text_a, passage.a), _spans(text_b, passage.b)
    read_a = [text_a[begin:end].strip() for begin, end in words_a]
    read_b = [text_b[begin:end].strip() for begin, end in words_b]
    kept_a, kept_b = 0, 0
    for block in Indel.opcodes(read_a, read_b).as_matching_blocks():
        yield from _edited(words_a[kept_a : block.a], words_b[kept_b : block.b])
        kept_a, kept_b = block.a + block.size, block.b + block.size
        if block.size:
            yield Segment(Change.EQUAL, _whole(words_a[block.a : kept_a]), _whole(words_b[block.b : kept_b]))
    yield from _edited(words_a[kept_a:], words_b[kept_b:])


def _edited(a: list[Span], b: list[Span]) -> Iterator[Segment]:
    if a and b:
        yield Segment(Change.CHANGED, _whole(a), _whole(b))
    elif a:
        yield Segment(Change.ONLY_A, _whole(a), None)
    elif b:
        yield Segment(Change.ONLY_B, None, _whole(b))


def _spans(text: str, span: Span) -> list[Span]:
    """The words of a passage, each with the space after it; together they are the passage."""
    return [match.span() for match in _WORD.finditer(text, *span)]


def _whole(words: list[Span]) -> Span:
    return words[0][0], words[-1][1]
