"""A page's source without what no reader sees and no stage reads: half its bytes, a third of its tags.

Scripts, styles and comments are no text; menus and drawings are none of the story's. They are cut out
before anything is parsed, which makes every later step as much cheaper. JSON-LD stays, and so does whatever
might hold more than its name says: an element that is not closed, or a menu with the article in it.
"""

from __future__ import annotations

import re

_OPENING = re.compile(rb"<(?:(script|style|iframe|nav|svg)\b|!--)")
_COMMENT_END = re.compile(rb"--!?>")
_SLASH = ord("/")
# What an element does not hold if it is what it says. An unclosed one would swallow these.
_FOREIGN = {
    b"nav": re.compile(rb"<(?:h1|main|article|nav)\b"),
    b"svg": re.compile(rb"<(?:p|div|svg)\b"),
}
_REMAINS = {b"nav": b"<nav></nav>"}  # a block: what stands before and behind it is not one line
_COPYRIGHT = ("©".encode(), b"&copy;")  # a footer's menu may hold the line that says whose the page is


def without_ballast(html: bytes) -> bytes:
    """``html`` without scripts, styles, comments, menus and drawings.

    What a parser takes for the end of a script or a comment is what is taken here: the first end tag.
    Elements that XML closes in their own tag (``<iframe/>``) are closed as HTML asks, else they swallow
    the page.

    >>> without_ballast(b"<p>One<!-- two --><script>three()</script></p>")
    b'<p>One</p>'
    """
    kept: list[bytes] = []
    at = 0
    while opening := _OPENING.search(html, at):
        begin = opening.start()
        end, instead = _replaced(html, opening[1], begin)
        if end < 0:  # it has no end: whatever follows is left to the parser
            break
        kept += (html[at:begin], instead)
        at = end
    return b"".join((*kept, html[at:])) if kept else html


def _replaced(html: bytes, name: bytes | None, begin: int) -> tuple[int, bytes]:
    """Where the element that begins at ``begin`` ends, or -1, and what stays of it; a comment has no name."""
    if name is None:
        closing = _COMMENT_END.search(html, begin + 2)
        return (closing.end(), b"") if closing else (-1, b"")
    tag_end = html.find(b">", begin)
    if tag_end < 0:
        return -1, b""
    if html[tag_end - 1] == _SLASH:
        return tag_end + 1, html[begin : tag_end - 1] + b"></iframe>" if name == b"iframe" else b""
    if name == b"iframe":
        return tag_end + 1, html[begin : tag_end + 1]
    end = html.find(b"</" + name, tag_end)
    end = html.find(b">", end) + 1 if end >= 0 else 0
    if not end:
        return -1, b""
    return _without_element(html, name, begin, tag_end, end)


def _without_element(html: bytes, name: bytes, begin: int, tag_end: int, end: int) -> tuple[int, bytes]:
    if name == b"script":
        return end, html[begin:end] if _is_kept(html[begin:tag_end]) else b""
    if (foreign := _FOREIGN.get(name)) and (found := foreign.search(html, tag_end, end)):
        return found.start(), html[begin : found.start()]
    if name == b"nav" and any(html.find(sign, tag_end, end) >= 0 for sign in _COPYRIGHT):
        return end, html[begin:end]
    return end, _REMAINS.get(name, b"")


def _is_kept(script: bytes) -> bool:
    """Does the tag of a script speak of metadata, or of a counter of republications?"""
    return b"ld+json" in script or b"republication-pixel" in script or b"counter.theconversation" in script
