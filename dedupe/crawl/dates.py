"""Dates as pages and feeds write them, to UTC ISO-8601.

A time without a zone is taken as UTC, since nothing better is known; a date without a time stays a
date. Not handled: month names in other languages than English, two-digit years outside RFC 822.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

YEARS = range(1980, 2101)  # anything else is a placeholder or an error
_ALREADY = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})Z?)?")
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"(?:(?P<m1>[A-Z][a-z]{2,8})\.? (?P<d1>\d{1,2})(?:st|nd|rd|th)?"
    r"|(?P<d2>\d{1,2}) (?P<m2>[A-Z][a-z]{2,8})\.?),? (?P<year>\d{4})"
)


def moment(seconds: float) -> str:
    """UTC ISO-8601 of seconds since 1970.

    >>> moment(1572611270)
    '2019-11-01T12:27:50Z'
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc(value: object) -> str | None:
    """The UTC form of a date in any of the usual forms, or None.

    >>> utc("2019-11-01T14:27:50+02:00"), utc("Fri, 01 Nov 2019 12:27:50 GMT"), utc("2019-11-01")
    ('2019-11-01T12:27:50Z', '2019-11-01T12:27:50Z', '2019-11-01')
    >>> utc(1572611270), utc(1572611270000), utc("November 1, 2019"), utc("soon")
    ('2019-11-01T12:27:50Z', '2019-11-01T12:27:50Z', '2019-11-01', None)
    """
    if isinstance(value, str):
        return _from_text(value.strip()[:64])
    if isinstance(value, datetime):
        return _utc_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value))
    isoformat = getattr(value, "isoformat", None)
    return _from_text(isoformat()) if isoformat else None


def _from_number(value: float) -> str | None:
    seconds = value / 1000 if abs(value) > 1e11 else value
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return _utc_of(found) if seconds > 0 else None


@lru_cache(maxsize=4096)
def _from_text(text: str) -> str | None:
    if not text:
        return None
    if _ALREADY.fullmatch(text):
        return _checked(text)
    if _DATE_ONLY.fullmatch(text):
        found = _iso(text)
        return found and found[:10]
    if text.isdigit() and len(text) in (10, 13):
        return _from_number(float(text))
    if compact := _COMPACT.fullmatch(text):
        return _iso("{}-{}-{}".format(*compact.groups()[:3]) + _clock(compact))
    return _iso(text) or _rfc822(text) or _english(text)


def _checked(text: str) -> str | None:
    """What most crawls write, the form it is to have."""
    try:
        return text if datetime.fromisoformat(text).year in YEARS else None
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> str:
    return "T{}:{}:{}+00:00".format(*match.groups()[3:]) if match[4] else ""


def _iso(text: str) -> str | None:
    text = _OFFSET.sub(
        r"\1:\2", _SLASHED.sub(_dashed, text.replace(" UTC", "Z").replace(" GMT", "Z"), count=1)
    )
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    shown = _utc_of(found)
    return shown[:10] if shown and len(text) <= 10 else shown


def _dashed(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"


def _rfc822(text: str) -> str | None:
    try:
        return _utc_of(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _english(text: str) -> str | None:
    match = _ENGLISH.search(text)
    if match is None:
        return None
    month = (match["m1"] or match["m2"])[:3].lower()
    if month not in _MONTHS:
        return None
    try:
        day = datetime(
            int(match["year"]), _MONTHS.index(month) + 1, int(match["d1"] or match["d2"]), tzinfo=UTC
        )
    except ValueError:
        return None
    # The clock of such a line is in a zone that is rarely named: the day is what it gives for sure.
    return day.strftime("%Y-%m-%d") if day.year in YEARS else None


def _utc_of(found: datetime) -> str | None:
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        return None
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found.year in YEARS else None
