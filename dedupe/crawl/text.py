"""Plain text and Markdown -> Document.

The whole file is the text, from its first visible line to its last. The title, where the first line
looks like one, is copied out and stays in the text, so offsets are simply those of the file's text;
as in a page, whose main text often opens with the headline.
"""

from __future__ import annotations

import re

from dedupe.config import CrawlConfig
from dedupe.crawl.dates import utc
from dedupe.crawl.encoding import clean, decode, is_binary
from dedupe.crawl.extract import trimmed
from dedupe.crawl.metadata import person
from dedupe.crawl.outlets import outlet_of
from dedupe.crawl.record import Kind, Record
from dedupe.model import Document, Skipped

TITLE_CHARS = 200
TITLE_WORDS = 30
_SENTENCE_END = re.compile(r"[.。।؟!?:;,…]['\"”’»)\]]*$")
_ALLOWED_END = re.compile(r"[?!？！]['\"”’»)\]]*$|\b(?:[A-Z]\.){2,}$")
_FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+|(?<!\s)\s+#+$")  # from the first space: else each of many is tried
_LINK_CHARS, _ADDRESS_CHARS = 300, 500
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|__|\*)(?=\S)([^*_\n]{1,300}?)(?<=\S)\1(?![\w*])")


def document_of_text(record: Record, config: CrawlConfig) -> Document | Skipped:
    """A text or Markdown file -> Document."""
    assert isinstance(record.payload, bytes)
    text = decode(record.payload, record.charset)
    if is_binary(text):
        return Skipped(record.path, record.member, "not text")
    text = clean(text).strip()
    header: dict[str, str] = {}
    if record.kind is Kind.MARKDOWN:
        header, text = _front_matter(text)
        text = _plain(text).strip()
    if record.kind is Kind.PLAIN_PAGE:
        text = trimmed(text)
    if not text:
        return Skipped(record.path, record.member, "empty")
    published_at = utc(header.get("date"))
    url = record.url or header.get("url")
    return Document(
        path=record.path,
        member=record.member,
        text=text,
        url=url,
        outlet=outlet_of(url, header.get("source"), record.folders),
        title=header.get("title") or title_of(text),
        byline=person(header.get("author", "")) or None,
        published_at=published_at,
        published_from="front matter" if published_at else None,
        seen_at=record.seen_at,
    )


def title_of(text: str) -> str | None:
    """The first line where it looks like a headline: short, no sentence's end, text behind it.

    >>> title_of("Harbour reopens after storm\\n\\nThe harbour reopened on Monday, officials said.")
    'Harbour reopens after storm'
    >>> title_of("The harbour reopened on Monday.\\nShips came in.") is None
    True
    """
    line, _, rest = text.partition("\n")
    line = line.strip()
    if not rest.strip() or len(line) > TITLE_CHARS or len(line.split()) > TITLE_WORDS:
        return None
    if _SENTENCE_END.search(line) and not _ALLOWED_END.search(line):
        return None
    return line if any(character.isalpha() for character in line) else None


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The ``key: value`` block that many Markdown writers put first, and the text behind it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    pairs = (line.partition(":") for line in match[1].splitlines())
    header = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs if value.strip()}
    return header, text[match.end() :]


def _plain(text: str) -> str:
    """Markdown's signs, which are not the article's words, taken off."""
    lines = (_HEADING.sub("", _unlinked(line)) for line in text.split("\n"))
    return _EMPHASIS.sub(r"\2", "\n".join(lines))


def _unlinked(line: str) -> str:
    """``[words](address)`` and ``![words](address)`` become the words.

    Looked for where they are joined: of brackets that open there may be a million.

    >>> _unlinked("Read [the report](https://a.example/r), (or not).")
    'Read the report, (or not).'
    """
    made: list[str] = []
    done, joint = 0, line.find("](")
    while joint >= 0:
        begin = max(done, joint - _LINK_CHARS - 1, line.rfind("]", done, joint) + 1)
        opens = line.find("[", begin, joint)
        closes = line.find(")", joint + 2, joint + 3 + _ADDRESS_CHARS) if opens >= 0 else -1
        if closes >= 0:
            made += line[done : opens - (opens > done and line[opens - 1] == "!")], line[opens + 1 : joint]
            done = closes + 1
        joint = line.find("](", max(done, joint + 2))
    return "".join((*made, line[done:]))
