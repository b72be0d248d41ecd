"""Record -> Document: the pure half of the room, fit for a worker process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module

from dedupe.config import CrawlConfig
from dedupe.crawl.fields import document_of_fields, document_of_json, purpose_of
from dedupe.crawl.record import Kind, Record
from dedupe.crawl.text import document_of_text
from dedupe.crawl.warc import decoded
from dedupe.errors import InputError, MissingExtra
from dedupe.model import Document, Skipped

EXTRACTORS = ("resiliparse", "trafilatura")
# Characters of what a record says of itself. A page may call a megabyte its title, and every report repeats
# it; but half an address leads elsewhere, and half an id may be another's.
TITLE_CHARS, NAME_CHARS, LANGUAGE_CHARS = 500, 300, 35
WHOLE_CHARS = 4_000


def parse(record: Record, config: CrawlConfig) -> Document | Skipped:
    """One record as a document, or the reason why it is none. Nothing raises for bad content."""
    if _is_refused(record.status):
        return Skipped(record.path, record.member, "http status", str(record.status))
    parsed = _parsed(record, config)
    if isinstance(parsed, Skipped):
        return parsed
    if _is_refused(parsed.status):
        return Skipped(record.path, record.member, "http status", str(parsed.status))
    if len(parsed.text) > config.max_text_chars:
        return Skipped(record.path, record.member, "text too long", f"{len(parsed.text)} characters")
    parsed = _bounded(parsed)
    if (record.status, record.content_type, record.digest) == (None, None, None):
        return parsed
    return replace(parsed, status=record.status, content_type=record.content_type, digest=record.digest)


def _bounded(document: Document) -> Document:
    """The document with what it says of itself cut to what it can mean."""
    longest = max((len(claim.text) for claim in document.claims), default=0)
    if longest <= NAME_CHARS and _is_bounded(document):
        return document
    return replace(
        document,
        title=_cut(document.title, TITLE_CHARS),
        byline=_cut(document.byline, NAME_CHARS),
        outlet=_cut(document.outlet, NAME_CHARS),
        language=_cut(document.language, LANGUAGE_CHARS),
        content_type=_cut(document.content_type, NAME_CHARS),
        url=_whole(document.url),
        source_id=_whole(document.source_id),
        claims=tuple(replace(claim, text=claim.text[:NAME_CHARS]) for claim in document.claims),
    )


def _is_bounded(document: Document) -> bool:
    """As nearly all are: copying a document costs a third of what reading it does."""
    return (
        len(document.title or "") <= TITLE_CHARS
        and len(document.byline or "") <= NAME_CHARS
        and len(document.outlet or "") <= NAME_CHARS
        and len(document.language or "") <= LANGUAGE_CHARS
        and len(document.content_type or "") <= NAME_CHARS
        and len(document.url or "") <= WHOLE_CHARS
        and len(document.source_id or "") <= WHOLE_CHARS
    )


def _cut(value: str | None, chars: int) -> str | None:
    return value if value is None or len(value) <= chars else value[:chars]


def _whole(value: str | None) -> str | None:
    return value if value is None or len(value) <= WHOLE_CHARS else None


def _is_refused(status: int | None) -> bool:
    """The server sent something, and not the article."""
    return status is not None and not 200 <= status < 300


def _parsed(record: Record, config: CrawlConfig) -> Document | Skipped:
    """Parsers are imported when one is needed: who asks about a text does not wait for them."""
    page = partial(_page, config=config)
    if record.kind is Kind.JSON:
        return document_of_json(record, config, page)
    if record.kind is Kind.FIELDS:
        assert not isinstance(record.payload, bytes)
        return document_of_fields(record, record.payload, config, page)
    if record.kind is Kind.ITEM:
        from dedupe.crawl.feeds import document_of_item

        return document_of_item(record, config, page)
    if record.kind is Kind.MAIL:
        from dedupe.crawl.mail import document_of_mail

        return document_of_mail(record, config, page)
    record = decoded(record, config.max_document_bytes)
    if record.kind is Kind.HTML:
        return page(record)
    return document_of_text(record, config)


def _page(record: Record, config: CrawlConfig) -> Document | Skipped:
    from dedupe.crawl.html import document_of_page

    return document_of_page(record, config)


def check(config: CrawlConfig) -> None:
    """Refuse, before anything is read, a configuration that no record could be read with.

    Raises:
        InputError: ``fields`` maps to something unknown, or there is no such extractor.
        MissingExtra: the extractor is not installed.
    """
    for name, _ in config.fields:
        purpose_of(name)
    if config.extractor not in EXTRACTORS:
        raise InputError(f"no extractor {config.extractor!r}", hint=" or ".join(EXTRACTORS))
    if config.extractor == "trafilatura":
        try:
            import_module("trafilatura")
        except ImportError as error:  # it, or a part that it needs
            raise MissingExtra("--extractor trafilatura", "accurate") from error


def parse_batch(records: Sequence[Record], config: CrawlConfig) -> Iterator[Document | Skipped]:
    """:func:`parse` over a batch, one by one, so that a pool sees which record it is at."""
    for record in records:
        yield parse(record, config)
