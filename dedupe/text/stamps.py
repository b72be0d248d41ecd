"""Lines that only date a page: ``Newsroom, Harbour News 16:44 , 01 November 2019 - 16:48``."""

from __future__ import annotations

import re

STAMP = "stamp"  # the reason under which such a line leaves the story

_MAX_LINE = 80  # code points
_FIGURES = re.compile(r"\d[:.]\d\d|20\d\d")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?\b(?:\s?[ap]\.?m\b)?", re.I)
_DATE = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th|er|º)?[ .]{1,2}(?:de )?[^\W\d_]{3,12}\.?,? (?:del? )?20\d\d"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? 20\d\d"
    r"|\d{1,2}([./-]) ?\d{1,2}\1 ?(?:20)?\d\d|20\d\d([./-])\d{1,2}\2\d{1,2})\b"
    r"|20\d\d[年년] ?\d{1,2}[月월] ?\d{1,2}[日일]",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+")
_DATING_WORDS = (
    "published posted updated modified last on at by by: uhr um am pm gmt utc ist est et cet msk today"
    " publicado actualizado atualizado hoy a las às el em le la à publié mis jour modifié ore alle di"
    " stand heute veröffentlicht aktualisiert aktualizováno vydáno dnes обновлено опубликовано сегодня"
    " в и оновлено опубліковано сьогодні о 입력 수정 更新時間"
)
_DATING = frozenset(_DATING_WORDS.split())
_WORDS_BESIDE_DATE = 3
_WORDS_BESIDE_BOTH = 6


def is_stamp(text: str) -> bool:
    """Does a line hold a date or a clock time, and besides them the names of a site and a desk at most?

    A date may have three capitalised words beside it, a date with a time six, a time alone none. Any
    other figure (a score, a price, a year of birth) makes the line part of the story.
    """
    if len(text) > _MAX_LINE or not _FIGURES.search(text) or text[-1] in '.!?:;…。”»"':
        return False
    undated, dates = _DATE.subn(" ", text)
    rest, clocks = _CLOCK.subn(" ", undated)
    if not dates + clocks or any(map(str.isdigit, rest)):
        return False
    words = [word for word in _WORD.findall(rest) if word.lower() not in _DATING]
    allowed = (_WORDS_BESIDE_BOTH if clocks else _WORDS_BESIDE_DATE) if dates else 0
    return len(words) <= allowed and all(word[0].isupper() for word in words)
