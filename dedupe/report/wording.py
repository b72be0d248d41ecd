"""Figures as a person reads them. Pure; the templates and the Markdown report share them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

MINUTE, HOUR, DAY = 60, 3600, 86400

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def duration(seconds: int | None) -> str:
    """Two units at most.

    >>> duration(45), duration(5400), duration(-7200), duration(190000), duration(None)
    ('45 s', '1 h 30 min', '−2 h', '2 d 4 h', '–')
    """
    if seconds is None:
        return "–"
    if seconds < 0:
        return "−" + duration(-seconds)
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        return _two(seconds // HOUR, "h", seconds % HOUR // MINUTE, "min")
    return _two(seconds // DAY, "d", seconds % DAY // HOUR, "h")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    head = f"{large:,} {large_unit}".replace(",", " ")
    return f"{head} {small} {small_unit}" if small and large < 10 else head


def moment(at: str | None) -> str:
    """
    >>> moment("2019-11-01T12:27:50Z"), moment("2019-11-01T00:00:00Z"), moment(None)
    ('2019-11-01 12:27', '2019-11-01', '–')
    """
    if at is None:
        return "–"
    return f"{at[:10]} {at[11:16]}" if states_a_time(at) else at[:10]


def states_a_time(at: str | None) -> bool:
    """Whether more than the day is known: a page that knows no more often writes midnight.

    >>> states_a_time("2019-11-01T12:27:50Z"), states_a_time("2019-11-01T00:00:00Z")
    (True, False)
    """
    return at is not None and len(at) > 10 and not at[11:].startswith("00:00:00")


def percent(share: float | None) -> str:
    """
    >>> percent(0.931), percent(0.004), percent(0.999), percent(None)
    ('93 %', '< 1 %', '> 99 %', '–')
    """
    if share is None:
        return "–"
    if 0 < share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else f"{share * 100:.0f} %"


def number(value: int) -> str:
    """Thousands set apart by a narrow space, as SI has it.

    >>> number(25336)
    '25\\u202f336'
    """
    return f"{value:,}".replace(",", "\u202f")


def plural(count: int, one: str, many: str | None = None) -> str:
    """
    >>> plural(1, "story", "stories"), plural(2, "story", "stories"), plural(3, "copy", "copies")
    ('1 story', '2 stories', '3 copies')
    """
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def web_address(url: str | None) -> str | None:
    """The URL if it may become a link: http or https with a host, else None.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    if url is None or any(character <= " " for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def epoch(at: str | None) -> int | None:
    """Seconds since 1970, of the day's beginning where no more is known; None for what is no time.

    >>> epoch("1970-01-02T00:00:07Z"), epoch("1970-01-02"), epoch("soon")
    (86407, 86400, None)
    """
    try:
        time = datetime.fromisoformat(at or "")
        return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def language_tag(language: str | None) -> str:
    """The language if it is a tag HTML knows, else empty, which means unknown there too.

    >>> language_tag("pt-BR"), language_tag("English (US)"), language_tag(None)
    ('pt-BR', '', '')
    """
    return language if language is not None and _LANGUAGE.fullmatch(language) else ""
