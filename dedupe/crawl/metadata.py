"""What a page says about itself, from one pass over its DOM.

JSON-LD first, then meta elements (OpenGraph and its many relatives), then the markup: the order in
which they were right on real pages. Every value keeps the name of the place it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from resiliparse.parse.html import ElementNode, HTMLTree

from dedupe.crawl.dates import utc
from dedupe.crawl.dom import attribute, select, text_of
from dedupe.crawl.jsonld import Linked
from dedupe.crawl.urls import absolute

DATE_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date",
    "datepublished", "date.published", "publishdate", "publish-date", "publish_date", "published_date",
    "publication_date", "pubdate", "sailthru.date", "article.published", "article:published",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dcterms.created", "dcterms.issued",
    "dc.date.issued", "dcterms.date", "dc.date", "dc:date", "date", "displaydate", "og:pubdate", "pub_date",
    "article_date_original", "originalpublicationdate", "rnews:datepublished", "citation_publication_date",
    "shareaholic:article_published_time", "last-modified-date",
)  # fmt: skip
AUTHOR_METAS = (
    "parsely-author", "sailthru.author", "author", "article:author", "article:author:name",
    "og:article:author",
    "byl", "byline", "dc.creator", "dcterms.creator", "dc:creator", "article.author", "cxenseparse:author",
    "cxenseparse:recs:authors", "citation_author", "shareaholic:article_author_name", "twitter:data1",
    "og:author", "articleauthor", "content_author", "authors", "creator", "rbauthors", "vr:author",
)  # fmt: skip
TITLE_METAS = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "title",
    "headline",
)
SITE_METAS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name")
NODES = (
    "meta[content], link[rel=canonical][href], script[type*='ld+json'], time[datetime], [rel~='author'],"
    " [itemprop~='author'], [itemprop~='datePublished'], h1, title,"
    # Elements whose class says that they hold an author, a source or a credit.
    " [class*='author'], [class*='byline'], [class*='credit'], [class*='source']"
)
DATED_PATH = re.compile(r"/((?:19|20)\d{2})[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?:[/-]|$)")
_UNSET = frozenset(("none", "null", "nan", "n/a", "undefined"))
_BY = re.compile(
    r"^(?:(?:written |posted |published |reported )?by|von|par|por|di|door|av|af|autore?|author|"
    r"text|texte?|kirjoittaja|oleh|автор|von:|著者)\s*:?\s+",
    re.IGNORECASE,
)
_CREDITED = re.compile("author|byline|credit|source")
_TITLE_JOINTS = frozenset("-–—|»·:")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s,;]+(?:\s*,)?")
_NOBODY = re.compile(
    r"https?:|www\.|^@|^\W*$|^(?:null|none|undefined|admin|unknown|staff|editor)$", re.IGNORECASE
)


@dataclass(slots=True)
class Head:
    """The DOM's telling nodes, sorted; mutable while it is filled."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    canonical: str | None = None
    times: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    title: str | None = None
    credited: list[ElementNode] = field(default_factory=list)

    def first(self, names: Iterable[str]) -> tuple[str, str] | None:
        """The first of these meta elements that says something, with its name."""
        for name in names:
            for value in self.metas.get(name, ()):
                if value:
                    return value, name
        return None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page claims. ``authors`` and ``organisations`` are (text, source) in order of trust."""

    title: str | None = None
    authors: tuple[tuple[str, str], ...] = ()
    byline: str | None = None
    published_at: str | None = None
    published_from: str | None = None
    url: str | None = None
    canonical: str | None = None
    site_name: str | None = None
    language: str | None = None
    organisations: tuple[tuple[str, str], ...] = ()
    derived_from: tuple[tuple[str, str], ...] = ()


def head_of(tree: HTMLTree) -> Head:
    """The telling nodes of ``tree``, read in one query."""
    head = Head()
    for node in select(tree, NODES):
        tag = node.tag
        if tag == "meta":
            _file_meta(head, node)
        elif tag == "link":
            head.canonical = head.canonical or attribute(node, "href")
        elif tag == "script":
            head.blocks.append(node.text or "")
        elif tag == "title":
            head.title = head.title or text_of(node)
        else:
            _file_marked(head, node, tag)
    return head


def _file_meta(head: Head, node: ElementNode) -> None:
    content = attribute(node, "content").strip()
    if name := attribute(node, "property") or attribute(node, "name"):
        head.metas.setdefault(name.strip().lower(), []).append(content)
        return
    properties = attribute(node, "itemprop").lower().split()
    for name in properties:
        head.metas.setdefault(name, []).append(content)
    if "datepublished" in properties:
        head.published.append(content)
    elif "author" in properties:
        head.authors.append(content)


def _file_marked(head: Head, node: ElementNode, tag: str | None) -> None:
    """An element of the body: a headline, or marked as a date or as something about authors."""
    properties = attribute(node, "itemprop").lower().split()
    if tag == "h1":
        head.headings.append(text_of(node))
    if "datepublished" in properties:
        told = attribute(node, "content") or attribute(node, "datetime")
        head.published.append(told or text_of(node))
    elif tag == "time":
        head.times.append(attribute(node, "datetime"))
    elif "author" in properties or "author" in attribute(node, "rel").lower().split():
        head.authors.append(text_of(node)[:200])
    if _CREDITED.search(attribute(node, "class")):
        head.credited.append(node)


def metadata_of(tree: HTMLTree, head: Head, url: str | None) -> Metadata:
    """What the page of ``tree`` says about itself; ``url`` is where the crawl fetched it, if known."""
    linked = Linked(head.blocks)
    article = linked.article
    own_url = url or absolute(_first(head, ("og:url",)), None)
    canonical = absolute(head.canonical, own_url)
    site_name = _first(head, SITE_METAS)
    authors = tuple(_unique(_authors(head, linked)))
    published = next(_dates(head, article, own_url or canonical), (None, None))
    return Metadata(
        title=_title(head, article, site_name),
        authors=authors,
        byline=_byline(authors),
        published_at=published[0],
        published_from=published[1],
        url=own_url or canonical,
        canonical=canonical,
        site_name=site_name,
        language=_language(tree, article),
        organisations=tuple(_unique(_organisations(head, linked))),
        derived_from=tuple(_unique(_derived_from(head, article))),
    )


def _first(head: Head, names: Iterable[str]) -> str | None:
    found = head.first(names)
    return found[0] if found else None


def _dates(head: Head, article: Any, url: str | None) -> Iterator[tuple[str, str]]:
    """Dates of publication with their sources, the most trusted first."""
    candidates: list[tuple[Any, str]] = [(article.get("datePublished"), "json-ld")]
    candidates += [(value, f"meta {name}") for name in DATE_METAS for value in head.metas.get(name, ())]
    candidates += [(value, "itemprop") for value in head.published]
    candidates += [(article.get("dateCreated"), "json-ld"), (article.get("uploadDate"), "json-ld")]
    candidates += [(value, "time") for value in head.times]
    if dated := DATED_PATH.search(url or ""):
        candidates.append(("-".join(dated.groups()), "url"))
    for value, source in candidates:
        if found := utc(value[0] if isinstance(value, list) and value else value):
            yield found, source


def _authors(head: Head, linked: Linked) -> Iterator[tuple[str, str]]:
    article = linked.article
    for key in ("author", "creator"):
        for name in linked.names(article.get(key)):
            yield person(name), "json-ld"
    for key in AUTHOR_METAS:
        for name in head.metas.get(key, ()):
            if key != "twitter:data1" or _is_author_label(head):
                yield person(name), f"meta {key}"
    for name in head.authors:
        yield person(name), "rel=author"


def _is_author_label(head: Head) -> bool:
    label = (_first(head, ("twitter:label1",)) or "").lower()
    return label.startswith(
        ("written", "verfasst", "geschrieben", "escrito", "écrit", "scritto", "author", "by")
    )


def person(name: str) -> str:
    """An author's name without ``By`` and without addresses; nothing for what a program writes for nobody.

    >>> person("By Ida Mole, https://example.com/authors/ida"), person("None")
    ('Ida Mole', '')
    """
    if "http" in name or "www." in name:
        name = _ADDRESS.sub(" ", name)
    bare = _BY.sub("", " ".join(name.split()))[:200].strip(" ,;|")
    return "" if bare.lower() in _UNSET else bare


def _byline(authors: tuple[tuple[str, str], ...]) -> str | None:
    """All names of the most trusted source that has any."""
    if not authors:
        return None
    source = authors[0][1]
    return ", ".join(name for name, where in authors if where == source)


def _unique(values: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for text, source in values:
        key = (text.lower(), source)
        if text and key not in seen and not _NOBODY.search(text if "derived" not in source else "x"):
            seen.add(key)
            yield text, source


def _organisations(head: Head, linked: Linked) -> Iterator[tuple[str, str]]:
    """Who is said to publish, provide or own the text."""
    article = linked.article
    for key in (
        "publisher",
        "provider",
        "sourceOrganization",
        "copyrightHolder",
        "creditText",
        "copyrightNotice",
    ):
        for name in linked.names(article.get(key)):
            yield " ".join(name.split())[:200], f"json-ld {key}"
    for name, values in head.metas.items():
        if _names_organisation(name):
            for value in values:
                yield " ".join(value.split())[:200], f"meta {name}"


_ORGANISATION_META = re.compile(
    r"(?:^|[._:-])(?:copyright|rights|rightsholder|agency|agencies|provider|wire|credit|source|"
    r"publisher|distributor|content-source|contentsource|newsagency|article[_-]source|source[_-]name)$"
)


@lru_cache(maxsize=4096)
def _names_organisation(meta: str) -> bool:
    return _ORGANISATION_META.search(meta) is not None


def _derived_from(head: Head, article: Any) -> Iterator[tuple[str, str]]:
    """Addresses that the page names as the source of its text."""
    for name in ("syndication-source", "original-source"):
        for value in head.metas.get(name, ()):
            yield value, f"derived: meta {name}"
    based = article.get("isBasedOn") or article.get("isBasedOnUrl")
    for item in based if isinstance(based, list) else [based]:
        address = item.get("url") or item.get("@id") if isinstance(item, dict) else item
        if isinstance(address, str):
            yield address, "derived: json-ld isBasedOn"


def _title(head: Head, article: Any, site_name: str | None) -> str | None:
    headline = article.get("headline")
    heading = head.headings[0] if len(head.headings) == 1 else None
    candidates = (
        headline if isinstance(headline, str) else None,
        _first(head, TITLE_METAS),
        heading,
        head.title,
    )
    title = next((c for c in candidates if c and c.strip()), None)
    return _without_site(" ".join(title.split()), site_name)[:500] if title else None


def _without_site(title: str, site_name: str | None) -> str:
    """``Harbour reopens | The Example`` -> ``Harbour reopens``."""
    if not site_name:
        return title
    if not title.lower().endswith(site_name.lower()):
        return title
    rest = title[: -len(site_name)].rstrip()
    return rest[:-1].rstrip() or title if rest[-1:] in _TITLE_JOINTS else title


def _language(tree: HTMLTree, article: Any) -> str | None:
    root = tree.document.document_element if tree.document is not None else None
    value = (attribute(root, "lang") if root is not None else None) or article.get("inLanguage")
    return value.strip()[:35] or None if isinstance(value, str) else None
