"""One tool, one run: JSONL in, the pairs or clusters it reports out; the child process of ``bench_tools.py``.

    PYTHON scripts/tools_run.py TOOL documents.jsonl ANSWER.json --cores 1

Runs in the interpreter that has the tool, so nothing but the standard library is imported above. The clock
starts after the imports and stops when the answer is there. All look for a resemblance of .5 over 5-word
shingles; the others' bands are those datasketch chooses for .5 of 128 permutations, 25 of 5 rows.
"""

from __future__ import annotations

import json
import os
import re
import resource
import struct
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from commandline import parser

SHINGLE = 5
THRESHOLD = 0.5
PERMUTATIONS = 128
BANDS, ROWS = 25, 5
WORDS = re.compile(r"\w+")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool reports, as line numbers of its input, and the seconds up to there.

    ``groups`` are reported as such: every two documents of a group are a pair.
    """

    reports: str
    wall: float
    cpu: float
    pairs: list[Pair]
    groups: list[list[int]]


class Clock:
    """Seconds since it was made: of the wall, and of the processors this process and its children used."""

    def __init__(self) -> None:
        self.began, self.used = time.perf_counter(), _cpu()

    def outcome(
        self, reports: str, pairs: Iterable[Pair] = (), groups: Iterable[Iterable[int]] = ()
    ) -> Outcome:
        wall, cpu = time.perf_counter() - self.began, _cpu() - self.used
        return Outcome(reports, wall, cpu, list(pairs), [list(group) for group in groups])


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def shingles(text: str) -> list[str]:
    """Every ``SHINGLE`` words in a row; a shorter text is one shingle."""
    words = WORDS.findall(text.lower())
    return [" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))]


def texts_of(path: Path) -> Iterator[str]:
    """The field ``text`` of every line."""
    with path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def ids_of(path: Path) -> dict[str, int]:
    """The field ``id`` of every line -> its number."""
    with path.open("rb") as lines:
        return {json.loads(line)["id"]: number for number, line in enumerate(lines)}


def run_dedupe(path: Path, cores: int) -> list[Outcome]:
    """JSONL to a committed index with pairs, clusters and origins."""
    import datasketch  # noqa: F401  (it and the pipeline are what the first call would import)

    from dedupe import Index, pipeline  # noqa: F401

    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder, "news.db")) as index:
        clock = Clock()
        index.add(path, workers=0 if cores == 1 else cores)
        done = clock.outcome("")
        at = ids_of(path)
        edges = list(index.pairs())
        clusters = [[at[document.id] for document in each.documents] for each in index.clusters()]
    told = {
        "verified pairs, any relation": [(at[edge.a], at[edge.b]) for edge in edges],
        "pairs that are reuse": [(at[edge.a], at[edge.b]) for edge in edges if edge.relation.is_reuse],
    }
    return [
        *(Outcome(reports, done.wall, done.cpu, pairs, []) for reports, pairs in told.items()),
        Outcome("clusters", done.wall, done.cpu, [], clusters),
    ]


def run_datasketch(path: Path, cores: int) -> list[Outcome]:
    """LSH in memory: its candidates, and those of them that exact resemblance confirms."""
    import xxhash
    from datasketch import MinHash, MinHashLSH

    clock = Clock()
    texts = list(texts_of(path))
    signed = MinHash.bulk(
        ([shingle.encode("utf-8", "replace") for shingle in shingles(text)] for text in texts),
        num_perm=PERMUTATIONS,
        scheme="affine32",
        hashfunc=xxhash.xxh32_intdigest,
    )
    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    with lsh.insertion_session() as session:
        for number, each in enumerate(signed):
            session.insert(number, each, check_duplication=False)
    found = [
        (other, number) for number, each in enumerate(signed) for other in lsh.query(each) if other < number
    ]
    candidates = clock.outcome("LSH candidates", found)

    @cache
    def shingled(number: int) -> frozenset[str]:
        return frozenset(shingles(texts[number]))

    verified = [
        (a, b)
        for a, b in found
        if len(shingled(a) & shingled(b)) >= THRESHOLD * len(shingled(a) | shingled(b))
    ]
    return [candidates, clock.outcome("candidates, exact Jaccard ≥ .5", verified)]


def run_rensa(path: Path, cores: int) -> list[Outcome]:
    """R-MinHash and its LSH: its candidates, and those whose signatures estimate enough.

    Its bands must divide the signature evenly, hence 125 permutations.
    """
    from rensa import RMinHash, RMinHashLSH

    clock = Clock()
    signed = RMinHash.from_token_sets((shingles(text) for text in texts_of(path)), BANDS * ROWS, 1)
    lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=BANDS * ROWS, num_bands=BANDS)
    lsh.insert_many(signed)
    found = [
        (other, number)
        for number, others in enumerate(lsh.query_all(signed))
        for other in set(others)
        if other < number
    ]
    candidates = clock.outcome("LSH candidates", found)
    alike = [(a, b) for a, b in found if signed[a].jaccard(signed[b]) >= THRESHOLD]
    return [candidates, clock.outcome("candidates, estimated Jaccard ≥ .5", alike)]


def run_text_dedup(path: Path, cores: int) -> list[Outcome]:
    """``python -m text_dedup.minhash``: load, sign, unite what shares a band, keep one of each, save."""
    from text_dedup import minhash

    with tempfile.TemporaryDirectory() as folder:
        options = {
            "path": "json",
            "data_files": path,
            "split": "train",
            "cache_dir": Path(folder, "cache"),
            "output": Path(folder, "kept"),
            "column": "text",
            "ngram": SHINGLE,
            "num_perm": PERMUTATIONS,
            "threshold": THRESHOLD,
            "hash_func": "xxh3",
            "num_proc": cores,
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        clock = Clock()
        minhash.main(arguments, standalone_mode=False)
        done = clock.outcome("")
    united = grouped((number, minhash.uf.find(number)) for number in list(minhash.uf.parent))
    return [Outcome("clusters", done.wall, done.cpu, [], united)]


def run_datatrove(path: Path, cores: int) -> list[Outcome]:
    """Signatures, buckets and clusters, a task a core; its fourth step, which filters, is left out.

    Workers are forked: they start sooner than its default, and their processor time is seen.
    """
    import spacy  # noqa: F401  (its word tokenizer, which it would import on the way)
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader

    config = MinhashConfig(n_grams=SHINGLE, num_buckets=BANDS, hashes_per_bucket=ROWS)
    with tempfile.TemporaryDirectory() as folder:
        crawl, signed, alike, united = (f"{folder}/{name}" for name in ("crawl", "signed", "alike", "united"))
        begins = split(path, Path(crawl), cores)
        clock = Clock()
        steps = [
            ([JsonlReader(crawl), MinhashDedupSignature(signed, config)], cores, cores),
            ([MinhashDedupBuckets(signed, alike, config=config)], BANDS, cores),
            ([MinhashDedupCluster(alike, united, config, save_cluster_id=True)], 1, 1),
        ]
        for number, (step, tasks, workers) in enumerate(steps):
            LocalPipelineExecutor(step, tasks, workers, f"{folder}/log{number}", start_method="fork").run()
        done = clock.outcome("")
        told = [
            (begins[int(file.stem)] + line, cluster)
            for file in Path(united).glob("*.clusters")
            for line, cluster in struct.iter_unpack("<2I", file.read_bytes())
        ]
    return [Outcome("clusters", done.wall, done.cpu, [], grouped(told))]


def split(path: Path, folder: Path, parts: int) -> list[int]:
    """The lines of a file in so many files; returns the number of each part's first line."""
    folder.mkdir()
    lines = path.read_bytes().splitlines(keepends=True)
    begins = [len(lines) * part // parts for part in range(parts)]
    for part, (begin, end) in enumerate(zip(begins, [*begins[1:], len(lines)], strict=True)):
        (folder / f"{part:05d}.jsonl").write_bytes(b"".join(lines[begin:end]))
    return begins


def grouped(labelled: Iterable[tuple[int, int]]) -> list[list[int]]:
    """(number, label) -> the numbers of each label that has more than one.

    >>> grouped([(0, 7), (3, 7), (4, 9)])
    [[0, 3]]
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for number, label in labelled:
        groups[label].append(number)
    return [group for group in groups.values() if len(group) > 1]


@dataclass(frozen=True, slots=True)
class Tool:
    """How a tool is run, on one core or on all, and the distributions whose versions go with its figures."""

    run: Callable[[Path, int], list[Outcome]]
    distributions: tuple[str, ...]
    one_core: bool = True
    all_cores: bool = True


TOOLS = {
    "dedupe": Tool(run_dedupe, ("dedupe-news", "numpy", "numba")),
    "datasketch": Tool(run_datasketch, ("datasketch", "xxhash", "numpy"), all_cores=False),
    # Shingling in Python takes most of rensa's time; its threads gain nothing that can be seen.
    "rensa": Tool(run_rensa, ("rensa",), all_cores=False),
    "text-dedup": Tool(run_text_dedup, ("text-dedup", "datasets", "numpy")),
    # Made for many tasks, and minutes on one core.
    "datatrove": Tool(run_datatrove, ("datatrove", "spacy", "numpy"), one_core=False),
}


def main() -> None:
    """Write the answer, its seconds, versions and largest resident size as JSON."""
    command = parser(__doc__)
    command.add_argument("tool", choices=TOOLS)
    command.add_argument("documents", type=Path)
    command.add_argument("answer", type=Path)
    command.add_argument("--cores", type=int, default=1)
    options = command.parse_args()
    if options.cores == 1 and hasattr(os, "sched_setaffinity"):  # also for libraries that start threads
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    tool = TOOLS[options.tool]
    outcomes = tool.run(options.documents, options.cores)
    answer = {
        "outcomes": [asdict(outcome) for outcome in outcomes],
        "versions": {name: version(name) for name in tool.distributions},
        "python": sys.version.split()[0],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    options.answer.write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main()
