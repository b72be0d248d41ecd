"""What the metadata of two documents says about how they belong together, whatever their texts say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from rapidfuzz import fuzz, utils

from dedupe.model import Document, story_numbers

TITLES_ALIKE = 62  # token_set_ratio, 0..100
OTHER_DAY = timedelta(hours=20)

_PATH = re.compile(r"[^/?#]*(?://[^/?#]*)?([^?#]*)")


@dataclass(frozen=True, slots=True)
class Kin:
    """``same_outlet``: None where an outlet is unknown. ``version``: why the two may be versions of one
    outlet's story, None where nothing says so. ``same_day``: published within OTHER_DAY, None where a date
    is missing or unreadable. ``same_time``: the same stamp on both, as two copies of one page have.
    ``strangers_at_home``: one outlet, and no number says that it is one story, so that the site's own text
    and its standing forms may be all that is shared; like titles are no proof, for columns, previews and
    picture series have them too.
    """

    same_outlet: bool | None
    version: str | None
    same_day: bool | None
    same_time: bool
    strangers_at_home: bool


def kin(one: Document, two: Document) -> Kin:
    """How two documents belong together."""
    same_day = _same_day(one, two)
    same_time = one.published_at is not None and one.published_at == two.published_at
    if one.outlet is None or two.outlet is None:
        return Kin(None, None, same_day, same_time, False)
    if one.outlet != two.outlet:
        return Kin(False, None, same_day, same_time, False)
    numbers = _numbers(one.url) & _numbers(two.url)
    if numbers:
        return Kin(True, f"one outlet, one story number ({min(numbers)})", same_day, same_time, False)
    alike = fuzz.token_set_ratio(one.title or "", two.title or "", processor=utils.default_process)
    version = f"one outlet, titles {alike:.0f} % alike" if alike >= TITLES_ALIKE else None
    return Kin(True, version, same_day, same_time, True)


def _numbers(url: str | None) -> set[str]:
    path = _PATH.match(url or "")
    return story_numbers(path.group(1)) if path else set()


def _same_day(one: Document, two: Document) -> bool | None:
    if one.published_at is None or two.published_at is None:
        return None
    first, second = one.published_at, two.published_at
    exact = min(len(first), len(second)) > 10
    try:
        apart = _instant(first, exact) - _instant(second, exact)
    except ValueError:
        return None
    return abs(apart) < OTHER_DAY


@lru_cache(maxsize=4096)  # a story is compared with all its copies
def _instant(stamp: str, exact: bool) -> datetime:
    """The stamp without its zone, which is UTC by contract; its date alone unless ``exact``."""
    return datetime.fromisoformat(stamp if exact else stamp[:10]).replace(tzinfo=None)
