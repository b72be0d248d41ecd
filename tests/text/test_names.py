"""The agencies of the package, and finding their names in text."""

from __future__ import annotations

import re

import pytest
from text_fiction import CONFIG

from dedupe.config import load_agencies
from dedupe.errors import InputError
from dedupe.model import Agency
from dedupe.text.names import lexicon_of

AGENCIES = load_agencies()
LEXICON = lexicon_of(AGENCIES)


def agency(name: str, **fields: tuple[str, ...]) -> Agency:
    empty: dict[str, tuple[str, ...]] = {"names": (), "tags": (), "domains": (), "sign_offs": ()}
    return Agency(name=name, short=name, licence=None, **{**empty, **fields})


def test_names_are_unique() -> None:
    names = [agency.name for agency in AGENCIES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("field", ["tags", "domains"])
def test_no_two_agencies_share_a_tag_or_a_domain(field: str) -> None:
    owners: dict[str, str] = {}
    for entry in AGENCIES:
        for value in getattr(entry, field):
            assert owners.setdefault(value, entry.name) == entry.name, value


@pytest.mark.parametrize("entry", AGENCIES, ids=[entry.name for entry in AGENCIES])
def test_an_agency_is_found_by_each_of_its_names(entry: Agency) -> None:
    for name in (entry.name, entry.short, *entry.names, *entry.tags):
        assert LEXICON.resolve(name) == entry.name, name


@pytest.mark.parametrize("entry", AGENCIES, ids=[entry.name for entry in AGENCIES])
def test_sign_offs_compile_and_have_no_groups(entry: Agency) -> None:
    assert all(re.compile(pattern).groups == 0 for pattern in entry.sign_offs)


FOUND = [
    ("He told the Associated Press so.", ["Associated Press"]),
    ("He told REUTERS so.", ["Reuters"]),
    ("Seen in the Voice Of America studio.", ["Voice of America"]),
    ("A conversation, the conversation, THE conversation.", []),
    ("AFP/Reuters", ["Agence France-Presse", "Reuters"]),
    ("APs and MAPs and RSS and an APP.", []),
    ("Associated Pressmen of the town", []),
    ("AP Newsroom", ["Associated Press"]),
    ("据新华社报道", ["Xinhua"]),
    ("AP Photo", []),
    ("Reuters Images", []),
    ("the Canadian Press and AFP", ["The Canadian Press", "Agence France-Presse"]),
]


@pytest.mark.parametrize(("text", "names"), FOUND, ids=[text for text, _ in FOUND])
def test_names_in_running_text(text: str, names: list[str]) -> None:
    assert [mention.name for mention in LEXICON.mentions(text).found] == names


def test_mentions_within_a_part() -> None:
    mentions = LEXICON.mentions("AFP and AFP and AFP")
    assert [mention.begin for mention in mentions.within(1, 16)] == [8]


def test_a_lone_surrogate_does_not_hide_a_name() -> None:
    assert [mention.begin for mention in LEXICON.mentions("\ud800 AFP").found] == [2]


def test_the_compiled_agencies_are_kept_for_one_configuration() -> None:
    assert lexicon_of(CONFIG.agencies) is lexicon_of(CONFIG.agencies)


def test_a_user_s_agency_with_a_broken_sign_off_is_refused() -> None:
    with pytest.raises(InputError, match="no regular expression"):
        lexicon_of((agency("Selene Wire", sign_offs=("(",)),))


def test_a_user_s_agency_with_a_group_in_a_sign_off_is_refused() -> None:
    with pytest.raises(InputError, match="capturing group"):
        lexicon_of((agency("Selene Wire", sign_offs=("(a)",)),))


def test_a_user_s_agency_is_found() -> None:
    lexicon = lexicon_of((agency("Selene Wire", names=("Селенский вестник",), domains=("wire.example",)),))
    assert [mention.name for mention in lexicon.mentions("сообщает Селенский вестник").found] == [
        "Selene Wire"
    ]
