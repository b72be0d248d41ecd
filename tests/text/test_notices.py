"""Sign-offs, contributors, copyright, republication, disclaimers; and what is only cited."""

from __future__ import annotations

import pytest
from text_fiction import BODY, cited, cleaned, told, words

NOTICES = [
    ("(Reporting by Ada Obi in Port Selene; Editing by Ben Oko)", ("sign_off", "Reuters")),
    ("(Additional reporting by Ada Obi; Writing by Cy Dun; Editing by Ben Oko)", ("sign_off", "Reuters")),
    ("(By Ada Obi, Harbour Correspondent, Editing by Ben Oko)", ("sign_off", "Reuters")),
    ("(Reporting by Ada Obi)", ("sign_off", None)),
    (
        "(Reporting by Ada Obi; Editing by Ben Oko. Please credit the Thomson Reuters Foundation.)",
        ("sign_off", "Thomson Reuters Foundation"),
    ),
    ("Our Standards: The Thomson Reuters Trust Principles.", ("sign_off", "Reuters")),
    ("(Reporte de Ada Obi. Editado en español por Ben Oko)", ("sign_off", "Reuters")),
    ("© dpa-infocom, dpa:250516-99-53606/3", ("copyright", "Deutsche Presse-Agentur")),
    (
        "This report by The Canadian Press was first published Feb. 22, 2025.",
        ("sign_off", "The Canadian Press"),
    ),
    ("The-CNN-Wire ™ & © 2025 Cable News Network, Inc. All rights reserved.", ("sign_off", "CNN")),
    ("Distributed by Tribune Content Agency, LLC.", ("sign_off", "Tribune Content Agency")),
    ("Distributed by APO Group on behalf of the Harbour Council of Marovia.", ("sign_off", "APO Group")),
    (
        "Reprinted with the permission of Radio Free Europe/Radio Liberty, Dunmarrow.",
        ("republished", "Radio Free Europe/Radio Liberty"),
    ),
    ("Harbour Recorder is part of States Newsroom, a network of newsrooms.", ("sign_off", "States Newsroom")),
    (
        "KFF Health News is a national newsroom that reports on the health of locks.",
        ("sign_off", "KFF Health News"),
    ),
    ("ProPublica is a nonprofit newsroom that investigates locks.", ("sign_off", "ProPublica")),
    ("RIPRODUZIONE RISERVATA © Copyright ANSA", ("copyright", "Agenzia ANSA")),
    ("Copyright 2025 The Associated Press. All rights reserved.", ("copyright", "Associated Press")),
    ("©2025 Bloomberg L.P.", ("copyright", "Bloomberg")),
    ("© 2025 The Harbour Times. All rights reserved.", ("copyright", None)),
    ("(With inputs from PTI)", ("contributor", "Press Trust of India")),
    ("(With PTI inputs)", ("contributor", "Press Trust of India")),
    ("With files from The Associated Press", ("contributor", "Associated Press")),
    ("The Associated Press contributed to this report.", ("contributor", "Associated Press")),
    (
        "Ada Obi in Dunmarrow and AP writer Ben Oko contributed to this report.",
        ("contributor", "Associated Press"),
    ),
    ("Some information for this report came from Reuters.", ("contributor", "Reuters")),
    ("Con información de EFE", ("contributor", "Agencia EFE")),
    ("Πληροφορίες από ΑΠΕ-ΜΠΕ", ("contributor", "ANA-MPA")),
    ("Με πληροφορίες από το ΑΠΕ-ΜΠΕ", ("contributor", "ANA-MPA")),
    ("Com informações da AFP", ("contributor", "Agence France-Presse")),
    ("Mit Material von dpa", ("contributor", "Deutsche Presse-Agentur")),
    ("По материалам ТАСС", ("contributor", "TASS")),
    ("This article first appeared on ProPublica and is republished here.", ("republished", "ProPublica")),
    (
        "This article is republished from The Conversation under a Creative Commons license.",
        ("republished", "The Conversation"),
    ),
    ("This story was originally published by The Selene Pilot.", ("republished", "The Selene Pilot")),
    ("This story was originally published by Ada Obi on Harbour Radio.", ("republished", "Harbour Radio")),
    ("The post Lock closed until spring appeared first on Selene Pilot.", ("republished", "Selene Pilot")),
    (
        "Except for the headline, this story has not been edited by Harbour Times staff and is published"
        " from a syndicated feed.",
        ("disclaimer", None),
    ),
    (
        "(This story has not been edited by Harbour Times staff and is auto-generated from a syndicated"
        " feed.)",
        ("disclaimer", None),
    ),
]


@pytest.mark.parametrize(("line", "claim"), NOTICES, ids=[line[:60] for line, _ in NOTICES])
def test_a_notice_below_the_story_is_a_claim(line: str, claim: tuple[str, str | None]) -> None:
    story = cleaned(*BODY, line)
    assert told(story) == [claim]
    assert words(story) == " ".join(BODY)


INLINE = [
    line for line, _ in NOTICES if line.startswith("(Rep") or "contributed" in line or "Editing" in line
]


@pytest.mark.parametrize("line", INLINE, ids=[line[:60] for line in INLINE])
def test_a_notice_may_stand_behind_the_last_sentence(line: str) -> None:
    story = cleaned(*BODY[:-1], f"{BODY[-1]} {line}")
    assert [kind for kind, _ in told(story)] == [kind for kind, _ in told(cleaned(*BODY, line))]
    assert words(story) == " ".join(BODY)


def test_notices_below_one_another_are_all_taken() -> None:
    story = cleaned(
        *BODY,
        "The Associated Press contributed to this report.",
        "(Reporting by Ada Obi; Editing by Ben Oko)",
        "AP",
        "© 2025 The Harbour Times",
    )
    assert [kind for kind, _ in told(story)] == ["contributor", "sign_off", "credit", "copyright"]
    assert words(story) == " ".join(BODY)


OWN = [
    "This article was originally published on Nov 6, 2018",
    "Originally published on January 21 of 2018",
    "First published on 12 March 2025 at 14:05",
]


@pytest.mark.parametrize("line", OWN)
def test_a_page_s_own_date_of_publication_is_no_claim(line: str) -> None:
    assert told(cleaned(*BODY, line)) == []


PROSE = [
    "По материалам проверки, которую совет направил суду в марте с описью сорока барж, смотритель"
    " гавани дважды продал медную монету и один раз ворота, а на ремонт шлюза не внёс ничего, кроме"
    " своего доброго имени и совета подождать до весны.",
    "The skippers contributed to the lunch, the council contributed the wine, and nobody gave a reason.",
    "Copyright was the last thing on the mind of the pilot when he sang the song about the lock on Monday.",
    "With the lock closed, skippers have begun to walk.",
]


@pytest.mark.parametrize("line", PROSE, ids=[line[:40] for line in PROSE])
def test_prose_that_begins_like_a_notice_stays(line: str) -> None:
    story = cleaned(*BODY, line)
    assert told(story) == []
    assert words(story) == " ".join([*BODY, line])


CITED = [
    ("The lock is closed, Reuters reported on Monday.", "Reuters", "Reuters reported"),
    ("“It is closed,” the harbour master told PTI.", "Press Trust of India", "told PTI"),
    ("The lock is worth nothing, according to a Bloomberg report.", "Bloomberg", "Bloomberg report"),
    ("“We wait,” a skipper told VOA on the quay.", "Voice of America", "told VOA"),
    ("Шлюз закрыт, сообщает ТАСС.", "TASS", "сообщает ТАСС"),
]


@pytest.mark.parametrize(("sentence", "name", "text"), CITED, ids=[text for _, _, text in CITED])
def test_a_citation_is_recorded_and_stays_in_the_story(sentence: str, name: str, text: str) -> None:
    story = cleaned(BODY[0], f"{sentence} {BODY[1]}", *BODY[2:])
    assert told(story) == []
    assert [(claim.name, claim.text) for claim in cited(story)] == [(name, text)]
    assert words(story) == " ".join([BODY[0], sentence, *BODY[1:]])


def test_a_name_in_passing_is_no_citation() -> None:
    assert cited(cleaned(BODY[0], "He once sold a boat to Reuters and a rope to the AP.", *BODY[1:])) == []
