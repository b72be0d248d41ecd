"""A large index, then many mixed operations; at the end: is it whole, and what a fresh one would be?

    python scripts/load.py --corpus corpus/ --documents 100000 --operations 10000 --passes 100

An operation is one of: a document is added, one that is there is added again with another text, one is
removed, an article is asked about. Each pass of the crawler brings a share of them: its additions are one
file of JSON lines, its changes and removals rewrite the files that the documents are in, and between passes
the questions are asked. In the end `dedupe check --full` has to find the index whole, and its exports have
to be byte for byte those of a new index of what is left. Same seed, same operations.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from exported import exports

from dedupe import Config, Index, checking
from dedupe.store.selection import Selection

SHARD = 1000  # documents a file: what a change of one of them rewrites
KINDS = {"add": 0.4, "change": 0.2, "remove": 0.2, "query": 0.2}


@dataclass(slots=True)
class Done:
    """Operations by kind, and what the passes took."""

    counts: dict[str, int]
    pass_seconds: list[float]
    query_seconds: list[float]


class Load:
    """A crawl directory with its index, and what should be in it."""

    def __init__(self, folder: Path, records: Iterator[dict[str, Any]], config: Config, seed: int) -> None:
        self.db = folder / "news.db"
        self._crawl = folder / "crawl"
        self._crawl.mkdir()
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
        done = Done(dict.fromkeys(KINDS, 0), [], [])
        for number in range(passes):
            share = operations * (number + 1) // passes - operations * number // passes
            wanted = self._draw.choices([*KINDS], [*KINDS.values()], k=share)
            for kind in wanted:
                done.counts[kind] += 1
            began = time.monotonic()
            self._pass(wanted, workers)
            done.pass_seconds.append(time.monotonic() - began)
            done.query_seconds += self._ask(wanted.count("query"))
        return done

    def left(self) -> Path:
        """The crawl as it is now, which a new index is made of."""
        return self._crawl

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

    def _ask(self, questions: int) -> list[float]:
        """Ask about stored texts, which the index has to know."""
        seconds = []
        with Index.open(self.db, self._config) as index:
            for public_id in self._draw.choices(self._ids, k=questions):
                record = self._record(public_id)
                began = time.monotonic()
                found = index.query(text=record["text"], title=record["title"], byline=record["byline"])
                seconds.append(time.monotonic() - began)
                assert found.edges, f"the index does not know its own {public_id}"
        return seconds

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
        path = self._crawl / shard
        if not any(self._shards[shard].values()):
            path.unlink()
            return
        lines = (b"" if each is None else orjson.dumps(each) for each in self._shards[shard].values())
        partial = path.with_suffix(".partial")
        partial.write_bytes(b"".join(line + b"\n" for line in lines))
        partial.replace(path)

    def _index(self, workers: int | None) -> None:
        with Index.open(self.db, self._config) as index:
            index.add(self._crawl, prune=True, workers=workers)


def records_of(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a corpus that scripts/corpus.py wrote."""
    with path.open("rb") as file:
        yield from map(orjson.loads, file)


def main() -> None:
    """Load, check, compare, and say what was done."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--passes", type=int, default=100)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dedupe-load-") as name:
        records = records_of(arguments.corpus / "documents.jsonl")
        load = Load(Path(name), records, Config(), arguments.seed)
        began = time.monotonic()
        load.begin(arguments.documents, arguments.workers)
        print(f"{arguments.documents:,} documents indexed in {time.monotonic() - began:.0f} s", flush=True)
        done = load.operate(arguments.operations, arguments.passes, arguments.workers)
        passes, questions = sorted(done.pass_seconds), sorted(done.query_seconds)
        print(f"{done.counts} in {len(passes)} passes, {sum(passes):.0f} s", flush=True)
        print(f"pass: median {passes[len(passes) // 2]:.2f} s, longest {passes[-1]:.2f} s", flush=True)
        middle = questions[len(questions) // 2]
        print(f"query: median {1000 * middle:.1f} ms, longest {1000 * questions[-1]:.1f} ms", flush=True)
        began = time.monotonic()
        checked = checking.check(load.db, full=True, workers=arguments.workers)
        print(f"checked in full in {time.monotonic() - began:.0f} s: {checked}", flush=True)
        fresh = Path(name) / "fresh.db"
        with Index.open(fresh) as index:
            index.add(load.left(), workers=arguments.workers)
        same = exports(load.db) == exports(fresh)
        peak = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"exports {'equal' if same else 'DIFFER FROM'} those of a fresh index; peak {peak // 1024} MiB")
    sys.exit(0 if same and checked.is_whole else 1)


if __name__ == "__main__":
    main()
