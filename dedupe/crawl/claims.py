"""What a page claims about the authorship of its text, from its metadata, its markup and its visible text.

Nothing is resolved here: a claim is the piece of the page that makes it, and which organisation it
names, if any, is decided later, with the agencies at hand. So these rules look at shape and place
alone, and are generous: most pieces name nobody. What stands in the main text itself is left to the
stage that reads the text.

Credits of images are never claims: whatever stands in or near a picture is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ahocorasick_rs import AhoCorasick
from resiliparse.parse.html import ElementNode, HTMLTree

from dedupe.crawl.dom import attribute, text_of, visible_text
from dedupe.crawl.extract import Surroundings, surroundings
from dedupe.crawl.metadata import Head, Metadata
from dedupe.crawl.urls import registered_domain
from dedupe.model import Attribution, AttributionKind

K = AttributionKind
MAX_CHARS = 300  # of one piece
BLOCK_CHARS = 70  # of a line in the block between headline and text: names, desks, agencies
FOOTER_CHARS = 1_200  # of source, from the sign of the copyright on
FOOTER_LEAD = 24  # characters between its tag and that sign: "All contents ©"; more, and it is a caption
HOLDER_CHARS = 400  # before a line, in which the elements that hold it begin
TAIL_CHARS = 36  # of a line behind the text, where the titles of other articles begin
BLOCK_LINES = 12
NEAR_LINES = 6  # around the text, where the headline is not found
MAX_CLAIMS = 48
MARKED_CHARS = 140  # of an element whose class speaks of authors and sources
MAX_MARKED = 40  # such elements
MAX_NODE_CHARS = 2_000  # of one, white space included: more, and it holds the article

_CONTAINERS = frozenset(
    ("html", "body", "main", "article", "section", "form", "ul", "ol", "script", "style", "svg")
)
_ELSEWHERE = re.compile(
    r"image|img|photo|caption(?!\d)|gallery|picture|video|media|slide|thumb|related|teaser|card|promo|recirc|sidebar|widget"
    r"|recommend|trending|popular|latest|comment|newsletter|footer|nav|menu|carousel|outbrain|taboola|most-|more-|list"
)
_IMAGE = re.compile(
    r"\b(?:photo|photos|photographs?|photographer|image|images|picture|getty|shutterstock|istock|foto|fotos|fotograf\w*"
    r"|bild|bilder|imagen|imágenes|фото|immagine|zdjęcie|kuva|scanpix|imago|handout|alamy|video|vidéo)\b"
    r"|/(?:getty|epa|afp)\b|写真|照片"
)
_BYLINE = re.compile(r"(?:by|von|par|por|di|door|av|af|автор|written by|reported by)\s*:?\s", re.IGNORECASE)
# Words that give a line away wherever they stand in it, in lower case.
_TELLING = (
    ("©", K.COPYRIGHT),
    ("copyright", K.COPYRIGHT),
    ("all rights reserved", K.COPYRIGHT),
    ("alle rechte vorbehalten", K.COPYRIGHT),
    ("riproduzione riservata", K.COPYRIGHT),
    ("originally published", K.REPUBLISHED),
    ("originally appeared", K.REPUBLISHED),
    ("first appeared", K.REPUBLISHED),
    ("appeared first", K.REPUBLISHED),
    ("republished", K.REPUBLISHED),
    ("reprinted", K.REPUBLISHED),
    ("ursprünglich erschienen", K.REPUBLISHED),
    ("zuerst erschienen", K.REPUBLISHED),
    ("syndicated feed", K.DISCLAIMER),
    ("auto-generated", K.DISCLAIMER),
    ("not been edited by", K.DISCLAIMER),
    ("agency feed", K.DISCLAIMER),
    ("contributed to this", K.CONTRIBUTOR),
    ("with files from", K.CONTRIBUTOR),
    ("with inputs from", K.CONTRIBUTOR),
    ("with material from", K.CONTRIBUTOR),
    ("with reporting from", K.CONTRIBUTOR),
    ("mit material von", K.CONTRIBUTOR),
    ("con información de", K.CONTRIBUTOR),
    ("com informações d", K.CONTRIBUTOR),
    ("reporting by", K.SIGN_OFF),
    ("distributed by", K.CREDIT),
    ("provided by", K.CREDIT),
)
_TELLING_WORDS = AhoCorasick([words for words, _ in _TELLING])
# Words that a credit line begins with, before a colon or a bar.
_LABELS = frozenset({
    "source", "sources", "quelle", "quellen", "fuente", "fuentes", "fonte", "fontes", "bron", "kilde",
    "källa", "zdroj", "źródło", "kaynak", "lähde", "forrás", "sursa", "izvor", "šaltinis", "джерело",
    "источник", "извор", "πηγή", "المصدر", "مصدر", "منبع", "ماخذ", "sumber", "nguồn", "स्रोत", "出典",
    "来源", "來源", "출처", "credit", "credits", "via", "courtesy", "news courtesy", "agency", "agencia",
    "agência", "agence", "agenzia", "agentur",
})  # fmt: skip
_LABEL = re.compile(r"[ (*\[—-]{0,3}(\w+(?: \w+)?) ?[:：]")
_OPENING = re.compile(r"""<([a-z]+)\b(?:[^>]{0,2000}?\sclass=["']([^"']*))?""")
_PART_ENDS = re.compile(r"\s*[|·•]\s*")
_YEAR = re.compile(r"©\D{0,12}(?:19|20)\d\d|(?:19|20)\d\d\s{0,2}©")
_COUNTED = (
    r"(?:counter\.theconversation\.(?:com|edu\.au)/content/\d+/count|[?&](?:amp;)?republication-pixel=true)"
)
_COUNTER = re.compile(_COUNTED)
_PIXEL = re.compile(rf"(?:https?:)?//[^\s\"'<>]{{0,200}}?{_COUNTED}[^\s\"'<>]{{0,200}}")
_AROUND_COUNTER = 208  # characters of an address that _PIXEL takes before what it looks for, and behind it


def _counters(text: str) -> Iterator[str]:
    """The addresses of counters. Looked for around what they all have, for slashes may be many."""
    reached = 0
    for sign in _COUNTER.finditer(text):
        if sign.start() < reached:
            continue
        begin = max(reached, sign.start() - _AROUND_COUNTER)
        found = _PIXEL.search(text, begin, sign.end() + _AROUND_COUNTER)
        if found and found.start() < sign.start():
            reached = found.end()
            yield found[0]


def claims_of(html: str, tree: HTMLTree, head: Head, page: Metadata, main: str) -> tuple[Attribution, ...]:
    """All claims of a page but its pixels, and what the sentences of ``main`` say."""
    found = [*_links(page), *_said(page), *_marked_up(head.credited)]
    found += [*_visible(html, tree, main, page.title), *_labelled(html, main)]
    unique = {(claim.kind, claim.text): claim for claim in reversed(found)}
    return tuple(islice(reversed(unique.values()), MAX_CLAIMS))


def pixels(html: bytes) -> Iterator[Attribution]:
    """The republication counters of a page; some are loaded by a script."""
    if b"republication-pixel" not in html and b"counter.theconversation" not in html:
        return
    for address in dict.fromkeys(_counters(html.decode("utf-8", "replace"))):
        url = address.replace("&amp;", "&")
        url = f"https:{url}" if url.startswith("//") else url
        yield Attribution(K.PIXEL, url, registered_domain(url), source="pixel")


def _links(page: Metadata) -> Iterator[Attribution]:
    """Links to the source of the text, where they lead to another organisation's site."""
    own = registered_domain(page.url)
    links = [(page.canonical, "rel=canonical"), *page.derived_from]
    for url, source in links:
        domain = registered_domain(url)
        if domain and own and url and not _is_same_house(domain, own):
            yield Attribution(K.CANONICAL, url[:MAX_CHARS], domain, source=source)


def _is_same_house(a: str, b: str) -> bool:
    """One name under two suffixes is one organisation: ``example.com``, ``example.de``."""
    return a.partition(".")[0] == b.partition(".")[0]


def _said(page: Metadata) -> Iterator[Attribution]:
    for name, source in page.authors:
        yield Attribution(K.BYLINE, name, source=source)
    for name, source in page.organisations:
        kind = K.COPYRIGHT if "copyright" in source.lower() or "rights" in source else K.PUBLISHER
        if not _IMAGE.search(name.lower()):
            yield Attribution(kind, _LABEL.sub("", name).strip() or name, source=source)


def _marked_up(nodes: Sequence[ElementNode]) -> Iterator[Attribution]:
    """What elements say that are marked as an author, a source or a credit."""
    seen: set[str] = set()
    for node in nodes[:MAX_MARKED]:
        text = "" if node.tag in _CONTAINERS else _text(node)
        if text and text not in seen and not _IMAGE.search(text.lower()) and not _is_elsewhere(node):
            seen.add(text)
            yield Attribution(_kind_of_class(node), text, source="markup")


def _text(node: ElementNode) -> str:
    """The node's text, if it is short; what a logo stands for where it has none."""
    text = node.text or ""
    if len(text) > MAX_NODE_CHARS or len(" ".join(text.split())) > MARKED_CHARS:
        return ""
    if not text.isspace() and (text := text_of(node)):
        return text if len(text) <= MARKED_CHARS else ""
    image = node.query_selector("img[alt]")
    return attribute(image, "alt").strip()[:MARKED_CHARS] if image is not None else ""


def _kind_of_class(node: ElementNode) -> AttributionKind:
    name = attribute(node, "class").lower()
    if "copyright" in name:
        return K.COPYRIGHT
    return K.BYLINE if "author" in name or "byline" in name else K.CREDIT


def _is_elsewhere(node: ElementNode) -> bool:
    """Does it stand in a picture, or in a list of other articles?"""
    current: ElementNode | None = node
    for _ in range(8):
        if current is None or current.tag in ("article", "main", "body"):
            return False
        if current.tag in ("figure", "figcaption", "nav", "footer", "aside"):
            return True
        name = f"{attribute(current, 'class')} {attribute(current, 'id')}".lower()
        if len(name) > 1 and _ELSEWHERE.search(name):
            return True
        current = current.parent_element
    return False


def _visible(html: str, tree: HTMLTree, main: str, title: str | None) -> Iterator[Attribution]:
    """Lines around the text that have the form of a credit, or stand where credits stand."""
    around = surroundings(html, tree, main)
    found = list(_around(html, around, title))
    yield from found
    if all(claim.kind is not K.COPYRIGHT for claim in found):
        yield from _footer(html, around.begin)


def _footer(html: str, begin: int) -> Iterator[Attribution]:
    """The last copyright line behind ``begin``: whose the page is."""
    at = max(html.rfind("©", begin), html.rfind("&copy;", begin))
    line_begin = html.rfind(">", begin, at) + 1
    if at < 0 or at - line_begin > FOOTER_LEAD or _stands_aside(html, at):
        return
    for line in visible_text(html[at : at + FOOTER_CHARS]).split("\n")[:1]:
        if len(line) <= MAX_CHARS and not _is_image_credit(line):
            yield Attribution(K.COPYRIGHT, line.strip(), source="page")


def _around(html: str, around: Surroundings, title: str | None) -> Iterator[Attribution]:
    count, block = len(around.before), _block(around.before, title)
    at = around.begin
    for i, line in enumerate([*around.before, *around.behind]):
        if len(line) > MAX_CHARS:
            continue
        limit = TAIL_CHARS if i >= count else BLOCK_CHARS if i >= block else 0
        kind = _shape(line)
        if kind is None and i < count + NEAR_LINES:
            kind = _by_place(line, limit)
        if kind is None or _is_image_credit(line):
            continue
        found = html.find(line, at, around.end)  # both in the page's order
        at = max(at, found)
        if found < 0 or not _stands_aside(html, found):
            yield from (Attribution(kind, part, source="page") for part in _PART_ENDS.split(line) if part)


def _labelled(html: str, main: str) -> Iterator[Attribution]:
    """``Source: …`` as a line of its own inside the text, where a page sets it among the paragraphs."""
    for line in main.split("\n"):
        if len(line) <= BLOCK_CHARS and _is_labelled(line) and not _is_image_credit(line):
            at = html.find(line)
            if at < 0 or not _stands_aside(html, at):
                yield Attribution(K.CREDIT, line, source="page")


def _block(before: Sequence[str], title: str | None) -> int:
    """Where the block under the headline begins among the lines before the text."""
    heading = (title or "")[:40].lower()
    titled = [i for i, line in enumerate(before) if heading and line.lower().startswith(heading)]
    return max(titled[-1] + 1, len(before) - BLOCK_LINES) if titled else len(before) - NEAR_LINES


def _shape(line: str) -> AttributionKind | None:
    """What the line claims by its words alone."""
    if found := _TELLING_WORDS.find_matches_as_indexes(line.lower()):
        return _TELLING[min(found)[0]][1]
    return K.CREDIT if _is_labelled(line) else None


def _is_labelled(line: str) -> bool:
    if ":" not in line and "：" not in line:
        return False
    label = _LABEL.match(line)
    return label is not None and label[1].lower() in _LABELS


def _is_image_credit(line: str) -> bool:
    """By its words: ``Photo: …``, or ``A cyclist rides past. © Agency / Some Photographer``."""
    if _IMAGE.search(line.lower()):
        return True
    is_more_than_a_name = len(line) > BLOCK_CHARS or "/" in line or line[0] != "©"
    return "©" in line and is_more_than_a_name and not _YEAR.search(line)


def _stands_aside(html: str, at: int) -> bool:
    """Do the two elements that begin last before ``at`` belong to a picture or to another article?"""
    first, seen = max(0, at - HOLDER_CHARS), 0
    while seen < 2 and (at := html.rfind("<", first, at)) >= 0:
        if opening := _OPENING.match(html, at):
            seen += 1
            tag, names = opening.groups("")
            if tag in ("figure", "figcaption") or (names and _ELSEWHERE.search(names.lower())):
                return True
    return False


def _by_place(line: str, limit: int) -> AttributionKind | None:
    """What a line of at most ``limit`` characters claims that stands where names stand."""
    if len(line) > limit or "RSS" in line or line.endswith("?") or not any(map(str.isalpha, line)):
        return None
    return K.BYLINE if _BYLINE.match(line) else K.CREDIT
