"""Claims of a page's metadata, resolved against the agencies.

The crawl stage hands over what a page says (author fields, canonical link, republication pixels) as it
stands; here the organisation behind each is named, and what says nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from dedupe.model import Attribution, AttributionKind, Document
from dedupe.text.credits import DESK, UNNAMED, read_credit_line, resolve_author
from dedupe.text.lines import Line
from dedupe.text.names import Lexicon
from dedupe.text.notices import read_notice

K = AttributionKind
# Links there lead to an account, not to the source of a text.
_PROFILES = (
    "google.com",
    "facebook.com",
    "twitter.com",
    "x.com",
    "instagram.com",
    "youtube.com",
    "linkedin.com",
)
_LINKS = frozenset({K.CANONICAL, K.PIXEL})
_PARTS = re.compile(r"\s*[/,،;|+&•·\n()]\s*|\s[-‐-―−]\s|\s(?:and|et|und|y|e|og|och|en|и|та|і|for|via|by)\s")
_WITH = re.compile(r"\s(?:with|avec|mit|con|com|met|med)\s", re.I)
_HOUSE = re.compile(r".* staff|redacci[óo]n\b.*", re.I)
_LISTED = re.compile(r"[,،|]|\s-\s")  # "Agencies, Dunmarrow": beside agencies stands a place or a desk
_URL = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")


def resolved_claims(document: Document, lexicon: Lexicon) -> Iterator[Attribution]:
    """The document's byline and metadata claims with their organisations, noise and repetition left out."""
    seen: set[tuple[AttributionKind, str, str | None]] = set()
    for claim in _resolved(document, lexicon):
        told = (claim.kind, claim.text, claim.name)
        if told not in seen:
            seen.add(told)
            yield claim


def _resolved(document: Document, lexicon: Lexicon) -> Iterator[Attribution]:
    byline = document.byline
    if byline:
        yield from _authors(Attribution(K.BYLINE, byline, source="byline"), lexicon)
    for claim in document.claims:
        if claim.kind in _LINKS:
            yield from _link(claim, lexicon)
        elif claim.kind is K.PUBLISHER or (claim.kind is K.BYLINE and claim.text != byline):
            yield from _authors(claim, lexicon)
        elif claim.kind is not K.BYLINE:
            yield from _lines(claim, lexicon)


def _link(claim: Attribution, lexicon: Lexicon) -> Iterator[Attribution]:
    """A link names the agency whose site it points to, else the domain."""
    host = (claim.name or urlsplit(claim.text).hostname or claim.text).casefold().removeprefix("www.")
    labels = host.split(".")
    suffixes = (".".join(labels[i:]) for i in range(len(labels)))
    agency = next((lexicon.domains[s] for s in suffixes if s in lexicon.domains), None)
    if not any(host == site or host.endswith("." + site) for site in _PROFILES):
        yield replace(claim, name=agency or host)


def _authors(claim: Attribution, lexicon: Lexicon) -> Iterator[Attribution]:
    """One claim for each agency among the authors, and one for the persons if there are any."""
    for kind, name in _resolved_authors(claim.text, lexicon):
        if name or kind is K.DISCLAIMER or claim.kind is K.BYLINE:
            yield Attribution(kind or claim.kind, claim.text, name, claim.begin, claim.end, claim.source)


@lru_cache(maxsize=4096)
def _resolved_authors(text: str, lexicon: Lexicon) -> tuple[tuple[AttributionKind | None, str | None], ...]:
    """Kind (None: the claim's own) and organisation of each claim; no organisation for persons, the last.

    Remembered, because a crawl's authors and sites recur: three in five of a day's bylines.
    """
    if "/" in text or "@" in text or "www" in text:
        text = _URL.sub(" ", text)
    text = text.strip(" ,;\n\t")
    if not any(map(str.isalpha, text)):
        return ()
    if name := resolve_author(text, lexicon):
        return ((None, name),)
    found: list[tuple[AttributionKind | None, str | None]] = []
    people, unnamed = [], False
    for i, group in enumerate(_WITH.split(text, maxsplit=1)):
        for part in filter(None, _PARTS.split(group)):
            if name := None if part == text else resolve_author(part, lexicon):
                found.append((K.CONTRIBUTOR if i else None, name))
            elif UNNAMED.fullmatch(part):
                unnamed = True
            elif not DESK.fullmatch(part):
                people.append(part)
    if unnamed:
        found.append((K.DISCLAIMER, None))
        people = [] if _LISTED.search(text) else [part for part in people if not _HOUSE.fullmatch(part)]
    return (*found, (None, None)) if people else tuple(found)


def _lines(claim: Attribution, lexicon: Lexicon) -> Iterator[Attribution]:
    """The claims of a line that the page shows outside its text; a line that names nobody tells nothing.

    The crawl goes by the shape of a line; here it is read like a line of the text, and the kind it turns
    out to be counts.
    """
    line = Line(0, len(claim.text), claim.text)
    mentions = lexicon.mentions(claim.text).found
    credits = [found for found in read_credit_line(line, bool(mentions), lexicon) if found.name]
    if mentions and credits:
        yield from (replace(claim, kind=found.kind, name=found.name) for found in credits)
        return
    notice = read_notice(claim.text, 0, lexicon)
    if notice and (notice.name or notice.kind in {K.DISCLAIMER, K.REPUBLISHED}):
        yield replace(claim, kind=notice.kind, name=notice.name)
    elif mentions and claim.kind not in {K.CREDIT, K.COPYRIGHT}:
        yield replace(claim, name=mentions[0].name)
