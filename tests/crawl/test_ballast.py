"""What is cut out of a page's source before it is parsed, and what must not be."""

from __future__ import annotations

import pytest
from resiliparse.parse.html import HTMLTree

from dedupe.crawl.ballast import without_ballast
from dedupe.crawl.dom import select, text_of, visible_text

STORY = "<p>The ferry stayed in port.</p>"
LD = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'

CUT = {
    "a script": ("<script>if (a < b) f()</script>", ""),
    "a script with attributes": ('<script async src="a.js" data-x="1"></script>', ""),
    "a style": ("<style>p > b { color: red }</style>", ""),
    "a comment": ("<!-- <p>not shown</p> -->", ""),
    "a comment that opens a script": ("<!-- <script> -->", ""),
    "an empty comment": ("<!-->", ""),
    "a script that XML closes": ('<script src="a.js"/>', ""),
    "an iframe that XML closes": ('<iframe src="a"/>', '<iframe src="a"></iframe>'),
    "a menu": ('<nav class="a"><ul><li>Home</li></ul></nav>', "<nav></nav>"),
    "a drawing": ('<svg viewBox="0 0 1 1"><title>Share</title><path d="M0 0"/></svg>', ""),
    "a drawing that closes itself": ('<svg class="icon"/>', ""),
}
KEPT = {
    "JSON-LD": LD,
    "a script that counts a republication": '<script src="https://counter.theconversation.com/a"></script>',
    "a script without an end": "<script>" + STORY,
    "a comment without an end": "<!-- " + STORY,
    "a menu without an end": "<nav><ul>" + STORY,
    "a menu that an article stands in": f"<nav><article>{STORY}</article></nav>",
    "a menu left open before the headline": f"<nav><h1>Ferry stays</h1>{STORY}<nav>",
    "a menu with the copyright line": "<nav><p>© 2024 Holm Herald</p></nav>",
    "a drawing left open before the story": f"<svg>{STORY}</svg>",
    "an element whose name begins alike": "<navigation>Here</navigation>",
}


@pytest.mark.parametrize("name", CUT)
def test_it_is_cut_out(name: str) -> None:
    given, remains = CUT[name]
    assert without_ballast((STORY + given + STORY).encode()) == (STORY + remains + STORY).encode()


@pytest.mark.parametrize("name", KEPT)
def test_it_is_kept(name: str) -> None:
    page = (STORY + KEPT[name] + STORY).encode()
    assert without_ballast(page) == page


def test_the_menu_behind_one_that_was_left_open_goes_alone() -> None:
    page = f"<nav><p>Home{STORY}<nav>More</nav>{STORY}".encode()
    assert without_ballast(page) == f"<nav><p>Home{STORY}<nav></nav>{STORY}".encode()


def test_lines_before_and_behind_a_menu_stay_apart() -> None:
    page = without_ballast(b"<body>Holm Herald<nav>Home</nav>Ferry stays in port</body>").decode()
    assert visible_text(page).split("\n") == ["Holm Herald", "Ferry stays in port"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>Ida Mole</p>", "Ida Mole", id="no element inside"),
        pytest.param("<p>By<b>Ida Mole</b>harbour</p>", "By Ida Mole harbour", id="elements inside"),
        pytest.param("<p>Mole &amp; <i>Son</i></p>", "Mole & Son", id="an entity"),
        pytest.param('<p><a title="a > b">Ida</a></p>', "Ida", id="a sign in an attribute"),
        pytest.param("<p>Ida<!-- > -->Mole<br></p>", "Ida Mole", id="a comment"),
        pytest.param("<p> \n </p>", "", id="nothing"),
    ],
)
def test_the_text_of_an_element(markup: str, text: str) -> None:
    assert text_of(select(HTMLTree.parse(markup), "p")[0]) == text
