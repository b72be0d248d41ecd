"""Fit the weights of the origin signals on the fit half of the judged clusters and write them down.

    python scripts/fit_origin.py
    python scripts/fit_origin.py --write

A conditional logit with an outside option, fitted by maximum a posteriori: each weight has a normal prior
around the value set by hand from what pages show (``prior`` in ``weights.toml``) with standard deviation
``SPREAD``, or narrower where the table says so; a signal that the data hardly has stays where it was put.
So does ``agency``: every labelled cluster shares half of its text and most are an agency's, which does not
tell what a name alone is worth where little is shared. ``counter-ur`` pairs teach direction alone: their
answer is one of the two pages, never "somebody unseen", and each counts ``PAIR_WEIGHT`` of a cluster,
since all of them come from one agency's house style. Without ``--write`` only prints.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import origin_cases
from commandline import parser
from judged import data as data_folder

import dedupe.origin
from dedupe.config import Config
from dedupe.origin.attribute import table
from dedupe.origin.signals import candidates

Vector = npt.NDArray[np.float64]

# Clusters of crawl-day to which the silver list gives no agency, read for this fit: who wrote the copy, or
# None where it is none of the members (an unnamed agency, a statement) or cannot be told.
READ: dict[str, str | None] = {
    **dict.fromkeys(("c443", "c463", "c466", "c543", "c546"), "korrespondent.net"),
    **dict.fromkeys(("c432", "c514"), "krymr.com"),
    **{"c95": "nytimes.com", "c151": "theguardian.com", "c311": "btvnovinite.bg", "c418": "uol.com.br"},
    **{"c506": "pravda.com.ua", "c534": "kommersant.ru", "c622": "ANA-MPA", "c627": "ANA-MPA"},
    **{"c783": "ISNA", "c812": "Mehr News Agency", "c823": "Mehr News Agency"},
    **dict.fromkeys(("c85", "c113"), "theguardian.com"),
    **dict.fromkeys(("c51", "c214"), "zdnet.com"),
    **dict.fromkeys(("c492", "c512"), "pravda.com.ua"),
    **{"c83": "irishexaminer.com", "c90": "theverge.com", "c122": "arstechnica.com", "c329": "vidaextra.com"},
    **dict.fromkeys(("c337", "c352"), "xataka.com"),
    **{"c339": "computerhoy.com", "c476": "novayagazeta.ru", "c527": "cosmo.ru", "c640": "midilibre.fr"},
    **{"c550": "eurointegration.com.ua", "c589": "Deutsche Presse-Agentur"},
    **dict.fromkeys(("c596", "c597"), "in.gr"),
    **dict.fromkeys(("c158", "c315", "c321", "c330", "c532", "c585", "c628", "c652")),
    **dict.fromkeys(("c137", "c149", "c185", "c247", "c349", "c380", "c399", "c415", "c417", "c421")),
    **dict.fromkeys(("c535", "c604", "c680", "c685", "c694", "c731", "c751", "c754")),
    **dict.fromkeys(("c773", "c778", "c844")),
}
PAIR_WEIGHT = 0.05
SPREAD = 1.0
LIKELY_WEIGHT = 0.5
TARGET = Path(dedupe.origin.__file__).with_name("weights.toml")


@dataclass(frozen=True, slots=True)
class Example:
    """One cluster: ``amounts`` float64[candidates, signals]; ``right`` bool[candidates]."""

    amounts: Vector
    right: npt.NDArray[np.bool_]
    outside: bool
    weight: float


def example(
    case: origin_cases.Case, kinds: Sequence[str], config: Config, *, outside: bool, weight: float
) -> Example:
    found = candidates(case.stories, case.edges, config.text.agencies)
    amounts = np.zeros((len(found), len(kinds)))
    for row, candidate in enumerate(found):
        for signal in candidate.signals:
            amounts[row, kinds.index(signal.kind)] += signal.amount
    return Example(amounts, np.array([c.name in case.accepted for c in found]), outside, weight)


def examples(kinds: Sequence[str], config: Config) -> list[Example]:
    """The fit half of crawl-day's clusters and counter-ur's pairs, and the clusters read for the fit."""
    day = origin_cases.Day.read(config)
    clusters = [c for c in origin_cases.judged_cases(day) if c.known and origin_cases.half_of(c.id) == "fit"]
    hidden = (origin_cases.Shown.TEXT, origin_cases.Shown.BODY)
    shown = [case for some in hidden for case in origin_cases.pair_cases(config, some)]
    pairs = [case for case in shown if origin_cases.half_of(case.id) == "fit"]
    return [
        *(
            example(c, kinds, config, outside=True, weight=1.0 if c.certain else LIKELY_WEIGHT)
            for c in [*clusters, *origin_cases.read_cases(day, READ)]
        ),
        *(example(c, kinds, config, outside=False, weight=PAIR_WEIGHT) for c in pairs),
    ]


def loss_and_slope(
    weights: Vector, data: Sequence[Example], priors: Vector, spread: Vector
) -> tuple[float, Vector]:
    """Minus the log posterior, and its gradient."""
    loss = float(np.sum((weights - priors) ** 2 / spread**2)) / 2
    slope = (weights - priors) / spread**2
    for each in data:
        scores = each.amounts @ weights
        all_scores = np.append(scores, 0.0 if each.outside else -np.inf)
        # where no candidate is right, somebody unseen is
        hit = np.append(each.right, each.outside and not each.right.any())
        if not hit.any():
            continue
        top = all_scores.max()
        odds = np.exp(all_scores - top)
        share, share_hit = odds / odds.sum(), np.where(hit, odds, 0.0) / odds[hit].sum()
        loss -= each.weight * float(np.log(share[hit].sum()))
        slope += each.weight * ((share - share_hit)[:-1] @ each.amounts)
    return loss, slope


def fit(data: Sequence[Example], priors: Vector, spread: Vector) -> Vector:
    """Gradient descent with backtracking; the loss is nearly convex and has a few dozen variables."""
    weights, step = priors.copy(), 1.0
    loss, slope = loss_and_slope(weights, data, priors, spread)
    for _ in range(5000):
        if float(np.abs(slope).max()) < 1e-5:
            break
        while True:
            tried = weights - step * slope
            tried_loss, tried_slope = loss_and_slope(tried, data, priors, spread)
            if tried_loss <= loss - 0.5 * step * float(slope @ slope) or step < 1e-9:
                break
            step /= 2
        weights, loss, slope, step = tried, tried_loss, tried_slope, step * 1.5
    return weights


def written(
    kinds: Sequence[str], weights: Vector, priors: Vector, data: Sequence[Example], spread: Vector
) -> str:
    clusters = [each for each in data if each.outside]
    today, pairs = datetime.now(UTC).date(), len(data) - len(clusters)
    lines = [
        "# What each signal is worth, in log-odds, as scripts/fit_origin.py writes it.",
        "#   weight  fitted: maximum a posteriori of a conditional logit with an outside option",
        f"#   prior   set by hand; the fit's normal prior around it has standard deviation spread, {SPREAD}",
        "#   cases   of the fit half in which the signal occurs; where there is none, weight = prior",
        f"# Fitted {today} on {len(clusters)} clusters of crawl-day (the fit half of the judged:",
        f"# an even xxh32 of the id; {len(READ)} read for this) and, each {PAIR_WEIGHT} of a cluster,",
        f"# on {pairs // 2} derived pairs of counter-ur (fit half, text alone, with and without dateline).",
        "",
        "[signals]",
    ]
    for column, kind in enumerate(kinds):
        cases = sum(bool(each.amounts[:, column].any()) for each in data)
        weight = weights[column] if cases else priors[column]
        own = f"spread = {spread[column]:.2f}, " if spread[column] != SPREAD else ""
        fitted = f"weight = {weight:.2f}, prior = {priors[column]:.2f}, {own}cases = {cases}"
        lines.append(f"{kind:13} = {{ {fitted} }}")
    return "\n".join(lines) + "\n"


def main() -> int:
    command = parser(__doc__)
    command.add_argument("--write", action="store_true", help=f"replace {TARGET.name}")
    options = command.parse_args()
    if not (data_folder() / "crawl-day" / origin_cases.GOLD).exists():
        print(f"no data at {data_folder()}: set DEDUPE_DATA", file=sys.stderr)
        return 0
    kinds = list(table())
    priors = np.array([table()[kind]["prior"] for kind in kinds])
    spread = np.array([table()[kind].get("spread", SPREAD) for kind in kinds])
    data = examples(kinds, Config())
    weights = fit(data, priors, spread)
    text = written(kinds, weights, priors, data, spread)
    print(text, end="")
    if options.write:
        TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
