"""Who runs an outlet: the sites of one agency, and the titles of one owner, are one organisation.

A file of owners, for ``--owners``, has an entry for each:

    [[owner]]
    name = "Harnow Media"
    domains = ["harnowpost.example", "harnowradio.example"]

``domains`` are outlets as the index names them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dedupe.errors import InputError
from dedupe.model import Agency
from dedupe.names import folded


class OrganisationKind(StrEnum):
    OWNER = "owner"
    AGENCY = "agency"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Owner:
    """One entry of a file of owners."""

    name: str
    domains: tuple[str, ...]


class Organisations:
    """Outlets and agencies by any of their names -> the organisation that runs them.

    >>> agency = Agency("Associated Press", "AP", (), (), ("apnews.example",), (), None)
    >>> known = Organisations([agency], [Owner("Harnow Media", ("harnowpost.example",))])
    >>> known.of("apnews.example"), known.of("harnowpost.example"), known.of("kestrel.example")
    ('Associated Press', 'Harnow Media', 'kestrel.example')
    """

    def __init__(self, agencies: Iterable[Agency], owners: Iterable[Owner] = ()) -> None:
        self._kinds: dict[str, OrganisationKind] = {}
        self._by_name: dict[str, str] = {}
        held = {folded(domain): owner.name for owner in owners for domain in owner.domains}
        for owner in sorted(set(held.values())):
            self._kinds[owner] = OrganisationKind.OWNER
            self._by_name[folded(owner)] = owner
        for agency in agencies:
            owners_of = [held[domain] for domain in map(folded, agency.domains) if domain in held]
            organisation = owners_of[0] if owners_of else agency.name
            self._kinds.setdefault(organisation, OrganisationKind.AGENCY)
            for name in agency.called:
                self._by_name.setdefault(folded(name), organisation)
        self._by_name |= held

    def of(self, name: str) -> str:
        """The organisation behind an outlet or the name of an origin; an outlet nobody claims is its own."""
        return self._by_name.get(folded(name), name)

    def kind(self, organisation: str) -> OrganisationKind:
        """What a result of :meth:`of` is."""
        return self._kinds.get(organisation, OrganisationKind.OUTLET)


def load_owners(path: Path) -> tuple[Owner, ...]:
    """The owners of a file.

    Raises:
        InputError: the file cannot be read, an entry is no owner, or two owners have one outlet.
    """
    try:
        owners = tuple(_owners_of(tomllib.loads(path.read_text("utf-8"))))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.unreadable(f"owners from {path}", error) from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is not a list of owners: {error.args[0]}",
            hint='each entry is [[owner]] with name = "…" and domains = ["…"]',
        ) from error
    _refuse_shared(owners, path)
    return owners


def _owners_of(content: dict[str, object]) -> Iterator[Owner]:
    entries = content.get("owner", [])
    if unknown := set(content) - {"owner"}:
        raise KeyError(f"unknown key {min(unknown)!r}")
    if not isinstance(entries, list):
        raise TypeError("owner must be [[owner]]")
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"name", "domains"}:
            raise TypeError(f"{entry!r} has not just name and domains")
        if not isinstance(entry["name"], str) or not isinstance(entry["domains"], list):
            raise TypeError("name must be a text and domains a list of texts")
        yield Owner(entry["name"], tuple(map(str, entry["domains"])))


def _refuse_shared(owners: Iterable[Owner], path: Path) -> None:
    holder: dict[str, str] = {}
    for owner in owners:
        for domain in owner.domains:
            if holder.setdefault(folded(domain), owner.name) != owner.name:
                raise InputError(
                    f"{path} gives {domain!r} to both {holder[folded(domain)]!r} and {owner.name!r}",
                    hint="an outlet has one owner",
                )
