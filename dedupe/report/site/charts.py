"""Bars over time and over delay. Geometry is in per cent of the width, so a picture fits any screen
and its letters keep their size."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import TypeVar

from dedupe.report.site.tally import Credit
from dedupe.report.wording import DAY, HOUR, MINUTE

HEIGHT = 132  # pixels of the tallest bar
_MOST_BARS = 72
_GAP = 0.18  # of a bar's place

Key = TypeVar("Key")

#: Upper ends of the histogram's bins, in seconds.
DELAYS = (
    (0, "earlier"), (10 * MINUTE, "< 10 min"), (30 * MINUTE, "30 min"), (HOUR, "1 h"), (3 * HOUR, "3 h"),
    (6 * HOUR, "6 h"), (12 * HOUR, "12 h"), (DAY, "1 d"), (3 * DAY, "3 d"), (7 * DAY, "7 d"), (None, "later"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar; ``y`` and ``height`` in pixels from the top of the tallest bar."""

    credit: Credit
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """``x`` and ``width`` in per cent; the parts stand on each other in the order of ORDER."""

    label: str
    x: float
    width: float
    count: int
    parts: tuple[Part, ...]


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


#: From the bottom of a bar to its top.
ORDER = (Credit.UNKNOWN, Credit.NONE, Credit.GIVEN)

Counts = Mapping[Credit, int]
_UNITS = (("hour", 13), ("day", 10), ("month", 7), ("year", 4))
_TAIL = 0.02  # of the copies at either end may be left out, where the bulk would shrink to nothing


def timeline(hours: Mapping[Credit, Counter[str]]) -> Chart | None:
    """Copies over time, from counts by ``YYYY-MM-DDTHH`` or ``YYYY-MM-DD``.

    By the hour if most copies state one and that gives few enough bars, else by day, month or year.
    Pages give absurd dates: where a few of them would stretch the picture to more than twice its
    length they are left out. What is not drawn is counted in ``outside``.
    """
    counts = sum(hours.values(), Counter[str]())
    for unit, length in _UNITS:
        fitting = Counter(
            {
                k: n
                for k, n in counts.items()
                if len(k) >= (13 if unit == "hour" else 10) and _time(k) is not None
            }
        )
        shown = _bulk(fitting)
        steps = _steps(min(shown), max(shown), unit, length) if shown else []
        if unit == "year" or (len(steps) <= _MOST_BARS and 2 * fitting.total() >= counts.total()):
            break
    if not steps:
        return None
    coarse = {credit: _coarse(of_credit, shown, length) for credit, of_credit in hours.items()}
    outside = counts.total() - sum(of_credit.total() for of_credit in coarse.values())
    bars = _bars([(step.replace("T", " "), _at(coarse, step)) for step in steps])
    return Chart(unit, max(bar.count for bar in bars), bars, _time_labels(bars, unit), outside)


def _bulk(counts: Counter[str]) -> set[str]:
    """All times, or those left without both tails."""
    keys = sorted(counts)
    ends = list(accumulate(counts[key] for key in keys))
    total = counts.total()
    tail = _TAIL * total
    inner = [key for key, end in zip(keys, ends, strict=True) if tail < end < total - tail + counts[key]]
    if len(inner) < 2 or _length(inner) >= _length(keys) / 2:
        return set(keys)
    return set(inner)


def _length(keys: Sequence[str]) -> float:
    return (_parsed(keys[-1]) - _parsed(keys[0])).total_seconds()


def _time_labels(bars: Sequence[Bar], unit: str) -> tuple[Label, ...]:
    within_a_day = unit == "hour" and bars[0].label[:10] == bars[-1].label[:10]
    every = max(1, -(-len(bars) // 6))
    shown = [bar for bar in bars[::every] if bar.x < 90]
    return tuple(
        Label(bar.x, bar.label[11:] + ":00" if within_a_day else bar.label, "start") for bar in shown
    )


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


def delays(seconds: Mapping[Credit, Iterable[int]]) -> Chart:
    """How long copies took, in uneven bins that are named by their upper ends."""
    binned = {credit: _binned(of_credit) for credit, of_credit in seconds.items()}
    bars = _bars([(label, _at(binned, i)) for i, (_, label) in enumerate(DELAYS)])
    labels = tuple(Label(bar.x + bar.width / 2, bar.label, "middle") for bar in bars)
    return Chart("delay", max(bar.count for bar in bars), bars, labels)


def _binned(seconds: Iterable[int]) -> Counter[int]:
    ends = [end for end, _ in DELAYS if end is not None]
    return Counter(bisect_right(ends, s) for s in seconds)


def _at(counts: Mapping[Credit, Counter[Key]], key: Key) -> Counts:
    return {credit: of_credit[key] for credit, of_credit in counts.items()}


def _bars(counts: Sequence[tuple[str, Counts]]) -> tuple[Bar, ...]:
    top = max((sum(parts.values()) for _, parts in counts), default=0) or 1
    place = 100 / max(len(counts), 1)
    return tuple(
        Bar(
            label=label,
            x=round((i + _GAP / 2) * place, 3),
            width=round((1 - _GAP) * place, 3),
            count=sum(parts.values()),
            parts=tuple(_parts(parts, top)),
        )
        for i, (label, parts) in enumerate(counts)
    )


def _parts(counts: Counts, top: int) -> Iterator[Part]:
    below = 0
    for credit in ORDER:
        count = counts.get(credit, 0)
        below += count
        if count:
            height = HEIGHT * count / top
            yield Part(credit, count, round(HEIGHT * (1 - below / top), 1), round(height, 1))
