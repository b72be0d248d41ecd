"""Where a text quotes: by quotation marks, and by the shape of an embedded post.

A quotation ends at its closing mark or with its paragraph, so a paragraph that opens with a mark and has
none at its end (the convention for quotations of several paragraphs) is quoted to its end. Not seen: a
block quotation that the page sets without marks, where no other page gives it marks either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedupe.model import Span

_POSTS = ("pic.twitter.com/", "https://t.co/", "(@")
_OPENING = re.compile(r"[„“«»「『”\"'‘]")
_QUOTATION = {
    "„": re.compile(r"[^“”\"\n]*[“”\"]?"),
    "“": re.compile(r"[^”\n]*”?"),
    "«": re.compile(r"[^»\n]*»?"),
    "»": re.compile(r"(?<![\w»]»)\w[^«\n]*«"),
    "「": re.compile(r"[^」\n]*」?"),
    "『": re.compile(r"[^』\n]*』?"),
    "”": re.compile(r"(?<![\w”]”)\w[^”\n]*”"),
    '"': re.compile(r"(?<![\w\"]\")\S[^\"\n]*\"?"),
    "'": re.compile(r"(?<![\w'’‘]')\w[^\n]{12,900}?[.,!?…]['’](?!\w)"),
    "‘": re.compile(r"(?<![\w'’‘]‘)\w[^\n]{12,900}?[.,!?…]['’](?!\w)"),
}  # what follows the mark; a single mark must enclose a clause, lest an apostrophe opens a quotation


def quotations(text: str) -> list[Span]:
    """The quoted parts of a text, in no order.

    >>> [text[b:e] for text in ['“It works,” she said.'] for b, e in quotations(text)]
    ['“It works,”']
    """
    spans = []
    reached = 0
    for mark in _OPENING.finditer(text):
        if mark.start() >= reached and (rest := _QUOTATION[mark.group()].match(text, mark.end())):
            reached = rest.end()
            spans.append((mark.start(), reached))
    spans.extend(line_at(text, at) for sign in _POSTS for at in _places(text, sign))
    return spans


def line_at(text: str, at: int) -> Span:
    """The line in which a code point stands."""
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + len(sign))
