"""Real pages whose article is known keep their floors. Skips where the pages are not there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dedupe.config import CrawlConfig
from dedupe.crawl import parse

FLOORS = {
    "pages-aeb": {"f1": 0.93, "kept_80": 0.975, "outlet": 0.98},
    "pages-fundus": {"f1": 0.925, "kept_80": 0.98, "outlet": 0.98, "date": 0.97, "author_f1": 0.86},
}
TRAFILATURA_FLOORS = {"pages-aeb": {"f1": 0.96}, "pages-fundus": {"f1": 0.945}}


@pytest.fixture(scope="module")
def quality(root: Path) -> ModuleType:
    """``scripts/quality_pages.py`` as a module."""
    spec = importlib.util.spec_from_file_location("quality_pages", root / "scripts" / "quality_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality_pages"] = module
    spec.loader.exec_module(module)
    return module


def missed(quality: ModuleType, name: str, extractor: str, floors: dict[str, float]) -> dict[str, float]:
    pages = list(quality.pages(name))
    config = CrawlConfig(extractor=extractor)
    figures = quality.measured(pages, [parse(quality.record_of(page), config) for page in pages])
    return {key: figures[key] for key, floor in floors.items() if figures[key] < floor}


@pytest.mark.parametrize("name", FLOORS)
def test_pages_keep_their_floors(data: Path, quality: ModuleType, name: str) -> None:
    assert (data / name).is_dir()
    assert missed(quality, name, "resiliparse", FLOORS[name]) == {}


@pytest.mark.parametrize("name", TRAFILATURA_FLOORS)
def test_the_accurate_extractor_keeps_its_floors(data: Path, quality: ModuleType, name: str) -> None:
    pytest.importorskip("trafilatura")
    assert missed(quality, name, "trafilatura", TRAFILATURA_FLOORS[name]) == {}
