"""Who is named, by whom: the attributions of a cluster's stories, resolved to organisations.

An organisation is an agency of ``agencies.toml``, or an outlet (a registered domain) among the
members, or a domain a link points to. Several pages of one outlet count as one voice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dedupe.model import Agency, Attribution, AttributionKind, Story
from dedupe.names import folded
from dedupe.origin.naming import sources_named

# Kinds that credit nobody with the text.
IN_PASSING = frozenset({"linked", "named", "told", "cited", "contributor"})
_MAX_NAME_WORDS = 5
_MIN_LABEL = 4  # a shorter outlet label ("ap", "bbc") is met by chance
_AROUND_TITLE = re.compile(
    r"^(?:the|der|die|das|le|la|el|il) |(?: (?:newspaper|magazine|website|online))+$", re.IGNORECASE
)
# Looked for in runs no longer than a host's name may be, as it takes the square of what "a.a.a.a…" has.
_ADDRESS = re.compile(r"\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,12}\b", re.IGNORECASE)
_SITE = re.compile(rf"[:：]\s*(?:https?://)?(?:www\.)?(?P<site>{_ADDRESS.pattern})\W*$", re.IGNORECASE)
_CREDIT_CHARS = 100
_RUN = re.compile(r"[\w.-]{4,253}")
_WITHIN_ADDRESS = re.compile(r"\.[a-z]", re.IGNORECASE)
_TOLD = re.compile(  # said to its own reporter; "X reported" is anybody's to write
    r"\s*(?:told|speaking to|interview with|gegenüber|sagte|a déclaré à|dijo a|disse|заявил|сказал"
    r"|на (?:запрос|запит))\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"[/|,;()]+|[:：.]\s|\s(?:on|in|by|from|at|via|auf|bei|sur|dans|en|em|su|на|в|у)\s", re.IGNORECASE
)
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

    ``kind`` is a signal's name; ``begin`` where in the page's text it stands, if it stands there.
    """

    name: str
    kind: str
    outlet: str
    document: str
    text: str
    begin: int | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """Names to organisations: agencies by any of their names and domains, outlets by their label."""

    agencies: Mapping[str, Agency]  # canonical name -> agency
    by_name: Mapping[str, str]  # folded name, short name or domain -> canonical name
    labels: Mapping[str, str]  # an outlet's domain without its suffix -> the organisation
    titles: Mapping[str, str]  # of these, those of no agency, whose names are known better
    domains: Mapping[str, str]  # the members' registered domains -> the organisation
    sites: Mapping[str, int]  # an agency's domain -> its place among the agency's domains

    def organisation(self, outlet: str) -> str:
        """The organisation that runs an outlet: the agency whose site it is, else the outlet itself."""
        return self.by_name.get(folded(outlet), outlet)

    def resolve(self, name: str) -> str | None:
        """The agency or the outlet among the members that a name or a domain stands for."""
        found = self.by_name.get(folded(name)) or self.labels.get(_label(name))
        return found or next((self.domains[d] for d in _parents(name.lower()) if d in self.domains), None)


def registry(stories: Sequence[Story], agencies: Sequence[Agency]) -> Registry:
    """The names by which the agencies, and the outlets of these stories, are known."""
    roll = _roll_of(_ByIdentity(tuple(agencies)))
    outlets = sorted({outlet_of(story) for story in stories}, reverse=True)
    domains = {outlet: roll.by_name.get(folded(outlet), outlet) for outlet in outlets}
    labels = {
        label: organisation
        for outlet, organisation in domains.items()
        if len(label := _label(outlet.split(".")[0])) >= _MIN_LABEL
    }
    titles = {label: name for label, name in labels.items() if name not in roll.agencies}
    return Registry(roll.agencies, roll.by_name, labels, titles, domains, roll.sites)


@dataclass(frozen=True, slots=True)
class _Roll:
    """What a registry holds whatever the members are."""

    agencies: Mapping[str, Agency]
    by_name: Mapping[str, str]
    sites: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class _ByIdentity:
    """A key for a cache: hashing some ninety agencies with all their names takes longer than the rest."""

    agencies: tuple[Agency, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.agencies is other.agencies

    def __hash__(self) -> int:
        return id(self.agencies)


@lru_cache(maxsize=4)
def _roll_of(key: _ByIdentity) -> _Roll:
    by_name: dict[str, str] = {}
    for agency in key.agencies:
        for name in agency.called:
            by_name.setdefault(folded(name), agency.name)
    agencies = {agency.name: agency for agency in key.agencies}
    sites = {domain: place for agency in agencies.values() for place, domain in enumerate(agency.domains)}
    return _Roll(agencies, by_name, sites)


def claims_of(story: Story, known: Registry) -> list[Claim]:
    """The claims one page makes, in the order it makes them; a claim that names nobody is left out."""
    outlet, id_ = known.organisation(outlet_of(story)), story.document.id
    found = []
    for attribution in story.attributions:
        name = attribution.name or _outlet_named(attribution, outlet, known) or _site_credited(attribution)
        if name is not None:
            resolved = known.resolve(name)
            kind = _signal(attribution, known) if resolved or _is_domain(name) else "free_name"
            found.append(Claim(resolved or name, kind, outlet, id_, attribution.text, attribution.begin))
    text = story.document.text
    found += [Claim(name, "linked", outlet, id_, shown) for name, shown in _addresses(story, known)]
    named = sources_named(text, known.titles, outlet)
    return [*found, *(Claim(name, "named", outlet, id_, text[a:b], a) for name, a, b in named)]


def outlet_of(story: Story) -> str:
    """The publication; a page without one speaks for itself alone."""
    return story.document.outlet or story.document.id


@lru_cache(maxsize=4096)  # the outlets' labels and the words of their bylines come again and again
def compact(text: str) -> str:
    """Letters and digits alone, as they stand in a domain: ``The Kyiv-Post`` -> ``thekyivpost``."""
    return "".join(filter(str.isalnum, folded(text)))


def _label(title: str) -> str:
    """A title, or the domain that is made of it, without what one of the two may lack.

    >>> _label("The Holm Herald newspaper"), _label("holm-herald"), _label("theharbour")
    ('holmherald', 'holmherald', 'harbour')
    """
    return compact(_AROUND_TITLE.sub("", title)).removeprefix("the")


def _outlet_named(attribution: Attribution, outlet: str, known: Registry) -> str | None:
    """Another outlet among the members that a free-text claim names: "This story first ran on ZDNet".

    What a page says of its own outlet is chrome.
    """
    if attribution.kind not in _FREE_TEXT:
        return None
    for part in _PARTS.split(attribution.text[:300]):
        if (found := known.domains.get(part.strip().lower(), outlet)) != outlet:
            return found
        words = [compact(word) for word in part.split()]
        # In a sentence a name is followed by more words; elsewhere "Dawn Smith" is not the daily Dawn.
        least = 1 if attribution.kind is AttributionKind.REPUBLISHED else len(words)
        for size in range(min(len(words), _MAX_NAME_WORDS), least - 1, -1):
            label = "".join(words[:size]).removeprefix("the")
            if known.labels.get(label, outlet) != outlet:
                return known.labels[label]
    return None


def _site_credited(attribution: Attribution) -> str | None:
    """A site that was not crawled: "Source: kystpost.example"."""
    if attribution.kind is not AttributionKind.CREDIT:
        return None
    site = _SITE.search(attribution.text[:_CREDIT_CHARS])
    return site.group("site").lower() if site else None


def _addresses(story: Story, known: Registry) -> list[tuple[str, str]]:
    """The members whose web address stands in the text, once each: a link left in, "told zdnet.com"."""
    text = story.document.text
    # Most texts hold no address, or none of a member; to make sure takes a tenth of reading all of them.
    if _WITHIN_ADDRESS.search(text) is None or not _holds_any(text.lower(), known.domains):
        return []
    found: dict[str, str] = {}
    for match in (match for run in _RUN.findall(text) for match in _ADDRESS.finditer(run)):
        for domain in _parents(match.group().lower()):
            if domain in known.domains:
                found.setdefault(known.domains[domain], match.group())
    return sorted(found.items())


def _holds_any(lowered: str, domains: Iterable[str]) -> bool:
    return any("." in domain and domain in lowered for domain in domains)


def _parents(host: str) -> list[str]:
    """``www.example.com`` -> itself, ``example.com``."""
    labels = host.split(".")
    return [".".join(labels[begin:]) for begin in range(len(labels) - 1)]


def _is_domain(name: str) -> bool:
    return _ADDRESS.fullmatch(name) is not None


def _signal(attribution: Attribution, known: Registry) -> str:
    if attribution.kind is AttributionKind.BYLINE and _is_mixed(attribution.text, known):
        return "mixed_byline"
    if attribution.kind is AttributionKind.DISCLAIMER:  # one that does say whose feed it is
        return "credit"
    if attribution.kind is AttributionKind.CITED and _TOLD.match(attribution.text):
        return "told"
    return str(attribution.kind)


def _is_mixed(byline: str, known: Registry) -> bool:
    """Two organisations share a byline: "CBS/AP", "Le Figaro et AFP", "AFP/The Local"."""
    parts = [folded(part) for part in _JOINTS.split(byline) if part.strip()]
    named = sum(part in known.by_name for part in parts)
    return len(parts) > 1 and 0 < named < len(parts)
