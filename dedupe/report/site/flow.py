"""Who feeds whom: a Sankey picture of two columns, sources on the left, outlets on the right.

Vertical places are in pixels; ribbons are drawn in a box 100 units wide that is stretched to fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dedupe.model import OriginKind
from dedupe.report.site.tally import Source
from dedupe.store.copies import Copies

SOURCES, OUTLETS = 10, 14
_HEIGHT, _PADDING, _LEAST = 380.0, 10.0, 8.0

Pair = tuple[Source, str]
Key = TypeVar("Key", Source, str)


@dataclass(frozen=True, slots=True)
class Node:
    """``copies`` are drawn, ``total`` are all that flow from it or to it. ``y`` and ``height`` in pixels."""

    name: str
    kind: OriginKind
    copies: int
    total: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Ribbon:
    """``path`` lies in a box 100 wide; ``source`` is the number of its node, for the colour."""

    path: str
    source: int
    source_name: str
    outlet: str
    copies: int


@dataclass(frozen=True, slots=True)
class Picture:
    """``others`` copies run between sources and outlets too small to be drawn."""

    sources: tuple[Node, ...]
    outlets: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float
    drawn: int
    others: int


def picture(flows: Mapping[Pair, Copies]) -> Picture | None:
    """The largest sources and outlets with all that flows between them; None without copies."""
    copies = Counter({pair: flow.count for pair, flow in flows.items()})
    if not copies:
        return None
    sources = set(_largest(_by_source(copies), SOURCES))
    within = Counter({pair: count for pair, count in copies.items() if pair[0] in sources})
    outlets = set(_largest(_by_outlet(within), OUTLETS))
    shown = Counter({pair: count for pair, count in within.items() if pair[1] in outlets})
    return _laid_out(shown, copies)


def _laid_out(shown: Counter[Pair], copies: Counter[Pair]) -> Picture:
    by_source, by_outlet = _by_source(shown), _by_outlet(shown)
    of_all, to_all = _by_source(copies), _by_outlet(copies)
    left, right = _largest(by_source, SOURCES), _largest(by_outlet, OUTLETS)
    sources = tuple(
        Node(source.name, source.kind, by_source[source], of_all[source], y, height)
        for source, (y, height) in zip(left, _stacked([by_source[s] for s in left]), strict=True)
    )
    outlets = tuple(
        Node(name, OriginKind.OUTLET, by_outlet[name], to_all[name], y, height)
        for name, (y, height) in zip(right, _stacked([by_outlet[o] for o in right]), strict=True)
    )
    of_source = dict(zip(left, sources, strict=True))
    of_outlet = dict(zip(right, outlets, strict=True))
    ribbons = tuple(_ribbons(shown, of_source, of_outlet))
    height = max(node.y + node.height for node in (*sources, *outlets))
    return Picture(sources, outlets, ribbons, round(height, 1), shown.total(), copies.total() - shown.total())


def _stacked(counts: list[int]) -> Iterator[tuple[float, float]]:
    y = 0.0
    for count in counts:
        height = round(_LEAST + _HEIGHT * count / sum(counts), 1)
        yield round(y, 1), height
        y += height + _PADDING


def _ribbons(
    shown: Counter[Pair], left: Mapping[Source, Node], right: Mapping[str, Node]
) -> Iterator[Ribbon]:
    """In the order of both columns, so that ribbons cross as little as a stack allows."""
    used_left, used_right = Counter[str](), Counter[str]()
    number = {source: i for i, source in enumerate(left)}
    place = {outlet: i for i, outlet in enumerate(right)}
    for (source, outlet), count in sorted(shown.items(), key=lambda p: (number[p[0][0]], place[p[0][1]])):
        a, b = left[source], right[outlet]
        key = f"{source.kind}:{source.name}"
        a0, a1 = _part(a, used_left[key], count)
        b0, b1 = _part(b, used_right[outlet], count)
        used_left[key] += count
        used_right[outlet] += count
        path = f"M0 {a0}C45 {a0} 55 {b0} 100 {b0}V{b1}C55 {b1} 45 {a1} 0 {a1}Z"
        yield Ribbon(path, number[source], source.name, outlet, count)


def _part(node: Node, used: int, count: int) -> tuple[float, float]:
    begin = node.y + node.height * used / node.copies
    return round(begin, 1), round(begin + node.height * count / node.copies, 1)


def _by_source(copies: Counter[Pair]) -> Counter[Source]:
    totals: Counter[Source] = Counter()
    for (source, _), count in copies.items():
        totals[source] += count
    return totals


def _by_outlet(copies: Counter[Pair]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for (_, outlet), count in copies.items():
        totals[outlet] += count
    return totals


def _largest(totals: Counter[Key], most: int) -> list[Key]:
    return sorted(totals, key=lambda key: (-totals[key], str(key)))[:most]
