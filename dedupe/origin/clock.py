"""When a document was published, as an interval: a claim is as wide as its source is unreliable.

A time taken from a feed is minutes off, a page's own date may be anything, a date without a time is a
whole day, and midnight to the second is a date in disguise. Our own fetch time is an upper bound:
whatever a page claims, it was not published after we had it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from dedupe.model import Document

_DAY = 86_400.0
_SEEN_ONLY = 7 * _DAY  # a page whose date is unknown may have stood for days before the crawl
_DEFAULT_SLACK = 900.0
# Some CMS give the epoch, or the year 1, where they know no date.
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_SLACK = {  # seconds; the first word that occurs in Document.published_from
    "feed": 300.0,
    "sitemap": 300.0,
    "rss": 300.0,
    "json-ld": 600.0,
    "meta": 600.0,
    "time": 900.0,
    "url": _DAY,
    "text": 3600.0,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Published between ``begin`` and ``end`` (seconds of the epoch); ``exact`` is the claim itself."""

    begin: float
    end: float
    exact: int | None

    @property
    def middle(self) -> float:
        return (self.begin + self.end) / 2


def moment_of(document: Document) -> Moment | None:
    """The interval in which a document was published, or None where nothing is known.

    >>> moment_of(Document("a", "", "", published_at="2019-11-01")).exact is None
    True
    """
    published, seen = _parse(document.published_at), _parse(document.seen_at)
    if published is None:
        return None if seen is None else Moment(seen.timestamp() - _SEEN_ONLY, seen.timestamp(), None)
    begin, end, exact = _claimed(published, document)
    if seen is not None and seen.timestamp() < end:
        end = seen.timestamp()
        if end < begin:  # dated after we had it: re-dated or in another time zone
            return Moment(end - _DAY, end, None)
    return Moment(begin, end, exact)


def lead(a: Moment | None, b: Moment | None) -> float:
    """How surely ``a`` was before ``b``: 1 surely, 0 undecided, -1 surely after."""
    if a is None or b is None:
        return 0.0
    width = ((a.end - a.begin) + (b.end - b.begin)) / 2
    gap = b.middle - a.middle
    return max(-1.0, min(1.0, gap / width)) if width > 0 else float((gap > 0) - (gap < 0))


def _claimed(published: datetime, document: Document) -> tuple[float, float, int | None]:
    stamp = published.timestamp()
    text = document.published_at or ""
    if len(text) <= len("2019-11-01") or (published.hour, published.minute, published.second) == (0, 0, 0):
        return stamp, stamp + _DAY, None
    slack = _slack(document.published_from)
    return stamp - slack, stamp + slack, round(stamp)


def _slack(source: str | None) -> float:
    words = (source or "").lower()
    return next((slack for word, slack in _SLACK.items() if word in words), _DEFAULT_SLACK)


def _parse(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware if aware > _EARLIEST else None
