"""Claims of a page's metadata, resolved against the agencies.

The crawl stage hands over what a page says (author fields, canonical link, republication pixels) as it
stands; here the organisation behind each is named, and what says nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from dedupe.model import Attribution, AttributionKind, Document
from dedupe.text.names import Lexicon

K = AttributionKind
_LINKS = frozenset({K.CANONICAL, K.PIXEL})
_PARTS = re.compile(r"\s*[/,;|+&•·\n]\s*|\s[-–—]\s|\s(?:and|et|und|y|e|og|och|en|и|та|і|for|via|by)\s")
_WITH = re.compile(r"\s(?:with|avec|mit|con|com|met|med)\s", re.I)
_BY = re.compile(r"(?:by|par|por|von|di|door|av|автор)\s*:?\s+", re.I)
_URL = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_DESK = re.compile(
    r"(?:the )?(?:web |news |digital |online |city |sports? )*"
    r"(?:admin\w*|staff|editors?|desk|newsroom|team|reporter|bureau"
    r"|redacci[óo]n|redação|redaktion|redazione|rédaction|redactie|redakcja|редакция|редакція|unknown|guest|user|author"
    r"|root|webmaster|super user|none|null|n/?a)\s*\d*",
    re.I,
)


def resolved_claims(document: Document, lexicon: Lexicon) -> Iterator[Attribution]:
    """The document's byline and metadata claims with their organisations, noise left out."""
    if document.byline:
        yield from _authors(Attribution(K.BYLINE, document.byline, source="byline"), lexicon)
    for claim in document.claims:
        if claim.kind in _LINKS:
            yield _link(claim, lexicon)
        elif claim.kind in {K.BYLINE, K.PUBLISHER}:
            yield from _authors(claim, lexicon)
        else:
            yield replace(claim, name=claim.name or _first_name(claim.text, lexicon))


def _link(claim: Attribution, lexicon: Lexicon) -> Attribution:
    """A link names the agency whose site it points to, else the domain."""
    host = (claim.name or urlsplit(claim.text).hostname or claim.text).casefold().removeprefix("www.")
    labels = host.split(".")
    suffixes = (".".join(labels[i:]) for i in range(len(labels)))
    agency = next((lexicon.domains[s] for s in suffixes if s in lexicon.domains), None)
    return replace(claim, name=agency or host)


def _authors(claim: Attribution, lexicon: Lexicon) -> Iterator[Attribution]:
    """One claim for each agency among the authors, and one for the persons if there are any."""
    text = claim.text
    if "/" in text or "@" in text or "www" in text:
        text = _URL.sub(" ", text)
    text = text.strip(" ,;\n\t")
    if not any(map(str.isalpha, text)):
        return
    if name := _resolve_author(text, lexicon):
        yield replace(claim, name=name)
        return
    contributors = _WITH.split(text, maxsplit=1)
    people = []
    for i, group in enumerate(contributors):
        for part in filter(None, _PARTS.split(group)):
            if name := _resolve_author(part, lexicon):
                yield replace(claim, kind=K.CONTRIBUTOR if i else claim.kind, name=name)
            elif not _DESK.fullmatch(part):
                people.append(part)
    if people and claim.kind is K.BYLINE:
        yield replace(claim, name=None)


def _resolve_author(text: str, lexicon: Lexicon) -> str | None:
    """``By The Associated Press``, ``PTI Bureau``, ``Reuters Staff``, ``voanews.com``."""
    bare = _BY.sub("", text, count=1) if _BY.match(text) else text
    if name := lexicon.resolve(bare) or lexicon.domains.get(bare.casefold().removeprefix("www.")):
        return name
    mentions = lexicon.mentions(bare).found if len(bare) < 80 else []
    if len(mentions) == 1 and _DESK.fullmatch(
        (bare[: mentions[0].begin] + bare[mentions[0].end :]).strip(" -,()")
    ):
        return mentions[0].name
    return None


def _first_name(text: str, lexicon: Lexicon) -> str | None:
    mentions = lexicon.mentions(text[:400]).found
    return mentions[0].name if mentions else None
