"""What every test may use: the checkout, the samples and an index of them, the measuring data, a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No deadline: a loaded machine is no fault of the code. The blob reproduces a failing example anywhere.
settings.register_profile("dedupe", deadline=None, print_blob=True)
settings.load_profile("dedupe")

ROOT = Path(__file__).resolve().parent.parent

NewTab = Callable[..., Any]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The crawls that are shipped, with what is expected of them."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def data() -> Path:
    """News for measuring, which is not shipped: ``DEDUPE_DATA``, or the folder beside the checkout."""
    import judged

    place = judged.data()
    if not place.is_dir():
        pytest.skip(f"no measuring data at {place} (DEDUPE_DATA names another place)")
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window, for tests marked with ``browsing.needs_chromium``.

    Of a module and no longer: while it runs, this thread can run no other event loop.
    """
    from browsing import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def new_tab(browser: Any) -> Iterator[NewTab]:
    """Opens empty tabs, and fails afterwards as :func:`browsing.tabs` does."""
    from browsing import tabs

    with tabs(browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def samples_db(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped crawl, to be read only."""
    from dedupe import Index

    made = tmp_path_factory.mktemp("samples") / "news.db"
    with Index.open(made) as index:
        index.add(samples / "crawl", workers=0)
    return made
