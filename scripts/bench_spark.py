"""The same job on Spark, local[2]: documents/s and shuffle bytes a document by size of the crawl.

    scripts/bench spark --documents 10000 100000
    scripts/bench spark --crawl corpus/documents.jsonl --beside

Generates a corpus of each size (scripts/corpus.py), or takes the crawls that are there, runs it in a
process of its own, and reports the seconds of every step and the bytes that Spark's tasks wrote for others
to read, from Spark's own event log. ``--beside`` indexes each crawl with the local engine too, right before.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import corpus
from commandline import parser
from scratch import scratch


def measure(crawl: Path, output: Path, cores: int) -> dict[str, Any]:
    """Run Spark over ``crawl`` here and now; its event log goes to the folder of ``output``."""
    log = f"--conf spark.eventLog.enabled=true --conf spark.eventLog.dir={output.parent.as_uri()}"
    plain = "--conf spark.eventLog.rolling.enabled=false --conf spark.eventLog.compress=false"
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{log} {plain} pyspark-shell"
    from dedupe import Config
    from dedupe.spark.run import Run, Settings
    from dedupe.spark.session import open_session

    began = time.monotonic()
    session = open_session(f"local[{cores}]")
    opened = time.monotonic() - began
    result = Run(session, output, Config(), Settings()).index([crawl], note)
    seconds = time.monotonic() - began
    used = tree()
    application = session.sparkContext.applicationId
    session.stop()
    shuffled = shuffle_bytes(output.parent / application)
    return {
        "documents": result.documents,
        "clusters": result.clusters,
        "seconds": round(seconds, 1),
        "documents_per_second": round(result.documents / seconds),
        "steps": {"session": round(opened, 1), **result.seconds},
        "shuffle_bytes_per_document": round(sum(shuffled.values()) / result.documents),
        "shuffle_by_step": {step: round(size / result.documents) for step, size in shuffled.items()},
        "cpu_seconds": used.cpu_seconds,
        "peak_mib": used.peak_mib,
    }


def note(step: str, seconds: float) -> None:
    """Progress, on stderr."""
    print(f"{step}: {seconds:.1f} s", file=sys.stderr, flush=True)


def shuffle_bytes(log: Path) -> dict[str, int]:
    """What the tasks wrote for a shuffle, by the step they belong to."""
    place: dict[int, str] = {}
    written: Counter[str] = Counter()
    for event in events(log):
        if event["Event"] == "SparkListenerJobStart":
            for stage in event["Stage IDs"]:
                place.setdefault(stage, event.get("Properties", {}).get("dedupe.step", "other"))
        elif event["Event"] == "SparkListenerTaskEnd":
            metrics = event.get("Task Metrics", {}).get("Shuffle Write Metrics", {})
            written[place[event["Stage ID"]]] += metrics.get("Shuffle Bytes Written", 0)
    return {step: size for step, size in written.items() if size}


def events(log: Path) -> Iterator[dict[str, Any]]:
    """The events of a log, in order."""
    with log.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@dataclass(frozen=True, slots=True)
class Tree:
    """This process and all that it has started, the JVM and its Python workers: what they took so far."""

    cpu_seconds: float  # of a loaded machine this says more than the clock
    peak_mib: int  # the largest of the JVM and the workers, each at its own time, added up


def tree() -> Tree:
    """From /proc, where there is one."""
    parents: dict[int, list[int]] = {}
    stats: dict[int, list[str]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        stats[int(place.name)] = fields
        parents.setdefault(int(fields[1]), []).append(int(place.name))
    found, ticks, peak = [os.getpid()], 0, 0
    for number in found:  # grows while it is gone through
        ticks += sum(map(int, stats[number][11:15])) if number in stats else 0
        peak += peak_kib(number)
        found += parents.get(number, [])
    return Tree(round(ticks / os.sysconf("SC_CLK_TCK"), 1), peak // 1024)


def peak_kib(number: int) -> int:
    """The largest resident size of a process."""
    try:
        status = Path(f"/proc/{number}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) if found else 0


def child(script: str, *arguments: str) -> dict[str, Any]:
    """What ``script --measure`` prints."""
    command = [sys.executable, str(Path(__file__).with_name(script)), "--measure", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print a line a size, and JSON with versions and machine."""
    command = parser(__doc__)
    command.add_argument("--documents", type=int, nargs="+", default=[10_000])
    command.add_argument("--crawl", type=Path, nargs="+", default=[])
    command.add_argument("--cores", type=int, default=2)
    command.add_argument("--seed", type=int, default=7)
    command.add_argument("--beside", action="store_true", help="Index with the local engine too.")
    command.add_argument("--measure", nargs=3, metavar=("CRAWL", "OUTPUT", "CORES"), help=argparse.SUPPRESS)
    options = command.parse_args()
    if options.measure:
        crawl, output, cores = options.measure
        print(json.dumps(measure(Path(crawl), Path(output), int(cores))))
        return
    results: list[dict[str, Any]] = []
    for size in options.crawl or options.documents:
        with scratch("bench") as folder:
            if isinstance(size, int):
                corpus.write(folder, size, options.seed)
                size = folder / "documents.jsonl"
            local = child("bench_index.py", str(size), f"{folder}/news.db") if options.beside else None
            result = child("bench_spark.py", str(size), f"{folder}/tables", str(options.cores))
        if local:
            result["local"] = {name: local[name] for name in ("documents_per_second", "cpu_seconds")}
        if results:
            result["growth"] = round(result["seconds"] / results[-1]["seconds"], 2)
        results.append(result)
        print(result, file=sys.stderr, flush=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    versions = {name: version(name) for name in ("pyspark", "pyarrow", "numpy", "numba")}
    print(json.dumps({"bench": "spark", "results": results, "machine": machine, "versions": versions}))


if __name__ == "__main__":
    main()
