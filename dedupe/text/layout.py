"""Parts of a page that are not its story, told by their structure alone.

For pages that come as plain text, and for what an HTML extractor leaves over: blocks of related links
at the head, headings with lists below them at the end, the bio of an author. The rules are
conservative: nothing after which a story goes on is a page's end, and prose is never a list.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from importlib.resources import files
from operator import eq

from ahocorasick_rs import AhoCorasick

from dedupe.text.lines import Line

AUTHOR = "author"  # the reason of an author's name above a bio: it leaves the story, but it is a claim

_PROSE = 120  # code points from which a line that ends like a sentence is a paragraph of the story
_PROSE_UNSPACED = 48  # the same in scripts whose characters are syllables or words
_TEASER = 160  # a teaser or a headline is shorter
_HEAD_LINES = 6  # a block of related stories begins within the first lines
_MAX_LIST = 40  # lines of such a block
_MAX_LINKS = 4  # titles under one heading inside a story
_MAX_LINK = 220  # code points of a line that links to another story
_MAX_MARK = 20
_MAX_HEADING = 45
_MAX_BIO = 1200

_SENTENCE_MARKS = frozenset(".!?。！？۔।؟…")
_CLOSERS = "\"”»’')）」』] "
_ELLIPSES = ("...", "…", "[…]", "[...]")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
_BIO_HINTS = AhoCorasick(
    [
        *("@", "ournalist", "eporter", "orrespondent", "ditor", "olumnist", "riter", "uthor", "eached"),
        *("ollow ", "xperience", "eriodista", "iornalista", "ornalista", "edakteur", "logger", "reelance"),
    ]
)
_PROFESSION = (
    "(?:journalist|reporter|correspondent|editor|columnist|writer|blogger|contributor|author|freelancer"
    "|broadcaster|(?:bureau|editor-in-)chief)"
)
_BIO_SIGNS = (
    r"(?:he|she|they|the (?:author|writer)) (?:can be (?:reached|contacted|followed)|tweets? (?:at|@)"
    r"|writes? (?:about|for)|is (?:reachable|on twitter))"
    rf"|(?:is|are|was) (?:a|an|the) [^.]{{0,80}}?\b{_PROFESSION}\b"
    r"|follow (?:him|her|them|me) (?:on|at)|is an? experienced"
    r"|has been (?:a journalist|writing|reporting|covering)|years of experience"
    r"|(?:est|es|è|é|ist) (?:une?|un|una|ein|eine|um|uma) (?:journalist|periodist|giornalist|jornalist)"
)
_BIO = re.compile(_BIO_SIGNS, re.I)
_BIO_LOWER = re.compile(_BIO_SIGNS)  # for text in lower case: five times as fast
_CASE_TRAPS = "İıſ"  # to re.I they are the letters i and s, in lower case they are not


def page_parts(lines: list[Line], ends: Container[int] = ()) -> list[tuple[Line, str]]:
    """The lines that are not story, each with its reason; ``lines`` are those that remain so far.

    ``ends`` holds the beginnings of lines behind which site furniture was taken away: what stands there
    ends a part of the page as a heading would.
    """
    known = _all_headings()
    headings = [len(line.text) < _MAX_HEADING and _bare(line.text) in known for line in lines]
    head = _head_block(lines, headings) if any(headings[:_HEAD_LINES]) else 0
    parts = [(line, "related") for line in lines[headings.index(True) : head]] if head else []
    body, headings = lines[head:], headings[head:]
    box = _author_box(body, headings, ends) if _is_any_twice(body) else None
    tail = _tail_begin(body, headings) if box is None else box + 2
    parts += [(line, "related") for line in _links(body[: tail if box is None else box], headings)]
    parts += [(line, AUTHOR) for line in body[tail if box is None else box : tail]]
    parts += [(line, "page_end") for line in body[tail:]]
    return parts


def is_heading(text: str) -> bool:
    """``Related stories``, ``— Latest News —``, ``READ MORE:``."""
    return len(text) < _MAX_HEADING and _bare(text) in _all_headings()


@cache
def _all_headings() -> frozenset[str]:
    return _headings("lists") | _headings("boxes")


@cache
def _headings(section: str) -> frozenset[str]:
    found: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in (files("dedupe.text") / "headings.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            current.add(line)
    return frozenset(found[section])


@cache
def _leads() -> tuple[str, ...]:
    return tuple(lead + colon for lead in sorted(_headings("leads")) for colon in (":", " :", "："))


def _has_lead(text: str) -> bool:
    return (":" in text[:45] or "：" in text[:45]) and text[:45].casefold().startswith(_leads())


def _bare(text: str) -> str:
    return text.casefold().strip(" :：-‐‑‒–—―−»>•*|…#=_.")


def ends_sentence(text: str) -> bool:
    """``said so.”`` does, ``A headline`` does not, nor does a teaser that breaks off ``like…``."""
    ending = text[-8:].rstrip(_CLOSERS)
    return ending[-1:] in _SENTENCE_MARKS and not ending.endswith(_ELLIPSES)


def _is_prose(line: Line) -> bool:
    text = line.text
    unspaced = text[len(text) // 2] >= "\u2e80"
    return len(text) >= (_PROSE_UNSPACED if unspaced else _PROSE) and ends_sentence(text)


def _head_block(lines: list[Line], headings: list[bool]) -> int:
    """Where the story begins after a block of related headings and teasers; 0 without one."""
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if _is_prose(line):
            return 0
        if headings[i]:
            return _after_list(lines, i + 1)
    return 0


def _after_list(lines: list[Line], begin: int) -> int:
    """The first paragraph after a list of short lines and teasers, if there is one soon; else 0."""
    for i in range(begin, min(len(lines), begin + _MAX_LIST)):
        text = lines[i].text
        if _is_prose(lines[i]):
            return i if i > begin else 0
        if len(text) > _TEASER and not text.rstrip(_CLOSERS).endswith(_ELLIPSES):
            return 0
    return 0


def _is_any_twice(lines: list[Line]) -> bool:
    """Does any line stand twice in a row? Without that there is no author box."""
    texts = [line.text for line in lines]
    return any(map(eq, texts, texts[1:]))


def _author_box(lines: list[Line], headings: list[bool], ends: Container[int]) -> int | None:
    """Where a box about the author begins: a name twice (of the picture, of the box), then a bio.

    At most one paragraph may follow, and it begins with the name or a heading of the page's end follows:
    a caption that stands twice above a story's last paragraph is no author box.
    """
    paragraphs: list[Line] = []
    heading = False
    for i in range(len(lines) - 1, 1, -1):
        text = lines[i].text
        if _is_prose(lines[i]):
            paragraphs.append(lines[i])
        elif text == lines[i - 1].text and _could_be_name(text):
            told = heading or any(paragraph.text.startswith(text) for paragraph in paragraphs)
            return i - 1 if told and any(map(_is_prose, lines[: i - 1])) else None
        if len(paragraphs) > 1:
            return None
        heading = heading or headings[i] or lines[i].begin in ends
    return None


def _could_be_name(text: str) -> bool:
    short = len(text) <= 60 and len(text.split()) <= 6 and not text[0].islower()
    return short and not ends_sentence(text) and not is_heading(text)


def _tail_begin(lines: list[Line], headings: list[bool]) -> int:
    """Where the page's end begins: the first heading or bio after which no story goes on."""
    last = len(lines) - 1
    while last >= 0 and (not _is_prose(lines[last]) or is_bio(lines[last].text)):
        last -= 1
    if last < 0:
        return len(lines)
    for i in range(last + 1, len(lines)):
        if headings[i] or is_bio(lines[i].text):
            return i
    return len(lines)


def is_bio(text: str) -> bool:
    """Does a paragraph present its author: a profession, a career, an address to write to? Two signs."""
    if len(text) > _MAX_BIO or not _BIO_HINTS.find_matches_as_indexes(text):
        return False
    trapped = any(map(text.__contains__, _CASE_TRAPS))
    signs = _BIO.findall(text) if trapped else _BIO_LOWER.findall(text.lower())
    return len(signs) + ("@" in text and _EMAIL.search(text) is not None) >= 2


def _links(lines: list[Line], headings: list[bool]) -> list[Line]:
    """Links to other stories inside a story: ``Also read: …``, and a heading with the titles under it."""
    found = []
    titles = 0
    marks = _headings("marks")
    for line, heading in zip(lines, headings, strict=False):
        text = line.text
        if len(text) > _MAX_LINK:
            titles = 0
        elif heading or (len(text) < _MAX_MARK and _bare(text) in marks):
            titles = _MAX_LINKS if _bare(text) in _headings("lists") else 0
            found.append(line)
        elif _has_lead(text):
            found.append(line)
        elif titles and len(text) < _TEASER and not ends_sentence(text):
            titles -= 1
            found.append(line)
        else:
            titles = 0
    return found
