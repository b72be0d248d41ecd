"""The service under load: queries/s, latencies, errors, memory, while one writer adds documents.

    scripts/bench serve --db news.db --rate 150 --seconds 60 --writer 500

Works on a copy of the index. Questions are cut from its own documents, as in bench_query; they leave at
a fixed rate over persistent connections of this machine, and a latency counts from the moment a
question was due, so a server that falls behind is not spared. ``--rate 0`` asks as fast as it is
answered. The writer is `dedupe watch` on a directory into which files of a generated corpus are moved.
``--compare`` answers are compared with those of `dedupe query`, byte by byte: before, after, and during the
writing where nothing was committed between the two questions. Everything is bounded: this machine only, so
many questions or seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import corpus
import orjson
from bench_query import articles
from commandline import DEDUPE, parser
from scratch import scratch

from dedupe import Index
from dedupe.store.stages import Stage

HOST = "127.0.0.1"
FILE_DOCUMENTS = 500


@dataclass
class Run:
    """What came of the questions. Latencies are in milliseconds."""

    taken: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0


@contextmanager
def service(db: Path, readers: int) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server of its own."""
    server = subprocess.Popen(
        [*DEDUPE, "serve", "--db", str(db), "--port", "0", "--readers", str(readers)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if "serving" not in line:
            raise SystemExit("error: the service did not start")
        yield int(line.rsplit(":", 1)[1]), server.pid
    finally:
        server.terminate()
        server.wait(30)


def request(text: str) -> bytes:
    """One question as it goes over the wire."""
    body = text.encode()
    lines = (
        "POST /query HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: text/plain",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: bytes
) -> tuple[int, bytes]:
    """Status and body."""
    writer.write(question)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return int(head[9:12]), await reader.readexactly(length)


async def load(port: int, questions: list[bytes], options: argparse.Namespace) -> Run:
    """Ask over several connections until the time or the number is reached."""
    run, numbers = Run(), itertools.count()
    began = time.perf_counter()
    ends = began + options.seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        while (number := next(numbers)) < options.queries:
            due = began + number / options.rate if options.rate else time.perf_counter()
            if due >= ends:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            status, _ = await ask(reader, writer, questions[number % len(questions)])
            run.taken.append((time.perf_counter() - due) * 1000)
            run.errors += status != 200
        writer.close()

    await asyncio.gather(*(one() for _ in range(options.connections)))
    run.seconds = time.perf_counter() - began
    return run


@contextmanager
def writer(db: Path, folder: Path, rate: int, seconds: float) -> Iterator[int | None]:
    """The process of `dedupe watch`; a feeder moves a file of documents in whenever one is due."""
    if not rate:
        yield None
        return
    made, inbox = folder / "made", folder / "inbox"
    inbox.mkdir()
    corpus.write(made, int(rate * seconds) + FILE_DOCUMENTS, seed=11)
    lines = (made / "documents.jsonl").read_bytes().splitlines(keepends=True)
    for number, begin in enumerate(range(0, len(lines), FILE_DOCUMENTS)):
        part = b"".join(_renamed(line) for line in lines[begin : begin + FILE_DOCUMENTS])
        (made / f"{number:05d}.jsonl").write_bytes(part)
    watch = subprocess.Popen(
        [*DEDUPE, "watch", str(inbox), "--db", str(db), "--workers", "0"], stdout=sys.stderr
    )
    feed = (
        "import os, sys, time\nmade, inbox, pause = sys.argv[1], sys.argv[2], float(sys.argv[3])\n"
        "for name in sorted(n for n in os.listdir(made) if n[0].isdigit()):\n"
        "    os.rename(f'{made}/{name}', f'{inbox}/{name}')\n    time.sleep(pause)\n"
    )
    feeder = subprocess.Popen([sys.executable, "-c", feed, made, inbox, str(FILE_DOCUMENTS / rate)])
    try:
        yield watch.pid
    finally:
        feeder.kill()
        watch.terminate()
        feeder.wait()
        watch.wait()


def _renamed(line: bytes) -> bytes:
    """Ids of another corpus than the one that may be in the index."""
    record = orjson.loads(line)
    return orjson.dumps({**record, "id": f"new-{record['id']}", "url": f"{record['url']}?new"}) + b"\n"


def differing(db: Path, port: int, texts: list[str]) -> int:
    """How many answers are not the bytes that the command line prints."""
    wrong = 0
    for text in texts:
        found = subprocess.run(
            [*DEDUPE, "query", "-", "--db", str(db), "--format", "json"],
            input=text.encode(), capture_output=True, check=True,
        ).stdout  # fmt: skip
        wrong += found.rstrip(b"\r\n") != asyncio.run(_asked(port, text))
    return wrong


def differing_in_one_state(db: Path, port: int, texts: list[str], seconds: float) -> tuple[int, int]:
    """The same while the index is written, over so many seconds: how many were compared, and differ.

    An answer counts when no commit came between the two questions, told by SQLite's ``data_version``.
    """
    compared = wrong = 0
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as watching:
        for text in texts:
            time.sleep(seconds / len(texts))
            (before,) = watching.execute("PRAGMA data_version").fetchone()
            differs = differing(db, port, [text])
            (after,) = watching.execute("PRAGMA data_version").fetchone()
            if before == after:
                compared += 1
                wrong += differs
    return compared, wrong


async def _asked(port: int, text: str) -> bytes:
    reader, stream = await asyncio.open_connection(HOST, port)
    _, body = await ask(reader, stream, request(text))
    stream.close()
    return body


def used(root: int) -> tuple[float, int]:
    """Processor seconds and resident MiB of a process and all below it."""
    command = ["ps", "-eo", "pid=,ppid=,cputimes=,rss="]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in table.splitlines()]
    family = {root}
    while more := {pid for pid, parent, *_ in rows if parent in family} - family:
        family |= more
    own = [row for row in rows if row[0] in family]
    return sum(row[2] for row in own), sum(row[3] for row in own) >> 10


def stored(db: Path) -> int:
    """Documents that are settled."""
    with closing(sqlite3.connect(db)) as connection:
        settled = connection.execute("SELECT count(*) FROM documents WHERE stage = ?", [Stage.SETTLED])
        return int(settled.fetchone()[0])


def measured(db: Path, folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """One run, as figures."""
    with Index.open(db) as index:
        texts = articles(index, options.texts, options.seed)
    questions = [request(text) for text in texts if text.strip()]
    compared = random.Random(options.seed).sample(texts, min(options.compare, len(texts)))
    began_with = stored(db)
    with service(db, options.readers) as (port, pid):
        different = differing(db, port, compared)
        asyncio.run(load(port, questions, argparse.Namespace(**{**vars(options), "queries": 200, "rate": 0})))
        seconds_before, memory_before = used(pid)
        with writer(db, folder, options.writer, options.seconds) as watch, ThreadPoolExecutor(1) as beside:
            during = beside.submit(differing_in_one_state, db, port, compared, options.seconds)
            run = asyncio.run(load(port, questions, options))
            ended_with = stored(db)
            writing = used(watch)[0] if watch else 0.0
            log_bytes = Path(f"{db}-wal").stat().st_size if Path(f"{db}-wal").exists() else 0
        seconds_after, memory_after = used(pid)
        different += differing(db, port, compared)
    taken = sorted(run.taken)
    return {
        "bench": "serve",
        "documents": began_with,
        "queries": len(taken),
        "errors": run.errors,
        "compared_while_written": during.result()[0],
        "different_from_command": different + during.result()[1],
        "queries_per_second": round(len(taken) / run.seconds, 1),
        "median_ms": round(statistics.median(taken), 2),
        "p99_ms": round(taken[int(len(taken) * 0.99)], 2),
        "most_ms": round(taken[-1], 1),
        "added_per_second": round((ended_with - began_with) / run.seconds, 1),
        "writer_processor_seconds": writing,
        "log_mib": round(log_bytes / 2**20, 1),
        "memory_mib": [memory_before, memory_after],
        "processor_ms_per_query": round((seconds_after - seconds_before) / len(taken) * 1000, 2),
        "readers": options.readers,
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
    }


def main() -> None:
    """Print one JSON line."""
    command = parser(__doc__)
    command.add_argument("--db", type=Path, help="an index; without it one of a generated corpus is made")
    command.add_argument("--documents", type=int, default=10_000, help="of the corpus made without --db")
    command.add_argument("--rate", type=float, default=150, help="questions a second; 0 as fast as answered")
    command.add_argument("--seconds", type=float, default=20)
    command.add_argument("--queries", type=int, default=1_000_000, help="ends the run too")
    command.add_argument("--connections", type=int, default=16)
    command.add_argument("--writer", type=int, default=0, help="documents a second that are added meanwhile")
    command.add_argument("--readers", type=int, default=os.cpu_count() or 1)
    command.add_argument("--texts", type=int, default=2000, help="different questions")
    command.add_argument("--compare", type=int, default=20, help="answers compared with the command line")
    command.add_argument("--seed", type=int, default=7)
    options = command.parse_args()
    with scratch("bench") as folder:
        db = folder / "news.db"
        if options.db is None:
            corpus.write(folder / "corpus", options.documents, options.seed)
            with Index.open(db) as index:
                index.add(folder / "corpus" / "documents.jsonl")
        else:
            with closing(sqlite3.connect(options.db)) as source, closing(sqlite3.connect(db)) as copy:
                source.backup(copy)
        print(json.dumps(measured(db, folder, options)))


if __name__ == "__main__":
    main()
