"""Two texts side by side: shared passages opposite each other, everything else where it stands.

Works on offsets alone. Passages that keep the order of both texts hold the rows together; the
others were moved and are marked, but not aligned. Rows are cut at line ends, so a paragraph that
only one side has stands opposite nothing. No text is compared here: what a passage covers is
shared because verification said so.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dedupe.model import Passage, Removed, Span
from dedupe.report.data import TextRow

OWN = -1
FURNITURE = -2


@dataclass(frozen=True, slots=True)
class Run:
    """``[begin, end)`` of one text. ``label`` is the number of a passage, OWN or FURNITURE."""

    begin: int
    end: int
    label: int


@dataclass(frozen=True, slots=True)
class Row:
    """What stands opposite each other."""

    left: tuple[Run, ...]
    right: tuple[Run, ...]


def align(left: TextRow, right: TextRow, passages: Sequence[Passage]) -> list[Row]:
    """Rows that together hold every sign of both texts but for white space around lines.

    Passages that lie outside a text are clipped to it.
    """
    passages = [_clipped(passage, len(left.text), len(right.text)) for passage in passages]
    chain = in_order(passages)
    cuts = [*_cuts(left.text, right.text, [passages[number] for number in chain])]
    lefts = _sides(left, [p.a for p in passages], [a for a, _ in cuts])
    rights = _sides(right, [p.b for p in passages], [b for _, b in cuts])
    rows = (Row(tuple(a), tuple(b)) for a, b in zip(lefts, rights, strict=True))
    return [row for row in rows if row.left or row.right]


def _clipped(passage: Passage, left: int, right: int) -> Passage:
    (a, to_a), (b, to_b) = passage.a, passage.b
    return Passage((min(a, left), min(to_a, left)), (min(b, right), min(to_b, right)))


def in_order(passages: Sequence[Passage]) -> list[int]:
    """Numbers of passages that run forwards in both texts without overlap, in that order.

    Longest first, each kept if it fits between its neighbours: not the heaviest chain there is, but
    near it, and fast on any input.
    """
    kept: list[tuple[int, int]] = []
    for number in sorted(range(len(passages)), key=lambda n: passages[n].a[0] - passages[n].a[1]):
        place = bisect_left(kept, (passages[number].a[0], number))
        before = [passages[kept[place - 1][1]]] if place else []
        after = [passages[kept[place][1]]] if place < len(kept) else []
        if all(_precedes(x, y) for x, y in pairwise([*before, passages[number], *after])):
            insort(kept, (passages[number].a[0], number))
    return [number for _, number in kept]


def _precedes(x: Passage, y: Passage) -> bool:
    return x.a[1] <= y.a[0] and x.b[1] <= y.b[0]


def _cuts(left: str, right: str, chain: Sequence[Passage]) -> Iterator[Span]:
    """Where a new row begins, as (offset in left, offset in right), ascending, both ends included."""
    yield 0, 0
    end_a = end_b = 0
    for passage in chain:
        yield from _gap_cuts((left, end_a, passage.a[0]), (right, end_b, passage.b[0]))
        yield from _line_cuts(left, right, passage)
        end_a, end_b = passage.a[1], passage.b[1]
    yield from _gap_cuts((left, end_a, len(left)), (right, end_b, len(right)))
    yield len(left), len(right)


def _gap_cuts(a: tuple[str, int, int], b: tuple[str, int, int]) -> Iterator[Span]:
    """Between two passages: what stands on lines of its own on either side gets a row of its own."""
    first_a, last_a = _lines(*a)
    first_b, last_b = _lines(*b)
    if a[1] == b[1] == 0 or any("\n" in text[begin:end] for text, begin, end in (a, b)):
        yield first_a, first_b
        yield last_a, last_b


def _lines(text: str, begin: int, end: int) -> Span:
    """From the first line break of ``text[begin:end]`` to behind the last one, else the whole of it."""
    first = text.find("\n", begin, end)
    if first < 0:
        return (begin, end) if begin else (0, 0)
    return (first if begin else 0), text.rfind("\n", begin, end) + 1


def _line_cuts(left: str, right: str, passage: Passage) -> Iterator[Span]:
    """Line ends inside a passage, where both sides have equally many."""
    breaks_a = _breaks(left, passage.a)
    breaks_b = _breaks(right, passage.b)
    if len(breaks_a) == len(breaks_b):
        yield from zip(breaks_a, breaks_b, strict=True)


def _breaks(text: str, span: Span) -> list[int]:
    found, at = [], text.find("\n", *span)
    while at >= 0:
        found.append(at + 1)
        at = text.find("\n", at + 1, span[1])
    return found


def _sides(text: TextRow, spans: Sequence[Span], cuts: Sequence[int]) -> Iterator[list[Run]]:
    labels = _labels(len(text.text), spans, text.removed)
    ends = {end for span in spans for end in span} | {e for r in text.removed for e in (r.begin, r.end)}
    places = sorted(ends | {*cuts})
    for begin, end in pairwise(cuts):
        inner = places[bisect_left(places, begin) : bisect_left(places, end)]
        yield list(_runs(text.text, labels, [*inner, end]))


def _labels(length: int, spans: Sequence[Span], removed: Iterable[Removed]) -> array[int]:
    """The label of every code point; furniture covers passages, long passages cover short ones."""
    labels = array("i", [OWN]) * length
    for number in sorted(range(len(spans)), key=lambda n: spans[n][1] - spans[n][0]):
        _paint(labels, *spans[number], number)
    for part in removed:
        _paint(labels, part.begin, part.end, FURNITURE)
    return labels


def _paint(labels: array[int], begin: int, end: int, label: int) -> None:
    begin, end = max(0, begin), min(len(labels), end)
    if begin < end:
        labels[begin:end] = array("i", [label]) * (end - begin)


def _runs(text: str, labels: array[int], places: Sequence[int]) -> Iterator[Run]:
    """The runs between the first and the last place, trimmed of white space, neighbours joined."""
    first, last = _trimmed(text, places[0], places[-1])
    pending: Run | None = None
    for begin, end in pairwise(places):
        begin, end = max(begin, first), min(end, last)
        if begin >= end:
            continue
        label = labels[begin]
        if pending is not None and pending.label == label:
            pending = Run(pending.begin, end, label)
            continue
        if pending is not None:
            yield pending
        pending = Run(begin, end, label)
    if pending is not None:
        yield pending


def _trimmed(text: str, begin: int, end: int) -> Span:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return begin, end
