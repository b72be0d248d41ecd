"""A page's main text: resiliparse's, with the lines at head and tail that are not prose taken off.

What counts for finding copies is that the article's words survive; surplus lines that recur on a host
are furniture and leave later, surplus lines that do not are a small loss of precision. So the trim is
cautious: it takes short lines without the end of a sentence, at the two ends only, and never much.

Credits and datelines among the trimmed lines are not lost: claims are read from the full visible text
(:mod:`dedupe.crawl.claims`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from resiliparse.parse.html import HTMLTree

from dedupe.crawl.dom import visible_text
from dedupe.errors import MissingExtra

TAGS_LOOKED_AT = 10_000  # signs of a tag: below, a page cannot nest deep enough to matter
MAX_DEPTH = 2_000  # resiliparse's main text is quadratic in depth: 2 s at 10,000, minutes at 100,000
# Elements that hold no story: the headline has a field of its own.
NOT_STORY = ["h1", "figcaption", "aside", "button", "address", "time"]
NOT_READ = ["figure", "figcaption", "picture", "video", "nav", "select", "button", "[class*='caption' i]"]
SHORT = 300  # characters: less main text than this is doubted
RESCUE_TIMES = 4
PIECE_CHARS = 16
BEFORE = 8_000  # characters of source before the text that are looked at
BEHIND = 5_000  # and behind it: further down stand other articles
LABEL_CHARS = 40  # as long as the longest label of an advertisement
TRIM_LINES = 12  # at each end
TRIM_SHARE = 0.3  # of the text, at each end: more, and the page is a list or a poem
LONG_WIDTH = 160  # prose even without the end of a sentence
PROSE_WIDTH = 40  # columns: Chinese, Japanese and Korean characters count two

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "td", "th", "tr", "track", "wbr",
})  # fmt: skip
_SENTENCE_END = re.compile(r"[.!?…。！？।॥؟۔።:;,—–][\"'”’»›)\]」』]*$|^[(（\[].*[)）\]]$|[\"”»」』]$")
_UNFINDABLE = re.compile(r"[&<>'\"’‘“”«»\s\u00a0\u00ad-]{2,}|[&<>'\"’‘“”«»\u00a0\u00ad–—…]")
_AFTER_QUOTED = ("</script", "<\\/")
_DATELINE = re.compile(r"[(/][A-Z][\w/ .-]{1,20}[)/]|【.{1,12}】")
_WIDE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_LABELS = frozenset({
    "advertisement", "advertisements", "advert", "ad", "anzeige", "werbung", "publicidad", "publicité",
    "publicidade", "pubblicità", "advertentie", "annons", "annonse", "annonce", "mainos", "iklan",
    "reklama", "reklam", "реклама", "広告", "广告", "廣告", "إعلان", "اشتہار", "विज्ञापन", "quảng cáo",
    "story continues below", "story continues below advertisement", "continue reading below",
    "continue reading", "read more", "article continues below", "scroll to continue", "loading...",
})  # fmt: skip


def main_text(html: str, tree: HTMLTree, extractor: str = "resiliparse") -> str:
    """The article of a page by the given extractor, paragraphs as lines in their order.

    ``tree`` is ``html`` parsed.

    Raises:
        MissingExtra: the extractor is trafilatura, and it is not installed.
    """
    if extractor == "trafilatura":
        return _by_trafilatura(html)
    main = visible_text(tree, main_content=True, comments=False, post_meta=False, skip_elements=NOT_STORY)
    return trimmed(main) if len(main) >= SHORT else _rescued(main, tree)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The visible lines before and behind a main text, and the stretch of the source they stand in."""

    before: list[str]
    behind: list[str]
    begin: int
    end: int


def surroundings(html: str, tree: HTMLTree, main: str) -> Surroundings:
    """The visible lines that stand before and behind the main text, pictures left out.

    Only the neighbourhood is read, since a whole page costs as much as its main text; where the text
    is not found in the source (its letters may be written as entities), the whole page is.
    """
    lines = main.split("\n")
    inside = frozenset(lines)
    body = max(0, html.find("<body"))
    begin = _place(lines[:3], lambda piece: _first(html, piece, body))
    end = _place(lines[:-4:-1], lambda piece: _last(html, piece, body))
    if not 0 <= begin <= end:
        return Surroundings(*_outside(_lines(tree), inside), body, len(html))
    start = html.find("<", max(body, begin - BEFORE))
    before = [line for line in _lines(html[start:begin]) if line not in inside]
    if before and any(line.startswith(before[-1]) for line in lines[:3]):
        before.pop()  # the beginning of the text's own line
    behind = [line for line in _lines(html[end : end + BEHIND])[1:] if line not in inside]
    return Surroundings(before, behind, start, end + BEHIND)


def _place(lines: list[str], find: Callable[[str], int]) -> int:
    """Where the first of ``lines`` stands that can be found by a piece of it, or -1.

    A piece is a stretch without what a source may write in another way.
    """
    for line in lines:
        for piece in sorted(_UNFINDABLE.split(line), key=len, reverse=True)[:2]:
            if len(piece) >= PIECE_CHARS and (at := find(piece[: 2 * PIECE_CHARS])) >= 0:
                return at
    return -1


def _first(html: str, piece: str, begin: int) -> int:
    at = html.find(piece, begin)
    while at >= 0 and _is_quoted(html, at):
        at = html.find(piece, at + 1)
    return at


def _last(html: str, piece: str, begin: int) -> int:
    at = html.rfind(piece, begin)
    while at >= 0 and _is_quoted(html, at):
        at = html.rfind(piece, begin, at)
    return at


def _is_quoted(html: str, at: int) -> bool:
    """Does JSON-LD stand there, which may hold the text too? Its next tag ends a script or is escaped."""
    return html.startswith(_AFTER_QUOTED, html.find("<", at))


def _outside(lines: list[str], inside: frozenset[str]) -> tuple[list[str], list[str]]:
    held = [i for i, line in enumerate(lines) if line in inside]
    if not held:
        return lines, []
    return lines[: held[0]], [line for line in lines[held[-1] + 1 :] if line not in inside]


def _lines(page: HTMLTree | str) -> list[str]:
    visible = visible_text(page, skip_elements=NOT_READ)
    return [stripped for line in visible.split("\n") if (stripped := line.strip())]


def _rescued(main: str, tree: HTMLTree) -> str:
    """``main``, or the page's prose where the extractor has taken something else for the article."""
    prose = [line for line in _lines(tree) if is_prose(line)]
    rescued = "\n".join(prose)
    return rescued if len(rescued) > RESCUE_TIMES * max(len(main), 100) else trimmed(main)


def _by_trafilatura(html: str) -> str:
    try:
        from trafilatura import extract
    except ImportError as error:
        raise MissingExtra("--extractor trafilatura", "accurate") from error
    return extract(html, include_comments=False, deduplicate=False) or ""


def is_too_deep(html: str) -> bool:
    """Does the page nest deeper than extraction can bear? An estimate: unclosed elements count."""
    if html.count("<") < TAGS_LOOKED_AT:
        return False
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _VOID:
            continue
        depth = depth - 1 if closing and depth else depth + (not closing)
        if depth > MAX_DEPTH:
            return True
    return False


def trimmed(text: str) -> str:
    """``text`` without labels of advertisements and without lines at both ends that are not prose."""
    lines = [line for raw in text.split("\n") if (line := raw.strip()) and not _is_label(line)]
    begin = next((i for i, line in enumerate(lines) if is_prose(line)), None)
    if begin is None:
        return "\n".join(lines)
    end = next(i for i in range(len(lines), 0, -1) if is_prose(lines[i - 1]))
    total = sum(map(len, lines))
    if begin > TRIM_LINES or sum(map(len, lines[:begin])) > TRIM_SHARE * total:
        begin = 0
    if len(lines) - end > TRIM_LINES or sum(map(len, lines[end:])) > TRIM_SHARE * total:
        end = len(lines)
    return "\n".join(lines[begin:end])


def _is_label(line: str) -> bool:
    return len(line) <= LABEL_CHARS and line.lower() in _LABELS


def is_prose(line: str) -> bool:
    """Does the line read like part of an article: wide enough, with the end of a sentence; or a dateline?"""
    columns = width(line)
    if columns < PROSE_WIDTH:
        return bool(_DATELINE.search(line))
    return columns >= LONG_WIDTH or bool(_SENTENCE_END.search(line))


def width(line: str) -> int:
    """Columns, roughly."""
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))
