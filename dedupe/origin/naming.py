"""Another member's title in a page's text, where the words around it name it as the source.

``An anonymous reader quotes a report from Kyst Post``, ``Kyst Post reports:``, ``comenta a Kyst Post``.
Titles are known by the members' domains alone, so one in another script than its domain is not found,
and a word that begins in lower case is none: a dawn is not the daily Dawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_SAID_TO = (
    r"told|interview with|speaking to|statement to|gegenüber|a (?:déclaré|confié) à|ha detto a"
    r"|(?:disse|contou) ao?"
    r"|(?:explica|comenta|detalla|cuenta|señala|asegura|afirma|declaró|dijo|contó|explicó) a"
)
SAID_TO = re.compile(_SAID_TO, re.IGNORECASE)
_LEAD = re.compile(
    rf"(?:\b(?:{_SAID_TO}|according to|first reported (?:by|in)|reported by|quoted by|published by|cited by"
    r"|writing for|(?:report|story|article|piece) (?:from|by|in)|según|v[ií]a|segundo|confrères d[eu]"
    r"|selon|dans|laut|berichtet|secondo|riporta|według|volgens|ifølge|enligt)"
    r"(?: the| der| dem| die| das| le| la| el| il| o| a| magazine| newspaper)?|\ble journal) [“\"«‘]?$",
    re.IGNORECASE,
)
_TRAIL = re.compile(
    r"[”\"»’]?,? (?:(?:has |have |had |first |also )?(?:reports?|reported|writes|wrote|has learned|has learnt"
    r"|understands)|informa|informó|publica|publicó|rapporte|révèle|berichtet|meldet|schreibt|riporta|pisze)\b",
    re.IGNORECASE,
)
_BETWEEN = " .'’-"  # letters of a title
_CONTEXT = 48  # code points before a title in which the leading words stand


def sources_named(text: str, labels: Mapping[str, str], own: str) -> Iterator[tuple[str, int, int]]:
    """The members but ``own`` that a text names as its source, once each, with the place of the words.

    ``labels`` are domains without their suffix and article, with who is behind them: ``kystpost`` ->
    ``kystpost.example``.
    """
    found = set()
    letters = _letters(text)
    for label, organisation in labels.items():
        if organisation == own or organisation in found or _bare(label) not in letters:
            continue
        for match in _title(label).finditer(text):
            if place := _named(text, match):
                found.add(organisation)
                yield organisation, *place
                break


def _letters(text: str) -> str:
    """Without case and what may stand between a title's letters: who is not in it is not in the text.

    A cluster's every text is searched for every title of the others; this is one search instead of a pattern.
    """
    text = text.casefold().replace("\u0307", "").replace("ı", "i")  # İ and ı are i to a pattern without case
    for between in _BETWEEN:
        text = text.replace(between, "")
    return text


_bare = lru_cache(maxsize=8192)(_letters)  # of labels


def _named(text: str, title: re.Match[str]) -> tuple[int, int] | None:
    first = max(0, title.start() - _CONTEXT)
    if lead := _LEAD.search(text[first : title.start()]):
        return first + lead.start(), title.end()
    if trail := _TRAIL.match(text, title.end()):
        return title.start(), trail.end()
    return None


@lru_cache(maxsize=8192)  # the outlets of a crawl recur from cluster to cluster
def _title(label: str) -> re.Pattern[str]:
    """The title behind a label, in one word or in several: ``Kystpost``, ``Kyst Post``, ``Kyst-Post``.

    The capital comes first and what stands before it is looked back at: one letter is quickly scanned for.
    """
    capital = re.escape(label[0].upper())
    letters = "".join(rf"[{_BETWEEN}]?{re.escape(letter)}" for letter in label[1:])
    return re.compile(rf"{capital}(?<!\w{capital})(?i:{letters})(?!\w)")
