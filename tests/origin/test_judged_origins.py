"""Origins of real clusters, on the half the weights were not fitted on, and of the page that began it."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from dedupe.config import Config
from dedupe.crawl import Kind, Record, parse
from dedupe.model import Document, OriginKind
from dedupe.origin import attribute, members
from dedupe.text import clean


@cache
def quality(root: Path) -> ModuleType:
    """``scripts/quality_origins.py`` as a module."""
    spec = importlib.util.spec_from_file_location("quality_origins", root / "scripts" / "quality_origins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_judged_origins_are_found_as_well_as_before(data: Path, root: Path) -> None:
    script = quality(root)
    config = Config()
    cases = [
        case for case in script.judged_cases(script.Day.read(config)) if script.half_of(case.id) == "report"
    ]
    found = script.answers(cases, config)
    names, pages = script.figures_of_names(found), script.figures_of_documents(found)
    assert names["answered"] >= 0.93
    assert names["accuracy_of_answers"] >= 0.97
    assert names["sure_right"] >= 0.97
    assert pages["document_right"] >= 0.93


def test_the_agencys_story_on_another_site_is_the_agencys_under_a_swapped_byline(data: Path) -> None:
    seeds = sorted((data.parent / "seeds").glob("voa-*.txt"))
    if not seeds:
        pytest.skip(f"no seed pages beside {data}")
    config = Config()
    document = parse(Record(seeds[0].name, "", Kind.TEXT, seeds[0].read_bytes()), config.crawl)
    assert isinstance(document, Document)
    page = clean(document, frozenset(), config.text)
    origin = attribute([page], [], config.origin, config.text.agencies)
    assert (origin.name, origin.kind, origin.document) == ("Voice of America", OriginKind.AGENCY, None)
    assert members([page], [], origin, document.id, config.text.agencies)[0].byline_swap
