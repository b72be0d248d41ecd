"""Real pages whose article is known keep their floors. Skips where the pages are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
import quality_credits
import quality_pages

from dedupe.config import CrawlConfig
from dedupe.crawl import parse

FLOORS = {
    "pages-aeb": {"f1": 0.93, "kept_80": 0.975, "outlet": 0.98},
    "pages-fundus": {"f1": 0.925, "kept_80": 0.98, "outlet": 0.98, "date": 0.97, "author_f1": 0.86},
}
TRAFILATURA_FLOORS = {"pages-aeb": {"f1": 0.96}, "pages-fundus": {"f1": 0.945}}


def missed(name: str, extractor: str, floors: dict[str, float]) -> dict[str, float]:
    pages = list(quality_pages.pages(name))
    config = CrawlConfig(extractor=extractor)
    documents = [parse(quality_pages.record_of(page), config) for page in pages]
    figures = quality_pages.measured(pages, documents)
    return {key: figures[key] for key, floor in floors.items() if figures[key] < floor}


@pytest.mark.parametrize("name", FLOORS)
def test_pages_keep_their_floors(data: Path, name: str) -> None:
    assert (data / name).is_dir()
    assert missed(name, "resiliparse", FLOORS[name]) == {}


@pytest.mark.parametrize("name", TRAFILATURA_FLOORS)
def test_the_accurate_extractor_keeps_its_floors(data: Path, name: str) -> None:
    pytest.importorskip("trafilatura")
    assert missed(name, "trafilatura", TRAFILATURA_FLOORS[name]) == {}


def test_credits_become_attribution_and_those_of_pictures_do_not(data: Path) -> None:
    tallies = [quality_credits.measured(name) for name in quality_pages.SETS]
    assert sum(len(tally.missed) for tally in tallies) <= 0.05 * sum(tally.credits for tally in tallies)
    assert [tally.taken_from_pictures + tally.unjudged for tally in tallies] == [[], []]
