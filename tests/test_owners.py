"""Which outlets are one organisation, and files that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedupe.errors import InputError
from dedupe.model import Agency
from dedupe.owners import OrganisationKind, Organisations, Owner, load_owners

WIRE = Agency(
    "Meridian Wire", "MW", ("Meridian News Wire",), (), ("mw.example", "mw-sport.example"), (), None
)
OTHER = Agency("Tidal Press", "TP", (), (), ("tidal.example",), (), None)
OWNER = Owner("Harnow Media", ("harnowpost.example", "Harnow Radio", "tidal.example"))

NAMES = {
    "an agency": ("Meridian Wire", "Meridian Wire", OrganisationKind.AGENCY),
    "its short name in another case": ("mw", "Meridian Wire", OrganisationKind.AGENCY),
    "its second site": ("mw-sport.example", "Meridian Wire", OrganisationKind.AGENCY),
    "an owned outlet": ("harnowpost.example", "Harnow Media", OrganisationKind.OWNER),
    "an owned outlet in another case": ("HARNOW RADIO", "Harnow Media", OrganisationKind.OWNER),
    "the owner itself": ("harnow media", "Harnow Media", OrganisationKind.OWNER),
    "the site of an owned agency": ("tidal.example", "Harnow Media", OrganisationKind.OWNER),
    "an owned agency": ("Tidal Press", "Harnow Media", OrganisationKind.OWNER),
    "an outlet nobody claims": ("Kestrel.example", "Kestrel.example", OrganisationKind.OUTLET),
}


@pytest.mark.parametrize(("name", "organisation", "kind"), NAMES.values(), ids=NAMES)
def test_a_name_stands_for_its_organisation(name: str, organisation: str, kind: OrganisationKind) -> None:
    known = Organisations([WIRE, OTHER], [OWNER])
    assert known.of(name) == organisation
    assert known.kind(organisation) is kind


def test_an_owner_may_be_called_like_one_of_its_outlets() -> None:
    known = Organisations([], [Owner("a.example", ("a.example", "b.example"))])
    assert [known.of(name) for name in ("a.example", "b.example")] == ["a.example"] * 2


def test_owners_are_read(tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    path.write_text('[[owner]]\nname = "A"\ndomains = ["x.example"]\n[[owner]]\nname = "B"\ndomains = []\n')
    assert load_owners(path) == (Owner("A", ("x.example",)), Owner("B", ()))


FAULTS = {
    "no TOML": ("[[owner", "list of owners"),
    "a table": ('[owner]\nname = "A"', r"\[\[owner\]\]"),
    "another key": ('[[agency]]\nname = "A"', "agency"),
    "no domains": ('[[owner]]\nname = "A"', "domains"),
    "a domain for a list": ('[[owner]]\nname = "A"\ndomains = "a.example"', "list of texts"),
    "a key too many": ('[[owner]]\nname = "A"\ndomains = []\nsites = 3', "sites"),
    "one outlet of two owners": (
        '[[owner]]\nname = "A"\ndomains = ["x.example"]\n[[owner]]\nname = "B"\ndomains = ["X.example"]',
        "'X.example' to both 'A' and 'B'",
    ),
}


@pytest.mark.parametrize(("content", "named"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_is_no_list_of_owners_is_refused(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "owners.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=named):
        load_owners(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        load_owners(tmp_path / "none.toml")
