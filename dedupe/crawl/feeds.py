"""RSS, RDF and Atom files: an item with its text is a document.

Feeds are often not well-formed (bare ``&``, control characters, a cut end), and a parser that minds
loses all of one. So items are cut out by their tags and read one by one: a broken item costs itself.
Prefixes of namespaces are taken by their usual names. Not handled: an item inside an item.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.encoding import codec_of
from dedupe.crawl.record import Kind, Record, Source
from dedupe.model import Skipped

CHUNK = 2**18  # bytes
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_ITEM = re.compile(r"<(item|entry)(?:\s[^>]*)?>(.*?)</\1\s*>", re.DOTALL)
_OPENING = re.compile(r"<(?:item|entry)[\s>]")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LINK = re.compile(r"<link\b([^>]*?)/?>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""")
_TAGS = re.compile(r"<[^>]+>")
# The elements that give a field, the most telling first.
ELEMENTS = {
    "url": ("link", "feedburner:origLink", "guid"),
    "title": ("title",),
    "html": ("content:encoded", "content", "description", "summary", "media:description"),
    "byline": ("dc:creator", "author", "itunes:author"),
    "published": ("pubDate", "published", "dc:date", "issued", "updated"),
    "source": ("source",),
}
_ELEMENT = {
    name: re.compile(rf"<{name}(?:\s[^>]*)?(?<!/)>(.*?)</{name}\s*>", re.DOTALL)
    for names in ELEMENTS.values()
    for name in names
}


def feed_items(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The items of a feed, member ``#3`` for the third."""
    data = stream.read(CHUNK)
    decoder = codecs.getincrementaldecoder(codec_of(data))("replace")
    text = decoder.decode(data)
    if not _ROOT.search(text):
        yield source.skipped("", "unknown format", "XML that is no feed")
        return
    number, at = 0, 0
    while True:
        for match in _ITEM.finditer(text, at):
            number += 1
            at = match.end()
            yield source.record(f"#{number}", Kind.FIELDS, fields_of(match[2]))
        text, at = text[at:], 0
        data = stream.read(CHUNK)
        if not data:
            break
        text += decoder.decode(data)
        if len(text) > config.max_document_bytes:
            yield source.skipped(f"#{number + 1}", "too large", "an item without an end")
            return
    if _OPENING.search(text):
        yield source.skipped(f"#{number + 1}", "truncated", "the feed ends inside an item")


def fields_of(item: str) -> dict[str, str]:
    """The fields of one item's XML.

    >>> fields_of("<title>A &amp; B</title><link>https://example.com/1</link>")
    {'url': 'https://example.com/1', 'title': 'A & B'}
    """
    fields = {}
    for field, names in ELEMENTS.items():
        values = (_value(item, name) for name in names)
        if (
            found := next(filter(None, values), None)
            if field != "html"
            else max(filter(None, values), key=len, default=None)
        ):
            fields[field] = found
    if not fields.get("url", "").startswith("http") and (url := _link(item)):
        fields["url"] = url
    if "byline" in fields:
        fields["byline"] = _TAGS.sub(" ", fields["byline"]).strip()
    return fields


def _value(item: str, name: str) -> str | None:
    match = _ELEMENT[name].search(item)
    if match is None:
        return None
    inner = match[1]
    if "<![CDATA[" in inner:
        return _CDATA.sub(r"\1", inner).strip()
    return html.unescape(inner).strip()


def _link(item: str) -> str | None:
    """Atom's link element that leads to the page itself."""
    links = [match[1] for match in _LINK.finditer(item)]
    own = [link for link in links if "rel=" not in link or "alternate" in link]
    match = _HREF.search((own or links or [""])[0])
    return html.unescape(match[1]) if match else None
