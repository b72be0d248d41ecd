"""Who is named, by whom: the attributions of a cluster's stories, resolved to organisations.

An organisation is an agency of ``agencies.toml``, or an outlet (a registered domain) among the
members, or a domain a link points to. Several pages of one outlet count as one voice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedupe.model import Agency, AttributionKind, Story

_MAX_NAME_WORDS = 5
_MIN_LABEL = 4  # a shorter outlet label ("ap", "bbc") is met by chance
_JOINTS = re.compile(r"\s*/\s*|\s+(?:et|y|und|avec|with|mit|con)\s+")
_FREE_TEXT = frozenset(
    {
        AttributionKind.BYLINE,
        AttributionKind.CREDIT,
        AttributionKind.REPUBLISHED,
        AttributionKind.PUBLISHER,
        AttributionKind.SIGN_OFF,
        AttributionKind.CITED,
    }
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A page of ``outlet`` says that ``name`` has to do with the text; both are organisations.

    ``kind`` is a signal's name.
    """

    name: str
    kind: str
    outlet: str
    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Registry:
    """Names to organisations: agencies by any of their names and domains, outlets by their label."""

    agencies: Mapping[str, Agency]  # canonical name -> agency
    by_name: Mapping[str, str]  # folded name, short name or domain -> canonical name
    labels: Mapping[str, str]  # an outlet's domain without its suffix -> the organisation

    def organisation(self, outlet: str) -> str:
        """The organisation that runs an outlet: the agency whose site it is, else the outlet itself."""
        return self.by_name.get(fold(outlet), outlet)

    def resolve(self, name: str) -> str:
        """The organisation a claim names: an agency, an outlet among the members, else the name itself."""
        return self.by_name.get(fold(name), name)


def registry(stories: Sequence[Story], agencies: Sequence[Agency]) -> Registry:
    by_name: dict[str, str] = {}
    for agency in agencies:
        for name in (agency.name, agency.short, *agency.names, *agency.domains):
            by_name.setdefault(fold(name), agency.name)
    outlets = sorted({outlet_of(story) for story in stories})
    labels = {
        label: by_name.get(fold(outlet), outlet)
        for outlet in reversed(outlets)
        if len(label := compact(outlet.split(".")[0])) >= _MIN_LABEL
    }
    return Registry({agency.name: agency for agency in agencies}, by_name, labels)


def claims_of(story: Story, known: Registry) -> list[Claim]:
    """The claims one page makes, in the order it makes them; a claim that names nobody is left out."""
    outlet, found = known.organisation(outlet_of(story)), []
    for attribution in story.attributions:
        name = attribution.name or _outlet_named(attribution.text, attribution.kind, known)
        if name is not None:
            found.append(
                Claim(
                    known.resolve(name),
                    _signal(attribution.kind, attribution.text, known),
                    outlet,
                    story.document.id,
                    attribution.text,
                )
            )
    return found


def outlet_of(story: Story) -> str:
    """The publication; a page without one speaks for itself alone."""
    return story.document.outlet or story.document.id


def fold(text: str) -> str:
    """Compared without case and width: ``fold("AFP ") == fold("ＡＦＰ")``."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def compact(text: str) -> str:
    """Letters and digits alone, as they stand in a domain: ``The Kyiv-Post`` -> ``thekyivpost``."""
    return "".join(character for character in fold(text) if character.isalnum())


def _outlet_named(text: str, kind: AttributionKind, known: Registry) -> str | None:
    """An outlet among the members that a free-text claim names, such as "This story first ran on ZDNet"."""
    if kind not in _FREE_TEXT:
        return None
    words = [compact(word) for word in re.split(r"[\s/|,;()]+", text[:300])]
    for size in range(_MAX_NAME_WORDS, 0, -1):
        for begin in range(len(words) - size + 1):
            label = "".join(words[begin : begin + size])
            if label in known.labels:
                return known.labels[label]
    return None


def _signal(kind: AttributionKind, text: str, known: Registry) -> str:
    if kind is AttributionKind.BYLINE and _is_mixed(text, known):
        return "mixed_byline"
    if kind is AttributionKind.DISCLAIMER:  # one that does say whose feed it is
        return "credit"
    return str(kind)


def _is_mixed(byline: str, known: Registry) -> bool:
    """Two organisations share a byline: "CBS/AP", "Le Figaro et AFP", "AFP/The Local"."""
    parts = [fold(part) for part in _JOINTS.split(byline) if part.strip()]
    named = sum(part in known.by_name for part in parts)
    return len(parts) > 1 and 0 < named < len(parts)
