"""Clusters and pairs whose origin is known, out of the measuring data: what the rules of origins are measured
on, and fitted.

Those of ``crawl-day`` were judged by reading, or their publishers credit an agency; of a pair of
``counter-ur`` the agency's text is the source. Each belongs to one of two halves for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import xxhash
from judged import data, furniture_of, lines

from dedupe import match
from dedupe.config import Config
from dedupe.crawl import parse, records, walk
from dedupe.crawl.urls import registered_domain
from dedupe.model import Agency, Document, Edge, Skipped, Story
from dedupe.profiles import profiles
from dedupe.text import clean

SILVER, GOLD = "clusters_silver.jsonl.gz", "gold-origins.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A cluster whose origin is known. ``accepted`` are the names that count as right.

    ``documents`` are the pages that count as the original, none where it was not crawled; ``first`` is
    the page with the earliest time.
    """

    id: str
    stories: tuple[Story, ...]
    edges: tuple[Edge, ...]
    accepted: frozenset[str]
    documents: frozenset[str]
    certain: bool
    known: bool
    first: str | None


def half_of(id_: str) -> str:
    """``fit`` or ``report``, for good."""
    return ("fit", "report")[xxhash.xxh32_intdigest(id_.encode()) & 1]


def read(path: Path, config: Config) -> Iterator[Document]:
    """The documents of a crawl, read as the pipeline reads them."""
    for file in walk([path]):
        if isinstance(file, Skipped):
            continue
        for record in records(file, config.crawl):
            document = record if isinstance(record, Skipped) else parse(record, config.crawl)
            if isinstance(document, Document):
                yield document


def edges_of(stories: Sequence[Story], config: Config) -> tuple[Edge, ...]:
    """The verified pairs among the stories of one cluster."""
    ordered = sorted(stories, key=lambda story: story.document.id)
    made = profiles(ordered, config, compiled=False)
    found = [match.verify(a, b, config.match) for i, a in enumerate(made) for b in made[i + 1 :]]
    return tuple(edge for edge in found if edge is not None)


@dataclass(frozen=True, slots=True)
class Day:
    """crawl-day, read, with the furniture that the whole day reveals."""

    documents: Mapping[str, Document]
    furniture: frozenset[int]
    config: Config

    @classmethod
    def read(cls, config: Config) -> Day:
        path = data() / "crawl-day" / "docs.jsonl.gz"
        documents = {document.id: document for document in read(path, config)}
        return cls(documents, furniture_of(documents.values(), config), config)

    def stories(self, ids: Iterable[str]) -> tuple[Story, ...]:
        held = [self.documents[id_] for id_ in ids if id_ in self.documents]
        return tuple(clean(document, self.furniture, self.config.text) for document in held)


def judged_cases(day: Day) -> list[Case]:
    """The clusters whose origin was judged by reading."""
    folder = data() / "crawl-day"
    silver = {row["id"]: row for row in lines(folder / SILVER)}
    return [
        Case(
            row["cluster"],
            stories := day.stories(row["members"]),
            edges_of(stories, day.config),
            accepted_names(row["origin_name"], day.config.text.agencies),
            frozenset({row["origin_doc"]} - {None}),
            row["confidence"] == "certain",
            row["confidence"] != "unknown",
            silver[row["cluster"]]["earliest"],
        )
        for row in lines(folder / GOLD)
    ]


def credited_cases(day: Day) -> list[Case]:
    """The other clusters in which publishers credit an agency: that agency, and its own pages."""
    folder = data() / "crawl-day"
    judged = {row["cluster"] for row in lines(folder / GOLD)}
    return [
        Case(
            row["id"],
            stories := day.stories(row["members"]),
            edges_of(stories, day.config),
            accepted_names(row["agency"], day.config.text.agencies),
            frozenset(row["origin_docs"]),
            len(row["agencies"]) == 1,
            True,
            row["earliest"],
        )
        for row in lines(folder / SILVER)
        if row["agency"] and row["id"] not in judged
    ]


def read_cases(day: Day, outlets: Mapping[str, str | None]) -> list[Case]:
    """Clusters of the silver list with the outlet among their members that wrote the copy, or none."""
    cases = []
    for row in lines(data() / "crawl-day" / SILVER):
        if row["id"] in outlets:
            stories, outlet = day.stories(row["members"]), outlets[row["id"]]
            accepted = accepted_names(outlet, day.config.text.agencies) if outlet else frozenset()
            pages = frozenset(s.document.id for s in stories if s.document.outlet == outlet)
            edges = edges_of(stories, day.config)
            cases.append(Case(row["id"], stories, edges, accepted, pages, False, True, row["earliest"]))
    return cases


def accepted_names(name: str, agencies: Sequence[Agency]) -> frozenset[str]:
    """The judged name as exports show it: an agency by any of its names, a site by its domain."""
    bare = re.sub(r" \(.*\)$", "", name)
    domain = registered_domain(f"https://{bare}/") if "." in bare else None
    found = {
        agency.name
        for agency in agencies
        if bare in (agency.name, agency.short, *agency.names, *agency.tags) or domain in agency.domains
    }
    return frozenset(found | {bare} | ({domain} if domain else set()))


class Shown(StrEnum):
    """What of the pairs of counter-ur may be seen."""

    DATES = "dates as given (to the day)"
    TEXT = "no dates"
    BODY = "no dates, no datelines"


def pair_cases(config: Config, shown: Shown) -> list[Case]:
    """The derived pairs of counter-ur, with no credit and no agency's name."""
    folder = data() / "counter-ur"
    documents = {document.id: document for document in read(folder / "docs.jsonl.gz", config)}
    cases = []
    for row in lines(folder / "pairs.jsonl.gz"):
        if row["label"] == "ND":
            continue
        stories = [_anonymous(documents[row[key]], config, shown) for key in ("source", "derived")]
        accepted = frozenset({stories[0].document.outlet or ""})
        edges = edges_of(stories, config)
        source = frozenset({row["source"]})
        cases.append(Case(row["source"], tuple(stories), edges, accepted, source, True, True, None))
    return cases


def _anonymous(document: Document, config: Config, shown: Shown) -> Story:
    """A story whose outlet is nobody the agencies know, and that names nobody."""
    hidden = replace(
        document,
        outlet=f"outlet-{xxhash.xxh32_hexdigest(document.id.encode())}.example",
        published_at=document.published_at if shown is Shown.DATES else None,
        seen_at=None,
        claims=(),
    )
    if shown is Shown.BODY:
        dateline = re.match(r"[^)\n]{0,70}\)", document.text)
        blank = " " * (dateline.end() if dateline else 0)
        hidden = replace(hidden, text=blank + document.text[len(blank) :])
    return replace(clean(hidden, frozenset(), config.text), attributions=())
