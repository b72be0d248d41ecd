"""Bars over time and over delay. Geometry is in per cent of the width, so a picture fits any screen
and its letters keep their size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dedupe.report.wording import DAY, HOUR, MINUTE

HEIGHT = 132  # pixels of the tallest bar
_MOST_BARS = 72
_GAP = 0.18  # of a bar's place

#: Upper ends of the histogram's bins, in seconds.
DELAYS = (
    (0, "earlier"), (10 * MINUTE, "< 10 min"), (30 * MINUTE, "30 min"), (HOUR, "1 h"), (3 * HOUR, "3 h"),
    (6 * HOUR, "6 h"), (12 * HOUR, "12 h"), (DAY, "1 d"), (3 * DAY, "3 d"), (7 * DAY, "7 d"), (None, "later"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """``x`` and ``width`` in per cent, heights in pixels; credited stands on uncredited."""

    label: str
    x: float
    width: float
    credited: int
    uncredited: int
    credited_height: float
    uncredited_height: float


@dataclass(frozen=True, slots=True)
class Label:
    """``anchor`` is SVG's text-anchor."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``unit`` is what one bar counts over; ``top`` the tallest bar's count."""

    unit: str
    top: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]


Counts = tuple[str, int, int]  # label, credited, uncredited


def timeline(credited: Counter[str], uncredited: Counter[str]) -> Chart | None:
    """Copies over time, from counts by ``YYYY-MM-DDTHH`` or ``YYYY-MM-DD``.

    By the hour while that gives few enough bars and every time has an hour, else by day, month, year.
    """
    keys = sorted({*credited, *uncredited})
    for unit, length in (("hour", 13), ("day", 10), ("month", 7), ("year", 4)):
        if unit == "hour" and any(len(key) < length for key in keys):
            continue
        steps = _steps(keys, unit, length)
        if steps and (len(steps) <= _MOST_BARS or unit == "year"):
            return _timeline(steps, unit, _coarse(credited, length), _coarse(uncredited, length))
    return None


def _timeline(steps: list[str], unit: str, credited: Counter[str], uncredited: Counter[str]) -> Chart:
    bars = _bars([(step.replace("T", " "), credited[step], uncredited[step]) for step in steps])
    every = max(1, -(-len(bars) // 6))
    short = (lambda label: label[11:] + ":00") if unit == "hour" and _one_day(steps) else str
    shown = [bar for bar in bars[::every] if bar.x < 90]
    labels = tuple(Label(bar.x, short(bar.label), "start") for bar in shown)
    return Chart(unit, max(b.credited + b.uncredited for b in bars), bars, labels)


def _one_day(steps: list[str]) -> bool:
    return steps[0][:10] == steps[-1][:10]


def _coarse(counts: Counter[str], length: int) -> Counter[str]:
    coarse: Counter[str] = Counter()
    for key, count in counts.items():
        coarse[key[:length]] += count
    return coarse


def _steps(keys: Sequence[str], unit: str, length: int) -> list[str]:
    """Every hour (day, month, year) from the first to the last, without those far from the bulk."""
    if not keys:
        return []
    cut = sorted({key[:length] for key in keys})
    if unit in ("month", "year"):
        return cut
    step = timedelta(hours=1) if unit == "hour" else timedelta(days=1)
    first, last = _time(cut[0]), _time(cut[-1])
    if first is None or last is None or (last - first) / step >= _MOST_BARS:
        return []
    count = int((last - first) / step) + 1
    return [(first + i * step).strftime("%Y-%m-%dT%H")[:length] for i in range(count)]


def _time(key: str) -> datetime | None:
    try:
        day = date.fromisoformat(key[:10])
        return datetime(day.year, day.month, day.day, int(key[11:13] or 0), tzinfo=UTC)
    except ValueError:
        return None


def delays(credited: Iterable[int], uncredited: Iterable[int]) -> Chart:
    """How long copies took, in uneven bins that are named by their upper ends."""
    left, right = _binned(credited), _binned(uncredited)
    bars = _bars([(label, left[i], right[i]) for i, (_, label) in enumerate(DELAYS)])
    labels = tuple(Label(bar.x + bar.width / 2, bar.label, "middle") for bar in bars)
    return Chart("delay", max(b.credited + b.uncredited for b in bars), bars, labels)


def _binned(seconds: Iterable[int]) -> Counter[int]:
    ends = [end for end, _ in DELAYS if end is not None]
    return Counter(next((i for i, end in enumerate(ends) if s < end), len(ends)) for s in seconds)


def _bars(counts: Sequence[Counts]) -> tuple[Bar, ...]:
    top = max((credited + uncredited for _, credited, uncredited in counts), default=0) or 1
    place = 100 / max(len(counts), 1)
    return tuple(
        Bar(
            label=label,
            x=round((i + _GAP / 2) * place, 3),
            width=round((1 - _GAP) * place, 3),
            credited=credited,
            uncredited=uncredited,
            credited_height=round(HEIGHT * credited / top, 1),
            uncredited_height=round(HEIGHT * uncredited / top, 1),
        )
        for i, (label, credited, uncredited) in enumerate(counts)
    )
