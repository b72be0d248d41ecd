"""Credit lines, bylines in the text and author fields."""

from __future__ import annotations

import pytest
from text_fiction import BODY, CONFIG, cleaned, told, words

from dedupe.model import Attribution, AttributionKind, Document
from dedupe.text import clean

TAILS = [
    ("Voice Of America", [("credit", "Voice of America")]),
    ("The Associated Press", [("credit", "Associated Press")]),
    ("— AFP", [("credit", "Agence France-Presse")]),
    ("(Reuters)", [("credit", "Reuters")]),
    ("Source: VOA", [("credit", "Voice of America")]),
    ("Quelle: dpa", [("credit", "Deutsche Presse-Agentur")]),
    ("Fuente: Agencia EFE", [("credit", "Agencia EFE")]),
    ("Источник: ТАСС", [("credit", "TASS")]),
    ("المصدر: رويترز", [("credit", "Reuters")]),
    ("المصدر: وكالة سبوتنيك", [("credit", "Sputnik")]),
    ("المصدر: وكالات", [("disclaimer", None)]),
    ("الميناء : وكالات", [("disclaimer", None)]),
    ("Agencies", [("disclaimer", None)]),
    ("Dunmarrow – Agencies", [("disclaimer", None)]),
    ("(Con información de Télam)", [("contributor", "Télam")]),
    ("(Con información de PL)", [("contributor", "Prensa Latina")]),
    ("Con información de agencias", [("contributor", None)]),
    ("来源：新华社", [("credit", "Xinhua")]),
    ("Source: The Selene Pilot", [("credit", None)]),
    ("cht/dpa/AFP", [("credit", "Deutsche Presse-Agentur"), ("credit", "Agence France-Presse")]),
    ("flg/dpa-AFX", [("credit", "Deutsche Presse-Agentur")]),
    ("Πηγή: ΑΠΕ-ΜΠΕ- AFP", [("credit", "ANA-MPA"), ("credit", "Agence France-Presse")]),
    ("Πηγές πληροφοριών: ΑΠΕ-ΜΠΕ, Reuters", [("credit", "ANA-MPA"), ("credit", "Reuters")]),
    ("AFP/Reuters", [("credit", "Agence France-Presse"), ("credit", "Reuters")]),
    ("Harbour Times avec AFP", [("contributor", "Agence France-Presse")]),
    ("(mit dpa)", [("contributor", "Deutsche Presse-Agentur")]),
    ("Nachrichtenagentur DPA", [("credit", "Deutsche Presse-Agentur")]),
    ("By Ada Obi, Associated Press", [("byline", "Associated Press")]),
    ("Von Ada Obi", [("byline", None)]),
    ("(PTI)", [("credit", "Press Trust of India")]),
    ("(CP)", [("credit", "The Canadian Press")]),
    ("/БТА/", [("credit", "BTA")]),
]


@pytest.mark.parametrize(("line", "claims"), TAILS, ids=[line for line, _ in TAILS])
def test_a_credit_line_below_the_story_is_a_claim(line: str, claims: list[tuple[str, str | None]]) -> None:
    story = cleaned(*BODY, line)
    assert told(story) == claims
    assert words(story) == " ".join(BODY)


TRAILING = [
    (" — AFP", "Agence France-Presse"),
    *((f" {dash} AFP", "Agence France-Presse") for dash in "‐‑‒–―−"),
    (" ― Bernama", "Bernama"),
    (" (Reuters)", "Reuters"),
    (" -PTI", "Press Trust of India"),
    (" – Press Association", "PA Media"),
    (" AFP", "Agence France-Presse"),
    (" HT/epd", "Evangelischer Pressedienst"),
    (" Source: Reuters", "Reuters"),
]


@pytest.mark.parametrize(("credit", "name"), TRAILING, ids=[credit.strip() for credit, _ in TRAILING])
def test_a_credit_behind_the_last_sentence_is_a_claim(credit: str, name: str) -> None:
    story = cleaned(*BODY[:-1], BODY[-1] + credit)
    assert told(story) == [("credit", name)]
    assert words(story) == " ".join(BODY)


IMAGES = [
    "AP Photo/Ada Obi",
    "(Photo: AFP)",
    "Getty Images",
    "Foto: dpa",
    "Фото: РИА Новости",
    "Ada Obi/AFP via Getty Images",
    "Photo credit: Reuters",
    "© Reuters / Ada Obi",
    "Image: Bloomberg",
    "Reuters Photo",
    "(AFP/Archives - ADA OBI)",
]


@pytest.mark.parametrize("line", IMAGES)
def test_the_credit_of_a_picture_is_never_a_claim(line: str) -> None:
    story = cleaned(line, *BODY, line)
    assert [name for _, name in told(story) if name] == []


PROSE = [
    "21:00 | Konas Quay - TNS",
    "Platform: Mac, PC",
    "Beta Trend",
    "RSS",
    "Shifting alliances",
    "Reuters Institute of Harbour Studies",
    "(mia)",
    "PA system",
]


@pytest.mark.parametrize("line", PROSE)
def test_a_short_line_of_the_story_is_no_credit(line: str) -> None:
    assert told(cleaned(*BODY, line)) == []


def test_initials_with_an_agency_are_a_credit_wherever_they_stand() -> None:
    story = cleaned(*BODY, "sak/Reuters", *BODY)
    assert told(story) == [("credit", "Reuters")]


def test_a_bare_agency_inside_a_page_may_be_a_picture_s_credit() -> None:
    assert told(cleaned(*BODY, "Reuters", *BODY)) == []


AUTHORS = [
    ("The Associated Press", [("byline", "Associated Press")]),
    ("AP", [("byline", "Associated Press")]),
    ("Ada Obi, AP", [("byline", "Associated Press")]),
    ("By ADA OBI and BEN OKO, Associated Press", [("byline", "Associated Press")]),
    (
        "Ada Obi, AP and Ben Oko, Reuters",
        [("byline", "Associated Press"), ("byline", "Reuters"), ("byline", None)],
    ),
    ("ADA OBI Associated Press", [("byline", "Associated Press")]),
    ("Reuters Staff", [("byline", "Reuters")]),
    ("NTB-Ada Obi", [("byline", "NTB")]),
    ("भाषा।, Dunmarrow", [("byline", "Press Trust of India"), ("byline", None)]),
    ("NTB-Ada", [("byline", None)]),
    ("Associated Press in Dunmarrow", [("byline", "Associated Press")]),
    ("Associated Press November 19, 2019, 9:02 AM", [("byline", "Associated Press")]),
    ("Harbour Times avec AFP", [("contributor", "Agence France-Presse"), ("byline", None)]),
    ("AFP | PTI", [("byline", "Agence France-Presse"), ("byline", "Press Trust of India")]),
    ("AP, https://social.example/ap", [("byline", "Associated Press")]),
    ("voanews.com", [("byline", "Voice of America")]),
    ("Agencies", [("disclaimer", None)]),
    ("وكالات", [("disclaimer", None)]),
    ("агентства", [("disclaimer", None)]),
    ("एजेंसी,सेलेन", [("disclaimer", None)]),
    ("Harbour staff and agencies", [("disclaimer", None)]),
    ("Ada Obi and agency", [("disclaimer", None), ("byline", None)]),
    ("Redacción Puerto con información de agencias", [("disclaimer", None)]),
    ("Ada Obi", [("byline", None)]),
    ("Michael Bloomberg", [("byline", None)]),
    ("Petra Lindqvist", [("byline", None)]),
    ("https://social.example/harbourtimes", []),
    ("Staff", []),
    ("editor15", []),
    ("—", []),
]


@pytest.mark.parametrize(("byline", "claims"), AUTHORS, ids=[byline for byline, _ in AUTHORS])
def test_an_author_field_names_its_agency(byline: str, claims: list[tuple[str, str | None]]) -> None:
    assert told(cleaned(*BODY, byline=byline)) == claims


K = AttributionKind
METADATA = [
    (
        Attribution(K.CANONICAL, "https://www.voanews.com/a/1.html", source="link"),
        [("canonical", "Voice of America")],
    ),
    (Attribution(K.CANONICAL, "https://pilot.example/a", "pilot.example"), [("canonical", "pilot.example")]),
    (Attribution(K.CANONICAL, "https://plus.google.com/+harbour", "google.com"), []),
    (
        Attribution(K.PIXEL, "https://counter.theconversation.com/content/1/count"),
        [("pixel", "The Conversation")],
    ),
    (Attribution(K.PUBLISHER, "Thomson Reuters", source="json-ld publisher"), [("publisher", "Reuters")]),
    (Attribution(K.PUBLISHER, "Harbour Times", source="json-ld publisher"), []),
    (Attribution(K.CREDIT, "Share on Facebook", source="page"), []),
    (Attribution(K.CREDIT, "Source: ТАСС", source="page"), [("credit", "TASS")]),
    (Attribution(K.CREDIT, "By Ada Obi, AFP", source="page"), [("byline", "Agence France-Presse")]),
    (Attribution(K.COPYRIGHT, "© 2025 Harbour Times", source="page"), []),
    (Attribution(K.COPYRIGHT, "A lock at dusk. © Reuters / Ada Obi", source="page"), []),
    (
        Attribution(K.COPYRIGHT, "© 2025 The Associated Press.", source="page"),
        [("copyright", "Associated Press")],
    ),
]


@pytest.mark.parametrize(("claim", "claims"), METADATA, ids=[claim.text for claim, _ in METADATA])
def test_a_claim_of_the_metadata_is_resolved_or_dropped(
    claim: Attribution, claims: list[tuple[str, str | None]]
) -> None:
    document = Document("page.html", "", "\n".join(BODY), claims=(claim,))
    assert told(clean(document, frozenset(), CONFIG)) == claims


def test_one_claim_told_twice_counts_once() -> None:
    claim = Attribution(K.BYLINE, "Ada Obi", source="field")
    document = Document("page.html", "", "\n".join(BODY), byline="Ada Obi", claims=(claim,))
    assert told(clean(document, frozenset(), CONFIG)) == [("byline", None)]
