"""Measure pairs: is one story a copy of the other, and what kind of copy.

    scripts/quality pairs
    scripts/quality pairs --half fit --wrong --curve build/pairs.svg

The rules of ``dedupe.match.relation`` were chosen by reading the fit half of ``crawl-day``'s judged pairs,
told by a hash of the pair's ids; the default is to report on the other half. The other sets were not used:
``tgcontest-pairs`` (BAD pairs must not be joined), ``semeval2022-task8`` (how many pairs of different news
are joined), ``counter-ur`` (derived or not; the thresholds of the wording measure come from one half and
judge the other, both ways: a rewrite in another newspaper's words keeps no five of them in a row, so the
relation of most such pairs is none, and to call them derived needs a claim that the two tell of one event).
The data is read from ``DEDUPE_DATA``, by default ``../shared/data``. Prints tables, then one JSON line; exits
3 when a figure is below its floor (``floors.py``). ``--curve`` writes precision and recall over
``told_tokens`` as an SVG picture.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import floors
import numpy as np
from charts import Axis, Point, Series, chart
from commandline import parser
from judged import data, furniture_of, lines

from dedupe import match
from dedupe.config import Config
from dedupe.evaluate import GoldPair, PairScores, evaluate_pairs, read_pairs
from dedupe.jobs import profiles
from dedupe.match import Profile
from dedupe.model import Document, Edge, Relation
from dedupe.text import clean

CURVE = (8, 12, 16, 20, 24, 28, 32, 40, 50, 65, 80, 110, 150)


@dataclass(frozen=True, slots=True)
class Judged:
    """Judged pairs, and the profiles of their documents."""

    pairs: tuple[GoldPair, ...]
    profiles: Mapping[str, Profile]
    half_of: Mapping[GoldPair, str]

    def edges(self, config: Config) -> dict[tuple[str, str], Edge]:
        found = (
            match.verify(self.profiles[pair.a], self.profiles[pair.b], config.match) for pair in self.pairs
        )
        return {(edge.a, edge.b): edge for edge in found if edge is not None}

    def only(self, half: str) -> Judged:
        return replace(self, pairs=tuple(p for p in self.pairs if half in ("all", self.half_of[p])))

    def scores(self, config: Config) -> PairScores:
        return evaluate_pairs({pair: edge.relation for pair, edge in self.edges(config).items()}, self.pairs)


def halves(path: Path) -> list[str]:
    """``fit`` or ``report`` for each line, for good, by the two ids in the order of the line."""
    ids = (f"{row.get('a', row.get('source'))} {row.get('b', row.get('derived'))}" for row in lines(path))
    return [("fit", "report")[hashlib.sha256(each.encode()).digest()[0] % 2] for each in ids]


def documents(folder: str, wanted: Callable[[dict[str, Any]], bool] = bool) -> list[Document]:
    return [document(row) for row in lines(data() / folder / "docs.jsonl.gz") if wanted(row)]


def document(row: dict[str, Any]) -> Document:
    return Document(
        path=row["id"],
        member="",
        text=row["text"],
        url=row.get("url"),
        outlet=row.get("domain") or row.get("source"),
        title=row.get("title"),
        byline=row.get("byline"),
        published_at=row.get("published") or None,
    )


def judged(folder: str, name: str, config: Config, furniture: bool = True) -> Judged:
    """The judged pairs of a set whose documents are there, with furniture learned from their outlets."""
    pairs = read_pairs(data() / folder / name)
    half_of = dict(zip(pairs, halves(data() / folder / name), strict=True))
    ids = {id_ for pair in pairs for id_ in (pair.a, pair.b)}
    held = {each.id: each for each in documents(folder, lambda row: row["id"] in ids)}
    known: frozenset[int] = frozenset()
    if furniture:
        outlets = {each.outlet for each in held.values()} - {None}
        crawl = documents(folder, lambda row: (row.get("domain") or row.get("source")) in outlets)
        known = furniture_of(crawl, config)
    stories = [clean(each, known, config.text) for each in held.values()]
    made = dict(zip(held, profiles(stories, config), strict=True))
    kept = tuple(p for p in pairs if p.a in held and p.b in held and p.a != p.b)
    return Judged(kept, made, half_of)


def show(title: str, scores: PairScores) -> None:
    precision, recall, f1 = scores.reuse
    print(f"\n{title}: {scores.pairs} pairs")
    if precision or scores.missed:
        print(f"  reuse precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    if scores.relation_right is not None:
        print(f"  relation right in {scores.relation_right:.3f} of the reuse pairs")
    labels = sorted({label for label, _ in scores.confusion})
    kinds = [*(str(relation) for relation in Relation), "none"]
    print(f"  {'':14}" + "".join(f"{kind:>12}" for kind in kinds))
    for label in labels:
        print(
            f"  {label:14}"
            + "".join(f"{scores.confusion.get((label, kind), 0) or '·':>12}" for kind in kinds)
        )


def show_wrong(scores: PairScores) -> None:
    for name, errors in (("joined wrongly", scores.joined_wrongly), ("missed", scores.missed)):
        for error in errors:
            print(f"  {name}: {error.a} {error.b} judged {error.gold}, found {error.found}")


def curve(of: Judged, config: Config) -> list[tuple[int, float, float]]:
    """Precision and recall of reuse over ``told_tokens``, all else in proportion."""
    base, points = config.match, []
    for told in CURVE:
        at_home = round(told * base.told_tokens_at_home / base.told_tokens)
        share = base.told_share * told / base.told_tokens
        changed = replace(base, told_tokens=told, told_tokens_at_home=at_home, told_share=share)
        reuse = of.scores(replace(config, match=changed)).reuse
        points.append((told, reuse.precision, reuse.recall))
    return points


def by_containment(of: Judged) -> list[tuple[float, float]]:
    """Precision and recall of "contained by 8-word shingles in so much": what is to be beaten."""
    rows = lines(data() / "crawl-day" / "gold-pairs.jsonl")
    share_of = {tuple(sorted((row["a"], row["b"]))): row["containment"] for row in rows}
    shares = np.array([share_of[pair.a, pair.b] for pair in of.pairs])
    reuse = np.array([pair.reuse for pair in of.pairs])
    said = [shares >= least / 100 for least in range(1, 60, 3)]
    return [(float(reuse[each].mean()), float((reuse & each).sum() / reuse.sum())) for each in said]


def trade_off(pairs: Judged, config: Config) -> str:
    """The picture: precision over recall, for both halves, with the chosen value in large."""
    chosen = config.match.told_tokens
    series = [
        Series(
            f"told_tokens, {half} half",
            [
                Point(r, p, str(told) if half == "fit" else "", 6.0 if told == chosen else 3.0)
                for told, p, r in curve(pairs.only(half), config)
            ],
        )
        for half in ("fit", "report")
    ]
    baseline = [Point(recall, precision) for precision, recall in by_containment(pairs)]
    return chart(
        Axis("recall of reuse", 0.5),
        Axis("precision of reuse", 0.5),
        [*series, Series("8-word containment alone, all pairs", baseline)],
    )


def best_threshold(values: np.ndarray, truth: np.ndarray) -> float:
    order = np.argsort(-values)
    found = np.cumsum(truth[order])
    f1 = 2 * found / (np.arange(1, len(order) + 1) + truth.sum())
    return float(values[order[f1.argmax()]])


def f1_of(said: np.ndarray, truth: np.ndarray) -> float:
    return float(2 * (said & truth).sum() / (said.sum() + truth.sum()))


def by_wording(of: Judged, truth: np.ndarray) -> tuple[float, float]:
    """(F1, threshold of the fit half): each half judged by the threshold of the other."""
    values = np.array([match.wording(of.profiles[pair.b], of.profiles[pair.a]) for pair in of.pairs])
    fit = np.array([of.half_of[pair] == "fit" for pair in of.pairs])
    thresholds = np.where(
        fit, best_threshold(values[~fit], truth[~fit]), best_threshold(values[fit], truth[fit])
    )
    return f1_of(values >= thresholds, truth), float(thresholds[~fit][0])


def measure_crawl_day(half: str, wrong: bool, picture: Path | None, config: Config) -> dict[str, float]:
    pairs = judged("crawl-day", "gold-pairs.jsonl", config)
    scores = pairs.only(half).scores(config)
    show(f"crawl-day, {half} half", scores)
    if wrong:
        show_wrong(scores)
    bare = judged("crawl-day", "gold-pairs.jsonl", config, furniture=False).only(half).scores(config)
    show(f"crawl-day, {half} half, without furniture learned from the crawl", bare)
    print("\nprecision and recall over told_tokens, fit half")
    for told, precision, recall in curve(pairs.only("fit"), config):
        print(f"  {told:4}  {precision:.3f}  {recall:.3f}")
    if picture is not None:
        picture.write_text(trade_off(pairs, config), encoding="utf-8")
    return {
        "crawl-day reuse f1": scores.reuse.f1,
        "crawl-day reuse precision": scores.reuse.precision,
        "crawl-day relation right": scores.relation_right or 0.0,
        "crawl-day reuse f1, furniture not known": bare.reuse.f1,
    }


def measure_tgcontest(config: Config) -> dict[str, float]:
    scores = judged("tgcontest-pairs", "pairs.jsonl.gz", config).scores(config)
    show("tgcontest-pairs", scores)
    show_wrong(replace(scores, missed=()))
    bad = sum(count for (label, _), count in scores.confusion.items() if label == "BAD")
    return {"tgcontest bad pairs not joined": 1 - len(scores.joined_wrongly) / bad}


def measure_semeval(config: Config) -> dict[str, float]:
    """Joined pairs by human judgement, 1 (same story) to 4 (different): similarity, not copying."""
    pairs = judged("semeval2022-task8", "pairs.jsonl.gz", config)
    edges = pairs.edges(config)
    counts = {score: [0, 0] for score in (1, 2, 3, 4)}
    for pair in pairs.pairs:
        edge = edges.get((pair.a, pair.b))
        counts[round(float(pair.label))][edge is not None and edge.relation.is_reuse] += 1
    print("\nsemeval2022-task8: share joined, by similarity")
    for score, (apart, joined) in counts.items():
        print(f"  {score}  {joined / (apart + joined):.3f} of {apart + joined}")
    return {"semeval different stories not joined": counts[4][0] / sum(counts[4])}


def measure_counter(config: Config) -> dict[str, float]:
    """``a`` is the agency's story: ids sort so, 0001 before 0001p."""
    pairs = judged("counter-ur", "pairs.jsonl.gz", config, furniture=False)
    scores = pairs.scores(config)
    show("counter-ur", scores)
    derived, low = by_wording(pairs, np.array([pair.label != "ND" for pair in pairs.pairs]))
    wholly, high = by_wording(pairs, np.array([pair.label == "WD" for pair in pairs.pairs]))
    print(f"  by wording, threshold from the other half: derived F1 {derived:.3f} (wording >= {low:.3f}),")
    print(f"  wholly derived F1 {wholly:.3f} (wording >= {high:.3f})")
    return {
        "counter-ur derived f1": derived,
        "counter-ur wholly derived f1": wholly,
        "counter-ur reuse f1": scores.reuse.f1,
    }


def measure(half: str = "report", wrong: bool = False, picture: Path | None = None) -> dict[str, float]:
    """All figures, by name; tables are printed."""
    config = Config()
    figures = measure_crawl_day(half, wrong, picture, config)
    return figures | measure_tgcontest(config) | measure_semeval(config) | measure_counter(config)


def main() -> int:
    command = parser(__doc__)
    command.add_argument("--half", choices=("report", "fit", "all"), default="report")
    command.add_argument("--wrong", action="store_true", help="list the ids of wrong pairs")
    command.add_argument("--curve", type=Path, metavar="FILE", help="write the precision-recall picture")
    options = command.parse_args()
    if not data().is_dir():
        print(f"skipped: no measuring data at {data()} (DEDUPE_DATA names another place)", file=sys.stderr)
        return 0
    figures = measure(options.half, options.wrong, options.curve)
    print(json.dumps({"half": options.half, **{name: round(value, 4) for name, value in figures.items()}}))
    return floors.exit_code(figures, floors.read()) if options.half == "report" else 0


if __name__ == "__main__":
    sys.exit(main())
