"""JSONL to committed pairs, clusters and origins: documents/s, memory and bytes by size of the crawl.

    scripts/bench index --documents 10000 100000

Generates a corpus of each size (scripts/corpus.py), indexes it in a process of its own, and reports the
seconds of every step, the largest resident size of the indexing process and of its largest worker, and
the bytes of the index without the stored texts. Growth is the ratio of the seconds of successive sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import corpus
from commandline import parser
from scratch import scratch


def measure(crawl: Path, db: Path) -> dict[str, Any]:
    """Index ``crawl`` into ``db`` here and now."""
    from dedupe import Index

    began = time.monotonic()
    ends: dict[str, float] = {}

    def note(step: str, done: int, total: int | None) -> None:
        ends[step] = time.monotonic()

    with Index.open(db) as index:
        reading = index.add(crawl, progress=note)
        seconds = time.monotonic() - began
        figures = index_bytes(index.reader)
    steps, last = {}, began
    for step, end in ends.items():
        steps[step] = round(end - last, 2)
        last = end
    return {
        "documents": reading.added,
        "seconds": round(seconds, 2),
        "documents_per_second": round(reading.added / seconds),
        "steps": steps,
        "cpu_seconds": round(sum(cpu(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "peak_worker_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        **{name: round(size / reading.added) for name, size in figures.items()},
    }


def cpu(who: int) -> float:
    """Seconds of processor time."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def index_bytes(connection: Any) -> dict[str, int]:
    """Bytes on disk of the stored texts, and of everything else."""
    sizes = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
    texts = sizes.get("texts", 0)
    return {"text_bytes": texts, "index_bytes": sum(sizes.values()) - texts}


def main() -> None:
    """Print a line a size, and JSON with versions and machine."""
    command = parser(__doc__)
    command.add_argument("--documents", type=int, nargs="+", default=[10_000, 30_000])
    command.add_argument("--seed", type=int, default=7)
    command.add_argument("--measure", nargs=2, metavar=("CRAWL", "DB"), help=argparse.SUPPRESS)
    options = command.parse_args()
    if options.measure:
        print(json.dumps(measure(*map(Path, options.measure))))
        return
    results = []
    for documents in options.documents:
        with scratch("bench") as folder:
            corpus.write(folder, documents, options.seed)
            crawl = folder / "documents.jsonl"
            done = subprocess.run(
                [sys.executable, __file__, "--measure", str(crawl), str(folder / "news.db")],
                check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        result = json.loads(done.stdout)
        if results:
            result["growth"] = round(result["seconds"] / results[-1]["seconds"], 2)
        results.append(result)
        print(result, file=sys.stderr)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    versions = {name: version(name) for name in ("numpy", "numba", "datasketch", "xxhash")}
    print(json.dumps({"bench": "index", "results": results, "machine": machine, "versions": versions}))


if __name__ == "__main__":
    main()
