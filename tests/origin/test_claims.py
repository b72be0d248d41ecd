"""Who is named by whom."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import AGENCIES, story

from dedupe.model import Attribution, AttributionKind
from dedupe.origin.claims import claims_of, registry

K = AttributionKind
MEMBERS = [story("1", "copier.example"), story("2", "dawn.example"), story("3", "kystpost.example")]


@pytest.mark.parametrize(
    ("attribution", "claim"),
    [
        (Attribution(K.DATELINE, "HAVENMOUTH (NW) —", "Nordwire"), ("Nordwire", "dateline")),
        (
            Attribution(K.CANONICAL, "https://nordwire.example/1", "nordwire.example"),
            ("Nordwire", "canonical"),
        ),
        (Attribution(K.CANONICAL, "", "news.kystpost.example"), ("kystpost.example", "canonical")),
        (Attribution(K.CANONICAL, "", "elsewhere.example"), ("elsewhere.example", "canonical")),
        (Attribution(K.REPUBLISHED, "", "Bo Stet"), ("Bo Stet", "free_name")),
        (
            Attribution(K.REPUBLISHED, "It first ran on the Kyst Post in May."),
            ("kystpost.example", "republished"),
        ),
        (Attribution(K.REPUBLISHED, "note", "the Kyst Post"), ("kystpost.example", "republished")),
        (Attribution(K.REPUBLISHED, "note ", "Kyst Post newspaper"), ("kystpost.example", "republished")),
        (Attribution(K.BYLINE, "kystpost.example"), ("kystpost.example", "byline")),
        (Attribution(K.BYLINE, "copier.example"), None),
        (Attribution(K.BYLINE, "Ada Penner, Dawn"), ("dawn.example", "byline")),
        (Attribution(K.BYLINE, "Dawn Penner"), None),
        (Attribution(K.BYLINE, "The Copier"), None),
        (Attribution(K.BYLINE, "Daily Heron/NW", "Nordwire"), ("Nordwire", "mixed_byline")),
        (Attribution(K.BYLINE, "Nordwire", "Nordwire"), ("Nordwire", "byline")),
        (Attribution(K.CITED, "told Nordwire", "Nordwire"), ("Nordwire", "told")),
        (Attribution(K.CITED, "на запрос Nordwire", "Nordwire"), ("Nordwire", "told")),
        (Attribution(K.CITED, "Nordwire reported", "Nordwire"), ("Nordwire", "cited")),
        (Attribution(K.DISCLAIMER, "from a Nordwire feed", "Nordwire"), ("Nordwire", "credit")),
        (Attribution(K.DISCLAIMER, "from a syndicated feed"), None),
        (Attribution(K.CREDIT, "Source: www.farpost.example"), ("farpost.example", "credit")),
        (Attribution(K.CREDIT, "Πηγή: Kystpost.example"), ("kystpost.example", "credit")),
        (Attribution(K.CREDIT, "Source: the farpost.example archive"), None),
        (Attribution(K.BYLINE, "Source: farpost.example"), None),
    ],
    ids=lambda value: value.text or value.name if isinstance(value, Attribution) else "",
)
def test_a_claim_names_an_organisation(attribution: Attribution, claim: tuple[str, str] | None) -> None:
    page = replace(MEMBERS[0], attributions=(attribution,))
    found = [(each.name, each.kind) for each in claims_of(page, registry(MEMBERS, AGENCIES))]
    assert found == ([] if claim is None else [claim])


def test_the_address_of_another_member_is_a_link_and_others_are_not() -> None:
    page = story("1", "copier.example", text="See www.kystpost.example/quay or elsewhere.example.")
    found = [(each.name, each.kind) for each in claims_of(page, registry([page, *MEMBERS], AGENCIES))]
    assert found == [("kystpost.example", "linked")]


HOST = re.compile(r"\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,12}\b", re.IGNORECASE)
HOSTS = [
    "kystpost.example",
    "KystPost.Example",
    "\u212aystpost.example",
    "news.dawn.example",
    "copier.example",
]
PIECES = st.sampled_from([*HOSTS, "kystpost", "example", "www", "İ", "Σ", ".", " ", "/", "1"])


@given(st.lists(PIECES, max_size=12).map("".join))  # no longer than the name of a host may be
def test_the_linked_members_are_those_of_all_addresses_in_the_text(text: str) -> None:
    page = story("1", "copier.example", text=text)
    hosts = [match.group().lower() for match in HOST.finditer(text)]
    linked = {
        member
        for member in ("copier.example", "dawn.example", "kystpost.example")
        if any(f".{host}".endswith(f".{member}") for host in hosts)
    }
    assert {claim.name for claim in claims_of(page, registry(MEMBERS, AGENCIES))} == linked


def test_a_registry_is_of_the_agencies_it_was_given() -> None:
    page = story("1", "nordwire.example")
    assert registry([page], AGENCIES[1:]).organisation("nordwire.example") == "nordwire.example"
    assert registry([page], AGENCIES) == registry([page], [*AGENCIES])


def test_an_agencys_sites_are_the_agency() -> None:
    known = registry([story("1", "nordwire.example")], AGENCIES)
    assert known.organisation("nordwire.example") == "Nordwire"
    assert known.organisation("kystpost.example") == "kystpost.example"
