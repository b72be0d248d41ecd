"""Text to signature on one core: documents/s beside datasketch and rensa, the same texts in one run.

    scripts/bench sketch
    scripts/bench sketch --jsonl crawl.jsonl.gz --documents 2000

Ours is ``signatures(tokenize(texts))``: folded tokens, 5-token shingles, 128 permutations; ``sketches`` are
signatures with the sample and the number of distinct shingles, which the others do not make, and
``postings`` the keys of both. Theirs is their fastest call for many documents over shingles made in Python,
once from ``re.findall(r"\\w+", text.lower())`` (``words``, nearest to our tokens) and once from
``text.lower().split()`` (``split``, the cheapest there is). rensa is measured when it is installed (``pip
install rensa``).

The contenders take turns, a slice of the texts each. A contender's time is the sum over the slices of the
least processor time it took in any round: other processes' share of the machine does not count, threads do.
Without ``--jsonl`` the texts are generated (scripts/corpus.py). JSON goes to stdout.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

import corpus
import numpy as np
import xxhash
from commandline import parser
from datasketch import MinHash
from judged import lines

from dedupe.config import SketchConfig
from dedupe.model import Tokens
from dedupe.sketch import Permutations, make_permutations, posting_keys, sign, signatures
from dedupe.text import tokenize

CONFIG = SketchConfig()
TURN = 512  # documents in one turn
BATCH = 64  # documents in one call of ours
WORDS = re.compile(r"\w+")

Texts = list[str]
Contender = Callable[[Texts], object]

COLD = """
from dedupe.config import SketchConfig
from dedupe.sketch import Permutations, posting_keys, sign
from dedupe.text import tokenize

config, made = SketchConfig(), Permutations.from_bytes(bytes.fromhex({permutations!r}), 1)
posting_keys(sign(tokenize(["One ferry ran aground."] * 3, {compiled}), made, config, {compiled}), config)
"""


def by_words(text: str) -> list[str]:
    """Shingles of the runs of word characters."""
    return joined(WORDS.findall(text.lower()))


def by_split(text: str) -> list[str]:
    """Shingles of what stands between white space."""
    return joined(text.lower().split())


def joined(tokens: list[str]) -> list[str]:
    """``shingle_size`` consecutive tokens each."""
    size = CONFIG.shingle_size
    return [" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]


def contenders() -> dict[str, Contender]:
    """All that can be measured here, ours first."""
    found: dict[str, Contender] = {
        "dedupe": dedupe_batches(signatures),
        "dedupe sketches": dedupe_batches(sign),
        "dedupe postings": dedupe_batches(filed),
    }
    for name, shingled in (("words", by_words), ("split", by_split)):
        found[f"datasketch {name}"] = datasketch_bulk(shingled)
        if installed("rensa"):
            found[f"rensa {name}"] = rensa_bulk(shingled)
    return found


def filed(tokens: Tokens, permutations: Permutations, config: SketchConfig) -> object:
    """The sketches, and the keys that an index files them under."""
    return posting_keys(sign(tokens, permutations, config), config, compiled=True)


def dedupe_batches(make: Callable[[Tokens, Permutations, SketchConfig], object]) -> Contender:
    """Ours, as the pipeline calls it."""
    permutations = make_permutations(CONFIG.num_perm, CONFIG.seed)

    def run(texts: Texts) -> object:
        batches = (texts[begin : begin + BATCH] for begin in range(0, len(texts), BATCH))
        return [make(tokenize(batch), permutations, CONFIG) for batch in batches]

    return run


def datasketch_bulk(shingled: Callable[[str], list[str]]) -> Contender:
    """``MinHash.bulk`` over xxh32, ours without the kernels."""

    def run(texts: Texts) -> object:
        encoded = ([shingle.encode() for shingle in shingled(text)] for text in texts)
        return MinHash.bulk(
            encoded,
            num_perm=CONFIG.num_perm,
            seed=CONFIG.seed,
            scheme="affine32",
            hashfunc=xxhash.xxh32_intdigest,
        )

    return run


def rensa_bulk(shingled: Callable[[str], list[str]]) -> Contender:
    """R-MinHash into one matrix, its fastest call."""
    from rensa import RMinHash

    return lambda texts: RMinHash.digest_matrix_from_token_sets(
        [shingled(text) for text in texts], CONFIG.num_perm, CONFIG.seed
    )


def installed(name: str) -> str | None:
    """The version of a distribution, if there is one."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def read_texts(path: Path | None, documents: int) -> Texts:
    """The field ``text`` of as many lines, or generated texts."""
    if path is None:
        return [made.document["text"] for made in corpus.generate(documents, seed=7)]
    return [row["text"] for row in islice(lines(path), documents)]


def measure(texts: Texts, runs: dict[str, Contender], rounds: int) -> dict[str, float]:
    """Seconds of processor time that each contender takes for all texts."""
    slices = [texts[begin : begin + TURN] for begin in range(0, len(texts), TURN)]
    least = {name: [float("inf")] * len(slices) for name in runs}
    for run in runs.values():
        run(slices[0])  # compiles, or loads what was compiled
    for _ in range(rounds):
        for number, part in enumerate(slices):
            for name, run in runs.items():
                began = time.process_time_ns()
                run(part)
                least[name][number] = min(least[name][number], (time.process_time_ns() - began) / 1e9)
    return {name: sum(seconds) for name, seconds in least.items()}


def cold(compiled: bool) -> float:
    """Seconds from the start of an interpreter until three short texts are signed; least of five."""
    permutations = make_permutations(CONFIG.num_perm, CONFIG.seed).to_bytes().hex()
    code = COLD.format(permutations=permutations, compiled=compiled)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def report(texts: Texts, seconds: dict[str, float]) -> dict[str, object]:
    """What JSON says, rates and ratios worked out."""
    names = ("dedupe-news", "datasketch", "rensa", "xxhash", "numpy", "numba")
    return {
        "bench": "sketch",
        "documents": len(texts),
        "mean_bytes": round(float(np.mean([len(text.encode("utf-8", "replace")) for text in texts]))),
        "microseconds_per_document": {n: round(s / len(texts) * 1e6, 1) for n, s in seconds.items()},
        "documents_per_second": {n: round(len(texts) / s) for n, s in seconds.items()},
        "times_dedupe": {n: round(s / seconds["dedupe"], 2) for n, s in seconds.items()},
        "cold_seconds": {"plain": round(cold(False), 3), "compiled": round(cold(True), 3)},
        "machine": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
        },
        "versions": {name: installed(name) for name in names},
    }


def main() -> None:
    """Print a line a contender, and JSON."""
    command = parser(__doc__)
    command.add_argument("--documents", type=int, default=1024)
    command.add_argument("--rounds", type=int, default=7)
    command.add_argument("--jsonl", type=Path, help="texts from this file (.jsonl or .jsonl.gz)")
    options = command.parse_args()
    if hasattr(os, "sched_setaffinity"):  # one core, also for libraries that start threads
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = read_texts(options.jsonl, options.documents)
    result = report(texts, measure(texts, contenders(), options.rounds))
    for name, rate in result["documents_per_second"].items():  # type: ignore[attr-defined]
        ratio = result["times_dedupe"][name]  # type: ignore[index]
        print(f"{name:20}{rate:>9,} documents/s{ratio:>8} x the time", file=sys.stderr)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
