"""Organisations a story quotes: ``Reuters reported``, ``told VOA``. Cited, not copied; never removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedupe.model import Attribution, AttributionKind, Span
from dedupe.text.names import Mention, Mentions

_LEAD = re.compile(
    r"\b(?:told|[Aa]ccording to|reported by|quoted by|interview with|speaking to|cited by|statement to"
    r"|writing for|(?:report|story|article) from"
    r"|gegenüber|sagte der|laut|selon|a déclaré à|dijo a|según|secondo|disse à|a dit à"
    r"|сообща[ею]т|сообщил[аи]?|переда[юёе]т|пиш[еу]т|узнал[аи]?|отмеча[ею]т|заявил[аи]?"
    r"|[Пп]о (?:данным|информации)|со ссылкой на|на (?:запрос|запит)"
    r"|повідомля(?:є|ють)|повідомив|пиш(?:е|уть)|переда(?:є|ють)"
    r"|[зі]з? посиланням на|за (?:даними|інформацією)|menurut|kepada)"
    r" (?:the |state-run |la |der |die |das |agência |agencia |agence |агентств[оуа] |корреспондент(?:у|ом)? "
    r"|news agency )?(?:l['’]|[«“„\"])?$"
)
_ARABIC_LEAD = re.compile(
    r"(?<!\w)(?:[وف]?(?:بحسب|حسب|حسبما|نقلت|نقلاً? عن|نقلًا عن|وفقا?ً?ا?|قالت|[أا]فادت|ذكرت|أوردت|أعلنت"
    r"|كشفت|نشرت)"
    r"(?: ما)?(?: قالت| ذكرته?| أفادت| نقلته?| أوردت)?(?: وكالة| لوكالة)?(?: أنباء)? "
    r"|به (?:گزارش|نقل از) (?:خبرگزاری )?"
    r"|(?:[وف]?ل|[ولفبك]{0,2}وكالة )ـ?(?:أنباء )?)[«“”\"(]?$"  # "to" an agency, "the agency …"
)
_TRAIL = re.compile(
    r"[»”\"]?\s?(?:reported|reports?\b|news agency|said in a report|quoted|writes|has learned|meldete?"
    r"|rapporte|informa\b|informó|сообщ|передал|пишет|повідомля|ने बताया|का कहना|کے مطابق)"
)
_CONTEXT = 48  # code points before a name in which a leading verb is looked for


def cited(text: str, mentions: Mentions) -> Iterator[Attribution]:
    """The first citation of each organisation, with its place."""
    seen: set[str] = set()
    for mention in mentions.found:
        if mention.name not in seen and (span := _citation(text, mention)):
            seen.add(mention.name)
            yield Attribution(AttributionKind.CITED, text[slice(*span)], mention.name, *span)


def _citation(text: str, mention: Mention) -> Span | None:
    """``told VOA``, ``according to the Associated Press``; ``Reuters reported``, ``Xinhua news agency``."""
    first = max(0, mention.begin - _CONTEXT)
    before = text[first : mention.begin]
    arabic = any("\u0600" <= character <= "\u06ff" for character in before[-3:])
    if lead := (_ARABIC_LEAD if arabic else _LEAD).search(before):
        return first + lead.start(), mention.end
    if trail := _TRAIL.match(text, mention.end):
        return mention.begin, trail.end()
    return None
