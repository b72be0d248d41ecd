"""The dateline: where a story was filed, when, and by which agency, before its first word.

``LA CROSSE, Wis. (AP) — ``, ``Damascus [Syria], June 9 (ANI): ``, ``МОСКВА, 1 ноября. /ТАСС/. ``,
``(ANSA) - ROMA, 22 MAR - ``, ``【東京共同】``, ``新华社北京11月1日电``. A dateline without an agency is left
where it is: a city's name alone tells nothing about the author.
"""

from __future__ import annotations

import re

from dedupe.model import Attribution, AttributionKind
from dedupe.text.credits import IMAGE
from dedupe.text.lines import Line
from dedupe.text.names import Lexicon

_REACH = 170  # code points; longer heads are prose
_MAX_PLACE_WORDS = 12
LISTED = 3  # organisations named in one breath: so many, and none of them is said to have written it
_BRACKETS = "([/【［（〔"
_GROUP = re.compile(
    r"[(\[【［（〔]\s*(?P<tag>[^()\[\]【】［］（）〔〕]{2,45})\s*[)\]】］）〕]|/(?P<slashed>[^/\n()]{2,30})/"
)
_SEPARATOR = re.compile(r"\s*(?:/\s*)?(?:[.,،:]?\s?[-‐-―−─]+|[.:۔।|،]+)\s*")
_BEFORE_BARE = re.compile(r"(?:^|[-‐-―−.,|:/])\s*(?:agence|agencia|agência|agenzia)?\s*$", re.I)
_AFTER_BARE = re.compile(r"\s*(?:[-‐-―−]+(?=\s)|\s[-‐-―−]+|[|]|[.:](?=\s|$))\s*")
_TRAILING_PLACE = re.compile(r"[A-ZÀ-ÞА-ЯЁ][\w .,'’-]{1,40}?(?:\s[-‐-―−]+|\.-)\s+(?=\w|[\"“«])")
_WIRE_CJK = re.compile(r".{0,22}?[电電讯訊]")
_CITING = re.compile(r"[وف]?(?:وفق|بحسب|حسب|نقل|قال|ذكر|أفاد)")  # "according to (Reuters), …"
_PERSIAN_OPENING = "به گزارش"
_PERSIAN = re.compile(
    r"به گزارش (?:خبرنگار )?(?P<who>[^،؛,:.\n]{2,24}?)\s*(?:(?P<mark>[،؛,:])|(?:و )?به نقل از)"
)
_UNNAMED = re.compile(
    r"(?:[^\W\d_][^\d(),:/]{1,30}?\s?[,:(/‐-―-]\s?)?(?:ال)?(?:وكالات|एजेंसी|Agenc(?:ies|ias)|AGENC(?:IES|IAS))"
    r"\)?\s?[‐-―|।:.-]+\s?(?=\w)"
)
_WORD = re.compile(r"[^\W_]+")
_DATE_WORD = re.compile(
    r"\d+(?:st|nd|rd|th|er|º|ª|م)?|[\W\d]+|(?:jan|feb|f[ée]v|mar|mär|apr|avr|abr|ma[iy]|jun|jul|juil|aug|ao[uû]|ago|se[pt]"
    r"|set|o[ck]t|nov|de[czs]|d[ée]c|янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип"
    r"|сер|вер|жов|лис|гру)\w{0,6}|de[ls]?|la|le|et|y|e|в|на|den|am|по",
    re.I,
)


def find_dateline(line: Line, named: bool, lexicon: Lexicon) -> Attribution | None:
    """The dateline with an agency at the very start of ``line``, or None; "Agencies –" is a disclaimer.

    ``named`` tells whether a name of an agency is known to stand in the line (two-letter tags do not
    count and are looked for in brackets).
    """
    head = line.text[:_REACH]
    found = None
    if named or any(map(head.__contains__, _BRACKETS)):
        found = _bracketed(head, lexicon) or _bare(head, lexicon) or _cjk_wire(head, lexicon)
    if found is None and head.startswith(_PERSIAN_OPENING):
        found = _persian(head, lexicon)
    if found:
        return _claim(line, found[0], AttributionKind.DATELINE, found[1])
    may_be = "genc" in head or "AGENC" in head or "وكالات" in head or "एजेंसी" in head
    unnamed = _UNNAMED.match(head) if may_be else None  # the pattern costs more than these
    return _claim(line, unnamed.end(), AttributionKind.DISCLAIMER, None) if unnamed else None


def _claim(line: Line, end: int, kind: AttributionKind, name: str | None) -> Attribution:
    text = line.text[:end].rstrip()
    return Attribution(kind, text, name, line.begin, line.begin + len(text))


def _persian(head: str, lexicon: Lexicon) -> tuple[int, str] | None:
    """``به گزارش ایسنا، ``: with these words a client of an Iranian agency opens its copy."""
    opening = _PERSIAN.match(head)
    if opening is None:
        return None
    who = opening.group("who")
    name = lexicon.resolve(who) or lexicon.resolve("خبرگزاری " + who)
    return (opening.end("mark" if opening.group("mark") else "who"), name) if name else None


def _bracketed(head: str, lexicon: Lexicon) -> tuple[int, str] | None:
    for group in _GROUP.finditer(head):
        name = _tag(group.group("tag") or group.group("slashed"), group.start() == 0, lexicon)
        if name is None and group.group().startswith(("[", "/")):
            continue  # "Damascus [Syria], June 9 (ANI):", "BRASILIA/SANTIAGO/LIMA (Reuters) -"
        if name is None:
            return None
        other = _GROUP.match(head, group.end() + 1)
        if other and _tag(other.group("tag") or other.group("slashed"), False, lexicon):
            return None  # "(AP) (Reuters) (AFP) —": a list of names is nobody's dateline
        place = head[: group.start()]
        if _CITING.match(place):
            return None
        separator = _SEPARATOR.match(head, group.end())
        if separator is None and not _is_capitalised(place):
            return None
        if not _is_place(place) or any(mention.name == name for mention in lexicon.mentions(place).found):
            return None
        return _with_trailing_place(head, separator.end() if separator else group.end(), place), name
    return None


def _tag(inside: str, opens: bool, lexicon: Lexicon) -> str | None:
    """The agency of a bracket: the whole of it, its first resolvable part, or a name in a leading one."""
    if name := lexicon.resolve(inside):
        return name
    if IMAGE.search(inside):
        return None
    parts = re.split(r"[/,;،‐-―−-]|\s(?:and|et|und|y|e)\s", inside)
    if names := list(dict.fromkeys(name for part in parts if (name := lexicon.resolve(part)))):
        return names[0] if len(names) < LISTED else None
    if inside[-1] >= "\u2e80":  # 【東京共同】: the place and the tag are one word
        return next((name for n in (6, 5, 4, 3, 2) if (name := lexicon.resolve(inside[-n:]))), None)
    mentions = lexicon.mentions(inside).found if opens else []
    return mentions[0].name if mentions else None


def _with_trailing_place(head: str, end: int, place: str) -> int:
    """``(ANSA) - ROMA, 22 MAR - ``: the place follows where it did not precede."""
    trailing = None if place.strip() else _TRAILING_PLACE.match(head, end)
    return trailing.end() if trailing and _is_place(trailing.group()) else end


def _bare(head: str, lexicon: Lexicon) -> tuple[int, str] | None:
    for mention in lexicon.mentions(head[:110]).found[:2]:
        before = head[: mention.begin]
        after = _AFTER_BARE.match(head, mention.end)
        if after is None or not _BEFORE_BARE.search(before) or not _is_place(before):
            continue
        if after.group().strip() in {".", ":"} and not before.strip():
            continue  # "Reuters: …" is a headline's way to cite, "Reuters." a short sentence
        return after.end(), mention.name
    return None


def _cjk_wire(head: str, lexicon: Lexicon) -> tuple[int, str] | None:
    if not head or head[0] < "\u2e80":
        return None
    mentions = lexicon.mentions(head[:12]).found
    if not mentions or mentions[0].begin:
        return None
    wire = _WIRE_CJK.match(head, mentions[0].end)
    return (wire.end(), mentions[0].name) if wire else None


def _is_place(text: str) -> bool:
    """Could this be a place and a date? At most two words in lower case that are no date words."""
    words = _WORD.findall(text)
    if len(words) > _MAX_PLACE_WORDS:
        return False
    lower = [word for word in words if word[0].islower() and not _DATE_WORD.fullmatch(word)]
    uncased = sum(1 for word in words if not word[0].islower() and not word[0].isupper())
    return len(lower) <= 1 and uncased <= 8


def _is_capitalised(text: str) -> bool:
    words = _WORD.findall(text)
    return len(words) <= 7 and not any(w[0].islower() and not _DATE_WORD.fullmatch(w) for w in words)
