"""Names of fields, and what crawlers put into them."""

from __future__ import annotations

import json

import pytest
from crawl_fiction import PARAGRAPHS, TEXT, TITLE
from hypothesis import given
from hypothesis import strategies as st

from dedupe.config import CrawlConfig
from dedupe.crawl import Kind, Record, check, parse
from dedupe.crawl.fields import _by_purpose, _purposes
from dedupe.errors import InputError
from dedupe.model import AttributionKind, Document, Skipped


def found(config: CrawlConfig | None = None, **fields: object) -> Document | Skipped:
    payload = json.dumps(fields).encode()
    return parse(
        Record("wire/a.jsonl", "#1", Kind.JSON, payload, "2024-02-06T00:00:00Z"), config or CrawlConfig()
    )


def document(**fields: object) -> Document:
    read = found(**({"text": TEXT} | fields))
    assert isinstance(read, Document), read
    return read


@pytest.mark.parametrize(
    ("field", "attribute", "value"),
    [
        ("id", "source_id", "7"),
        ("link", "url", "https://a.example.com/1"),
        ("Headline", "title", TITLE),
        ("author", "byline", "Ida Mole"),
        ("authors", "byline", "Ida Mole"),
        ("pub-date", "published_at", "2024-02-05"),
        ("date_publish", "published_at", "2024-02-05"),
        ("fetched_at", "seen_at", "2024-02-05T00:00:00Z"),
        ("site", "outlet", "Selma Courier"),
        ("source_domain", "outlet", "example.com"),
        ("lang", "language", "en"),
    ],
)
def test_a_field_is_recognised(field: str, attribute: str, value: str) -> None:
    given_ = {"source_id": 7, "outlet": "www.example.com" if "domain" in field else value}.get(
        attribute, value
    )
    assert getattr(document(**{field: given_}), attribute) == value


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("By Ida Mole", "Ida Mole"),
        (["Ida Mole", "Tom Reed"], "Ida Mole, Tom Reed"),
        ({"name": "Ida Mole"}, "Ida Mole"),
        ([{"name": "Ida Mole"}, {"name": None}], "Ida Mole"),
        ("https://a.example.com/ida, Ida Mole", "Ida Mole"),
        ([], None),
        (False, None),
        ("None", None),
        ("nan", None),
    ],
    ids=["by", "list", "object", "objects", "address", "empty", "false", "a program's nobody", "a table's"],
)
def test_an_author_in_any_shape_is_a_byline(author: object, byline: str | None) -> None:
    assert document(author=author).byline == byline


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        ("Hansj&ouml;rg M&#252;ller", "Hansjörg Müller"),
        ("Mole &amp; Reed", "Mole & Reed"),
        ("Ida&nbsp;Mole", "Ida Mole"),
        ("Zo&#101;&#776; Reed", "Zoë Reed"),
        ("R&D", "R&D"),
    ],
)
def test_entities_in_a_name_are_letters(given_: str, read: str) -> None:
    story = document(author=given_, title=given_, site=given_)
    assert (story.byline, story.title, story.outlet) == (read, read, read)


def test_an_address_keeps_what_looks_like_entities() -> None:
    url = "https://a.example.com/?a=1&copy=2"
    assert document(link=url).url == url


def test_paragraphs_in_a_list_are_lines() -> None:
    assert document(text=list(PARAGRAPHS)).text == "\n".join(PARAGRAPHS)


def test_text_that_is_html_is_read_as_html() -> None:
    read = document(text="".join(f"<p>{p}</p>" for p in PARAGRAPHS))
    assert [line for line in read.text.split("\n") if line] == list(PARAGRAPHS)


def test_a_page_in_a_field_gives_what_the_fields_do_not() -> None:
    html = f"<html><head><meta name='author' content='Ida Mole'></head><body><p>{TEXT}</p></body></html>"
    read = found(html=html, title=TITLE)
    assert isinstance(read, Document)
    assert (read.title, read.byline) == (TITLE, "Ida Mole")


def test_a_mapped_field_wins() -> None:
    config = CrawlConfig(fields=(("text", "story_en"), ("author", "desk")))
    read = found(config, text="Something else.", story_en=TEXT, desk="Northern Wire", author="Ida Mole")
    assert isinstance(read, Document)
    assert (read.text, read.byline) == (TEXT, "Northern Wire")


@pytest.mark.parametrize(
    "config",
    [CrawlConfig(fields=(("colour", "x"),)), CrawlConfig(extractor="guesswork")],
    ids=["field", "extractor"],
)
def test_a_configuration_that_reads_nothing_is_refused(config: CrawlConfig) -> None:
    with pytest.raises(InputError, match=r"colour|guesswork"):
        check(config)


def test_a_source_that_is_no_domain_is_a_claim() -> None:
    read = document(url="https://a.example.com/1", source="Northern Wire")
    assert read.outlet == "example.com"
    assert (AttributionKind.PUBLISHER, "Northern Wire") in [(claim.kind, claim.text) for claim in read.claims]


def test_offsets_stand_in_the_text_as_it_is_kept() -> None:
    assert document(text="Cafe\u0301 opens\r\nagain.").text == "Café opens\nagain."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["id", "url", "title", "text", "html", "author", "date", "source", "fetched_at", "lang"]
)


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_any_fields_are_a_document_or_say_why_not(fields: dict[str, object]) -> None:
    assert isinstance(found(**fields), Document | Skipped)


@pytest.mark.parametrize("field", ["id", "url", "title", "byline", "outlet", "language"])
def test_a_lone_surrogate_does_not_get_into_a_document(field: str) -> None:
    """JSON may hold one, UTF-8 and the database may not."""
    read = document(**{field: "x\ud800"})
    for value in (read.source_id, read.url, read.title, read.byline, read.outlet, read.language):
        (value or "").encode()


NAMED = st.sampled_from(
    ["title", "Title", "TITLE", "headline", "text", "Body", "date", "source", "x", "domain"]
)


@given(st.dictionaries(NAMED, st.sampled_from([None, "", "a", "b", 0, []])), st.booleans())
def test_of_several_fields_the_most_preferred_that_is_not_empty_counts(
    fields: dict[str, object], mapped: bool
) -> None:
    """As the rule says it: the lowest rank, and of equals the first."""
    own = (("title", "x"),) if mapped else ()
    found = _by_purpose(fields, own)
    held = [name for name, value in fields.items() if value is not None and value != ""]
    ranked = [(purpose, rank, name) for name in held for purpose, rank in _purposes(name, own)]
    purposes = {purpose for purpose, _, _ in ranked}
    assert set(found) == purposes
    for purpose in purposes:
        best = min((entry for entry in ranked if entry[0] == purpose), key=lambda entry: entry[1])
        assert found[purpose] == fields[best[2]]
