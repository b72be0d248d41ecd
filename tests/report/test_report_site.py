"""The site as files: nothing foreign runs, links stay inside or on the web, figures are the data's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import report_fiction
from report_fiction import HOSTILE, MemorySource

from dedupe.report import Filters, write
from dedupe.report.site.listing import ROWS, folded, in_order, list_row, shard, words_of
from dedupe.report.site.names import entity_path, story_path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
BRIDGE = story_path("9f3c2a77d01b")
VOID = {"meta", "link", "input", "br", "img", "wbr"}


class Page(HTMLParser):
    """Every tag with its attributes, and the text inside script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.code: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.code.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "site"
    write(report_fiction.small(), "html", folder)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path.read_text("utf-8")) for path in site.rglob("*.html")}


def piece(site: Path, name: str) -> object:
    text = (site / "data" / f"{name}.js").read_text("utf-8")
    return json.loads(text.removeprefix(f'dedupe.data("{name}",').removesuffix(");\n"))


@pytest.mark.parametrize(
    "path",
    ["index.html", "stories.html", "outlets.html", BRIDGE, BRIDGE.replace(".html", ".js"),
     "data/index.js", "data/names.js", "data/rows-0.js", "data/outlets.js"],
)  # fmt: skip
def test_a_file_of_the_site_is_as_its_gold_file(
    path: str, site: Path, gold: Callable[[str, bytes], None]
) -> None:
    gold(f"site/{path.replace('/', '-')}", (site / path).read_bytes())


def test_every_kind_of_page_is_there(pages: dict[str, Page]) -> None:
    assert {"index.html", "stories.html", "outlets.html", "agencies.html"} <= set(pages)
    assert {path.split("/")[0] for path in pages if "/" in path} == {"story", "outlet", "agency"}


def test_every_page_forbids_what_is_not_its_own(pages: dict[str, Page]) -> None:
    for page in pages.values():
        policies = [a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv")]
        assert policies == [POLICY]


def test_no_page_has_code_or_style_inside(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert "".join(page.code).strip() == ""
        names = {name for _, attributes in page.tags for name in attributes}
        assert not {name for name in names if name.startswith("on") or name == "style"}


def test_markup_of_a_page_stays_text(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert not [tag for tag, _ in page.tags if tag in ("img", "b-", "iframe", "i")], path
        assert [a for tag, a in page.tags if tag == "script" and "src" not in a] == []


def test_tags_are_balanced(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert (page.unbalanced, page.open) == ([], []), path


def test_ids_are_unique(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), path


def linked(page: Page) -> list[str]:
    """The stories that a story's page links to."""
    links = [attributes.get("href") or "" for tag, attributes in page.tags if tag == "a"]
    return [link.removeprefix("../../") for link in links if link.startswith("../../story/")]


def test_a_story_links_to_its_related_stories_that_the_report_holds(pages: dict[str, Page]) -> None:
    assert linked(pages[BRIDGE]) == [story_path("01ab23cd45ef"), story_path("../../x")]
    assert linked(pages[story_path("01ab23cd45ef")]) == []


def test_a_related_story_that_a_filter_left_out_is_not_mentioned(
    source: MemorySource, tmp_path: Path
) -> None:
    write(source, "html", tmp_path / "site", Filters(min_size=6))
    html = (tmp_path / "site" / BRIDGE).read_text("utf-8")
    assert linked(Page(html)) == []
    assert "Related stories" not in html
    assert "<!--" not in html


def test_links_lead_to_a_file_of_the_site_or_to_the_web(site: Path, pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        links = [a.get("href") or a.get("src") for tag, a in page.tags if tag in ("a", "link", "script")]
        for link in filter(None, links):
            if re.match(r"https?://", link):
                continue
            target = unquote(link.split("#")[0])
            place = (site / path).parent / target
            assert ":" not in target
            assert place.resolve().is_relative_to(site)
            assert place.is_file() or target == "", f"{path} -> {link}"


def test_names_of_pages_do_not_become_paths(site: Path) -> None:
    for path in site.rglob("*"):
        assert re.fullmatch(r"[a-z0-9._-]+", path.name), path


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "CON", "9F3C", "x" * 500, "نام"])
def test_any_name_gives_a_plain_path(name: str) -> None:
    for path in (story_path(name), entity_path("outlet", name)):
        assert re.fullmatch(r"(story/[0-9a-f]{2}|outlet)/[a-z0-9-]{1,60}\.html", path)


def test_different_names_have_different_pages() -> None:
    names = ["A b", "a-b", "a b", "é", "e", "日本", "中国"]
    assert len({entity_path("outlet", name) for name in names}) == len(names)


def test_data_files_are_json_in_one_call(site: Path) -> None:
    for path in [*site.glob("data/*.js"), *site.glob("story/*/*.js")]:
        text = path.read_text("utf-8")
        match = re.fullmatch(r'dedupe\.data\("[a-z0-9-]+",(.*)\);\n', text, re.DOTALL)
        assert match is not None, path
        json.loads(match[1])


def test_a_hostile_title_is_shown_as_it_is(site: Path) -> None:
    html = (site / story_path("../../x")).read_text("utf-8")
    assert HOSTILE.replace('"', "&#34;") in html
    assert "javascript:" not in html


def test_the_overview_counts_what_the_source_holds(site: Path, source: MemorySource) -> None:
    text = re.sub(r"<[^>]+>", " ", (site / "index.html").read_text("utf-8"))
    documents = sum(story.size for story in source.rows)
    assert f"412 documents were read; {documents} of them, at 13 outlets, carry a story" in text
    copies = [d for story in source.rows for d in story.documents if d.role.is_copy]
    assert re.search(rf"copies\s+{len(copies)}\s", text)
    assert re.search(rf"without credit\s+67 %\s+of {len(copies) - 2}\s", text)
    assert re.search(rf"byline swaps\s+{sum(d.byline_swap for d in copies)}\s", text)


def test_the_index_has_a_number_for_each_story_and_column(site: Path, source: MemorySource) -> None:
    columns = piece(site, "index")
    assert isinstance(columns, dict)
    assert {len(values) for values in columns.values()} == {len(source.rows)}


def test_a_story_of_bare_dates_can_be_found_by_date(site: Path, source: MemorySource) -> None:
    columns = piece(site, "index")
    assert isinstance(columns, dict)
    numbers = [row.cluster_id for row in in_order(map(list_row, source.rows))]
    assert columns["first"][numbers.index("dead00beef11")] == 1_772_496_000


def test_every_story_is_in_one_piece_in_the_order_of_the_list(site: Path, source: MemorySource) -> None:
    rows = in_order(map(list_row, source.rows))
    shown = piece(site, "rows-0")
    assert isinstance(shown, list)
    assert [row[0] for row in shown] == [row.path for row in rows]
    counts = [len(row.outlets) for row in rows]
    assert counts == sorted(counts, reverse=True)


def test_pieces_hold_so_many_rows(tmp_path: Path) -> None:
    write(report_fiction.many(ROWS + 1), "html", tmp_path / "site")
    lengths = [len(piece(tmp_path / "site", f"rows-{n}")) for n in (0, 1)]  # type: ignore[arg-type]
    assert lengths == [ROWS, 1]


def test_a_story_is_found_by_each_word_of_each_of_its_titles(site: Path, source: MemorySource) -> None:
    rows = in_order(map(list_row, source.rows))
    for number, row in enumerate(rows):
        for word in row.words:
            found = dict(piece(site, f"find-{shard(word)}"))  # type: ignore[call-overload]
            assert number in found[word]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Élan, ÉCLAT", ["elan", "eclat"]),
        ("don't", ["don", "t"]),
        ("ﬁne", ["fine"]),
        ("", []),
        ("橋", ["橋"]),
        ("旋回橋", ["旋", "回", "橋", "旋回", "回橋"]),
        ("کالڈر کا", ["کالڈر", "کا"]),
    ],
    ids=["accents", "apostrophe", "ligature", "nothing", "one sign", "no spaces", "Urdu"],
)
def test_words_to_find_a_title_by(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


def test_folding_twice_is_folding_once() -> None:
    assert folded(folded("Ǆ İstanbul ΆΣ")) == folded("Ǆ İstanbul ΆΣ")


def test_words_with_one_beginning_are_in_one_piece() -> None:
    assert shard("bridge") == shard("bronze") == shard("br")


def test_two_sites_of_one_index_have_the_same_bytes(site: Path, tmp_path: Path) -> None:
    write(report_fiction.small(), "html", tmp_path / "again")
    first = {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    again = tmp_path / "again"
    assert {p.relative_to(again): p.read_bytes() for p in again.rglob("*") if p.is_file()} == first


def test_a_site_without_a_story_can_be_opened(source: MemorySource, tmp_path: Path) -> None:
    write(source, "html", tmp_path / "site", Filters(min_size=99))
    assert "0 stories told more than once" in (tmp_path / "site" / "index.html").read_text("utf-8")
