"""Measure credits: of the agencies that a page credits with its text, how many become attribution?

    scripts/quality credits
    scripts/quality credits --extractor trafilatura

Beside this script lies ``page_credits.json``: for each page of ``pages-aeb`` and ``pages-fundus`` on which
an agency is named (anywhere: text, markup, metadata; searched by every name and tag of ``agencies.toml``),
the agencies that it credits with the text, and those that it credits with pictures alone, judged by
reading. A page that an agency publishes itself, and says so, credits it. Citations in the text, menus and
lists of other articles are no credits. An agency that a page credits with text and pictures counts as the
former. The pages are read from ``DEDUPE_DATA``, by default ``../shared/data``. Prints what is missed,
taken from a picture, or attributed without a judgement, a table, and one JSON line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from commandline import parser
from judged import data
from quality_pages import SETS, Page, pages, record_of

from dedupe.config import Config, CrawlConfig
from dedupe.crawl import parse
from dedupe.model import AttributionKind, Skipped
from dedupe.text import clean

GOLD = Path(__file__).with_name("page_credits.json")
Judged = dict[str, dict[str, list[str]]]  # page -> credits, pictures -> names of agencies


@dataclass(slots=True)
class Tally:
    """What became of the credits of one set, each as ``page: agency``."""

    credits: int = 0
    pictures: int = 0
    missed: list[str] = field(default_factory=list)
    taken_from_pictures: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The counts, and the share of credits found."""
        return {
            "credits": self.credits,
            "found": round(1 - len(self.missed) / max(1, self.credits), 4),
            "pictures": self.pictures,
            "taken_from_pictures": len(self.taken_from_pictures),
            "unjudged": len(self.unjudged),
        }


def judged(name: str) -> Judged:
    """The judgements of one set."""
    found: Judged = json.loads(GOLD.read_text("utf-8"))[name]
    return found


def attributed(page: Page, extractor: str) -> set[str]:
    """The agencies that the page's text is attributed to; what it merely cites is no attribution."""
    config = Config(crawl=CrawlConfig(extractor=extractor))
    document = parse(record_of(page), config.crawl)
    if isinstance(document, Skipped):
        return set()
    agencies = {agency.name for agency in config.text.agencies}
    story = clean(document, frozenset(), config.text)
    claims = (claim for claim in story.attributions if claim.kind is not AttributionKind.CITED)
    return {claim.name for claim in claims if claim.name in agencies}


def measured(name: str, extractor: str = "resiliparse") -> Tally:
    """Compare the attributions of one set with the judgements."""
    tally, gold = Tally(), judged(name)
    for page in pages(name):
        found, truth = attributed(page, extractor), gold.get(page.name, {})
        credits, pictures = set(truth.get("credits", ())), set(truth.get("pictures", ()))
        tally.credits += len(credits)
        tally.pictures += len(pictures)
        for names, into in (
            (credits - found, tally.missed),
            (found & pictures - credits, tally.taken_from_pictures),
            (found - credits - pictures, tally.unjudged),
        ):
            into += [f"{page.name}: {agency}" for agency in sorted(names)]
    return tally


def main() -> int:
    """Print what is wrong, the table, the JSON line."""
    command = parser(__doc__)
    command.add_argument("--extractor", default="resiliparse")
    options = command.parse_args()
    report: dict[str, dict[str, float]] = {}
    for name in SETS:
        if not (data() / name).is_dir():
            print(f"{name} is not in {data()}", file=sys.stderr)
            return 1
        tally = measured(name, options.extractor)
        report[name] = tally.figures()
        for key in ("missed", "taken_from_pictures", "unjudged"):
            for line in getattr(tally, key):
                print(f"{name:14}{key:22}{line}")
        for key, value in report[name].items():
            print(f"{name:14}{key:22}{value}")
    print(json.dumps({"quality": "credits", "extractor": options.extractor, "sets": report}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
