"""Measure extraction and metadata on pages whose article is known: F1, survival of shingles, speed.

    scripts/quality pages --compare
    scripts/quality pages --extractor trafilatura --pages 100 --worst 10

The metric is that of the article extraction benchmark (4-word shingles as a multiset, each page
normalised to weight one), with Chinese, Japanese and Thai split by character. ``kept`` is the share
of pages that keep at least 80 % of the article's shingles. The pages are read from ``DEDUPE_DATA``, by
default ``../shared/data``. Prints a table, then one JSON line.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from commandline import parser
from judged import data, lines

from dedupe.config import CrawlConfig
from dedupe.crawl import Kind, Record, parse
from dedupe.crawl.dates import utc
from dedupe.crawl.urls import registered_domain
from dedupe.model import Document, Skipped

SETS = ("pages-aeb", "pages-fundus")
TURN = 16  # pages
_TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+"
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is true of it."""

    name: str
    url: str
    html: bytes
    text: str
    published_at: str | None
    byline: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """One page's normalised true positives, false positives and misses, and its shingles kept."""

    tp: float
    fp: float
    fn: float
    kept: float


def pages(name: str) -> Iterator[Page]:
    """The pages of one set, in the order of its list."""
    folder = data() / name
    with tarfile.open(folder / "html.tar.xz") as archive:
        html = {Path(m.name).stem: archive.extractfile(m).read() for m in archive if m.isfile()}  # type: ignore[union-attr]
    for row in lines(folder / "docs.jsonl.gz"):
        markup = html.get(Path(row["html"]).stem)
        if markup is not None:
            yield Page(row["id"], row["url"], markup, row["text"], utc(row["published"]), row["byline"])


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-word shingles of ``text``."""
    tokens = _TOKEN.findall(text)
    width = max(1, min(4, len(tokens)))
    return Counter(tuple(tokens[i : i + width]) for i in range(len(tokens) - width + 1))


def plain(text: str) -> str:
    """Both sides in NFC and without soft hyphens: how a letter is encoded is no error of extraction."""
    return unicodedata.normalize("NFC", text.replace("\u00ad", "").replace("\u200b", ""))


def score(truth: str, found: str) -> Score:
    """How one page's text compares."""
    true, pred = shingles(plain(truth)), shingles(plain(found))
    tp = sum((true & pred).values())
    fp, fn = sum(pred.values()) - tp, sum(true.values()) - tp
    total = (tp + fp + fn) or 1
    distinct = len(true.keys() & pred.keys()) / (len(true) or 1)
    return Score(tp / total, fp / total, fn / total, distinct)


def record_of(page: Page) -> Record:
    """The page as a crawler would hand it on: with its URL."""
    return Record(f"{page.name}.html", "", Kind.HTML, page.html, url=page.url)


def measured(found: list[Page], documents: list[Document | Skipped]) -> dict[str, Any]:
    """The figures of one set."""
    scores = [
        score(p.text, d.text if isinstance(d, Document) else "")
        for p, d in zip(found, documents, strict=True)
    ]
    tp, fp, fn = (sum(getattr(s, key) for s in scores) for key in ("tp", "fp", "fn"))
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return {
        "pages": len(found),
        "f1": round(2 * precision * recall / (precision + recall), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "kept_80": round(sum(s.kept >= 0.8 for s in scores) / len(scores), 4),
        **metadata(found, documents),
    }


def metadata(found: list[Page], documents: list[Document | Skipped]) -> dict[str, float]:
    """Dates that are right to the day, authors by F1 over name words, outlets by registered domain."""
    both = [(p, d) for p, d in zip(found, documents, strict=True)]
    dated = [(p.published_at, d) for p, d in both if p.published_at]
    outlets = sum(isinstance(d, Document) and d.outlet == registered_domain(p.url) for p, d in both)
    result = {"outlet": round(outlets / len(both), 4)}
    if dated:
        right = sum(isinstance(d, Document) and _same_time(at, d.published_at) for at, d in dated)
        result["date"] = round(right / len(dated), 4)
        exact = sum(isinstance(d, Document) and at == d.published_at for at, d in dated)
        result["date_exact"] = round(exact / len(dated), 4)
        result["author_f1"] = round(author_f1(both), 4)
    return result


def _same_time(truth: str, found: str | None) -> bool:
    """Within a day: the truth of some pages is the local time, of others the date alone."""
    if found is None:
        return False
    return abs((date.fromisoformat(truth[:10]) - date.fromisoformat(found[:10])).days) <= 1


def author_f1(both: list[tuple[Page, Document | Skipped]]) -> float:
    """F1 over the words of the names, each page of weight one, pages without an author left out."""
    tp = fp = fn = 0.0
    for page, document in both:
        true = _names(page.byline)
        if not true:
            continue
        found = _names(document.byline if isinstance(document, Document) else None)
        total = len(true | found)
        tp += len(true & found) / total
        fp += len(found - true) / total
        fn += len(true - found) / total
    return 2 * tp / (2 * tp + fp + fn)


def _names(byline: str | None) -> set[str]:
    return {word.lower() for word in _WORD.findall(byline or "")}


def compared(found: list[Page], config: CrawlConfig) -> dict[str, float]:
    """Pages a second of one core, beside trafilatura's default extraction of the text alone.

    In turns of a few pages, so that what else the machine does meets both alike, and yet neither works
    page by page with the other's data in the processor's caches.
    """
    from trafilatura import extract

    ours = theirs = 0.0
    for begin in range(0, len(found), TURN):
        turn = found[begin : begin + TURN]
        records = [record_of(page) for page in turn]
        ours += seconds(lambda records=records: [parse(record, config) for record in records])
        theirs += seconds(lambda turn=turn: [extract(page.html) for page in turn])
    return {
        "pages_per_second": round(len(found) / ours),
        "trafilatura_per_second": round(len(found) / theirs),
        "times_trafilatura": round(theirs / ours, 2),
    }


def seconds(function: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begin = time.process_time()
    function()
    return time.process_time() - begin


def worst(found: list[Page], documents: list[Document | Skipped], count: int) -> Iterator[str]:
    """The pages with the lowest F1."""
    rows = []
    for page, document in zip(found, documents, strict=True):
        s = score(page.text, document.text if isinstance(document, Document) else "")
        rows.append((2 * s.tp / (1 + s.tp), s, page))
    for f1, s, page in sorted(rows, key=lambda row: row[0])[:count]:
        yield f"  {f1:.3f} fp {s.fp:.2f} fn {s.fn:.2f} kept {s.kept:.2f} {page.name} {page.url[:60]}"


def main() -> int:
    command = parser(__doc__)
    command.add_argument("--extractor", default="resiliparse")
    command.add_argument("--pages", type=int, default=0, help="of each set, at most; 0: all")
    command.add_argument(
        "--half", choices=("fit", "report"), help="every other page: one half to fit, one to report"
    )
    command.add_argument("--worst", type=int, default=0)
    command.add_argument("--compare", action="store_true", help="speed, beside trafilatura's default")
    options = command.parse_args()
    config = CrawlConfig(extractor=options.extractor)
    report: dict[str, Any] = {"extractor": options.extractor}
    for name in SETS:
        if not (data() / name).is_dir():
            print(f"{name} is not in {data()}", file=sys.stderr)
            return 1
        found = list(pages(name))[: options.pages or None]
        if options.half:
            found = found[0 if options.half == "fit" else 1 :: 2]
        documents = [parse(record_of(page), config) for page in found]
        report[name] = measured(found, documents)
        if options.compare:
            report[name] |= compared(found, config)
        for key, value in report[name].items():
            print(f"{name:14}{key:24}{value}")
        print(*worst(found, documents, options.worst), sep="\n")
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
