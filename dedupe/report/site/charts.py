"""Bars over time and over delay. Geometry is in per cent of the width, so a picture fits any screen
and its letters keep their size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

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
    """``unit`` is what one bar counts over; ``top`` the tallest bar's count; ``outside`` is not drawn."""

    unit: str
    top: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    outside: int = 0


Counts = tuple[str, int, int]  # label, credited, uncredited
_UNITS = (("hour", 13), ("day", 10), ("month", 7), ("year", 4))
_TAIL = 0.02  # of the copies at either end may be left out, where the bulk would shrink to nothing


def timeline(credited: Counter[str], uncredited: Counter[str]) -> Chart | None:
    """Copies over time, from counts by ``YYYY-MM-DDTHH`` or ``YYYY-MM-DD``.

    By the hour while that gives few enough bars and every time has an hour, else by day, month or
    year. Pages give absurd dates: where a few of them would stretch the picture to more than twice
    its length they are left out, and counted in ``outside``.
    """
    counts = credited + uncredited
    shown = _bulk(Counter({key: n for key, n in counts.items() if _time(key) is not None}))
    if not shown:
        return None
    hours = all(len(key) >= 13 for key in shown)
    for unit, length in _UNITS if hours else _UNITS[1:]:
        steps = _steps(min(shown), max(shown), unit, length)
        if len(steps) <= _MOST_BARS or unit == "year":
            break
    left = _coarse(credited, shown, length)
    right = _coarse(uncredited, shown, length)
    outside = counts.total() - left.total() - right.total()
    return _timeline([(step, left[step], right[step]) for step in steps], unit, outside)


def _bulk(counts: Counter[str]) -> set[str]:
    """All times, or those left without both tails."""
    keys = sorted(counts)
    ends = list(accumulate(counts[key] for key in keys))
    tail = _TAIL * counts.total()
    inner = [
        key for key, end in zip(keys, ends, strict=True) if tail < end < counts.total() - tail + counts[key]
    ]
    if len(inner) < 2 or _length(inner) >= _length(keys) / 2:
        return set(keys)
    return set(inner)


def _length(keys: Sequence[str]) -> float:
    return (_parsed(keys[-1]) - _parsed(keys[0])).total_seconds()


def _timeline(counts: Sequence[Counts], unit: str, outside: int) -> Chart:
    bars = _bars([(label.replace("T", " "), left, right) for label, left, right in counts])
    within_a_day = counts[0][0][:10] == counts[-1][0][:10]
    every = max(1, -(-len(bars) // 6))
    shown = [bar for bar in bars[::every] if bar.x < 90]
    labels = (bar.label[11:] + ":00" if unit == "hour" and within_a_day else bar.label for bar in shown)
    placed = tuple(Label(bar.x, label, "start") for bar, label in zip(shown, labels, strict=True))
    return Chart(unit, max(b.credited + b.uncredited for b in bars), bars, placed, outside)


def _coarse(counts: Counter[str], shown: set[str], length: int) -> Counter[str]:
    coarse: Counter[str] = Counter()
    for key, count in counts.items():
        if key in shown:
            coarse[key[:length]] += count
    return coarse


def _steps(first: str, last: str, unit: str, length: int) -> list[str]:
    """Every hour, day, month or year from the first to the last; cut off where there are too many."""
    begin, end = _parsed(first[:13]), last[:length]
    steps: list[str] = []
    while not steps or (steps[-1] < end and (len(steps) <= _MOST_BARS or unit == "year")):
        steps.append(begin.strftime("%Y-%m-%dT%H")[:length])
        begin = _next(begin, unit)
    return steps


def _next(time: datetime, unit: str) -> datetime:
    if unit in ("hour", "day"):
        return time + (timedelta(hours=1) if unit == "hour" else timedelta(days=1))
    months = time.year * 12 + time.month - 1 + (1 if unit == "month" else 12)
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _time(key: str) -> datetime | None:
    try:
        return _parsed(key)
    except ValueError:
        return None


def _parsed(key: str) -> datetime:
    """Raises: ValueError: the key is no time, or none this calendar can count on from."""
    day = date.fromisoformat(key[:10])
    if not 1 < day.year < 9998:
        raise ValueError(key)
    return datetime(day.year, day.month, day.day, int(key[11:13] or 0), tzinfo=UTC)


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
