"""Under which headline a story is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from dedupe.model import Role
from dedupe.names import folded


class Titled(NamedTuple):
    """What of a document its story's headline depends on; ``at`` is when it was published or first seen."""

    id: str
    title: str | None
    role: Role
    at: str | None


def headline(documents: Sequence[Titled], origin: str | None, anchor: str) -> str:
    """The id of the document whose title is the story's.

    That of the origin's own page. Where it was not crawled, the title that most pages run, of several the
    one that was there first: later versions and pages that quote a part have titles of their own, and count
    only where nobody else has any. ``anchor`` where no document has a title.
    """
    titled = [each for each in documents if each.title and each.title.strip()]
    if any(each.id == origin for each in titled):
        return str(origin)
    carriers = [each for each in titled if each.role not in (Role.UPDATE, Role.EXCERPT)] or titled
    ran = Counter(folded(each.title or "") for each in carriers)
    first = min(carriers, key=lambda each: (-ran[folded(each.title or "")], *_in_time(each)), default=None)
    return anchor if first is None else first.id


def _in_time(each: Titled) -> tuple[bool, str, str]:
    """What is undated comes last."""
    return each.at is None, each.at or "", each.id
