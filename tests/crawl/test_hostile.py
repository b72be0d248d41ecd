"""Input that means harm, or looks like it: every page ends in its time, as a document or with a reason."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hostile_pages import HEAD, PAGES, PARAGRAPHS, STORY

from dedupe.config import CrawlConfig
from dedupe.crawl import Job, Kind, Record, WorkerPool, parse_batch
from dedupe.model import Document, Skipped

Results = Callable[[list[Record]], list[Document | Skipped]]
SECONDS = 8.0
MEMORY = 2**30
NO_DOCUMENT = {
    "1 MB of <": None,
    "random bytes": "not text",
    "random bytes in a page": "not text",
    "nothing": "no article",
    "20 MB of links": "text too long",
    "20 MB of prose": "text too long",
    "one long line": "text too long",
    "100,000 copyrights": "text too long",
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
        assert PARAGRAPHS[0] in found.text
    elif NO_DOCUMENT[name] is not None:
        assert isinstance(found, Skipped)
        assert found.reason in (NO_DOCUMENT[name], "timed out")  # on a busy machine


def test_a_page_that_hangs_its_parser_is_left_out_and_the_next_is_read() -> None:
    slow = Record("slow.html", "", Kind.HTML, (HEAD + "<select>" + "<option>x" * 200_000).encode())
    good = Record("good.html", "", Kind.HTML, (HEAD + STORY).encode())
    with WorkerPool(1) as pool:
        ((first, bad, last),) = pool.imap(Job(PARSE, blame, 1.0, MEMORY), [[good, slow, good]])
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, Skipped)
    assert bad.reason == "timed out"
