"""Pages: the article, what the page says of it, and what it claims about who wrote it."""

from __future__ import annotations

import json

import pytest
from crawl_fiction import PARAGRAPHS, TITLE, page

from dedupe.config import CrawlConfig
from dedupe.crawl import Kind, Record, parse
from dedupe.model import AttributionKind, Document, Skipped

URL = "https://www.selma-courier.example.com/news/harbour"
K = AttributionKind


def document(html: str, url: str | None = URL, **options: str) -> Document:
    record = Record("crawl/page.html", "", Kind.HTML, html.encode(), "2024-02-06T00:00:00Z", url, **options)  # type: ignore[arg-type]
    found = parse(record, CrawlConfig())
    assert isinstance(found, Document), found
    return found


def claims(html: str, url: str | None = URL) -> set[tuple[AttributionKind, str]]:
    return {(claim.kind, claim.text) for claim in document(html, url).claims}


def ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE} | fields
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


def meta(name: str, content: str) -> str:
    return f"<meta name='{name}' property='{name}' content='{content}'>"


def test_the_main_text_is_the_article_in_its_order() -> None:
    assert document(page()).text == "\n".join(PARAGRAPHS)


def test_labels_of_advertisements_leave_the_text() -> None:
    html = page().replace("</p><p>", "</p><div>Advertisement</div><p>")
    assert document(html).text == "\n".join(PARAGRAPHS)


def test_a_poem_is_not_trimmed_away() -> None:
    lines = [f"A line of verse with number {i} and no full stop" for i in range(30)]
    text = document(page("<p>" + "</p><p>".join(lines) + "</p>")).text
    assert all(line in text for line in lines)


def test_a_page_without_an_article_is_skipped() -> None:
    record = Record("a.html", "", Kind.HTML, b"<html><body><a href='/'>Home</a></body></html>")
    found = parse(record, CrawlConfig())
    assert isinstance(found, Skipped)
    assert found.reason == "no article"


AUTHORS = {
    "json-ld": ld(author={"@type": "Person", "name": "Ida Mole"}),
    "json-ld list": ld(author=[{"name": "Ida Mole"}]),
    "json-ld string": ld(author="By Ida Mole"),
    "json-ld given and family name": ld(author={"givenName": "Ida", "familyName": "Mole"}),
    "json-ld graph by reference": (
        "<script type='application/ld+json'>"
        + json.dumps({"@graph": [
            {"@type": "Article", "headline": TITLE, "author": {"@id": "#ida"}},
            {"@id": "#ida", "@type": "Person", "name": "Ida Mole"},
        ]})
        + "</script>"
    ),
    "json-ld with line breaks in strings": (
        '<script type="application/ld+json">{"@type":"Article","name":"a\nb","author":"Ida Mole"}</script>'
    ),
    "json-ld in a comment": (
        '<script type="application/ld+json"><!-- {"@type":"NewsArticle","author":"Ida Mole"} --></script>'
    ),
    "json-ld that is broken": (
        '<script type="application/ld+json">{"@type":"Article","headline":"x","author":"Ida Mole",,}</script>'
    ),
    "meta author": meta("author", "Ida Mole"),
    "parsely": meta("parsely-author", "Ida Mole"),
    "not an address": meta("article:author", "https://social.example/ida") + meta("byl", "By Ida Mole"),
    "twitter label": meta("twitter:label1", "Written by") + meta("twitter:data1", "Ida Mole"),
}  # fmt: skip


@pytest.mark.parametrize("name", AUTHORS)
def test_an_author_is_found(name: str) -> None:
    assert document(page(head=AUTHORS[name])).byline == "Ida Mole"


@pytest.mark.parametrize(
    "markup",
    [
        "<address><time datetime='2024-02-05'>Feb 5</time> by <a rel='author'>Ida Mole</a></address>",
        "<p class='byline'>By <a rel='author' href='/ida'>Ida Mole</a></p>",
        "<span itemprop='author'>Ida Mole</span>",
    ],
)
def test_an_author_in_the_markup_is_found(markup: str) -> None:
    assert document(page(markup)).byline == "Ida Mole"


DATES = {
    "json-ld": (ld(datePublished="2024-02-05T08:30:00+01:00"), "", "2024-02-05T07:30:00Z", "json-ld"),
    "meta": (
        meta("article:published_time", "2024-02-05T07:30:00Z"), "", "2024-02-05T07:30:00Z",
        "meta article:published_time",
    ),
    "time": ("", "<time datetime='2024-02-05T07:30Z'>Monday</time>", "2024-02-05T07:30:00Z", "time"),
    "itemprop": ("", "<b itemprop='datePublished' content='2024-02-05'>x</b>", "2024-02-05", "itemprop"),
    "none": ("", "", None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", DATES)
def test_a_date_says_where_it_came_from(name: str) -> None:
    head, body, at, where = DATES[name]
    found = document(page(body, head))
    assert (found.published_at, found.published_from) == (at, where)


def test_the_address_gives_a_date_where_nothing_else_does() -> None:
    found = document(page(), "https://www.selma-courier.example.com/2024/02/05/harbour")
    assert (found.published_at, found.published_from) == ("2024-02-05", "url")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("", TITLE),
        (
            meta("og:title", "Harbour reopens - Selma Courier") + meta("og:site_name", "Selma Courier"),
            "Harbour reopens",
        ),
        (ld(headline="Harbour open again"), "Harbour open again"),
    ],
    ids=["heading", "og:title without the site", "headline"],
)
def test_a_title_is_found(head: str, title: str) -> None:
    assert document(page(head=head)).title == title


@pytest.mark.parametrize(
    ("url", "head", "outlet"),
    [
        (URL, "", "example.com"),
        (None, "<link rel='canonical' href='https://news.example.org/1'>", "example.org"),
        (None, meta("og:url", "https://www.example.net/1"), "example.net"),
        (None, meta("og:site_name", "Selma Courier"), "Selma Courier"),
        (None, "", "crawl"),
    ],
    ids=["url", "canonical", "og:url", "site name", "folder"],
)
def test_an_outlet_is_found(url: str | None, head: str, outlet: str) -> None:
    record = Record(
        "selma/page.html" if outlet != "crawl" else "port/page.html",
        "",
        Kind.HTML,
        page(head=head).encode(),
        url=url,
    )
    found = parse(record, CrawlConfig())
    assert isinstance(found, Document)
    assert found.outlet == (outlet if outlet != "crawl" else "port")


CLAIMS = {
    "byline": (
        "",
        "<p class='byline'>By Ida Mole, Northern Wire</p>",
        (K.BYLINE, "By Ida Mole, Northern Wire"),
    ),
    "publisher": (ld(publisher={"name": "Northern Wire"}), "", (K.PUBLISHER, "Northern Wire")),
    "source organisation": (
        ld(sourceOrganization={"name": "Northern Wire"}),
        "",
        (K.PUBLISHER, "Northern Wire"),
    ),
    "meta source": (meta("source", "Source: Northern Wire"), "", (K.PUBLISHER, "Northern Wire")),
    "meta copyright": (meta("copyright", "Northern Wire"), "", (K.COPYRIGHT, "Northern Wire")),
    "a line under the headline": (
        "",
        "<div>Northern Wire, PORT SELMA</div>",
        (K.CREDIT, "Northern Wire, PORT SELMA"),
    ),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_found(name: str) -> None:
    head, body, claim = CLAIMS[name]
    assert claim in claims(page(body, head))


BEHIND = {
    "source": ("<div>Source: Northern Wire</div>", (K.CREDIT, "Source: Northern Wire")),
    "copyright": ("<div>© 2024 Northern Wire</div>", (K.COPYRIGHT, "© 2024 Northern Wire")),
    "republished": (
        "<div>It first appeared in the Quay Review</div>",
        (K.REPUBLISHED, "It first appeared in the Quay Review"),
    ),
    "syndicated": ("<div>From a syndicated feed</div>", (K.DISCLAIMER, "From a syndicated feed")),
    "contributor": ("<p>With files from the Wire</p>", (K.CONTRIBUTOR, "With files from the Wire")),
    "a name alone": ("<div>Northern Wire</div>", (K.CREDIT, "Northern Wire")),
}  # fmt: skip


@pytest.mark.parametrize("name", BEHIND)
def test_a_claim_behind_the_text_is_found(name: str) -> None:
    markup, claim = BEHIND[name]
    assert claim in claims(page().replace("</article>", "</article>" + markup))


FAR = "<div><a href='/other'>Other news of the day from the quay</a></div>" * 100
FOOTERS = {
    "a line": ("<div>© 2024 Northern Wire</div>", ["© 2024 Northern Wire"]),
    "an entity": ("<div>&copy; 2024 Northern Wire</div>", ["© 2024 Northern Wire"]),
    "in pieces": ("<div>© <span>2024</span> <b>Northern Wire</b></div>", ["© 2024 Northern Wire"]),
    "in a menu": ("<nav><a>© 2024 Northern Wire</a></nav>", ["© 2024 Northern Wire"]),
    "of a picture": ("<div>Ships wait beyond the bar on Monday. © Northern Wire</div>", []),
}


@pytest.mark.parametrize("name", FOOTERS)
def test_the_copyright_line_far_below_the_text_is_a_claim(name: str) -> None:
    markup, expected = FOOTERS[name]
    found = document(page().replace("</body>", FAR + markup + "</body>")).claims
    assert [claim.text for claim in found if claim.kind is K.COPYRIGHT] == expected


def test_a_source_among_the_paragraphs_is_a_claim() -> None:
    html = page().replace("</p><p>Eleven", "</p><small>Source: Northern Wire</small><p>Eleven")
    assert (K.CREDIT, "Source: Northern Wire") in claims(html)


PICTURES = {
    "caption": "<figure><img src='a.jpg'><figcaption>The quay. Northern Wire</figcaption></figure>",
    "credit class": "<div class='image-credit'>Tom Reed, Northern Wire</div>",
    "photo line": "<p>Photo: Tom Reed / Northern Wire</p>",
    "agency of a picture": "<div>© Northern Wire / Tom Reed</div>",
    "caption with a sign": "<p>Ships wait beyond the bar of Port Selma on Monday. © Northern Wire</p>",
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_credit_of_a_picture_is_no_claim(name: str) -> None:
    found = document(page(PICTURES[name])).claims
    assert not [claim for claim in found if "Northern Wire" in claim.text]


def test_a_canonical_link_to_another_house_is_a_claim() -> None:
    (claim,) = document(page(head="<link rel='canonical' href='https://northern-wire.example/1'>")).claims[:1]
    assert (claim.kind, claim.name) == (K.CANONICAL, "northern-wire.example")


@pytest.mark.parametrize(
    "href", ["/news/harbour", "https://amp.selma-courier.example.com/x", "https://www.example.de/x"]
)
def test_a_canonical_link_within_the_house_is_none(href: str) -> None:
    found = document(page(head=f"<link rel='canonical' href='{href}'>"))
    assert not [claim for claim in found.claims if claim.kind is K.CANONICAL]


@pytest.mark.parametrize(
    ("pixel", "name"),
    [
        ("https://counter.theconversation.com/content/1234/count.gif", "theconversation.com"),
        ("https://quay-review.example.org/?republication-pixel=true&amp;post=77", "example.org"),
    ],
)
def test_a_republication_pixel_names_its_site(pixel: str, name: str) -> None:
    found = document(page(f"<img src='{pixel}' width='1' height='1'>"))
    assert [claim.name for claim in found.claims if claim.kind is K.PIXEL] == [name]


def test_a_page_that_names_its_source_by_address_claims_it() -> None:
    found = document(
        page(head=meta("original-source", "https://northern-wire.example/1") + ld(isBasedOn=URL))
    )
    assert [(claim.kind, claim.name) for claim in found.claims if claim.name] == [
        (K.CANONICAL, "northern-wire.example")
    ]


def test_trafilatura_reads_the_same_article() -> None:
    pytest.importorskip("trafilatura")
    record = Record("a.html", "", Kind.HTML, page().encode(), url=URL)
    found = parse(record, CrawlConfig(extractor="trafilatura"))
    assert isinstance(found, Document)
    assert [line for line in found.text.split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)
