"""A large index, then many mixed operations; at the end: is it whole, and what a fresh one would be?

    python scripts/load.py --corpus corpus/ --documents 100000 --operations 10000 --passes 100

An operation is one of: a document is added, one that is there is added again with another text, one is
removed, an article is asked about. Each pass of the crawler brings a share of them: its additions are one
file of JSON lines, its changes and removals rewrite the files that the documents are in, and between passes
the questions are asked. In the end `dedupe check --full` has to find the index whole, and its exports have
to be byte for byte those of a new index of what is left. Same seed, same operations.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from commandline import parser
from exported import exports
from scratch import scratch

from dedupe import Config, Index, checking
from dedupe.store.selection import Selection

SHARD = 1000  # documents a file: what a change of one of them rewrites
FETCHED = "2024-06-01T00:00:00Z"
KINDS = {"add": 0.4, "change": 0.2, "remove": 0.2, "query": 0.2}


@dataclass(slots=True)
class Done:
    """Operations by kind, what the passes took, and the documents whose own text the index did not know: of
    a few words, where chance decides."""

    counts: dict[str, int]
    pass_seconds: list[float]
    query_seconds: list[float]
    unknown: list[str]


class Load:
    """A crawl directory with its index, and what should be in it."""

    def __init__(self, folder: Path, records: Iterator[dict[str, Any]], config: Config, seed: int) -> None:
        self.db = folder / "news.db"
        self.crawl = folder / "crawl"
        self.crawl.mkdir()
        self._records = records
        self._config = config
        self._draw = random.Random(seed)
        self._shards: dict[str, dict[str, dict[str, Any] | None]] = {}  # file -> id -> record, None once gone
        self._shard_of: dict[str, str] = {}
        self._ids: list[str] = []

    def begin(self, documents: int, workers: int | None) -> None:
        """Index so many documents."""
        while chunk := list(islice(self._records, min(SHARD, documents - len(self._ids)))):
            self._put(chunk)
        self._index(workers)

    def operate(self, operations: int, passes: int, workers: int | None) -> Done:
        """Mixed operations, spread over the passes."""
        done = Done(dict.fromkeys(KINDS, 0), [], [], [])
        for number in range(passes):
            share = operations * (number + 1) // passes - operations * number // passes
            wanted = self._draw.choices([*KINDS], [*KINDS.values()], k=share)
            for kind in wanted:
                done.counts[kind] += 1
            began = time.monotonic()
            self._pass(wanted, workers)
            done.pass_seconds.append(time.monotonic() - began)
            self._ask(wanted.count("query"), done)
        return done

    def _pass(self, wanted: list[str], workers: int | None) -> None:
        """Additions are a new file. Half of what goes is named to `remove`, half only gone from its file."""
        touched: set[str] = set()
        named: list[str] = []
        for kind in wanted:
            if kind == "change":
                touched.add(self._change(self._draw.choice(self._ids)))
            elif kind == "remove":
                public_id = self._take()
                touched.add(self._drop(public_id))
                if self._draw.random() < 0.5:
                    named.append(public_id)
        if named:
            with Index.open(self.db, self._config) as index:
                index.remove(Selection(ids=tuple(named)))
        for shard in touched:
            self._write(shard)
        self._put(list(islice(self._records, wanted.count("add"))))
        self._index(workers)

    def _ask(self, questions: int, done: Done) -> None:
        """Ask about stored texts, which the index has to know. A page is not its own match: no addresses."""
        with Index.open(self.db, self._config) as index:
            for public_id in self._draw.choices(self._ids, k=questions):
                record = self._record(public_id)
                began = time.monotonic()
                asked = {name: record[name] for name in ("text", "title", "byline")}
                found = index.query(**asked, outlet=urlsplit(record["url"]).hostname)
                done.query_seconds.append(time.monotonic() - began)
                if not found.edges and not found.query.text.isspace():
                    done.unknown.append(public_id)

    def _put(self, records: list[dict[str, Any]]) -> None:
        if not records:
            return
        shard = f"{len(self._shards):06d}.jsonl"
        self._shards[shard] = {record["id"]: record for record in records}
        self._shard_of.update(dict.fromkeys(self._shards[shard], shard))
        self._ids += self._shards[shard]
        self._write(shard)

    def _change(self, public_id: str) -> str:
        """A document's text becomes the first half of another one's, and its own."""
        shard = self._shard_of[public_id]
        other = self._draw.choice(self._ids)
        theirs = self._record(other)["text"].split("\n")
        record = self._record(public_id)
        text = "\n".join([*theirs[: (len(theirs) + 1) // 2], record["text"]])
        self._shards[shard][public_id] = record | {"text": text[:20_000]}
        return shard

    def _record(self, public_id: str) -> dict[str, Any]:
        record = self._shards[self._shard_of[public_id]][public_id]
        assert record is not None
        return record

    def _take(self) -> str:
        at = self._draw.randrange(len(self._ids))
        self._ids[at], self._ids[-1] = self._ids[-1], self._ids[at]
        return self._ids.pop()

    def _drop(self, public_id: str) -> str:
        shard = self._shard_of.pop(public_id)
        self._shards[shard][public_id] = None
        return shard

    def _write(self, shard: str) -> None:
        """Whole, as a crawler should. What is gone leaves a blank line, so that no other one moves."""
        path = self.crawl / shard
        if not any(self._shards[shard].values()):
            path.unlink()
            return
        lines = (b"" if each is None else orjson.dumps(each) for each in self._shards[shard].values())
        partial = path.with_suffix(".partial")
        partial.write_bytes(b"".join(line + b"\n" for line in lines))
        partial.replace(path)

    def _index(self, workers: int | None) -> None:
        with Index.open(self.db, self._config) as index:
            index.add(self.crawl, prune=True, workers=workers)


def records_of(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a corpus that scripts/corpus.py wrote.

    They get a time of their fetch. Without one the time of their file stands for it, which is another once
    the file is written again, while a document that did not change keeps the one it was first seen at.
    """
    with path.open("rb") as file:
        yield from ({"fetched_at": FETCHED, **orjson.loads(line)} for line in file)


def tell(done: Done) -> None:
    """What was done, and how long that took."""
    passes, questions = done.pass_seconds, [1000 * seconds for seconds in done.query_seconds]
    print(f"{done.counts} in {len(passes)} passes, {sum(passes):.0f} s")
    print(f"pass: median {statistics.median(passes):.2f} s, longest {max(passes):.2f} s")
    if questions:
        print(f"query: median {statistics.median(questions):.1f} ms, longest {max(questions):.1f} ms")
        print(f"own text not known: {len(done.unknown)} of {len(questions)} {done.unknown[:9]}")
    sys.stdout.flush()


def is_sound(load: Load, fresh: Path, workers: int | None) -> bool:
    """Whether the index is whole, and exports what one does that is made anew, in ``fresh``; says both."""
    began = time.monotonic()
    checked = checking.check(load.db, full=True, workers=workers)
    print(f"checked in full in {time.monotonic() - began:.0f} s: {checked}", flush=True)
    with Index.open(fresh) as index:
        index.add(load.crawl, workers=workers)
    same = exports(load.db) == exports(fresh)
    print(f"exports {'equal' if same else 'DIFFER FROM'} those of a fresh index")
    return same and checked.is_whole


def peak_mib() -> int:
    """The most that this process or one of its workers has held."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in both) // 1024


def main() -> None:
    """Load, check, compare, and say what was done."""
    command = parser(__doc__)
    command.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="of scripts/corpus.py")
    command.add_argument("--documents", type=int, default=100_000, help="that are there at the beginning")
    command.add_argument("--operations", type=int, default=10_000)
    command.add_argument("--passes", type=int, default=100)
    command.add_argument("--workers", type=int)
    command.add_argument("--seed", type=int, default=1)
    options = command.parse_args()
    with scratch("load") as folder:
        records = records_of(options.corpus / "documents.jsonl")
        load = Load(folder, records, Config(), options.seed)
        began = time.monotonic()
        load.begin(options.documents, options.workers)
        print(f"{options.documents:,} documents indexed in {time.monotonic() - began:.0f} s", flush=True)
        tell(load.operate(options.operations, options.passes, options.workers))
        sound = is_sound(load, folder / "fresh.db", options.workers)
        print(f"peak {peak_mib()} MiB")
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
