"""What is known of a corpus, and how a tool's answer compares with it: pairs as sorted arrays of codes.

A pair of documents ``i < j`` of ``n`` is the code ``i * n + j``, int64; a document is its line's number.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from judged import lines

Codes = npt.NDArray[np.int64]

FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a and are as at be by for from had has have he his in is it its not of on or said that the this to "
        "was were which who will with",
    )
)
ENGLISH_SHARE = 0.12  # of a text's words: between the two heaps that the languages of crawl-day make
WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs that were read: those that are reuse, and those that are not."""

    reuse: Codes
    other: Codes


@dataclass(frozen=True, slots=True)
class Corpus:
    """One JSONL file and its truth.

    ``recall``: name -> pairs that should be found. ``right``: every pair that may be reported, where all
    are known. ``judged``: where they are not.
    """

    name: str
    path: Path
    documents: int
    recall: Mapping[str, Codes]
    right: Codes | None = None
    judged: Mapping[str, Judged] = field(default_factory=dict)


def codes(pairs: Iterable[Sequence[int]], documents: int) -> Codes:
    """Each pair once, in either order, without pairs of a document with itself.

    >>> codes([(2, 1), (1, 2), (3, 3)], 10).tolist()
    [12]
    """
    ends = np.sort(np.array(list(pairs), np.int64).reshape(-1, 2), axis=1)
    ends = ends[ends[:, 0] < ends[:, 1]]
    return np.unique(ends[:, 0] * documents + ends[:, 1])


def codes_within(groups: Iterable[Sequence[int]], documents: int) -> Codes:
    """Every two members of each group.

    >>> codes_within([[0, 1, 2]], 10).tolist()
    [1, 2, 12]
    """
    found = [np.empty(0, np.int64)]
    for group in groups:
        members = np.unique(np.array(group, np.int64))
        left, right = np.triu_indices(len(members), 1)
        found.append(members[left] * documents + members[right])
    return np.unique(np.concatenate(found))


def share(of: Codes, found: Codes) -> float | None:
    """The part of ``of`` that is in ``found``; None of nothing.

    >>> share(np.array([1, 2, 3, 4]), np.array([2, 9]))
    0.25
    """
    return float(np.isin(of, found).mean()) if len(of) else None


def scores(corpus: Corpus, found: Codes) -> dict[str, float | None]:
    """Recall by name, and precision where it can be told."""
    told = {f"recall {name}": share(pairs, found) for name, pairs in corpus.recall.items()}
    if corpus.right is not None:
        told["precision"] = share(found, corpus.right)
    for name, judged in corpus.judged.items():
        told |= {f"{name} {figure}": value for figure, value in judged_scores(judged, found).items()}
    return told


def judged_scores(judged: Judged, found: Codes) -> dict[str, float | None]:
    """Precision, recall and F1 of "these two are joined" over the judged pairs.

    >>> judged_scores(Judged(np.array([1, 2]), np.array([3])), np.array([1, 3, 8]))
    {'precision': 0.5, 'recall': 0.5, 'F1': 0.5}
    """
    hits, wrong = (int(np.isin(pairs, found).sum()) for pairs in (judged.reuse, judged.other))
    missed = len(judged.reuse) - hits
    return {
        "precision": hits / (hits + wrong) if hits + wrong else None,
        "recall": hits / (hits + missed) if hits + missed else None,
        "F1": 2 * hits / (2 * hits + wrong + missed) if hits + wrong + missed else None,
    }


def labelled(folder: Path, name: str) -> Corpus:
    """A corpus of scripts/corpus.py: a copy and its source are to be found.

    A reported pair is right when both carry text of one source, which two copies of it do, and a round-up
    does with each story in it. (Two documents that took different parts share nothing and still count.)
    """
    path = folder / "documents.jsonl"
    at = {row["id"]: number for number, row in enumerate(lines(path))}
    labels = list(lines(folder / "labels.jsonl"))
    carriers: dict[int, list[int]] = defaultdict(list)
    for label in labels:
        source = at[label["b"]]
        carriers[source] += [at[label["a"]], source]
    taken = {
        whole: [each for each in labels if (each["kind"] != "excerpt") == whole] for whole in (True, False)
    }
    return Corpus(
        name,
        path,
        len(at),
        {
            kind: codes(((at[each["a"]], at[each["b"]]) for each in taken[whole]), len(at))
            for kind, whole in (("copies", True), ("excerpts", False))
        },
        right=codes_within(carriers.values(), len(at)),
    )


def crawl_day(data: Path, folder: Path, limit: int, halves: Sequence[str]) -> Corpus:
    """The English part of crawl-day, written to ``folder``; ``halves`` tells the judged pairs apart.

    The exact pairs were computed on the texts as crawled, furniture in them.
    """
    path = folder / "documents.jsonl"
    english = (row for row in lines(data / "docs.jsonl.gz") if is_english(row["text"]))
    at = {}
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(islice(english, limit)):
            at[row["id"]] = number
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    overlaps = (row for row in lines(data / "overlap.jsonl.gz") if row["lang"] == "en")
    exact = [row for row in overlaps if row["a"] in at and row["b"] in at]
    judged = [
        (row, half)
        for row, half in zip(lines(data / "gold-pairs.jsonl"), halves, strict=True)
        if row["a"] in at and row["b"] in at
    ]

    def coded(rows: Iterable[dict[str, Any]]) -> Codes:
        return codes(((at[row["a"]], at[row["b"]]) for row in rows), len(at))

    def judged_of(wanted: tuple[str, ...]) -> Judged:
        part = [row for row, half in judged if half in wanted]
        return Judged(coded(r for r in part if r["reuse"]), coded(r for r in part if not r["reuse"]))

    return Corpus(
        "crawl-day, English",
        path,
        len(at),
        {f"≥ {least}": coded(row for row in exact if row["containment"] >= least) for least in (0.3, 0.5)},
        judged={"judged": judged_of(("report",)), "all judged": judged_of(("fit", "report"))},
    )


def is_english(text: str) -> bool:
    """By the share of function words.

    >>> is_english("The bridge was closed to traffic on Monday."), is_english("Die Brücke ist gesperrt.")
    (True, False)
    """
    words = WORDS.findall(text.lower())
    return bool(words) and sum(word in FUNCTION_WORDS for word in words) >= ENGLISH_SHARE * len(words)
