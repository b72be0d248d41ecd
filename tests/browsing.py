"""Pages in a browser, for tests.

Needs playwright and a Chromium: ``CHROMIUM`` names one, else the usual places are looked through. A module of
tests that imports this is skipped without playwright; ``needs_chromium`` skips it without a browser.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (CHROMIUM names one)")

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEIGHT = 900

NewTab = Callable[..., Any]


@contextmanager
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def tabs(browser: Any) -> Iterator[NewTab]:
    """Opens empty tabs, ``new_tab(width, stays_at=None, **options)``, each in a context of its own.

    Afterwards it fails if a page logged an error, raised one, opened a dialog, or asked for anything that
    does not begin with ``stays_at``.
    """
    faults: list[str] = []
    contexts = []

    def new_tab(width: int, stays_at: str | None = None, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
        if stays_at is not None:
            page.on("request", lambda asked: asked.url.startswith(stays_at) or faults.append(asked.url))
        return page

    yield new_tab
    for context in contexts:
        context.close()
    assert faults == []


def is_as_wide_as_its_window(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def serious_faults(page: Any) -> list[tuple[str, list[Any]]]:
    """What axe finds that keeps people out: (rule, three of the places). Contrast is not left to it: it gives
    up on most pages, see test_report_style.
    """
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core-python is not installed")
    return [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in axe.Axe().run(page)["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
