"""Text to pairs and clusters, speed beside recall and precision: datasketch, rensa, text-dedup, datatrove.

    scripts/bench tools --rensa VENV/bin/python --text-dedup VENV/bin/python --datatrove VENV/bin/python

One run over the same texts on the same machine, a process for each tool (scripts/tools_run.py, which says
how each is set), in turns that go back and forth. A tool that was not asked for, or fails, is left out
with the reason. The others' environments are made with ``python -m venv`` and ``pip install rensa``,
``text-dedup`` and ``datatrove[io,processing] spacy``; none needs a network to run.

Corpora: a generated one with its labels (scripts/corpus.py), and the English pages of crawl-day where
DEDUPE_DATA has them. Seconds exclude interpreter start and imports; on one core they are processor time, on
all cores wall time, the least of the rounds. Judged pairs are those the rules here were not chosen on
(``report`` half, see quality_pairs.py); JSON has all of them too. They are a stratified sample, so their
precision is not that of a whole crawl. Nothing is tuned on these figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import corpus
import numpy as np
from commandline import parser
from quality_pairs import data, halves
from scratch import scratch
from tools_run import TOOLS
from tools_truth import Corpus, codes, codes_within, crawl_day, labelled, scores

RUNNER = Path(__file__).with_name("tools_run.py")
OURS = "dedupe"
WARM_UP = 5000  # documents, enough that every kernel is used, compiled and kept on disk
OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
TAIL = 400  # characters of a failed tool's last words


@dataclass(frozen=True, slots=True)
class Contender:
    """A tool, the interpreter that has it, and how many cores it gets."""

    tool: str
    python: str
    cores: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what a contender reports, its seconds and its scores."""

    tool: str
    reports: str
    cores: int
    wall: float
    cpu: float
    pairs: int
    peak_mib: int
    scores: dict[str, float | None]

    @property
    def seconds(self) -> float:
        return self.cpu if self.cores == 1 else self.wall


class ToolFailed(Exception):
    """A tool ended without an answer; says its last words."""


def run(contender: Contender, documents: Path, folder: Path) -> dict[str, Any]:
    """One contender's answer, from a process of its own.

    Raises:
        ToolFailed: it gave none.
    """
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    command = [contender.python, RUNNER, contender.tool, documents, answer, "--cores", contender.cores]
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env={**os.environ, **OFFLINE},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise ToolFailed(str(error)) from error
    if done.returncode or not answer.exists():
        raise ToolFailed(done.stdout.decode("utf-8", "replace")[-TAIL:].strip())
    told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    return told


def measure(
    contenders: Sequence[Contender], truth: Corpus, rounds: int, folder: Path
) -> tuple[list[Row], dict[str, str], dict[str, Any]]:
    """The table's rows, why what is absent is absent, and versions; one process at a time."""
    answers: dict[Contender, list[dict[str, Any]]] = {contender: [] for contender in contenders}
    failed: dict[str, str] = {}
    for turn in range(rounds):
        for contender in contenders[:: -1 if turn % 2 else 1]:
            if contender.tool in failed:
                continue
            try:
                answers[contender].append(run(contender, truth.path, folder))
            except ToolFailed as error:
                failed[contender.tool] = str(error)
    rows = [row for contender, given in answers.items() if given for row in rows_of(contender, given, truth)]
    versions = {
        contender.tool: {**given[0]["versions"], "python": given[0]["python"]}
        for contender, given in answers.items()
        if given
    }
    return rows, failed, versions


def rows_of(contender: Contender, answers: Sequence[dict[str, Any]], truth: Corpus) -> Iterator[Row]:
    """A row for each thing that a contender reports; seconds are the least of its answers."""
    for same in zip(*(answer["outcomes"] for answer in answers), strict=True):
        outcome = same[0]
        found = np.union1d(
            codes(outcome["pairs"], truth.documents), codes_within(outcome["groups"], truth.documents)
        )
        yield Row(
            contender.tool,
            outcome["reports"],
            contender.cores,
            wall=min(each["wall"] for each in same),
            cpu=min(each["cpu"] for each in same),
            pairs=len(found),
            peak_mib=max(answer["peak_mib"] for answer in answers),
            scores=scores(truth, found),
        )


def markdown(rows: Sequence[Row], truth: Corpus) -> str:
    """The table; the ratio is the time against ours on as many cores."""
    shown = [name for name in (rows[0].scores if rows else ()) if not name.startswith("all ")]
    head = ["tool", "reports", "cores", "documents/s", "x our time", "pairs", *shown]
    ours = {row.cores: row.seconds for row in rows if row.tool == OURS}
    lines = [head, ["---", "---", *["---:"] * (len(head) - 2)]]
    for row in without_repeats(rows):
        ratio = f"{row.seconds / ours[row.cores]:.2f}" if row.cores in ours else ""
        rate = f"{truth.documents / row.seconds:,.0f}"
        figures = [figure(row.scores[name]) for name in shown]
        lines.append([row.tool, row.reports, str(row.cores), rate, ratio, f"{row.pairs:,}", *figures])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def without_repeats(rows: Sequence[Row]) -> Iterator[Row]:
    """What a tool reports on one core it reports on more: of the others only its last row is shown."""
    last = {(row.tool, row.cores): row.reports for row in rows}
    least = {row.tool: min(cores for tool, cores in last if tool == row.tool) for row in rows}
    for row in rows:
        if row.cores == least[row.tool] or row.reports == last[row.tool, row.cores]:
            yield row


def figure(value: float | None) -> str:
    """Three digits.

    >>> figure(0.98765), figure(1.0), figure(None)
    ('.988', '1', '')
    """
    if value is None:
        return ""
    return f"{value:.3f}".lstrip("0") if value < 0.9995 else "1"


def corpora(options: argparse.Namespace, folder: Path) -> Iterator[Corpus]:
    """What is measured on: generated, then real."""
    if options.documents:
        made = folder / "generated"
        corpus.write(made, options.documents, options.seed)
        yield labelled(made, f"generated, {options.documents:,} documents, seed {options.seed}")
    real = data() / "crawl-day"
    if not real.is_dir():
        print(f"skipped: no measuring data at {data()} (DEDUPE_DATA names another place)", file=sys.stderr)
    elif options.pages:
        written = folder / "crawl-day"
        written.mkdir()
        yield crawl_day(real, written, options.pages, halves(real / "gold-pairs.jsonl"))


def contenders(options: argparse.Namespace) -> tuple[list[Contender], dict[str, str]]:
    """Who takes part, and why the others do not."""
    pythons = {OURS: sys.executable, "datasketch": sys.executable}
    pythons |= {
        name: getattr(options, name.replace("-", "_")) for name in ("rensa", "text-dedup", "datatrove")
    }
    absent = {name: f"no --{name} PYTHON was given" for name, python in pythons.items() if not python}
    taking = [
        Contender(name, python, cores)
        for name, python in pythons.items()
        if python
        for cores, wanted in ((1, TOOLS[name].one_core), (options.cores, TOOLS[name].all_cores))
        if wanted
    ]
    return list(dict.fromkeys(taking)), absent  # one core may be all


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
    }


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Everything that was measured, rounded."""
    return [
        {
            "tool": row.tool,
            "reports": row.reports,
            "cores": row.cores,
            "wall_seconds": round(row.wall, 3),
            "cpu_seconds": round(row.cpu, 3),
            "pairs": row.pairs,
            "peak_mib": row.peak_mib,
            **{name: None if value is None else round(value, 4) for name, value in row.scores.items()},
        }
        for row in rows
    ]


def main() -> None:
    """Print a table a corpus, and JSON as the last line."""
    command = parser(__doc__)
    command.add_argument("--documents", type=int, default=10_000, help="of the generated corpus; 0: none")
    command.add_argument("--pages", type=int, default=10_000, help="of crawl-day's English, at most; 0: none")
    command.add_argument("--seed", type=int, default=7)
    command.add_argument("--rounds", type=int, default=1)
    command.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="what `all cores` means")
    for name in ("rensa", "text-dedup", "datatrove"):
        command.add_argument(f"--{name}", metavar="PYTHON", help=f"an interpreter that has {name}")
    options = command.parse_args()
    taking, absent = contenders(options)
    results = []
    with scratch("bench") as folder:
        corpus.write(folder / "warm", WARM_UP, options.seed)
        run(Contender(OURS, sys.executable, 1), folder / "warm" / "documents.jsonl", folder)
        for truth in corpora(options, folder):
            rows, failed, versions = measure(taking, truth, options.rounds, folder)
            print(f"\n{truth.name} ({truth.documents:,} documents)\n\n{markdown(rows, truth)}\n", flush=True)
            for tool, reason in {**absent, **failed}.items():
                print(f"not measured: {tool}: {reason}")
            results.append(
                {
                    "corpus": truth.name,
                    "documents": truth.documents,
                    "true_pairs": {kind: len(pairs) for kind, pairs in truth.recall.items()},
                    "rows": as_json(rows),
                    "absent": {**absent, **failed},
                    "versions": versions,
                }
            )
    print(json.dumps({"bench": "tools", "results": results, "machine": machine(), "rounds": options.rounds}))


if __name__ == "__main__":
    main()
