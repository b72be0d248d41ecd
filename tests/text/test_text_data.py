"""On real news, where it is at hand: how many of the judged origins the pages name themselves."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from text_fiction import CONFIG

from dedupe.model import Document
from dedupe.text import clean

NAMES = {agency.short: agency.name for agency in CONFIG.agencies}


def judged(data: Path) -> list[tuple[str, list[str]]]:
    """(agency, members) of the clusters whose origin is an agency."""
    lines = (data / "crawl-day" / "gold-origins.jsonl").read_text("utf-8").splitlines()
    origins = [json.loads(line) for line in lines]
    return [(NAMES[o["origin_name"]], o["members"]) for o in origins if o["origin_name"] in NAMES]


def documents(data: Path, wanted: set[str]) -> Iterator[Document]:
    with gzip.open(data / "crawl-day" / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["id"] in wanted:
                title, byline = row["title"], row["byline"]
                yield Document(
                    row["file"], "", row["text"], row["id"], outlet=row["domain"], title=title, byline=byline
                )


def test_the_agency_behind_a_cluster_is_named_by_its_pages(data: Path) -> None:
    clusters = judged(data)
    names: dict[str | None, set[str | None]] = {}
    for document in documents(data, {member for _, members in clusters for member in members}):
        claims = clean(document, frozenset(), CONFIG).attributions
        names[document.source_id] = {claim.name for claim in claims if claim.kind != "cited"}
    named = sum(any(name in names[member] for member in members) for name, members in clusters)
    assert named / len(clusters) >= 0.9
