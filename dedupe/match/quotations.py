"""Where a text quotes: by quotation marks, by the shape of an embedded post, by who speaks.

A quotation ends at its closing mark or with its paragraph, so a paragraph that opens with a mark and has
none at its end (the convention for quotations of several paragraphs) is quoted to its end. Statements and
blog posts are often set without marks; what gives them away is the first person, which a report does not use.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

from dedupe.model import Span

_POSTS = ("pic.twitter.com/", "https://t.co/", "(@")
_FIRST_PERSON = (
    "we", "our", "ours", "us", "my", "myself", "ourselves",
    "ich", "wir", "unser", "unsere", "unseren", "unserer", "mein", "meine",
    "nous", "notre", "nosotros", "nuestro", "nuestra", "nuestros", "nuestras",
    "nós", "nosso", "nossa", "nossos", "nossas", "nostro", "nostra", "nostri", "nostre",
    "мы", "нас", "нам", "наш", "наша", "наши", "нашей", "мне", "меня", "ми", "наші", "мені", "мене",
)  # fmt: skip
# left out, because they are common words of other languages: je, me, uns, ma, mon, nos, noi, я
_QUOTATION = {
    "„": re.compile(r"[^“”\"\n]*[“”\"]?"),
    "“": re.compile(r"[^”\n]*”?"),
    "«": re.compile(r"[^»\n]*»?"),
    "»": re.compile(r"(?<![\w»]»)\w[^«\n]{0,1500}«"),  # bounded, for » is also a bullet
    "「": re.compile(r"[^」\n]*」?"),
    "『": re.compile(r"[^』\n]*』?"),
    "”": re.compile(r"(?<![\w”]”)\w[^”\n]{0,1500}”"),
    '"': re.compile(r"(?<![\w\"]\")\S(?:[^\"\n]|(?<=[\s(])\"(?=\w))*\"?"),  # one may open inside another
}  # what follows the mark
# A single mark must enclose a clause, lest an apostrophe opens a quotation.
_SINGLE = {mark: re.compile(rf"(?<![\w'’‘]{mark})\w") for mark in "'‘"}
_SINGLE_ENDS = re.compile(r"[.,!?…]['’](?!\w)")
_SINGLE_CHARS = (12, 900)  # between the first letter and the end


def quotations(text: str) -> list[Span]:
    """The quoted parts of a text, in no order.

    >>> [text[b:e] for text in ['“It works,” she said.'] for b, e in quotations(text)]
    ['“It works,”']
    """
    spans = []
    reached = 0
    ends: list[int] | None = None
    for at in sorted(at for mark in (*_QUOTATION, *_SINGLE) for at in _places(text, mark)):
        if at < reached:
            continue
        mark = text[at]
        if mark in _QUOTATION:
            end = rest.end() if (rest := _QUOTATION[mark].match(text, at + 1)) else None
        elif _SINGLE[mark].match(text, at + 1):
            ends = [end.start() for end in _SINGLE_ENDS.finditer(text)] if ends is None else ends
            end = _single_end(text, at + 2, ends)
        else:
            end = None
        if end is not None:
            reached = end
            spans.append((at, reached))
    spans.extend(line_at(text, at) for sign in _POSTS for at in _places(text, sign))
    return spans


def _single_end(text: str, begin: int, ends: list[int]) -> int | None:
    """Where a quotation in single marks ends that goes on at ``begin``, by all places where one may."""
    least, most = _SINGLE_CHARS
    place = bisect_left(ends, begin + least)
    if place == len(ends) or ends[place] > begin + most or text.find("\n", begin, ends[place]) >= 0:
        return None
    return ends[place] + 2


def first_persons(text: str) -> list[int]:
    """Where somebody speaks of himself or themselves, by the pronouns of seven languages: code points.

    >>> first_persons("He left. Then we closed it.")
    [14]
    """
    data = utf8(text)
    spaced = b" %b " % data.replace(b"\n", b" ")
    found = _first_person_words().find_matches_as_indexes(spaced, overlapping=True)
    places = code_points(data, sorted({begin for _, begin, _ in found}))
    return [place for place in places if text[place] != "I" or _is_pronoun(text, place)]


def _is_pronoun(text: str, place: int) -> bool:
    """Whether an I follows a word in small letters: no Italian article, which begins a sentence, and no
    "World War I"."""
    before = text[max(place - 30, 0) : place].split()
    return bool(before) and before[-1][0].islower() and before[-1].rstrip(",").isalpha()


@cache
def _first_person_words() -> BytesAhoCorasick:
    words = [*_FIRST_PERSON, *(word.capitalize() for word in _FIRST_PERSON)]
    phrases = (f" {word}{end}" for word in (*words, "I") for end in (" ", "’", "'", ","))
    return BytesAhoCorasick([phrase.encode() for phrase in phrases], implementation=Implementation.DFA)


def utf8(text: str) -> bytes:
    """A text to search in; a lone surrogate becomes one "?"."""
    return text.encode("utf-8", "replace")


def code_points(data: bytes, places: Iterable[int]) -> list[int]:
    """Places in UTF-8, ascending, as places in the text."""
    if data.isascii():
        return list(places)
    found, byte, point = [], 0, 0
    for place in places:
        point += len(data[byte:place].decode())
        byte = place
        found.append(point)
    return found


def line_at(text: str, at: int) -> Span:
    """The line in which a code point stands."""
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + len(sign))
