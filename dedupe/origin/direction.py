"""Which outlet's page looks like the original: completeness, dateline, desk, byline, order in time.

The copy drops the tail and the date in the dateline, and puts a desk of its own in the reporter's
place. None of it is certain (a newspaper may add paragraphs to an agency's): the weights say how far.
All amounts lie in -1..1 and compare an outlet with the others of its cluster; 0 says nothing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dedupe.model import Edge, Story
from dedupe.origin.claims import compact
from dedupe.origin.clock import Moment, lead, moment_of
from dedupe.origin.extent import words_in
from dedupe.origin.portals import PORTALS

_HEAD = 70  # a dateline stands in the first characters of the text
_LONG = math.log2(1 + 8)  # hours
_DATELINE_END = re.compile(r"\(|—|–|--| - |:")
# A sentence that runs into the next, a comma without its space, a space before a comma: text that was
# keyed or pasted again, not sent by an agency. Stops within figures, initials and addresses are none.
# The mark comes first and what stands before it is looked back at: marks alone are quickly scanned for. Most
# have a space behind them, with which only a space before them can be wrong.
_FAULT = re.compile(
    r"[,;،؛۔.!?](?:(?! )(?:(?<=[^\W\d_][,;،؛۔])(?=[^\W\d_])"
    r"|(?<=[a-zà-ÿа-я][.!?])[”\"’]?(?=[A-ZА-Я]))|(?<=\s[,،۔])(?=\s))"
)
_FAULT_SCALE = 400
_DATED = re.compile(
    r"\b[0-3]?\d\b|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b\.?"
    r"|جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
    re.IGNORECASE,
)
DESK = re.compile(
    r"(?=[wnsodmirр(])(?:"  # the first letters of them all: most places are passed over at once
    r"\b(?:web|news|sports?|online|digital|monitoring|international)[ -](?:desk|report|staff|team)\b"
    r"|\bstaff\b|\bredacci[oó]n\b|\bredaktion\b|\br[ée]daction\b|редакци|\bdesk\b"
    r"|\([^)]*(?:ڈیسک|مانیٹرنگ|نیوز|رپورٹر))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What one document shows about direction. ``outlet`` is the organisation that runs the ``site``.

    ``words`` is the size of its story; ``faults`` its errors of spacing around punctuation by their
    order of magnitude: 0.2 for one in 400 words, 1 for one in 13 or more. ``portal``: see :mod:`.portals`.
    """

    id: str
    outlet: str
    site: str | None
    url: str | None
    words: int
    moment: Moment | None
    dated: bool
    desk: bool
    faults: float
    portal: bool


def page_of(story: Story, organisation: str) -> Page:
    """``organisation`` is who runs the page's outlet: the sites of one agency are one."""
    document, byline = story.document, story.document.byline or ""
    head, words = document.text[:_HEAD], words_in(story.text)
    end = _DATELINE_END.search(head)
    return Page(
        id=document.id,
        outlet=organisation,
        site=document.outlet,
        url=document.url,
        words=words,
        moment=moment_of(document),
        dated=end is not None and _DATED.search(head[: end.start()]) is not None,
        desk=DESK.search(head) is not None or is_house(byline, document.outlet),
        faults=min(1.0, math.log2(1 + _FAULT_SCALE * faults_in(story.text) / (words + 1)) / 5),
        portal=document.outlet in PORTALS,
    )


def faults_in(text: str) -> int:
    """How many errors of spacing around punctuation a text has.

    >>> faults_in("It rained,hard .The quay closed.Nobody came , they say. At 3.30 p.m. it stopped.")
    3
    """
    return len(_FAULT.findall(text))


def is_house(byline: str, outlet: str | None) -> bool:
    """A desk, or the outlet itself, in a reporter's place: "Web Desk", "The Daily Bugle"."""
    label = compact((outlet or "").split(".")[0])
    return DESK.search(byline) is not None or (bool(label) and compact(byline).endswith(label))


def completeness(pages: Mapping[str, Page], edges: Sequence[Edge]) -> dict[str, float]:
    """Per outlet: by how much more of the others' text it contains than they contain of its own, -1..1."""
    surpluses: dict[str, list[float]] = defaultdict(list)
    for edge in edges:
        a, b = pages.get(edge.a), pages.get(edge.b)
        if a is None or b is None or a.outlet == b.outlet or not edge.relation.is_reuse:
            continue
        surplus = edge.containment_of_b - edge.containment_of_a
        surpluses[a.outlet].append(surplus)
        surpluses[b.outlet].append(-surplus)
    # fsum: a plain sum would depend on the order of the edges in its last bit.
    return {outlet: math.fsum(amounts) / len(amounts) for outlet, amounts in surpluses.items()}


def lengths(pages: Sequence[Page]) -> dict[str, float]:
    """Per outlet: log2 of its longest story against the middle one of the others, -1..1."""
    longest = _best(pages, lambda page: float(page.words))
    ordered = sorted(longest.values())
    return {
        outlet: _clip(math.log2((words + 1) / (_median_without(ordered, words) + 1)))
        for outlet, words in longest.items()
        if len(ordered) > 1
    }


def marks(pages: Sequence[Page], mark: str) -> dict[str, float]:
    """Per outlet: whether it bears a mark (``dated``, ``desk``, …), less the share of others that do."""
    own = _best(pages, lambda page: float(getattr(page, mark)))
    total = sum(own.values())
    rest = len(own) - 1
    return {outlet: value - (total - value) / rest for outlet, value in own.items() if rest > 0}


def firsts(earliest: Mapping[str, Moment]) -> dict[str, float]:
    """Per outlet: how surely its earliest page was before the earliest page of any other, -1..1."""
    ordered = _in_order(earliest)
    if len(ordered) < 2:
        return {}
    (first, begin), (_, second) = ordered[0], ordered[1]
    return {
        outlet: lead(begin, second) if outlet == first else lead(moment, begin)
        for outlet, moment in earliest.items()
    }


def headstarts(earliest: Mapping[str, Moment]) -> dict[str, float]:
    """For the first outlet alone: the time until the next had the story, 0 to 1 (eight hours or more).

    Clients of one agency follow each other within minutes; who copies a page comes later.
    """
    ordered = _in_order(earliest)
    if len(ordered) < 2:
        return {}
    hours = (ordered[1][1].begin - ordered[0][1].end) / 3600
    return {ordered[0][0]: min(1.0, math.log2(1 + hours) / _LONG)} if hours > 0 else {}


def earliest_moments(pages: Sequence[Page]) -> dict[str, Moment]:
    """Per outlet: when its earliest page was published, where it says so."""
    earliest: dict[str, Moment] = {}
    for page in pages:
        if page.moment is None:
            continue
        held = earliest.get(page.outlet)
        if held is None or page.moment.middle < held.middle:
            earliest[page.outlet] = page.moment
    return earliest


def _in_order(earliest: Mapping[str, Moment]) -> list[tuple[str, Moment]]:
    return sorted(earliest.items(), key=lambda item: (item[1].middle, item[0]))


def _best(pages: Sequence[Page], value_of: Callable[[Page], float]) -> dict[str, float]:
    best: dict[str, float] = {}
    for page in pages:
        best[page.outlet] = max(best.get(page.outlet, 0.0), value_of(page))
    return best


def _median_without(ordered: Sequence[float], value: float) -> float:
    """The median of an ascending list once ``value`` is taken out of it, in constant time."""
    removed = bisect_left(ordered, value)
    middle = (len(ordered) - 1) // 2
    return ordered[middle if middle < removed else middle + 1]


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))
