"""A web page -> Document."""

from __future__ import annotations

from dedupe.config import CrawlConfig
from dedupe.crawl.encoding import clean, decode
from dedupe.crawl.extract import main_text
from dedupe.crawl.outlets import outlet_of
from dedupe.crawl.record import Record
from dedupe.model import Document, Skipped


def document_of_page(record: Record, config: CrawlConfig) -> Document | Skipped:
    """One page: main text, metadata, claims."""
    assert isinstance(record.payload, bytes)
    html = decode(record.payload, record.charset).encode("utf-8", "replace").decode("utf-8")
    text = clean(main_text(html)).strip()
    if len(text) < config.min_text_chars:
        return Skipped(record.path, record.member, "no article", f"{len(text)} characters of main text")
    return Document(
        path=record.path,
        member=record.member,
        text=text,
        url=record.url,
        outlet=outlet_of(record.url, None, record.path),
        seen_at=record.seen_at,
    )
