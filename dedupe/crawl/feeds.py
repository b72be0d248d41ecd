"""RSS, RDF and Atom files: an item with its text is a document.

Feeds are often not well-formed (bare ``&``, control characters, a cut end), and a parser that minds
loses all of one. So items are cut out by their tags and read one by one: a broken item costs itself.
No entity is expanded but HTML's own, so that nothing a feed declares can grow or reach for a file.
Prefixes of namespaces are taken by their usual names. Not handled: an item inside an item.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.encoding import codec_of
from dedupe.crawl.fields import Page, document_of_fields
from dedupe.crawl.record import Kind, Record, Source
from dedupe.crawl.window import Window
from dedupe.model import Document, Skipped

HEAD_BYTES = 2**18
# A tag ends at the next sign of one: without that, each of many that have no end reads on to the file's.
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_ITEM = re.compile(r"<(item|entry)(?:\s[^<>]{0,2000})?(?<!/)>")
_ENDS = {name: re.compile(rf"</{name}\s{{0,100}}>") for name in ("item", "entry")}
_CUT = re.compile(r"<(?:item|entry)\s[^<>]*\Z")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_LINK = re.compile(r"<link\b([^<>]*)>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""")
_TAGS = re.compile(r"<[^<>]+>")
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
    name: (re.compile(rf"<{name}(?:\s[^<>]*)?(?<!/)>"), re.compile(rf"</{name}\s{{0,100}}>"))
    for names in ELEMENTS.values()
    for name in names
}


def feed_items(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The items of a feed, member ``#3`` for the third."""
    head = stream.read(HEAD_BYTES)
    window = Window(stream, codec_of(head), head)
    if not _ROOT.search(window.text):
        yield source.skipped("", "unknown format", "XML that is no feed")
        return
    number = 0
    while opening := window.skip(_ITEM):
        number += 1
        item = window.until(_ENDS[opening[1]], config.max_document_bytes)
        if item is None:
            lost = ("truncated", "the feed ends inside an item") if window.ended else _ENDLESS
            yield source.skipped(f"#{number}", *lost)
            return
        yield source.record(f"#{number}", Kind.ITEM, item.encode("utf-8", "replace"))
    if _CUT.search(window.text, window.at):
        yield source.skipped(f"#{number + 1}", "truncated", "the feed ends inside the tag of an item")


_ENDLESS = ("too large", "an item without an end")


def document_of_item(record: Record, config: CrawlConfig, page: Page) -> Document | Skipped:
    """One item -> Document, in the process that may be killed over it."""
    assert isinstance(record.payload, bytes)
    return document_of_fields(record, fields_of(record.payload.decode()), config, page)


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
    opens, ends = _ELEMENT[name]
    opening = opens.search(item)
    end = ends.search(item, opening.end()) if opening else None
    if opening is None or end is None:
        return None
    inner = item[opening.end() : end.start()]
    return _without_cdata(inner).strip() if _CDATA in inner else html.unescape(inner).strip()


def _without_cdata(text: str) -> str:
    """``text`` with what its CDATA sections hold in their place."""
    kept, at = [], 0
    while (begin := text.find(_CDATA, at)) >= 0:
        end = text.find(_CDATA_END, begin)
        if end < 0:
            break
        kept += [text[at:begin], text[begin + len(_CDATA) : end]]
        at = end + len(_CDATA_END)
    return "".join((*kept, text[at:]))


def _link(item: str) -> str | None:
    """Atom's link element that leads to the page itself."""
    links = [match[1] for match in _LINK.finditer(item)]
    own = [link for link in links if "rel=" not in link or "alternate" in link]
    match = _HREF.search((own or links or [""])[0])
    return html.unescape(match[1]) if match else None
