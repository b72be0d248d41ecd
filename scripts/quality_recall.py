"""Recall of verified pairs against exact all-pairs of crawl-day, by 8-word containment.

    scripts/quality recall
    scripts/quality recall --db news.db --lost build/lost.jsonl

Indexes crawl-day/docs.jsonl.gz unless an index of it is given. ``overlap.jsonl.gz`` holds every pair of
one language with containment >= .2 of 8-word shingles, computed on the texts as crawled. What a pair
shares may be site furniture, which the index takes out on purpose, so two figures are given: over all
pairs, and over those that still share as much once learned furniture and credits are gone. Pairs that are
lost are counted by what cost them; ``--lost`` writes each of them, with what it shared, to be read.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from commandline import parser
from judged import data, lines
from scratch import scratch

from dedupe import Index, sketch, text
from dedupe.store import documents

LEVELS = (0.2, 0.3, 0.5, 0.8)
LOST_FROM = 0.5
WORDS = 8


def shingle_sets(index: Index, ids: list[str]) -> dict[str, frozenset[int]]:
    """id -> the 8-word shingles of its story, furniture and credits gone."""
    config = replace(index.config.sketch, shingle_size=WORDS)
    found = {}
    for begin in range(0, len(ids), 500):
        chunk = ids[begin : begin + 500]
        stories = documents.load_stories(index.reader, [documents.number_of(index.reader, i) for i in chunk])
        hashes, first = sketch.shingle_hashes(text.tokenize([story.text for story in stories]), config)
        for i, name in enumerate(chunk):
            found[name] = frozenset(hashes[first[i] : first[i + 1]].tolist())
    return found


def measure(index: Index, exact: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Recall by language and level, over pairs as crawled and as cleaned."""
    found = {(edge.a, edge.b) for edge in index.pairs()}
    stored = {name for (name,) in index.reader.execute("SELECT id FROM documents")}
    shingles = shingle_sets(index, sorted({i for pair in exact for i in (pair["a"], pair["b"])} & stored))
    rows = []
    for language in ("en", None):
        for level in LEVELS:
            pairs = [
                tuple(sorted((p["a"], p["b"])))
                for p in exact
                if p["containment"] >= level and language in (None, p["lang"])
            ]
            clean = [pair for pair in pairs if shared(shingles, *pair) >= level]
            rows.append(
                {
                    "language": language or "all",
                    "containment": level,
                    "pairs": len(pairs),
                    "found": share(found, pairs),
                    "story_pairs": len(clean),
                    "story_found": share(found, clean),
                }
            )
    return rows


def lost(index: Index, exact: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The pairs with LOST_FROM of containment as crawled that are no edge of the index.

    ``cause``: ``not indexed`` (a page without text), ``furniture`` (without learned furniture and credits the
    stories share less than that), else ``missed``. ``shared`` is the longest line of both, as crawled.
    """
    found = {(edge.a, edge.b) for edge in index.pairs()}
    gone = [
        p for p in exact if p["containment"] >= LOST_FROM and tuple(sorted((p["a"], p["b"]))) not in found
    ]
    stored = {name for (name,) in index.reader.execute("SELECT id FROM documents")}
    ids = sorted({i for pair in gone for i in (pair["a"], pair["b"])} & stored)
    shingles = shingle_sets(index, ids)
    for pair in gone:
        a, b = sorted((pair["a"], pair["b"]))
        if not {a, b} <= stored:
            yield {"a": a, "b": b, "cause": "not indexed", "containment": pair["containment"]}
            continue
        left = shared(shingles, a, b)
        one, two, _ = index.compare(a, b)
        both = {line.strip() for line in one.document.text.split("\n")}
        both &= {line.strip() for line in two.document.text.split("\n")}
        yield {
            "a": a,
            "b": b,
            "cause": "missed" if left >= LOST_FROM else "furniture",
            "across": one.document.outlet != two.document.outlet,
            "containment": pair["containment"],
            "of_stories": round(left, 4),
            "outlets": [one.document.outlet, two.document.outlet],
            "titles": [one.document.title, two.document.title],
            "shared": max(both, key=len, default="")[:300],
        }


def print_lost(listed: list[dict[str, Any]]) -> None:
    """How many pairs are lost, by cause, within one outlet and across outlets."""
    counts = Counter((each["cause"], each.get("across", False)) for each in listed)
    print(f"\nlost of the pairs with containment >= {LOST_FROM} as crawled: {len(listed)}")
    for (cause, across), count in sorted(counts.items()):
        print(f"  {count:>5}  {cause}, {'across outlets' if across else 'within one outlet'}")


def shared(shingles: dict[str, frozenset[int]], a: str, b: str) -> float:
    """Containment of the smaller story in the larger."""
    if a not in shingles or b not in shingles:
        return 0.0
    smaller = min(len(shingles[a]), len(shingles[b]))
    return len(shingles[a] & shingles[b]) / smaller if smaller else 0.0


def share(found: set[tuple[str, str]], pairs: list[Any]) -> float:
    """The part of the pairs that was found, whatever their relation."""
    return round(sum(pair in found for pair in pairs) / max(1, len(pairs)), 4)


def main() -> int:
    """Print a table and a JSON line."""
    command = parser(__doc__)
    command.add_argument("--db", type=Path)
    command.add_argument(
        "--lost", type=Path, metavar="FILE", help="write the pairs that are lost, as JSON lines"
    )
    options = command.parse_args()
    crawl = data() / "crawl-day"
    if not crawl.is_dir():
        print(f"skipped: no measuring data at {data()} (DEDUPE_DATA names another place)", file=sys.stderr)
        return 0
    with scratch("quality") as folder:
        db = options.db or folder / "news.db"
        with Index.open(db) as index:
            if options.db is None:
                index.add(crawl / "docs.jsonl.gz")
            exact = list(lines(crawl / "overlap.jsonl.gz"))
            rows, listed = measure(index, exact), list(lost(index, exact))
    print("language  containment  pairs   found   pairs of stories  found")
    for row in rows:
        print(
            f"{row['language']:<8}  {row['containment']:>11}  {row['pairs']:>5}  {row['found']:.4f}  "
            f"{row['story_pairs']:>16}  {row['story_found']:.4f}"
        )
    print_lost(listed)
    if options.lost is not None:
        options.lost.write_text(
            "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in listed), "utf-8"
        )
    print(json.dumps({"quality": "recall", "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
