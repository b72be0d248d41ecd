"""One article from outside the index: what was handed in -> Document, the same for every way of asking.

    of_bytes     what a person or a program hands in
    of_record    one record of a crawl file; sendable() makes of it what of_bytes reads elsewhere

Where it lay is no evidence: an article that is asked about has no place in a crawl, so a file's name
does not stand in for the outlet, and a file's time not for when the page was first seen.
"""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from typing import Any

from dedupe import crawl
from dedupe.config import CrawlConfig
from dedupe.crawl import Kind, Record
from dedupe.crawl.encoding import decode
from dedupe.crawl.fields import load
from dedupe.crawl.warc import decoded
from dedupe.errors import InputError
from dedupe.model import Document, Skipped

PLACE = "-"  # sorts nowhere and is no outlet


class Form(StrEnum):
    """What a body is."""

    TEXT = "text"  # nothing but the article
    PAGE = "html"  # some pages keep a parser busy for minutes: read them where that can be stopped
    JSON = "json"  # one object, its fields named as in a crawl


def of_bytes(form: Form, body: bytes, charset: str | None, config: CrawlConfig) -> Document | Skipped:
    """An article as it came, or the reason why it is none."""
    return of_record(_record(form, body, charset), config)


def from_stdin(text: bytes) -> Record:
    """Plain text that was piped in, as a record."""
    return _record(Form.TEXT, text, None)


def _record(form: Form, body: bytes, charset: str | None) -> Record:
    return Record(PLACE, "", Kind(form), body, charset=charset)


def of_record(record: Record, config: CrawlConfig) -> Document | Skipped:
    """One record of a crawl file, without its place."""
    parsed = crawl.parse(replace(record, path=PLACE, member="", seen_at=None), config)
    if isinstance(parsed, Skipped):
        return replace(parsed, detail=parsed.detail.removeprefix(f"{PLACE}: "))
    return replace(parsed, outlet=None) if parsed.outlet == PLACE else parsed


def sendable(record: Record, config: CrawlConfig) -> tuple[str, bytes]:
    """The content type and body as which a service reads the same article.

    Raises:
        InputError: the record holds no article.
    """
    if record.kind is Kind.TEXT and isinstance(record.payload, bytes):
        return "text/plain", record.payload
    if record.kind is Kind.JSON and isinstance(record.payload, bytes):
        return "application/json", record.payload
    if record.kind is Kind.FIELDS:
        return _as_json(record.payload)
    if record.kind is Kind.HTML:
        page = decoded(record, config.max_document_bytes)
        assert isinstance(page.payload, bytes)
        if page.url is None:
            return "text/html" + (f"; charset={page.charset}" if page.charset else ""), page.payload
        return _as_json({"html": decode(page.payload, page.charset), "url": page.url})
    read = of_record(record, config)
    if isinstance(read, Skipped):
        raise InputError(f"{record.path} holds no article: {read.reason} {read.detail}".rstrip())
    fields = ("text", "title", "byline", "url", "outlet", "published_at")
    return _as_json({name: getattr(read, name) for name in fields})


def _as_json(value: object) -> tuple[str, bytes]:
    return "application/json", json.dumps(value, default=str).encode()


def json_value(body: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        InputError: it is none, or it nests too deep.
    """
    try:
        return load(body)
    except ValueError as error:
        raise InputError(f"this is not JSON: {error}") from error
