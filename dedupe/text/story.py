"""Document -> Story: furniture and credits out, offsets kept.

Learned furniture first, then the page's structure, then the edges of what remains: the dateline and
bylines at the head, sign-offs, credits and notices at the tail. Each edge is peeled until lines of the
story show, so cleaning a cleaned text finds nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Container

from dedupe.config import TextConfig
from dedupe.model import Attribution, AttributionKind, Document, Removed, Story
from dedupe.text.cited import cited
from dedupe.text.claims import resolved_claims
from dedupe.text.credits import read_short_line, read_tail_segment
from dedupe.text.dateline import find_dateline
from dedupe.text.furniture import line_key
from dedupe.text.layout import page_parts
from dedupe.text.lines import Line, lines_of
from dedupe.text.names import Lexicon, lexicon_of

_EDGE_LINES = 3  # lines of the story that each edge looks at
_TAIL_REACH = 600  # code points of the last lines in which a sentence may be a sign-off
_SENTENCE = re.compile(r"[.!?”\"»。)\]]\s+(?=[^\W\d_a-z]|[(\[©*_—–-])|\w\s(?=[(\[（]\w)")


def clean(document: Document, furniture: Container[int], config: TextConfig) -> Story:
    """The story of a document, and what the page claims about who wrote it.

    ``furniture`` holds the line keys (:func:`dedupe.text.furniture.line_keys`) that are furniture on
    the document's outlet. ``Story.text`` is as long as ``document.text``; what is removed is blank.
    """
    lexicon = lexicon_of(config.agencies)
    lines, removed = _without_furniture(document, furniture)
    parts = page_parts(lines)
    gone = {line.begin for line, _ in parts}
    removed += [Removed(line.begin, line.end, reason) for line, reason in parts]
    lines = [line for line in lines if line.begin not in gone]
    claims = _edges(lines, lexicon)
    removed += [Removed(c.begin, c.end, c.kind) for c in claims if c.begin is not None and c.end is not None]
    removed.sort(key=lambda part: part.begin)
    text = blanked(document.text, removed)
    attributions = (*claims, *cited(text, lexicon), *resolved_claims(document, lexicon))
    return Story(document, text, tuple(removed), attributions)


def _without_furniture(
    document: Document, furniture: Container[int]
) -> tuple[list[Line], list[Removed]]:
    """The lines that are neither learned furniture nor the title repeated above the text."""
    kept: list[Line] = []
    removed: list[Removed] = []
    outlet = document.outlet if furniture else None
    for line in lines_of(document.text):
        if outlet is not None and line_key(outlet, line.text) in furniture:
            removed.append(Removed(line.begin, line.end, "furniture"))
        else:
            kept.append(line)
    if document.title and kept and kept[0].text.casefold() == document.title.strip().casefold():
        removed.append(Removed(kept[0].begin, kept[0].end, "title"))
        del kept[0]
    return kept, removed


def _edges(lines: list[Line], lexicon: Lexicon) -> list[Attribution]:
    """The claims at the head and at the tail, in the order of the text."""
    found = _head(lines, lexicon)
    taken = {claim.begin for claim in found if claim.kind is not AttributionKind.DATELINE}
    rest = [line for line in lines if line.begin not in taken]
    ends = {claim.begin: claim.end for claim in found}
    tail = [claim for claim in _tail(rest, lexicon) if claim.begin not in ends]
    return sorted([*found, *tail], key=lambda claim: claim.begin or 0)


def _head(lines: list[Line], lexicon: Lexicon) -> list[Attribution]:
    found: list[Attribution] = []
    kept = 0
    for line in lines:
        if dateline := find_dateline(line, lexicon):
            return [*found, dateline]
        if credits := read_short_line(line, lexicon):
            found.extend(credits)
            continue
        kept += 1
        if kept == _EDGE_LINES:
            break
    return found


def _tail(lines: list[Line], lexicon: Lexicon) -> list[Attribution]:
    found: list[Attribution] = []
    kept = reach = 0
    for line in reversed(lines):
        claims = read_short_line(line, lexicon) or _segments(line, lexicon)
        found.extend(claims)
        if claims and claims[0].begin == line.begin:
            continue
        kept += 1
        reach += len(line.text)
        if kept == _EDGE_LINES or reach > _TAIL_REACH:
            break
    return found


def _segments(line: Line, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """The claim of a whole line, or the claims of its last sentences."""
    whole = read_tail_segment(line.text, line.begin, lexicon)
    if whole:
        return (whole,)
    first = max(0, len(line.text) - 300)
    for match in _SENTENCE.finditer(line.text, first):
        if claim := read_tail_segment(line.text[match.end() :], line.begin + match.end(), lexicon):
            return (claim,)
    return ()


def blanked(text: str, removed: list[Removed]) -> str:
    """``text`` with the removed parts replaced by spaces; line ends inside them stay."""
    pieces = []
    at = 0
    for part in removed:
        if part.end <= at:
            continue
        begin = max(at, part.begin)
        pieces += (text[at:begin], " " * (part.end - begin))
        at = part.end
    return "".join([*pieces, text[at:]])
