"""Recall of verified pairs against exact all-pairs of crawl-day, by 8-word containment.

    scripts/quality recall [--db news.db]

Indexes crawl-day/docs.jsonl.gz unless an index of it is given. ``overlap.jsonl.gz`` holds every pair of
one language with containment >= .2 of 8-word shingles, computed on the texts as crawled. What a pair
shares may be site furniture, which the index takes out on purpose, so two figures are given: over all
pairs, and over those that still share as much once learned furniture and credits are gone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dedupe import Index, sketch, text
from dedupe.store import documents

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DEDUPE_DATA", ROOT.parent / "shared" / "data"))
LEVELS = (0.2, 0.3, 0.5, 0.8)
WORDS = 8


def overlaps(path: Path) -> Iterator[dict[str, Any]]:
    """The exact pairs."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


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
    found = {(edge.a, edge.b): edge.relation.is_reuse for edge in index.pairs()}
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
                    "story_lost": [pair for pair in clean if pair not in found],
                }
            )
    return rows


def shared(shingles: dict[str, frozenset[int]], a: str, b: str) -> float:
    """Containment of the smaller story in the larger."""
    if a not in shingles or b not in shingles:
        return 0.0
    smaller = min(len(shingles[a]), len(shingles[b]))
    return len(shingles[a] & shingles[b]) / smaller if smaller else 0.0


def share(found: dict[Any, bool], pairs: list[Any]) -> float:
    """The part of the pairs that was found, whatever their relation."""
    return round(sum(pair in found for pair in pairs) / max(1, len(pairs)), 4)


def main() -> int:
    """Print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--db", type=Path)
    options = parser.parse_args()
    crawl = DATA / "crawl-day"
    if not crawl.is_dir():
        print(f"skipped: no measuring data at {DATA} (DEDUPE_DATA names another place)", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        db = options.db or Path(folder, "news.db")
        with Index.open(db) as index:
            if options.db is None:
                index.add(crawl / "docs.jsonl.gz")
            rows = measure(index, list(overlaps(crawl / "overlap.jsonl.gz")))
    print("language  containment  pairs   found   pairs of stories  found")
    for row in rows:
        print(
            f"{row['language']:<8}  {row['containment']:>11}  {row['pairs']:>5}  {row['found']:.4f}  "
            f"{row['story_pairs']:>16}  {row['story_found']:.4f}"
        )
    print(json.dumps({"quality": "recall", "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
