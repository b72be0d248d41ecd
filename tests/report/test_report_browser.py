"""The site in a browser, opened from a disk as its readers will open it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import report_fiction
from browsing import NewTab, is_as_wide_as_its_window, needs_chromium, serious_faults, sync_api

from dedupe.report import write
from dedupe.report.site.names import entity_path, story_path

pytestmark = needs_chromium

STORIES = 320
BRIDGE = story_path("9f3c2a77d01b")

PageOpener = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written stories among many generated ones."""
    source, small = report_fiction.many(STORIES - 5), report_fiction.small()
    source.rows += small.rows
    source.texts |= small.texts
    folder = tmp_path_factory.mktemp("browser") / "site"
    write(source, "html", folder)
    return folder


@pytest.fixture
def visit(new_tab: NewTab, site: Path) -> PageOpener:
    """Opens a page of the site."""

    def opened(path: str, width: int = 1280, ready: bool = True, **options: Any) -> Any:
        page = new_tab(width, **options)
        page.goto(f"file://{site}/{path}")
        if ready:
            page.wait_for_selector("body[data-ready]", state="attached")
        return page

    return opened


def titles(page: Any) -> list[str]:
    found: list[str] = page.locator("#list .story-title").all_inner_texts()
    return found


def count(page: Any) -> str:
    text: str = page.locator("#count").inner_text()
    return text.replace("\u202f", "")


def expect_count(page: Any, text: str) -> None:
    sync_api.expect(page.locator("#count")).to_have_text(text)


def test_the_list_is_whole_and_paged(visit: PageOpener) -> None:
    page = visit("stories.html")
    assert (count(page), len(titles(page))) == (f"{STORIES} stories", 25)
    first = titles(page)
    page.click("#next")
    sync_api.expect(page.locator("#page-number")).to_have_text(re.compile("Page 2 of 13"))
    assert not set(first) & set(titles(page))
    assert page.url.endswith("#page=2")


def test_scripts_show_the_page_that_was_there_without_them(visit: PageOpener) -> None:
    without = visit("stories.html", ready=False, java_script_enabled=False)
    assert without.locator("#list").inner_text() == visit("stories.html").locator("#list").inner_text()


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("swing bridge calder", "Swing bridge at Port Calder reopens after eleven months"),
        ("TRAMS cross", "Swing bridge at Port Calder reopens after eleven months"),
        ("swin", "Swing bridge at Port Calder reopens after eleven months"),
        ("旋回橋", "カルダー港の旋回橋が再開通"),
        ("کالڈر", "کالڈر کا پل دوبارہ کھل گیا"),
        ("__proto__", report_fiction.HOSTILE),
    ],
    ids=["words", "a copy's title, any case", "a beginning", "Japanese", "Urdu", "a word of JavaScript"],
)
def test_a_story_is_found_by_its_titles(question: str, title: str, visit: PageOpener) -> None:
    page = visit("stories.html")
    page.fill("input[name=q]", question)
    expect_count(page, f"1 of {STORIES} stories")
    assert titles(page) == [title]


def test_what_no_title_holds_is_not_found(visit: PageOpener) -> None:
    page = visit("stories.html")
    page.fill("input[name=q]", "swing zeppelin")
    expect_count(page, f"0 of {STORIES} stories")


def test_filters_join_and_are_kept_in_the_address(visit: PageOpener) -> None:
    page = visit("stories.html")
    page.click("summary")
    page.fill("input[name=outlet]", "anse-daily.example")
    page.select_option("select[name=role]", "update")
    page.check("input[name=swap]")
    expect_count(page, f"1 of {STORIES} stories")
    sync_api.expect(page.locator("#active")).to_have_text("(3)")  # the address is written before it
    again = visit("stories.html#" + page.url.split("#")[1])
    assert titles(again) == ["Swing bridge at Port Calder reopens after eleven months"]
    assert again.locator("#active").inner_text() == "(3)"


@pytest.mark.parametrize(
    ("address", "stories"),
    [
        ("language=ja", 1),
        ("origin=venn-gazette.example", 1),
        ("from=2026-03-08&to=2026-03-08&q=owls", 1),
        ("from=2026-03-09&q=owls", 0),
        ("outlet=nobody", 0),
        ("size=6&q=swing", 1),
        ("size=7&q=swing", 0),
        ("uncredited=1&q=swing", 1),
    ],
)
def test_a_filter_can_be_linked_to(address: str, stories: int, visit: PageOpener) -> None:
    page = visit(f"stories.html#{address}")
    expect_count(page, f"{stories} of {STORIES} stories")


@pytest.mark.parametrize("order", ["outlets", "size", "new", "old", "pace", "spread", "uncredited"])
def test_an_order_shows_all_stories(order: str, visit: PageOpener) -> None:
    page = visit(f"stories.html#sort={order}")
    assert (count(page), len(set(titles(page)))) == (f"{STORIES} stories", 25)


def test_newest_first(visit: PageOpener) -> None:
    page = visit("stories.html#sort=new")
    times = re.findall(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", page.locator("#list").inner_text())
    assert len(times) == 25
    assert times == sorted(times, reverse=True)


def test_a_story_is_opened_and_its_texts_compared(visit: PageOpener) -> None:
    page = visit("stories.html#q=swing")
    page.click("#list a >> nth=0")
    page.wait_for_selector("body[data-ready] #compare-tools")
    sync_api.expect(page.locator(".origin-name")).to_have_text("Meridian Press")
    page.click("#d1 .compare")
    sync_api.expect(page.locator("#texts .heads")).to_contain_text("harbour-post.example")
    assert page.locator("#texts .furniture").inner_text() == report_fiction.FURNITURE
    assert "Fishing crews" in page.locator("#texts .left .own").last.evaluate(
        "e => e.closest('.rows').innerText"
    )
    assert page.locator("#texts del").count() == 3


def test_a_passage_is_followed_to_the_other_text(visit: PageOpener) -> None:
    page = visit(f"{BRIDGE}#compare=1")
    page.click("#texts .left mark >> nth=1")
    current = page.locator("#texts mark.current")
    assert {mark.evaluate("e => e.dataset.passage") for mark in current.all()} == {"1"}
    assert page.locator("#texts .right mark.current").count() > 0
    assert page.locator("#passage-number").inner_text() == "2 of 2"
    page.click("#passage-next")
    assert page.locator("#passage-number").inner_text() == "1 of 2"


def test_offsets_hold_behind_an_emoji(visit: PageOpener) -> None:
    page = visit(f"{story_path('01ab23cd45ef')}#compare=1")
    marked = page.locator("#texts .right mark").last.inner_text()
    assert marked == "The council has lent the archive a tent."


def test_a_script_in_a_title_stays_text(visit: PageOpener) -> None:
    page = visit(BRIDGE)
    assert page.get_by_text("Trams cross the Anse again <script>alert(1)</script>").first.is_visible()
    hostile = visit(story_path("../../x"))
    assert hostile.locator("h1").inner_text() == report_fiction.HOSTILE
    assert "<img src=x onerror=alert(1)>" in hostile.locator("#texts").inner_text()


def test_links_to_the_web_do_not_tell_where_they_stand(visit: PageOpener) -> None:
    links = visit(BRIDGE).locator("a[href^=http]")
    assert links.count() == 6
    assert {link.get_attribute("rel") for link in links.all()} == {"noreferrer noopener external"}


def colour(page: Any) -> str:
    found: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return found


def test_the_theme_follows_the_system_until_one_is_chosen(visit: PageOpener) -> None:
    light, dark = visit("stories.html"), visit("stories.html", color_scheme="dark")
    assert colour(light) != colour(dark)
    light.click("#theme")
    assert colour(light) == colour(dark)
    light.goto(light.url.replace("stories.html", "outlets.html"))
    assert colour(light) == colour(dark)


@pytest.mark.parametrize("chosen", [False, True], ids=["the system is dark", "dark was chosen"])
def test_paper_is_white(chosen: bool, visit: PageOpener) -> None:
    page = visit(BRIDGE, color_scheme="light" if chosen else "dark")
    if chosen:
        page.click("#theme")
    page.emulate_media(media="print")
    assert colour(page) == "rgb(255, 255, 255)"
    assert not page.locator("#theme").is_visible()


def test_outlets_are_found_and_sorted(visit: PageOpener) -> None:
    page = visit("outlets.html")
    page.fill("input[name=q]", "venn-g")
    assert page.locator("#table tbody tr").count() == 1
    page.fill("input[name=q]", "")
    page.get_by_role("button", name="Originals").click()
    shown = [int(text) for text in page.locator("#table tbody td:nth-child(3)").all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    page.get_by_role("button", name="Originals").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Originals")


PAGES = ["index.html", "stories.html", "outlets.html", "agencies.html", BRIDGE,
         story_path("c0ffee001122"), entity_path("outlet", "anse-daily.example"),
         entity_path("agency", "Meridian Press")]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_not_wider_than_the_screen(path: str, width: int, visit: PageOpener) -> None:
    page = visit(path, width=width, ready=False)
    page.wait_for_load_state("load")
    assert is_as_wide_as_its_window(page)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_serious_fault(path: str, visit: PageOpener) -> None:
    page = visit(path, ready=False)
    page.wait_for_load_state("load")
    assert serious_faults(page) == []


def test_the_skip_link_is_the_first_stop_of_the_keyboard(visit: PageOpener) -> None:
    page = visit("stories.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
