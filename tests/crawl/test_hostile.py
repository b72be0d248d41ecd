"""Input that means harm, or looks like it: every page ends in its time, as a document or with a reason."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from crawl_fiction import PARAGRAPHS

from dedupe.config import CrawlConfig
from dedupe.crawl import Job, Kind, Record, WorkerPool, parse_batch
from dedupe.model import Document, Skipped

Results = Callable[[list[Record]], list[Document | Skipped]]
SECONDS = 8.0
MEMORY = 2**30
HEAD = "<!DOCTYPE html><html><head><title>A page</title></head><body>"
STORY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
NOISE = random.Random(5).randbytes(2**20)

PAGES: dict[str, Callable[[], str | bytes]] = {
    "100,000 nested divs": lambda: HEAD + "<div>" * 100_000 + STORY + "</div>" * 100_000,
    "9,000 nested divs": lambda: HEAD + "<div>" * 9_000 + STORY + "</div>" * 9_000,
    "20,000 open b": lambda: HEAD + "<b>" * 20_000 + STORY,
    "20,000 open font": lambda: HEAD + "<font><p>" * 20_000 + STORY,
    "100,000 short paragraphs": lambda: HEAD + "<p>x</p>" * 100_000 + STORY,
    "20 MB of links": lambda: HEAD + '<a href="/a/b/c/d">somewhere else to go</a> ' * 480_000 + STORY,
    "20 MB of prose": lambda: HEAD + STORY * 50_000,
    "100,000 line breaks": lambda: HEAD + "text<br>" * 100_000 + STORY,
    "100,000 table rows": lambda: HEAD + "<table>" + "<tr><td>x</td></tr>" * 100_000 + "</table>" + STORY,
    "100,000 authors": lambda: HEAD + "<span class='author'>By X</span>" * 100_000 + STORY,
    "100,000 metas": lambda: (
        "<html><head>" + "<meta name='author' content='X'>" * 100_000 + "</head><body>" + STORY
    ),
    "100,000 copyrights": lambda: HEAD + "<p>© 2024 Somebody Else</p>" * 100_000 + STORY,
    "100,000 scripts": lambda: HEAD + "<script>a()</script>" * 100_000 + STORY,
    "a 10 MB attribute": lambda: HEAD + f"<div class='{'x' * 10_000_000}'>" + STORY,
    "1 MB of <": lambda: "<" * 2**20,
    "deep JSON-LD": lambda: (
        HEAD + "<script type='application/ld+json'>" + '{"a":' * 100_000 + "</script>" + STORY
    ),
    "much JSON-LD": lambda: (
        HEAD
        + "<script type='application/ld+json'>["
        + '{"@type":"NewsArticle"},' * 100_000
        + "{}]</script>"
        + STORY
    ),
    "an open script": lambda: HEAD + STORY + "<script>" + "x" * 2**21,
    "an open comment": lambda: HEAD + STORY + "<!--" + "x" * 2**21,
    "1 MB of spaces": lambda: HEAD + " " * 2**20 + STORY,
    "one long line": lambda: HEAD + "<p>" + "word " * 1_000_000,
    "random bytes": lambda: NOISE,
    "random bytes in a page": lambda: HEAD.encode() + NOISE,
    "a long date": lambda: f"<html><head><meta name='date' content='{'1' * 10**6}'></head><body>" + STORY,
    "nothing": lambda: "",
}
NO_DOCUMENT = {
    "1 MB of <": None,
    "random bytes": "not text",
    "random bytes in a page": "not text",
    "nothing": "no article",
}


def blame(record: Record, reason: str, detail: str) -> Skipped:
    return Skipped(record.path, record.member, reason, detail)


PARSE = partial(parse_batch, config=CrawlConfig())


@pytest.fixture(scope="module")
def parsed() -> Iterator[Results]:
    """What becomes of a batch of records in a worker process."""
    with WorkerPool(1) as pool:

        def results(batch: list[Record]) -> list[Document | Skipped]:
            (found,) = pool.imap(Job(PARSE, blame, SECONDS, MEMORY), [batch])
            return found

        results([Record("warm.txt", "", Kind.TEXT, b"Up and running.")])
        yield results


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_ends_in_its_time(parsed: Results, name: str) -> None:
    content = PAGES[name]()
    payload = content.encode() if isinstance(content, str) else content
    begin = time.monotonic()
    (found,) = parsed([Record("page.html", "", Kind.HTML, payload)])
    assert time.monotonic() - begin < SECONDS + 1
    if name not in NO_DOCUMENT:
        assert isinstance(found, Document), found
        assert PARAGRAPHS[0] in found.text or "word" in found.text
    elif isinstance(found, Skipped):
        assert NO_DOCUMENT[name] in (None, found.reason)


def test_a_page_that_hangs_its_parser_is_left_out_and_the_next_is_read() -> None:
    slow = Record("slow.html", "", Kind.HTML, (HEAD + "<select>" + "<option>x" * 200_000).encode())
    good = Record("good.html", "", Kind.HTML, (HEAD + STORY).encode())
    with WorkerPool(1) as pool:
        ((first, bad, last),) = pool.imap(Job(PARSE, blame, 1.0, MEMORY), [[good, slow, good]])
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, Skipped)
    assert bad.reason == "timed out"
