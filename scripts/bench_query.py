"""One article against an index: warm median and 99th percentile, cold command, by index size.

    scripts/bench query --db news.db --queries 300

Asks about documents of the index itself, cut to their middle half and without their URL, so that every
query has at least one match to verify and an origin to infer. Without --db an index of a generated
corpus is made first.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import subprocess
import time
from pathlib import Path

import corpus
from commandline import DEDUPE, parser
from scratch import scratch

from dedupe import Index
from dedupe.store import documents


def articles(index: Index, count: int, seed: int) -> list[str]:
    """The middle halves of random stored texts."""
    numbers = [number for (number,) in index.reader.execute("SELECT document FROM documents ORDER BY id")]
    chosen = random.Random(seed).sample(numbers, min(count, len(numbers)))
    texts = [story.document.text for story in documents.load_stories(index.reader, chosen)]
    return [text[len(text) // 4 : -len(text) // 4] for text in texts]


def warm(index: Index, texts: list[str]) -> list[float]:
    """Milliseconds of each query, after three that are not counted."""
    for text in texts[:3]:
        index.query(text)
    taken = []
    for text in texts:
        began = time.perf_counter()
        index.query(text)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def cold(db: Path, text: str, runs: int) -> list[float]:
    """Milliseconds of whole `dedupe query` processes."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(
            [*DEDUPE, "query", "-", "--db", str(db)],
            input=text.encode(), stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def main() -> None:
    """Print one JSON line."""
    command = parser(__doc__)
    command.add_argument("--db", type=Path)
    command.add_argument("--documents", type=int, default=10_000, help="of the corpus made without --db")
    command.add_argument("--queries", type=int, default=300)
    command.add_argument("--seed", type=int, default=7)
    options = command.parse_args()
    with scratch("bench") as folder:
        db = options.db or folder / "news.db"
        with Index.open(db) as index:
            if options.db is None:
                corpus.write(folder, options.documents, options.seed)
                index.add(folder / "documents.jsonl")
            stored = documents.count(index.reader)
            texts = articles(index, options.queries, options.seed)
            taken = warm(index, texts)
        processes = cold(db, texts[0], 5)
    result = {
        "bench": "query",
        "documents": stored,
        "queries": len(taken),
        "warm_median_ms": round(statistics.median(taken), 2),
        "warm_p99_ms": round(taken[int(len(taken) * 0.99)], 2),
        "cold_least_ms": round(processes[0]),
        "cold_median_ms": round(statistics.median(processes)),
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
