"""Records of the wrong shape: too deep, too wide, without an end. Each costs itself, and has a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crawl_fiction import PARAGRAPHS, documents, json_line, read, skipped, split, write

from dedupe.config import CrawlConfig
from dedupe.crawl import Record
from dedupe.crawl.document import _bounded
from dedupe.model import Attribution, AttributionKind, Document

BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
SMALL = CrawlConfig(max_document_bytes=1 << 16)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"a":' * 100_000),
        ("a.json", '[{"text":' + "[" * 100_000 + "]" * 100_000 + "}]"),
        ("a.jsonl", '{"text":' * 100_000 + "1" + "}" * 100_000),
    ],
    ids=["object", "item", "line"],
)
def test_json_that_nests_too_deep_is_told_in_our_words(name: str, content: str, tmp_path: Path) -> None:
    (found,) = skipped(write(tmp_path / name, content))
    assert found.reason == "malformed JSON"
    assert "nested too deep" in found.detail
    assert "recursion" not in found.detail


def test_the_item_behind_one_that_nests_too_deep_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '[{"text":' + "[" * 100_000 + "]" * 100_000 + "}," + json_line() + "]")
    assert [each.title for each in read(path) if isinstance(each, Document)] == [
        json.loads(json_line())["title"]
    ]


def feed(*items: str, head: str = "") -> str:
    return f"<?xml version='1.0'?>{head}<rss><channel>{''.join(items)}</channel></rss>"


def test_entities_of_a_feed_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "what nobody may read")
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE r [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file://{secret}">{laughs}]>'
    item = f"<item><title>&x; &l9;</title><content:encoded><![CDATA[{BODY}]]></content:encoded></item>"
    (found,) = documents(write(tmp_path / "a.xml", feed(item, head=head)))
    assert found.title == "&x; &l9;"
    assert "nobody may read" not in found.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<rss><channel>" + "<item " * 200_000, "truncated"),
        ("<rss><item>" + "<title>" * 200_000 + "</item></rss>", "no text"),
        ("<rss><item><description>" + "<![CDATA[" * 200_000 + "</description></item></rss>", "no article"),
        ("<feed><entry><title>" + "x" * 1_000_000, "truncated"),
    ],
    ids=["open items", "open titles", "open CDATA", "endless"],
)
def test_a_feed_without_ends_is_read_once(content: str, reason: str, tmp_path: Path) -> None:
    """Were every opening read to the end of the file, each of these would take minutes."""
    (found,) = skipped(write(tmp_path / "a.rss", content))
    assert found.reason == reason


def test_an_item_beyond_the_limit_ends_its_feed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.rss", feed("<item><title>", "x" * 3_000_000))
    (found,) = skipped(path, SMALL)
    assert (found.member, found.reason) == ("#1", "too large")


@pytest.mark.parametrize("content", ["a," * 100_000, '"' + "a line\n" * 20_000], ids=["wide", "quoted"])
def test_a_row_without_an_end_is_not_gathered(content: str, tmp_path: Path) -> None:
    found = split(write(tmp_path / "a.csv", "text,url\n" + content), SMALL)
    assert [each.reason for each in found if not isinstance(each, Record)] == ["malformed row"]


def test_what_a_record_says_of_itself_is_cut_and_half_an_address_is_none(tmp_path: Path) -> None:
    line = json_line(
        title="T" * 10**6, author="B" * 10**6, url="https://a.example/" + "u" * 10**6, id="i" * 10**6
    )
    (found,) = documents(write(tmp_path / "a.jsonl", line))
    assert len(found.title or "") == 500
    assert len(found.byline or "") <= 300
    assert (found.url, found.id) == (None, "a.jsonl#1")


def test_what_a_page_claims_is_cut() -> None:
    claim = Attribution(AttributionKind.BYLINE, "N" * 1000, source="json-ld")
    (cut,) = _bounded(Document("a.html", "", "A story.", claims=(claim,))).claims
    assert cut.text == "N" * 300


def test_a_text_longer_than_a_story_can_be_is_left_out(tmp_path: Path) -> None:
    (found,) = skipped(write(tmp_path / "a.txt", "A word and another.\n" * 60_000))
    assert (found.reason, found.detail) == ("text too long", "1199999 characters")


def test_mail_whose_headers_nest_is_one_lost_message(tmp_path: Path) -> None:
    good = "From a\nSubject: Harbour\n\n" + "\n".join(PARAGRAPHS) + "\n\n"
    path = write(tmp_path / "a.mbox", f"{good}From b\nFrom: {'(' * 20_000}\n\nx\n\n{good}")
    found = read(path)
    assert [isinstance(each, Document) for each in found] == [True, False, True]
