"""What the metadata of two documents says about how they belong together, whatever their texts say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, utils

from dedupe.model import Document

TITLES_ALIKE = 62  # token_set_ratio, 0..100
OTHER_DAY = timedelta(hours=20)

_PATH = re.compile(r"[^/?#]*(?://[^/?#]*)?([^?#]*)")
_STORY_NUMBER = re.compile(r"(?<!\d)\d{6,}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")


@dataclass(frozen=True, slots=True)
class Kin:
    """``same_outlet``; ``version``: why the two are versions of one outlet's story, None where they
    are not; ``other_day``: published on days that are known and not the same."""

    same_outlet: bool
    version: str | None
    other_day: bool

    @property
    def strangers_at_home(self) -> bool:
        """Two stories of one outlet: the site's own text is in both."""
        return self.same_outlet and self.version is None


def kin(one: Document, two: Document) -> Kin:
    """How two documents belong together."""
    same_outlet = one.outlet is not None and one.outlet == two.outlet
    return Kin(same_outlet, _version(one, two) if same_outlet else None, _other_day(one, two))


def _version(one: Document, two: Document) -> str | None:
    numbers = _story_numbers(one.url) & _story_numbers(two.url)
    if numbers:
        return f"one outlet, one story number ({min(numbers)})"
    alike = fuzz.token_set_ratio(one.title or "", two.title or "", processor=utils.default_process)
    return f"one outlet, titles {alike:.0f} % alike" if alike >= TITLES_ALIKE else None


def _story_numbers(url: str | None) -> set[str]:
    """Runs of six digits or more in the path, dates (20191101) aside."""
    path = _PATH.match(url or "")
    numbers = _STORY_NUMBER.findall(path.group(1)) if path else []
    return {number for number in numbers if not _DATE.fullmatch(number)}


def _other_day(one: Document, two: Document) -> bool:
    if one.published_at is None or two.published_at is None:
        return False
    first, second = one.published_at, two.published_at
    if first[:10] == second[:10]:
        return False
    exact = min(len(first), len(second)) > 10
    try:
        apart = _instant(first, exact) - _instant(second, exact)
    except ValueError:
        return False
    return abs(apart) >= OTHER_DAY


def _instant(stamp: str, exact: bool) -> datetime:
    """The stamp without its zone, which is UTC by contract; its date alone unless ``exact``."""
    return datetime.fromisoformat(stamp if exact else stamp[:10]).replace(tzinfo=None)
