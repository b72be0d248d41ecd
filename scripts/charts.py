"""The pictures of the quality report, as SVG: lines and points over two axes that are ratios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, EDGE = 460, 400, 56
COLOURS = ("#1b5e8c", "#b5482b", "#5f7d3a", "#777777")
STEPS = 5  # of the grid, each way


@dataclass(frozen=True, slots=True)
class Axis:
    """What a figure is called, and the range of it that is shown; points beyond it stand on the edge."""

    name: str
    low: float
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """``size`` is a radius."""

    x: float
    y: float
    label: str = ""
    size: float = 3.0


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    points: Sequence[Point]


def chart(x: Axis, y: Axis, series: Sequence[Series], *, diagonal: bool = False) -> str:
    """One picture, x to the right and y upwards; ``diagonal`` draws where both are equal."""

    def place(point: Point) -> tuple[float, float]:
        return (
            EDGE + _within(x, point.x) * (WIDTH - EDGE - 20),
            HEIGHT - EDGE - _within(y, point.y) * (HEIGHT - EDGE - 20),
        )

    parts = [*_grid(x, y)]
    if diagonal:
        low, high = max(x.low, y.low), min(x.high, y.high)
        (ax, ay), (bx, by) = place(Point(low, low)), place(Point(high, high))
        parts.append(f'<path d="M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}" stroke="#999" stroke-dasharray="4 4"/>')
    for number, each in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        places = [place(point) for point in each.points]
        way = " ".join(f"{left:.1f},{top:.1f}" for left, top in places)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for point, (left, top) in zip(each.points, places, strict=True):
            parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="{point.size:.1f}" fill="{colour}"/>')
            parts.append(_text(left + 7, top + 13, point.label, colour) if point.label else "")
        parts.append(_text(EDGE + 12, HEIGHT - EDGE - 12 - 15 * number, each.name, colour))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' font-family="sans-serif" font-size="11" role="img">{"".join(parts)}</svg>'
    )


def _within(axis: Axis, value: float) -> float:
    return (min(max(value, axis.low), axis.high) - axis.low) / (axis.high - axis.low)


def _grid(x: Axis, y: Axis) -> Iterator[str]:
    right, bottom = WIDTH - 20, HEIGHT - EDGE
    for step in range(STEPS + 1):
        share = step / STEPS
        left, top = EDGE + share * (right - EDGE), bottom - share * (bottom - 20)
        yield f'<path d="M{left:.1f} 20V{bottom}M{EDGE} {top:.1f}H{right}" stroke="#e4e4e4"/>'
        yield _text(left - 8, bottom + 16, f"{x.low + share * (x.high - x.low):.2f}")
        yield _text(EDGE - 30, top + 4, f"{y.low + share * (y.high - y.low):.2f}")
    yield _text((EDGE + right) / 2 - 30, HEIGHT - 20, x.name)
    yield (
        f'<text x="16" y="{(bottom + 20) / 2 + 30:.0f}"'
        f' transform="rotate(-90 16 {(bottom + 20) / 2 + 30:.0f})">{escape(y.name)}</text>'
    )


def _text(left: float, top: float, text: str, colour: str = "#333") -> str:
    return f'<text x="{left:.1f}" y="{top:.1f}" fill="{colour}">{escape(text)}</text>'
