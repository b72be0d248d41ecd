"""Lines that are the site's and not the story's, told by their words alone.

The text stage removes what a crawl shows to be furniture; this is for what it cannot know yet: a site of
which few pages were seen.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation

from dedupe.match.quotations import line_at, utf8
from dedupe.model import Span

LONGEST = 600  # code points; a longer line that holds such words is prose

# phrases, not words: there are stories about cookies, subscribers and WhatsApp
_SITE_WORDS = (
    "newsletter",
    "sign up for",
    "sign up to",
    "subscribe to",
    "subscribe now",
    "subscribe for",
    "your subscription",
    "follow us",
    "like us on",
    "our facebook",
    "our twitter",
    "click here",
    "read more:",
    "comment policy",
    "all rights reserved",
    "up-to-date with all",
    "up to date with all",
    "your inbox",
    "your browser",
    "coupon code",
    "use cookies",
    "uses cookies",
    "©",
    "copyright (c)",
    "terms of use",
    "terms of service",
    "privacy policy",
    "download the app",
    "download our",
    "free trial",
    "free report",
    "get started today",
    "telegram-канал",
    "подписывайтесь",
    "подписаться",
    "оставьте комментарий",
    "правилами комментирования",
    "использование материалов",
    "jetzt abonnieren",
    "newsletter abonnieren",
    "abonnez-vous",
    "inscrivez-vous",
    "tous droits",
    "droit d'auteur",
    "alle rechte",
    "suscríbete",
    "suscríbase",
    "derechos reservados",
    "derechos de autor",
    "prohibida la reproducción",
    "carpeta de spam",
    "assine já",
    "inscreva-se",
    "todos os direitos",
    "iscriviti",
    "riproduzione riservata",
)
_ADDRESS = re.compile(
    r"\b(?=[yvsidtucjв])"  # the first letters of them all: most words are passed over at once
    r"(?:you|your|you[’']\w+|vous|votre|vos|sie|ihre?|ihnen|du|dein|dich|tus?|usted(?:es)?|contigo|"
    r"você|vocês|voi|vostr[aeio]|вы|вам|вас|ваш\w*|ви|вами|je|jouw)\b",
    re.IGNORECASE,
)
_ASCII = re.compile(r"[\x00-\x7f]+")
_ENDED = tuple(".!?…\"'”’»)]。！？۔।")
_HEADING = 120  # code points; a shorter line without a full stop is a heading or a link


def site_lines(text: str) -> list[Span]:
    """The lines with words of a site about itself: newsletters, rights, comments, in ten languages."""
    if not _site_fragments().find_matches_as_indexes(utf8(text).lower()):
        return []
    lowered = text.lower()
    if len(lowered) != len(text):  # İ and a few others grow; then only what is in lower case is found
        lowered = text
    lowered = lowered.encode("utf-8", "replace").decode()  # a lone surrogate becomes one "?"
    found = {line_at(text, begin) for _, begin, _ in _site_words().find_matches_as_indexes(lowered)}
    return [(begin, end) for begin, end in found if end - begin <= LONGEST]


@cache
def _site_words() -> AhoCorasick:
    return AhoCorasick(_SITE_WORDS)


@cache
def _site_fragments() -> BytesAhoCorasick:
    """What stands in any text with site words, its ASCII in small letters: for most texts one quick search
    says that there are none. The Kelvin sign is the one other letter whose small form is ASCII."""
    fragments = {"\u212a"}
    for words in _SITE_WORDS:
        longest = max(_ASCII.findall(words), key=len, default="")
        letters = [{letter, letter.upper()} for letter in words[:3]]
        fragments |= {longest} if len(longest) >= 5 else {"".join(each) for each in product(*letters)}
    return BytesAhoCorasick([each.encode() for each in fragments], implementation=Implementation.DFA)


def address_lines(text: str) -> list[Span]:
    """The lines that speak to the reader, and those that are headings or links."""
    found = []
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        words = line.rstrip()
        if words and len(line) <= LONGEST:
            heading = len(words) <= _HEADING and not words.endswith(_ENDED)
            if heading or _ADDRESS.search(words):
                found.append((begin, end))
        begin = end + 1
    return found
