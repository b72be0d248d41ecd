"""Datelines: taken where an agency files, left alone where a city or a word only looks like one."""

from __future__ import annotations

import pytest
from text_fiction import BODY, cleaned, told, words

DATELINES = [
    ("PORT SELENE, Wis. (AP) — ", "Associated Press"),
    ("DUNMARROW, April 25 (Reuters) - ", "Reuters"),
    ("SAINT BRENN (AFP) - ", "Agence France-Presse"),
    ("June 3 (UPI) -- ", "United Press International"),
    ("Selenberg (dpa) - ", "Deutsche Presse-Agentur"),
    ("Puerto Selene, 12 jul (EFE).- ", "Agencia EFE"),
    ("(ANSA) - SELENA, 22 MAR - ", "Agenzia ANSA"),
    ("SELENA, 16 NOV (ANSA) - ", "Agenzia ANSA"),
    ("DUNMARROW, March 31 (Xinhua) -- ", "Xinhua"),
    ("PORT SELENE, Nov. 24 (Yonhap) -- ", "Yonhap"),
    ("PORT SELENE (Kyodo) -- ", "Kyodo News"),
    ("PELABUHAN SELENE, Sept 29 (Bernama) -- ", "Bernama"),
    ("DUNMARROW, January 21. /TASS/. ", "TASS"),
    ("DUNMARROW (Sputnik) - ", "Sputnik"),
    ("Port Selene, Feb 8 (PTI) ", "Press Trust of India"),
    ("Dunmarrow [Tessara], June 9 (ANI): ", "Asian News International"),
    ("(IANS) ", "Indo-Asian News Service"),
    ("PORT SELENE — (TNS) — ", "Tribune Content Agency"),
    ("(Bloomberg) -- ", "Bloomberg"),
    ("(CNN) — ", "CNN"),
    ("PORT SELENE, Aug. 27, 2024 /PRNewswire/ -- ", "PR Newswire"),
    ("DUNMARROW, Conn.--(BUSINESS WIRE)--", "Business Wire"),
    ("SAINT BRENN, Utah, June 12, 2023 (GLOBE NEWSWIRE) -- ", "GlobeNewswire"),
    ("【東京共同】", "Kyodo News"),
    ("[東京 1日 ロイター] - ", "Reuters"),
    ("СЕЛЕНСК, 1 ноя — РИА Новости. ", "RIA Novosti"),
    ("Селенск. 1 ноября. INTERFAX.RU - ", "Interfax"),
    ("СЕЛЕНСК, 1 ноября. /ТАСС/. ", "TASS"),
    ("新华社北京11月1日电", "Xinhua"),
    ("PORT SELENE/DUNMARROW (Reuters) - ", "Reuters"),
    ("PORT SELENE/DUNMARROW/SAINT BRENN, 30 oct (Reuters) - ", "Reuters"),
    ("Selenberg (dpa/lnw) - ", "Deutsche Presse-Agentur"),
    ("(كونا) -- ", "Kuwait News Agency"),
    ("ڈنمارو ۔ یکم دسمبر (اے پی پی) ", "Associated Press of Pakistan"),
    ("PORT SELENE (Thomson Reuters Foundation) - ", "Thomson Reuters Foundation"),
    ("PORT SELENE, Marovia | AFP | ", "Agence France-Presse"),
    ("AFP - ", "Agence France-Presse"),
    ("PORT SELENE, Nov 1 (Bernama) ― ", "Bernama"),
    ("به گزارش مهر، ", "Mehr News Agency"),
    ("به گزارش خبرگزاری تسنیم، ", "Tasnim News Agency"),
    ("به گزارش خبرنگار ایسنا؛ ", "ISNA"),
    ("PORT SELENE, Wis. (AP/Harbour Times) — ", "Associated Press"),
]


@pytest.mark.parametrize(("dateline", "name"), DATELINES, ids=[dateline.strip() for dateline, _ in DATELINES])
def test_a_dateline_names_its_agency_and_leaves_the_story(dateline: str, name: str) -> None:
    story = cleaned(dateline + BODY[0], *BODY[1:])
    assert told(story) == [("dateline", name)]
    assert words(story) == " ".join(BODY)


TRAPS = [
    "The Selene Development Partnership Agreement (DPA) — signed in March — lets the council lease the lock. "
    * 2,
    (
        "Pension funds (AFP) were told on Monday that the lock would not be a safe place for their "
        "members' money. "
    )
    * 2,
    (
        "The sensor returned NaN (not a number) - and the gate fell on the barge, the harbour master "
        "said on Monday."
    ),
    (
        "PORT SELENE — The harbour council voted late on Tuesday to keep the eastern lock closed until "
        "the spring."
    ),
    (
        "A spokesman for the agency (AP) said that nobody had asked him whether the lock was open or "
        "closed in March."
    ),
    (
        "Reuters: lock closed, says the poster that the pilots nailed to the door of the customs house "
        "on Monday."
    ),
    (
        "ap - the small letters on the buoy - stand for the name of the man who painted it in the year "
        "of the frost."
    ),
    (
        "PORT SELENE (AP Photo/Ada Obi) - The lock at dusk, seen from the roof of the customs house on "
        "Monday night."
    ),
    (
        "Selenberg (Saale) - Der Hafenrat hat am Dienstag beschlossen, die Schleuse bis zum Frühjahr zu "
        "schließen."
    ),
    (
        "Specifically, the News Agency of Nigeria (NAN) had asked the council for its books, which were "
        "wet by then."
    ),
    (
        "Selene - The court (PN) of Selene, in the province of West Nusa (NTB), heard the skipper on "
        "Monday morning."
    ),
]


def test_a_name_between_slashes_behind_a_tag_is_a_list_too() -> None:
    assert told(cleaned(f"(AP) /Reuters/ — {BODY[0]}", *BODY[1:])) == []


@pytest.mark.parametrize("behind", ["/its harbour/", "/x /"])
def test_what_stands_between_slashes_behind_a_tag_need_be_no_name(behind: str) -> None:
    story = cleaned(f"PORT SELENE (AP) {behind} — {BODY[0]}", *BODY[1:])
    assert told(story) == [("dateline", "Associated Press")]


@pytest.mark.parametrize("line", TRAPS, ids=[trap[:40] for trap in TRAPS])
def test_what_only_looks_like_a_dateline_stays(line: str) -> None:
    story = cleaned(line, *BODY)
    assert "dateline" not in {kind for kind, _ in told(story)}
    assert words(story).startswith(" ".join(line.split()))


UNNAMED = ["وكالات - ", "بندر سيلين – وكالات: ", "सेलेन (एजेंसी)। ", "Port Selene (Agencies) - "]


@pytest.mark.parametrize("head", UNNAMED)
def test_a_dateline_of_unnamed_agencies_is_a_disclaimer(head: str) -> None:
    story = cleaned(head + BODY[0], *BODY[1:])
    assert told(story) == [("disclaimer", None)]
    assert words(story) == " ".join(BODY)


def test_a_site_that_quotes_itself_has_no_dateline() -> None:
    assert told(cleaned("به گزارش روزنامه بندر، " + BODY[0], *BODY[1:])) == []


def test_a_dateline_deep_in_the_text_is_prose() -> None:
    story = cleaned(
        *BODY,
        "DUNMARROW, April 25 (Reuters) - A second lock was closed on Friday, the council said in a note.",
    )
    assert "dateline" not in {kind for kind, _ in told(story)}


def test_a_dateline_may_stand_below_a_byline() -> None:
    story = cleaned("By ADA OBI", "PORT SELENE (AP) — " + BODY[0], *BODY[1:])
    assert told(story) == [("byline", None), ("dateline", "Associated Press")]
