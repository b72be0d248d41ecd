"""Measure origins: who wrote a cluster's copy, which page is the original, which way a pair runs.

    scripts/quality origins
    scripts/quality origins --half fit --wrong

Clusters and their origins are those of ``crawl-day``: 140 judged by reading, and the others in which
the publishers themselves credit an agency, which is taken for the truth. Pairs with a known direction are
those of ``counter-ur``. The weights are fitted on one half of both (``scripts/fit_origin.py``), told by
a hash of the cluster's or pair's id; the default is to report on the other half. The data is read from
``DEDUPE_DATA``, by default ``../shared/data``. Prints a table, then one JSON line; exits 3 when a figure is
below its floor (``floors.py``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import floors
from charts import Axis, Point, Series, chart
from commandline import parser
from judged import data
from origin_cases import GOLD, Case, Day, Shown, credited_cases, half_of, judged_cases, pair_cases

from dedupe.config import Config
from dedupe.model import Agency, Origin
from dedupe.origin import attribute, members

CREDITED = "credited, not judged, not fitted"
BINS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of a case."""

    case: Case
    origin: Origin

    @property
    def right(self) -> bool:
        return self.origin.name in self.case.accepted


def answers(cases: Sequence[Case], config: Config) -> list[Answer]:
    agencies = config.text.agencies
    return [Answer(case, attribute(case.stories, case.edges, config.origin, agencies)) for case in cases]


def share(hits: int, total: int) -> float | None:
    return round(hits / total, 4) if total else None


def figures_of_names(found: Sequence[Answer]) -> dict[str, Any]:
    certain = [answer for answer in found if answer.case.certain]
    named = [answer for answer in certain if answer.origin.name is not None]
    sure = [a for a in found if a.case.known and a.origin.name and a.origin.confidence >= 0.9]
    return {
        "clusters": len(found),
        "certain": len(certain),
        "answered": share(len(named), len(certain)),
        "accuracy_of_answers": share(sum(a.right for a in named), len(named)),
        "accuracy_of_all": share(sum(a.right for a in certain), len(certain)),
        "sure": len(sure),
        "sure_right": share(sum(a.right for a in sure), len(sure)),
        "sure_wrong": [a.case.id for a in sure if not a.right],
    }


def figures_of_documents(found: Sequence[Answer]) -> dict[str, Any]:
    present = [answer for answer in found if answer.case.documents and answer.case.known]
    return {
        "with_origin_page": len(present),
        "document_right": share(sum(a.origin.document in a.case.documents for a in present), len(present)),
        "earliest_right": share(sum(a.case.first in a.case.documents for a in present), len(present)),
        "document_given_without_one": [
            a.case.id for a in found if a.case.known and not a.case.documents and a.origin.document
        ],
    }


def reliability(found: Sequence[Answer]) -> list[dict[str, Any]]:
    """Per bin of confidence: answers, mean confidence, share that is right."""
    rows = []
    for low, high in pairwise(BINS):
        held = [
            a
            for a in found
            if a.case.known and a.origin.name and low <= a.origin.confidence < high + (high == 1.0)
        ]
        if held:
            mean = sum(a.origin.confidence for a in held) / len(held)
            row = {"from": low, "to": high, "answers": len(held), "confidence": round(mean, 3)}
            rows.append(row | {"right": share(sum(a.right for a in held), len(held))})
    return rows


def figures_of_directions(found: Sequence[Answer]) -> dict[str, Any]:
    named = [answer for answer in found if answer.origin.name is not None]
    favoured = [answer for answer in found if _favours_source(answer)]
    return {
        "pairs": len(found),
        "answered": share(len(named), len(found)),
        "right_of_answers": share(sum(a.right for a in named), len(named)),
        "favoured_right": share(len(favoured), len(found)),
    }


def _favours_source(answer: Answer) -> bool:
    """Whether the source is ahead of the derived text, above the bar for a name or below it."""
    forced = replace(Config().origin, min_confidence=0.0)
    return attribute(answer.case.stories, answer.case.edges, forced, ()).document in answer.case.documents


def figures_of_members(found: Sequence[Answer], agencies: Sequence[Agency]) -> Mapping[str, int]:
    """How the roles and edits of all members are spread: no truth, for reading."""
    counts: dict[str, int] = {}
    for answer in found:
        case = answer.case
        anchor = max(case.stories, key=lambda story: (len(story.text.split()), story.document.id))
        for member in members(case.stories, case.edges, answer.origin, anchor.document.id, agencies):
            for key in (
                f"role {member.role}",
                f"edit {member.edit}",
                *(["swap"] if member.byline_swap else []),
            ):
                counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items()))


def show_wrong(found: Sequence[Answer]) -> None:
    for answer in found:
        case, origin = answer.case, answer.origin
        expected = " | ".join(sorted(case.accepted))
        found_page = not case.documents or origin.document in case.documents
        if case.known and not (answer.right and found_page):
            mark = "certain" if case.certain else "likely"
            said = f"{origin.name} [{origin.document}] {origin.confidence:.3f}"
            print(f"{case.id} ({mark}): {expected} [{' '.join(sorted(case.documents))}] <- {said}")
            for item in origin.evidence:
                print(f"    {item.weight:+.2f} {item.kind} {item.document} {item.text[:100]}")


def table(figures: Mapping[str, Any], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            table(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            print(f"{indent}{name}")
            for row in value:
                print(indent + "  " + "  ".join(f"{key} {number}" for key, number in row.items()))
        else:
            print(f"{indent}{name:28} {value}")


def reliability_picture(figures: Mapping[str, Any]) -> str:
    """Share right over mean confidence; the larger a point, the more answers."""

    def points(rows: Sequence[Mapping[str, Any]]) -> list[Point]:
        return [
            Point(row["confidence"], row["right"], str(row["answers"]), 2 + row["answers"] ** 0.5 / 2)
            for row in rows
        ]

    return chart(
        Axis("mean confidence of the answers", 0.5),
        Axis("share that is right", 0.0),
        [
            Series(f"judged, {figures['half']} half", points(figures["reliability"])),
            Series("credited by publishers, not judged", points(figures[CREDITED]["reliability"])),
        ],
        diagonal=True,
    )


def pinned(figures: Mapping[str, Any]) -> dict[str, float]:
    """The figures that have floors, by name."""
    judged, credited = figures, figures[CREDITED]
    return {
        "origins answered, where certain": judged["names"]["answered"],
        "origins right, of the answers": judged["names"]["accuracy_of_answers"],
        "origins right at confidence >= .9": judged["names"]["sure_right"],
        "origin's own page found": judged["documents"]["document_right"],
        "credited origins answered": credited["names"]["answered"],
        "credited origins right, of the answers": credited["names"]["accuracy_of_answers"],
        "credited origin's own page found": credited["documents"]["document_right"],
        "direction right, days known": judged[f"direction, {Shown.DATES}"]["right_of_answers"],
        "direction favoured, no dates": judged[f"direction, {Shown.TEXT}"]["favoured_right"],
    }


def measure(half: str = "report", *, wrong: bool = False) -> dict[str, Any]:
    """All figures; ``wrong`` prints the wrong answers with their evidence."""
    config = Config()
    kept = {"fit", "report"} if half == "all" else {half}
    day = Day.read(config)
    judged = answers(judged_cases(day), config)
    found = [answer for answer in judged if half_of(answer.case.id) in kept]
    others = answers(credited_cases(day), config)
    if wrong:
        show_wrong([*found, *others])
    figures: dict[str, Any] = {
        "half": half,
        "names": figures_of_names(found),
        "documents": figures_of_documents(found),
        "documents, both halves": figures_of_documents(judged),
        "reliability": reliability(found),
        CREDITED: {
            "names": figures_of_names(others),
            "documents": figures_of_documents(others),
            "reliability": reliability(others),
        },
        "members": figures_of_members(found, config.text.agencies),
    }
    for shown in Shown:
        pairs = [case for case in pair_cases(config, shown) if half_of(case.id) in kept]
        figures[f"direction, {shown}"] = figures_of_directions(answers(pairs, config))
    return figures


def main() -> int:
    command = parser(__doc__)
    command.add_argument("--half", choices=("report", "fit", "all"), default="report")
    command.add_argument("--wrong", action="store_true", help="list the wrong answers with their evidence")
    options = command.parse_args()
    if not (data() / "crawl-day" / GOLD).exists():
        print(f"skipped: no measuring data at {data()} (DEDUPE_DATA names another place)", file=sys.stderr)
        return 0
    figures = measure(options.half, wrong=options.wrong)
    table(figures)
    print(json.dumps(figures))
    return floors.exit_code(pinned(figures), floors.read()) if options.half == "report" else 0


if __name__ == "__main__":
    sys.exit(main())
