"""The page in a browser: ask, read the answer, compare the texts, browse the report live."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import NewTab, is_as_wide_as_its_window, needs_chromium, serious_faults, sync_api
from conftest import Served, served
from generated import documents, write_lines
from test_writing import eventually

from dedupe import Index

pytestmark = needs_chromium

CLUSTER = "420e5ac710e6ffe1"
Visit = Callable[..., Any]


@pytest.fixture
def visit(new_tab: NewTab, service: Served) -> Visit:
    """Opens a page that may ask nobody else."""

    def opened(path: str = "", width: int = 1280, **options: Any) -> Any:
        page = new_tab(width, stays_at=service.url, **options)
        page.goto(f"{service.url}/{path}")
        return page

    return opened


@pytest.fixture(scope="module")
def original(samples: Path) -> str:
    """A text that the index holds a copy of."""
    return (samples / "crawl/meridiandaily.example/canal-talks.txt").read_text("utf-8")


def paste(page: Any, text: str, **fields: str) -> None:
    page.fill("textarea", text)
    for name, value in fields.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name="Ask").click()
    page.wait_for_load_state("load")


def test_a_pasted_article_is_answered(visit: Visit, original: str) -> None:
    page = visit()
    paste(page, original, byline="A. Reporter", outlet="elsewhere.example")
    assert page.locator(".verdict-word").inner_text() in ("repost", "syndicated")
    assert page.locator(".origin-name").inner_text() == "Voice of America"
    assert page.locator(".evidence li").count() > 1
    assert page.locator(".wide-strip .tick").count() > 2
    assert page.input_value("input[name=outlet]") == "elsewhere.example"


def test_the_texts_stand_side_by_side(visit: Visit, original: str) -> None:
    page = visit()
    paste(page, original, outlet="elsewhere.example")
    page.wait_for_selector("body[data-ready]")
    sync_api.expect(page.locator("#texts .heads")).to_contain_text("elsewhere.example")
    left, right = page.locator("#texts .left mark").first, page.locator("#texts .right mark").first
    assert left.inner_text()[:40] == right.inner_text()[:40]
    page.click("#passage-next")
    for side in ("left", "right"):
        assert page.locator(f"#texts .{side} mark.current").count() > 0


def test_the_answer_leads_to_the_story_in_the_index(visit: Visit, original: str) -> None:
    page = visit()
    paste(page, original, outlet="elsewhere.example")
    page.get_by_role("link", name="The whole story in the index").click()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("header code").inner_text() == CLUSTER


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_a_file_is_answered(visit: Visit, samples: Path, way: str) -> None:
    page, path = visit(), samples / "query" / "repost.html"
    if way == "chosen":
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Ask").click()
    else:
        transfer = page.evaluate_handle(
            "text => { const transfer = new DataTransfer();"
            " transfer.items.add(new File([text], 'repost.html', {type: 'text/html'})); return transfer; }",
            path.read_text("utf-8"),
        )
        page.dispatch_event("main", "drop", {"dataTransfer": transfer})
    sync_api.expect(page.locator(".verdict-word")).to_have_text("repost")


def test_it_works_without_scripts(visit: Visit, original: str) -> None:
    page = visit(java_script_enabled=False)
    paste(page, original, outlet="elsewhere.example")
    assert page.locator(".origin-name").inner_text() == "Voice of America"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nothing in this index says what this short note says about the ferry and the mill.", "no match"),
        ("", "nothing was pasted"),
        ("<html><p>Hi", "no article"),
    ],
    ids=["unknown", "empty", "a page without an article"],
)
def test_what_has_no_copy_is_told_so(browser: Any, service: Served, text: str, shown: str) -> None:
    page = browser.new_page()
    page.goto(service.url)
    paste(page, text)
    assert shown in page.locator("main").inner_text()
    page.close()


def test_markup_in_an_article_stays_text(visit: Visit, original: str) -> None:
    page = visit()
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    paste(page, f"{original}\n{hostile}", outlet=f'"><b>{hostile}', byline=hostile)
    page.wait_for_selector("body[data-ready]")
    assert hostile in page.locator("#texts").inner_text()
    assert page.locator("main img, main script:not([type])").count() == 0


def test_the_report_is_browsed_live(visit: Visit) -> None:
    page = visit("index.html")
    assert "7 stories" in page.locator("h1").inner_text()
    page.get_by_role("link", name="Stories", exact=True).click()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#list .story").count() == 7
    page.locator("#list a").first.click()
    page.wait_for_selector("body[data-ready]")
    page.locator(".member-head a").first.click()
    assert page.locator(".slug").first.inner_text().lower() == "outlet"
    page.get_by_role("link", name="Agencies").click()
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("link", name="Ask").click()
    sync_api.expect(page.locator("h1")).to_have_text("Is this article a repost?")


def test_lists_follow_what_is_committed(browser: Any, tmp_path: Path) -> None:
    records = documents(6, 80)
    db = tmp_path / "news.db"
    with Index.open(db) as index:
        index.add(write_lines(tmp_path / "0.jsonl", records[:40]), workers=0)
        with served(db, log=tmp_path / "log") as running:
            page = browser.new_page()
            page.goto(f"{running.url}/index.html")
            before = page.locator(".standfirst").inner_text()
            index.add(write_lines(tmp_path / "1.jsonl", records[40:]), workers=0)

            def after() -> str:
                page.reload()
                text: str = page.locator(".standfirst").inner_text()
                return text if text != before else ""

            assert re.match("40 documents", before)
            assert re.match("80 documents", eventually(after))
            page.close()


@pytest.mark.parametrize("asked", [False, True], ids=["the form", "the answer"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen_or_hard_to_use(
    visit: Visit, original: str, width: int, asked: bool
) -> None:
    page = visit(width=width)
    if asked:
        paste(page, original, outlet="elsewhere.example")
        page.wait_for_selector("body[data-ready]")
    assert is_as_wide_as_its_window(page)
    assert serious_faults(page) == []
