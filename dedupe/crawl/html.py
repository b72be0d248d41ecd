"""A web page -> Document: its main text, its metadata, its claims."""

from __future__ import annotations

import re

from resiliparse.parse.html import HTMLTree

from dedupe.config import CrawlConfig
from dedupe.crawl.ballast import without_ballast
from dedupe.crawl.claims import claims_of, pixels
from dedupe.crawl.dom import visible_text
from dedupe.crawl.encoding import clean, decode, is_binary
from dedupe.crawl.extract import is_too_deep, main_text
from dedupe.crawl.metadata import Metadata, head_of, metadata_of
from dedupe.crawl.outlets import outlet_of
from dedupe.crawl.record import Record
from dedupe.model import Attribution, Document, Skipped

_PAGE = re.compile(r"<(?:html|head|body|!doctype)\b", re.IGNORECASE)


def document_of_page(record: Record, config: CrawlConfig) -> Document | Skipped:
    """One page as a document, or why it holds no article."""
    assert isinstance(record.payload, bytes)
    source = without_ballast(record.payload)
    html = decode(source, record.charset)
    if is_binary(html):
        return Skipped(record.path, record.member, "not text")
    text, page, claims = _read(html, record.url, config)
    claims = (*pixels(source), *claims)
    text = clean(text).strip()
    if len(text) < config.min_text_chars:
        return Skipped(record.path, record.member, "no article", f"{len(text)} characters of main text")
    return Document(
        path=record.path,
        member=record.member,
        text=text,
        url=page.url,
        outlet=outlet_of(page.url, page.site_name, record.folders),
        title=page.title and clean(page.title),
        byline=page.byline and clean(page.byline),
        published_at=page.published_at,
        published_from=page.published_from,
        seen_at=record.seen_at,
        language=page.language,
        claims=claims,
    )


def _read(html: str, url: str | None, config: CrawlConfig) -> tuple[str, Metadata, tuple[Attribution, ...]]:
    """Main text, metadata and claims, as far as the page can bear it."""
    if not _PAGE.search(html[:20_000]):
        return visible_text(html) if "<" in html or "&" in html else html, Metadata(url=url), ()
    tree = HTMLTree.parse(html)
    head = head_of(tree)
    page = metadata_of(tree, head, url)
    if is_too_deep(html):
        return visible_text(tree), page, ()
    text = main_text(html, tree, config.extractor)
    return text, page, claims_of(html, tree, head, page, text)
