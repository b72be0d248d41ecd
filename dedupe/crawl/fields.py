"""JSON objects, table rows and feed items -> Document, by the names of their fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from html import unescape
from operator import itemgetter
from typing import Any

import orjson

from dedupe.config import CrawlConfig
from dedupe.crawl.dates import utc
from dedupe.crawl.encoding import clean
from dedupe.crawl.lines import TOO_DEEP
from dedupe.crawl.metadata import person
from dedupe.crawl.outlets import outlet_of
from dedupe.crawl.record import Kind, Record
from dedupe.crawl.urls import domain_of_name
from dedupe.errors import InputError
from dedupe.model import Attribution, AttributionKind, Document, Skipped

# What a field may be called, in order of preference; compared without case, `-` and space as `_`.
NAMES = {
    "id": ("id", "source_id", "doc_id", "article_id", "_id", "uuid", "guid"),
    "url": ("url", "link", "canonical_url", "source_url", "article_url", "uri"),
    "title": ("title", "headline", "heading"),
    "text": ("text", "body", "content", "article", "article_text", "maintext", "full_text", "fulltext",
             "article_body", "articlebody", "body_text", "content_text", "plain_text", "story"),
    "html": ("html", "raw_html", "content_html", "body_html", "page"),
    "byline": ("byline", "author", "authors", "creator", "writer"),
    "published": ("published_at", "published", "date_published", "datepublished", "date_publish",
                  "publish_date", "pub_date", "pubdate", "publication_date", "date", "datetime",
                  "timestamp", "created_at", "created"),
    "outlet": ("outlet", "source", "site", "site_name", "sitename", "publisher", "publication",
               "newspaper", "source_name", "domain", "source_domain", "host"),
    "domain": ("domain", "source_domain", "host", "hostname"),
    "seen": ("fetched_at", "crawled_at", "first_seen_at", "seen_at", "crawled", "fetched", "crawl_date",
             "date_download", "download_date", "retrieved_at", "scraped_at", "seendate"),
    "language": ("language", "lang", "locale"),
    "status": ("http_status", "status_code", "response_status", "status"),
    "content_type": ("content_type", "mime_type", "mimetype", "mime"),
    "digest": ("digest", "payload_digest", "warc_payload_digest", "content_digest"),
}  # fmt: skip
_MARKED_UP = re.compile(r"<(?:p|div|br|h[1-6]|article|figure)\b[^<>]*>", re.IGNORECASE)
_STATUS = re.compile("[1-5][0-9]{2}")
_HASH = re.compile(r"[\w:+/=-]{6,200}")

Page = Callable[[Record], Document | Skipped]


def load(payload: bytes) -> Any:
    """The value of a JSON text; what orjson refuses (NaN, lone surrogates) the stdlib may accept.

    Raises:
        ValueError: it is not JSON, or nests too deep.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(payload)
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error


def document_of_json(record: Record, config: CrawlConfig, page: Page) -> Document | Skipped:
    """One JSON object -> Document."""
    assert isinstance(record.payload, bytes)
    try:
        value = load(record.payload)
    except ValueError as error:
        return _skipped(record, "malformed JSON", f"{record.place}: {error}")
    if not isinstance(value, dict):
        return _skipped(record, "malformed JSON", f"{record.place}: {type(value).__name__}, not an object")
    return document_of_fields(record, value, config, page)


def document_of_fields(
    record: Record, fields: Mapping[str, Any], config: CrawlConfig, page: Page
) -> Document | Skipped:
    """One mapping of field names to values -> Document. ``page`` parses a field that holds HTML."""
    found = _by_purpose(fields, config.fields)
    seen_at = utc(found.get("seen")) or record.seen_at
    url = _line(found.get("url")) or record.url
    text = _text(found.get("text"), "\n")
    markup = _text(found.get("html")) or (text if text and "<" in text and _MARKED_UP.search(text) else None)
    if not text and not markup:
        return _skipped(record, "no text", f"{record.place}: {_names(fields)}")
    if markup and (not text or markup is text):
        return _from_markup(record, found, url, seen_at, markup, page)
    assert text is not None
    return _document(record, found, url, seen_at, clean(text).strip())


def _document(
    record: Record, found: Mapping[str, Any], url: str | None, seen_at: str | None, text: str
) -> Document:
    published_at = utc(found.get("published"))
    name, byline = _name(found.get("outlet")), person(_name(found.get("byline")) or "") or None
    return Document(
        path=record.path,
        member=record.member,
        text=text,
        source_id=_line(found.get("id")),
        url=url,
        outlet=outlet_of(url, name, record.folders),
        title=_name(found.get("title")),
        byline=byline,
        published_at=published_at,
        published_from="field" if published_at else None,
        seen_at=seen_at,
        language=_line(found.get("language")),
        claims=_claims(byline, name),
        status=_status(found.get("status")),
        content_type=_content_type(found.get("content_type")),
        digest=_digest(found.get("digest")),
    )


def _from_markup(
    record: Record,
    found: Mapping[str, Any],
    url: str | None,
    seen_at: str | None,
    markup: str,
    page: Page,
) -> Document | Skipped:
    """A field that holds HTML is read as a page; what other fields say wins over what the page says."""
    payload = markup.encode("utf-8", "replace")
    read = page(replace(record, kind=Kind.HTML, payload=payload, url=url, seen_at=seen_at, charset="utf-8"))
    if isinstance(read, Skipped):
        return read
    own = _document(record, found, url or read.url, seen_at, read.text)
    return replace(
        own,
        title=own.title or read.title,
        byline=own.byline or read.byline,
        published_at=own.published_at or read.published_at,
        published_from=own.published_from or read.published_from,
        language=own.language or read.language,
        claims=own.claims + read.claims,
    )


def _claims(byline: str | None, outlet: str | None) -> tuple[Attribution, ...]:
    claims = []
    if byline:
        claims.append(Attribution(AttributionKind.BYLINE, byline, source="field"))
    if outlet and domain_of_name(outlet) is None:
        claims.append(Attribution(AttributionKind.PUBLISHER, outlet, source="field"))
    return tuple(claims)


def _by_purpose(fields: Mapping[str, Any], mapped: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The values by purpose; of several fields for one purpose the most preferred that is not empty."""
    found = {}
    for purpose, names in _names_by_purpose(tuple(fields), mapped):
        for name in names:
            value = fields[name]
            if value is not None and value != "":
                found[purpose] = value
                break
    return found


@lru_cache(maxsize=1024)
def _names_by_purpose(
    names: tuple[str, ...], mapped: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which of the fields may serve each purpose, the most preferred first; a crawl's records are alike."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        for purpose, rank in _purposes(name, mapped):
            ranked.setdefault(purpose, []).append((rank, name))
    by_rank = {purpose: sorted(found, key=itemgetter(0)) for purpose, found in ranked.items()}
    return tuple((purpose, tuple(name for _, name in found)) for purpose, found in by_rank.items())


@lru_cache(maxsize=4096)
def _purposes(name: str, mapped: tuple[tuple[str, str], ...]) -> tuple[tuple[str, int], ...]:
    """What a field of this name may serve as, with its rank; a field the user mapped comes first."""
    own = tuple((purpose_of(purpose), -1) for purpose, given in mapped if given == name)
    normal = re.sub(r"[\s-]+", "_", name.strip().lower())
    return own + tuple((p, names.index(normal)) for p, names in NAMES.items() if normal in names)


def purpose_of(name: str) -> str:
    """What ``name`` in ``--field name=…`` stands for.

    >>> purpose_of("author"), purpose_of("text")
    ('byline', 'text')

    Raises:
        InputError: nothing is called so.
    """
    found = next((purpose for purpose, names in NAMES.items() if name.lower() in (purpose, *names)), None)
    if found is None:
        raise InputError(f"no field is called {name!r}", hint=f"one of: {', '.join(NAMES)}")
    return found


def _text(value: object, joint: str = ", ") -> str | None:
    """A string out of what crawlers put into a field: a string, a number, a list, an object with a name."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return _text(value.get("name") or value.get("title") or value.get("text") or value.get("uri"))
    if isinstance(value, list | tuple):
        return joint.join(filter(None, (_text(item) for item in value))) or None
    return None


def _status(value: object) -> int | None:
    """An HTTP status; a field called so may as well hold ``published``."""
    text = _text(value)
    return int(text) if text and _STATUS.fullmatch(text) else None


def _digest(value: object) -> str | None:
    """A hash in hexadecimal, Base32 or Base64, its name before it; a field called so may hold a summary."""
    text = _text(value)
    return text if text and _HASH.fullmatch(text) else None


def _content_type(value: object) -> str | None:
    return (_line(value) or "").partition(";")[0].strip().lower() or None


def _line(value: object) -> str | None:
    if value is None:
        return None
    text = _text(value)
    return " ".join(clean(text).split()) if text else None


def _name(value: object) -> str | None:
    """What a reader would see: many crawlers keep the entities of the page that it comes from."""
    text = _text(value)
    return _line(unescape(text) if text and "&" in text else text)


def _skipped(record: Record, reason: str, detail: str) -> Skipped:
    return Skipped(record.path, record.member, reason, detail)


def _names(fields: Mapping[str, Any]) -> str:
    names = ", ".join(sorted(map(str, fields))[:8])
    return f"its fields are {names}" if names else "it has no fields"
