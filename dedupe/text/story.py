"""Document -> Story: furniture and credits out, offsets kept.

Learned furniture first, then the page's structure, then the edges of what remains: the dateline and
bylines at the head, sign-offs, credits and notices at the tail. Each edge is peeled until lines of the
story show, so that cleaning a cleaned text finds nothing more. A credit line that recurs ("Source: AFP"
under many titles) is learned as furniture like any other; it is still read as a claim. A copyright line
that recurs is not: it stands below whatever the page carries.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dedupe.config import TextConfig
from dedupe.model import Attribution, AttributionKind, Document, Removed, Story, blanked
from dedupe.text.cited import cited
from dedupe.text.claims import resolved_claims
from dedupe.text.credits import read_signature
from dedupe.text.dateline import LISTED
from dedupe.text.edges import Edges
from dedupe.text.furniture import KeyedLines, keyed_lines, known_lines
from dedupe.text.layout import AUTHOR, ends_sentence, is_heading, page_parts
from dedupe.text.lines import Line, lines_of
from dedupe.text.names import Lexicon, lexicon_of
from dedupe.text.stamps import STAMP

_SIGNED = 7  # last lines among which an author's name may stand
_CLAIM_ONE = frozenset(
    {
        AttributionKind.DATELINE,
        AttributionKind.CREDIT,
        AttributionKind.SIGN_OFF,
        AttributionKind.COPYRIGHT,
        AttributionKind.REPUBLISHED,
        AttributionKind.PUBLISHER,
    }
)
_SHORT_LIST = 12  # code points: no three names are shorter
_PARAGRAPH = 80  # code points of the paragraph above it


def clean(
    document: Document,
    furniture: Container[int],
    config: TextConfig,
    keyed: KeyedLines | None = None,
) -> Story:
    """The story of a document, and what the page claims about who wrote it.

    ``furniture`` holds the line keys (:func:`dedupe.text.furniture.line_keys`) that are furniture on
    the document's outlet. ``Story.text`` is as long as ``document.text``; what is removed is blank.
    ``keyed`` are the document's :func:`dedupe.text.furniture.keyed_lines`, where they are at hand.
    """
    lexicon = lexicon_of(config.agencies)
    mentions = lexicon.mentions(document.text)
    lines = keyed.lines if keyed else lines_of(document.text)
    learned = _learned(document, keyed, furniture)
    parts = _parts(document, lines, learned)
    gone = {line.begin for line, reason in parts if reason != AUTHOR}
    aside = learned | {line.begin for line, reason in parts if reason == AUTHOR}
    stamps: list[Line] = []
    left = [line for line in lines if line.begin not in gone] if gone else lines
    claims = Edges(left, aside, mentions, lexicon).claims(stamps)
    claims = list(_unlisted(claims, lexicon))
    if learned and not document.byline and (signed := _signature(lines, learned, claims)):
        claims.append(signed)
    removed = [Removed(line.begin, line.end, "furniture") for line in lines if line.begin in learned]
    removed += [Removed(line.begin, line.end, reason) for line, reason in parts]
    removed += [Removed(line.begin, line.end, STAMP) for line in stamps]
    removed += [Removed(*span, kind) for kind, span in _spans(claims) if span[0] not in aside]
    removed.sort(key=lambda part: part.begin)
    text = blanked(document.text, removed)
    told = _unlisted(list(resolved_claims(document, lexicon)), lexicon)
    attributions = (*claims, *cited(text, mentions), *told)
    return Story(document, text, tuple(removed), attributions)


def _unlisted(claims: Sequence[Attribution], lexicon: Lexicon) -> Iterator[Attribution]:
    """The claims, but one that takes a single name out of a list: ``Copyright 2024 AP, Reuters, AFP``."""
    for claim in claims:
        alone = claim.name is not None and claim.kind in _CLAIM_ONE and len(claim.text) > _SHORT_LIST
        if alone and len({mention.name for mention in lexicon.mentions(claim.text).found}) >= LISTED:
            alone = all(c.name == claim.name for c in claims if c.text == claim.text)
            yield replace(claim, kind=AttributionKind.DISCLAIMER, name=None) if alone else claim
        else:
            yield claim


def _learned(document: Document, keyed: KeyedLines | None, furniture: Container[int]) -> set[int]:
    """The beginnings of the lines that are learned furniture."""
    return known_lines(keyed or keyed_lines(document), furniture) if furniture else set()


def _signature(lines: list[Line], learned: set[int], claims: list[Attribution]) -> Attribution | None:
    """The author's name below the story, which was learned as furniture because it recurs on the site."""
    if any(claim.kind is AttributionKind.BYLINE for claim in claims):
        return None
    for above, line in pairwise(lines[-_SIGNED:]):
        told = line.begin in learned and above.begin not in learned and len(above.text) >= _PARAGRAPH
        if (
            told
            and ends_sentence(above.text)
            and not is_heading(line.text)
            and (found := read_signature(line))
        ):
            return found
    return None


def _parts(document: Document, lines: list[Line], learned: set[int]) -> list[tuple[Line, str]]:
    """The lines that the page's structure shows to be no story, the repeated title among them."""
    kept = [line for line in lines if line.begin not in learned] if learned else lines
    ends = {one.begin for one, other in pairwise(lines) if other.begin in learned} if learned else ()
    if document.title and len(kept) > 1 and kept[0].text.casefold() == document.title.strip().casefold():
        return [(kept[0], "title"), *page_parts(kept[1:], ends)]
    return page_parts(kept, ends)


def _spans(claims: Iterable[Attribution]) -> Iterable[tuple[str, tuple[int, int]]]:
    for claim in claims:
        if claim.begin is not None and claim.end is not None:
            yield claim.kind.value, (claim.begin, claim.end)
