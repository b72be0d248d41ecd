"""Small crawls made of generated words: documents that share paragraphs, furniture lines and ids.

Dense on purpose: a dozen stories, copied, cut, merged, re-edited and quoted by a few outlets, so that a run
of some dozens of documents meets large buckets, learned furniture, round-ups, chains of copies, and pages
that share no more than a third one quotes.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from dedupe import Config

# Small limits, so that a few dozen documents cross every one of them.
CONFIG = replace(
    Config(),
    text=replace(Config().text, furniture_titles=3, furniture_prose_titles=5),
    match=replace(Config().match, bucket_cap=4, representatives=2),
)
WORDS = [
    a + b + c
    for a in ("ba", "ker", "lo", "min", "sta", "tru", "vel")
    for b in ("n", "ri", "so", "d")
    for c in ("a", "el", "um", "ing", "or")
]
OUTLETS = ("harnow.example", "kestrel.example", "meridian.example")
FURNITURE = (
    "Sign up for our letters and never miss a thing that matters here",
    "Share this page with your friends today",
)


def documents(seed: int, count: int) -> list[dict[str, Any]]:
    """``count`` records with id, url, title, text, published; the same for the same seed."""
    draw = random.Random(seed)
    stories = [[_paragraph(draw) for _ in range(draw.randint(3, 6))] for _ in range(max(2, count // 5))]
    return [_document(draw, number, stories) for number in range(count)]


def deal(folder: Path, records: list[dict[str, Any]], files: int, among: int) -> None:
    """Write the crawl of the first ``files`` of the files among which the records are dealt out in turn."""
    folder.mkdir()
    for number in range(files):
        write_lines(folder / f"{number}.jsonl", records[number::among])


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    """Write records as JSONL."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def _document(draw: random.Random, number: int, stories: list[list[str]]) -> dict[str, Any]:
    outlet = draw.choice(OUTLETS)
    told = draw.choice(stories)
    kind = draw.choice(("copy", "cut", "edit", "merge", "own", "part", "quote"))
    own = [_paragraph(draw) for _ in range(3)]
    paragraphs = {
        "copy": list(told),
        "cut": told[: max(1, len(told) // 2)],
        "edit": [_edited(draw, paragraph) for paragraph in told],
        "merge": told + draw.choice(stories),
        "own": own,
        "part": [own[0], told[0], *own[1:]],
        "quote": [own[0], f"“{told[0]}”", *own[1:]],
    }[kind]
    if draw.random() < 0.5:
        paragraphs.append(draw.choice(FURNITURE))
    return {
        "id": f"d{number:03d}",
        "url": f"https://{outlet}/{number}",
        "title": " ".join(draw.choices(WORDS, k=5)).capitalize(),
        "byline": draw.choice((None, "Ana Verrin", "Associated Press", "Reuters")),
        "published": f"2025-03-{draw.randint(1, 9):02d}T{draw.randint(0, 23):02d}:15:00Z",
        "fetched_at": "2025-03-10T00:00:00Z",
        "text": "\n".join(paragraphs),
    }


def _paragraph(draw: random.Random) -> str:
    sentences = (" ".join(draw.choices(WORDS, k=draw.randint(8, 16))).capitalize() + "." for _ in range(3))
    return " ".join(sentences)


def _edited(draw: random.Random, paragraph: str) -> str:
    words = paragraph.split()
    words[draw.randrange(len(words))] = draw.choice(WORDS)
    return " ".join(words)
