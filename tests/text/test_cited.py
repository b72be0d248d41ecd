"""Organisations that a story cites: named, and left in the text."""

from __future__ import annotations

import pytest
from text_fiction import BODY, cited, cleaned, told, words

CITED = [
    ("The lock is closed, the harbour master told VOA.", "Voice of America"),
    ("Ada Obi, writing for Bloomberg: The lock is closed.", "Bloomberg"),
    ("A reader sends a report from the Associated Press: The lock is closed.", "Associated Press"),
    ("Шлюз закрыт до весны, пишет РИА Новости.", "RIA Novosti"),
    ("Об этом 1 ноября пишет «Интерфакс» со слов лоцмана.", "Interfax"),
    ("Шлюз закрыт, сообщает газета «Гавань» со ссылкой на ТАСС.", "TASS"),
    ("По информации РБК, баржи ждут уже третий месяц.", "RBC"),
    ("Шлюз закрыт, передает корреспондент РБК-Украина.", "RBC-Ukraine"),
    ("Шлюз закрыт, говорится в ответе порта на запрос РБК-Украина.", "RBC-Ukraine"),
    ("Шлюз зачинено до весни, повідомляє Укрінформ.", "Ukrinform"),
    ("قال مسؤولان في الميناء لرويترز إن البوابة مغلقة.", "Reuters"),
    ("البوابة مغلقة حتى الربيع، وفقاً لوكالة «رويترز».", "Reuters"),
    ("ووفق (رويترز)، فقد ذكر المجلس أن البوابة مغلقة.", "Reuters"),
    ("وقالت وكالة “سبوتنيك” إن المراكب تنتظر في الميناء.", "Sputnik"),
    ("البوابة مغلقة، بحسب وكالة فرانس برس.", "Agence France-Presse"),
    ("دریچه تا بهار بسته است، به نقل از رویترز.", "Reuters"),
]


@pytest.mark.parametrize(("line", "name"), CITED, ids=[name + str(i) for i, (_, name) in enumerate(CITED)])
def test_a_citation_names_the_organisation_and_stays(line: str, name: str) -> None:
    story = cleaned(*BODY[:2], line, *BODY[2:])
    assert [claim.name for claim in cited(story)] == [name]
    assert told(story) == []
    assert words(story) == " ".join([*BODY[:2], line, *BODY[2:]])


NOT_CITED = [
    "تجمع المحتجون أمام وكالة الفضاء في الميناء.",
    "Шлюз закрыт, пишет «Гавань».",
    "The pilots told Ada Obi that the lock was closed.",
]


@pytest.mark.parametrize("line", NOT_CITED)
def test_nobody_else_is_cited(line: str) -> None:
    assert cited(cleaned(*BODY[:2], line, *BODY[2:])) == []


def test_an_agency_in_brackets_behind_its_noun_is_no_credit() -> None:
    assert told(cleaned(*BODY, "البوابة مغلقة حتى الربيع، بحسب ما جاء على موقع وكالة (وفا).")) == []
