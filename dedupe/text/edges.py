"""The claims at the head and at the tail of a story, found by peeling lines from its edges."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dedupe.model import Attribution, AttributionKind
from dedupe.text.credits import read_credit_line, read_initials, read_trailing_credit
from dedupe.text.dateline import LISTED, find_dateline
from dedupe.text.lines import Line
from dedupe.text.names import Lexicon, Mention, Mentions
from dedupe.text.notices import SENTENCE_END, may_hold_notice, read_notice
from dedupe.text.stamps import is_stamp

_DISCLAIMER = AttributionKind.DISCLAIMER
_MAX_SEEN = 16  # lines at each edge that are looked at, furniture among them
_EDGE_LINES = 3  # lines of the story that each edge looks at
_TAIL_REACH = 600  # code points of the story that the tail looks at, but for its last line
_LAST_SENTENCES = 300  # code points at the end of a line in which a sentence may be a notice
_SENTENCE_END = re.compile(SENTENCE_END)
_LABEL = 16  # code points in which the colon of "Source:" stands
_TRAILING = 60  # code points at a line's end in which a credit may stand
_BRACKETS = (")", "）", "/")
_DASHES = tuple(dash + space for dash in "‐‑‒–—―−-" for space in ("", " "))
_REMEMBERED = 500  # code points of a line that is remembered to say nothing
_PARAGRAPH = 100  # code points of a line below which no byline is looked for
_MAX_NOTICE = 250  # code points of a notice away from the edges
_OPENERS = ("(", "[", "（", "©")


@dataclass(frozen=True, slots=True)
class Edges:
    """The lines that are left of a page, and what is known about them.

    ``aside`` holds the beginnings of lines that left the story already, as learned furniture or as an
    author's name: what they claim counts, unless it is a copyright, which stands below whatever the page
    carries.
    """

    lines: list[Line]
    aside: set[int]
    mentions: Mentions
    lexicon: Lexicon

    def claims(self, stamps: list[Line]) -> list[Attribution]:
        """The claims at both edges, in the order of the text; lines that only date go to ``stamps``."""
        found = self._head(stamps)
        taken = {claim.begin for claim in found} | {line.begin for line in stamps}
        found += self._tail(taken, stamps)
        if self.mentions.found:
            found += self._inside(found)
        return sorted(found, key=lambda claim: claim.begin or 0)

    def _head(self, stamps: list[Line]) -> list[Attribution]:
        """Credit lines above the story, bylines above its first paragraph, and its dateline."""
        found: list[Attribution] = []
        kept, told = 0, False
        for at, line in enumerate(self.lines[:_MAX_SEEN]):
            named = self._names_any(line)
            credits = read_credit_line(line, named, self.lexicon)
            if line.begin in self.aside:
                found.extend(claim for claim in credits if claim.name or claim.kind is _DISCLAIMER)
                continue
            dateline = find_dateline(line, named, self.lexicon)
            if dateline and not (_is_all_of(dateline, line) and self._is_listed(at + 1, dateline)):
                return found if self._opens_others(dateline) else [*found, dateline]
            above = not kept or (credits and credits[0].kind is AttributionKind.BYLINE and not told)
            if credits and above:
                found.extend(credits)
                continue
            if len(line.text) < _PARAGRAPH and is_stamp(line.text):
                stamps.append(line)
                continue
            kept += 1
            told = told or len(line.text) >= _PARAGRAPH
            if kept == _EDGE_LINES:
                break
        return found

    def _is_listed(self, at: int, claim: Attribution) -> bool:
        """Does the line behind a claim name another organisation, and nothing else?"""
        return any(
            other.name not in (None, claim.name)
            for line in self.lines[at : at + 1]
            for other in read_credit_line(line, self._names_any(line), self.lexicon)
        )

    def _opens_others(self, dateline: Attribution) -> bool:
        """Do other paragraphs open with other agencies? Then the first has not said whose the story is."""
        others = {
            other.name
            for line in self.lines
            if line.text[0] in _OPENERS and (other := find_dateline(line, True, self.lexicon))
        }
        return len(others | {dateline.name}) >= LISTED

    def _tail(self, taken: set[int | None], stamps: list[Line]) -> list[Attribution]:
        """The claims of the last lines, up to the third that is not a claim as a whole."""
        found: list[Attribution] = []
        kept = reach = 0
        for line in self.lines[: -_MAX_SEEN - 1 : -1]:
            if line.begin in taken:
                break
            if line.begin in self.aside:
                found.extend(c for c in self._claims_aside(line) if _stands_aside(c))
                continue
            claims = self._claims_of(line)
            found.extend(claims)
            if claims and claims[0].begin == line.begin:
                continue
            if not claims and len(line.text) < _PARAGRAPH and is_stamp(line.text):
                stamps.append(line)
                continue
            kept += 1
            reach += len(line.text)
            if kept == _EDGE_LINES or reach > _TAIL_REACH:
                break
        return found

    def _inside(self, known: list[Attribution]) -> Iterator[Attribution]:
        """Claims away from the edges, where the extractor left parts of the page behind the story.

        Only what is a claim wherever it stands, and names an agency: a notice, initials with an agency,
        a dash and an agency behind a paragraph. A bare name there may be the credit of a picture.
        """
        ends = {claim.end for claim in known}
        begins = [line.begin for line in self.lines]
        for mention in self.mentions.found:
            at = bisect_right(begins, mention.begin) - 1
            line = self.lines[at] if at >= 0 else None
            if line is None or mention.begin >= line.end or line.end in ends or line.begin in self.aside:
                continue
            if claims := self._claims_anywhere(line, mention):
                ends.add(line.end)
                yield from claims

    def _claims_anywhere(self, line: Line, mention: Mention) -> tuple[Attribution, ...]:
        if len(line.text) <= _MAX_NOTICE:
            notice = read_notice(line.text, line.begin, self.lexicon)
            return (notice,) if notice else read_initials(line, self.lexicon)
        behind = mention.end >= line.end - 2 and line.text[: mention.begin - line.begin].endswith(_DASHES)
        return read_trailing_credit(line, self.lexicon) if behind else ()

    def _names_any(self, line: Line) -> bool:
        return bool(self.mentions.within(line.begin, line.end))

    def _claims_of(self, line: Line) -> tuple[Attribution, ...]:
        """The claim of a whole line, of its last sentences, or of what stands behind them."""
        if credits := read_credit_line(line, self._names_any(line), self.lexicon):
            return credits
        if whole := read_notice(line.text, line.begin, self.lexicon):
            return (whole,)
        if _may_tell_at_end(line.text) and (claims := self._claims_at_end(line)):
            return claims
        if (
            line.text[-1] in _BRACKETS
            or "/" in line.text[-_TRAILING:]
            or self.mentions.within(line.end - _TRAILING, line.end)
        ):
            return read_trailing_credit(line, self.lexicon)
        return ()

    def _claims_aside(self, line: Line) -> tuple[Attribution, ...]:
        """:meth:`_claims_of` a line that left the story. As furniture it recurs, so what it says is known."""
        near = self.mentions.within(min(line.begin, line.end - _TRAILING), line.end)
        if not near and len(line.text) <= _REMEMBERED and _says_nothing(line.text, self.lexicon):
            return ()
        return self._claims_of(line)

    def _claims_at_end(self, line: Line) -> tuple[Attribution, ...]:
        """The claim of the last sentences or brackets of a line."""
        for begin in _last_sentences(line.text):
            sentence = line.text[begin:]
            if claim := read_notice(sentence, line.begin + begin, self.lexicon, sentence=True):
                return (claim,)
            if ":" in sentence[:_LABEL]:  # "… the council said. Source: AFP"
                part = Line(line.begin + begin, line.end, sentence)
                if credits := read_credit_line(part, named=True, lexicon=self.lexicon):
                    return credits
        return ()


@lru_cache(maxsize=4096)
def _says_nothing(text: str, lexicon: Lexicon) -> bool:
    """Does a line near which no agency is named claim nothing, whatever page it stands on?"""
    alone = Edges([], set(), Mentions([]), lexicon)
    return not alone._claims_of(Line(0, len(text), text))


def _is_all_of(claim: Attribution, line: Line) -> bool:
    return (claim.begin, claim.end) == (line.begin, line.end)


def _stands_aside(claim: Attribution) -> bool:
    """Does the claim of a line that left the story count?"""
    told = claim.name is not None or claim.kind is _DISCLAIMER
    return told and claim.kind is not AttributionKind.COPYRIGHT


def _may_tell_at_end(text: str) -> bool:
    """False only where nothing that :func:`_last_sentences` finds is a notice or has a label: most lines."""
    first = max(1, len(text) - _LAST_SENTENCES)
    end = text[first:]
    if ":" in end or "(" in end or "[" in end or "（" in end or "©" in end:  # _OPENERS, one by one: faster
        return True
    return may_hold_notice(text, first)


def _last_sentences(text: str) -> list[int]:
    """Where the sentences and brackets at the end of ``text`` begin, ascending."""
    first = max(1, len(text) - _LAST_SENTENCES)
    begins = {match.end() for match in _SENTENCE_END.finditer(text, first)}
    begins.update(text.rfind(opener, first) for opener in _OPENERS)
    return sorted(begins - {-1, len(text)})
