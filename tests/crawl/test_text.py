"""Plain text and Markdown: title, text, offsets."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawl_fiction import PARAGRAPHS, TEXT, TITLE

from dedupe.config import CrawlConfig
from dedupe.crawl import CrawlFile, Kind, Record, parse, records, walk
from dedupe.crawl.text import title_of
from dedupe.model import Document


def document(text: str, path: str = "a.txt", kind: Kind = Kind.TEXT) -> Document:
    found = parse(Record(path, "", kind, text.encode(), "2024-02-06T00:00:00Z"), CrawlConfig())
    assert isinstance(found, Document)
    return found


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{TITLE}\n\n{TEXT}", TITLE),
        (f"Will the harbour reopen?\n\n{TEXT}", "Will the harbour reopen?"),
        (TEXT, None),
        (TITLE, None),
        (f"PORT SELMA (NW) —\n{TEXT}", "PORT SELMA (NW) —"),
        ("----\n" + TEXT, None),
        ("word " * 60 + "\n" + TEXT, None),
    ],
    ids=["headline", "question", "a sentence", "nothing behind it", "a dateline", "a rule", "long"],
)
def test_the_first_line_is_the_title_when_it_looks_like_one(text: str, title: str | None) -> None:
    assert title_of(text) == title


def test_the_title_stays_in_the_text() -> None:
    found = document(f"\n{TITLE}\r\n\r\n{TEXT}\n")
    assert found.text == f"{TITLE}\n\n{TEXT}"


def test_markdown_signs_are_no_words() -> None:
    text = f"# {TITLE}\n\nThe **harbour** of [Port Selma](https://selma.example/) *reopened* on Monday.\n"
    found = document(text, "a.md", Kind.MARKDOWN)
    assert found.title == TITLE
    assert found.text == f"{TITLE}\n\nThe harbour of Port Selma reopened on Monday."


def test_front_matter_gives_the_fields() -> None:
    header = (
        f"---\ntitle: '{TITLE}'\nauthor: Ida Mole\ndate: 2024-02-05\nurl: https://selma.example.com/1\n---\n"
    )
    found = document(header + TEXT, "a.md", Kind.MARKDOWN)
    assert (found.title, found.byline, found.published_at) == (TITLE, "Ida Mole", "2024-02-05")
    assert (found.outlet, found.published_from) == ("example.com", "front matter")
    assert found.text.startswith(PARAGRAPHS[0])


@pytest.mark.parametrize(
    ("path", "outlet"),
    [
        ("harbour.txt", "harbour"),
        ("selma-courier/harbour.txt", "selma-courier"),
        ("selma-courier/2024/02/harbour.txt", "selma-courier"),
        ("crawls/www.selma.example.com/2024/harbour.txt", "example.com"),
        ("12/harbour.txt.gz", "harbour"),
    ],
)
def test_the_place_gives_the_outlet(path: str, outlet: str) -> None:
    assert document(TEXT, path).outlet == outlet


def test_the_story_that_the_project_began_with(data: Path) -> None:
    seed = data.parent / "seeds" / "voa-story-on-a-nigerian-site.txt"
    if not seed.is_file():
        pytest.skip(f"{seed} is not there")
    (file,) = walk([seed])
    assert isinstance(file, CrawlFile)
    (record,) = records(file, CrawlConfig())
    assert isinstance(record, Record)
    found = parse(record, CrawlConfig())
    assert isinstance(found, Document)
    assert found.title == "US, Russia Yet to Reach Syria Cease-fire Deal"
