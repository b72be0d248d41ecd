"""Lines that are nothing but a credit: ``AFP``, ``Source: VOA``, ``By Ada Obi, AP``, ``… said. — AFP``."""

from __future__ import annotations

import re

from dedupe.model import Attribution, AttributionKind
from dedupe.text.lines import Line
from dedupe.text.names import Lexicon

K = AttributionKind
_MAX_LINE = 100  # code points; a credit line is shorter
_MAX_TAGS = 24  # of a line that names agencies by tags of two letters alone: "kz/PA", "(CP)"
_MAX_SIGNATURE = 45  # code points of a person's name
_MAX_BARE = 70  # without a word that says it is a credit
_SENTENCE_ENDS = (".", "!", "?", "”", "“", '"', "»", "。", "…", ")")
_TRAILING = 60  # code points at the end of a paragraph in which a credit may stand

_UNNAMED = (
    r"(?:(?:news |wire |press )?agenc(?:y|ies)(?: reports?)?|wire (?:reports|services)|agencias?|agences?"
    r"|agenzie|agenturen|agências?|агентства|агенції|информагентства|(?:ال)?وكالات|خبرگزاری\u200c?ها"
    r"|एजेंसी|एजेंसियां|एजेन्सी|ایجنسیاں|ajanslar)"
)
_UNNAMED_WORDS = ("agen", "агент", "агенц", "وكالات", "خبرگزاری", "एजे", "ایجنسی", "wire", "ajans")
UNNAMED = re.compile(rf"(?:informaci[óo]n(?:es)? de |informações de )?{_UNNAMED}", re.I)
_UNNAMED_LINE = re.compile(
    rf"\W*(?:[^\W\d_][^\d(),:/|]{{0,28}}?(?:\s*[:،,/(|‐-―-]\s*|\s(?:and|y|con|with)\s)){{0,2}}{_UNNAMED}\W*$",
    re.I,
)

IMAGE = re.compile(
    r"\b(?:photo(?:s|graph(?:s|er|y)?)?|images?|pictures?|getty|shutterstock|epa-efe|fotos?|bild(?:er)?|imagen"
    r"|фото|φωτο\w*|scanpix|imago|archives?|handout|file pic|videos?)\b|写真|사진|صورة|فوٹو|^\W*©[^/]*/",
    re.I,
)
_SOURCE = re.compile(
    r"[\s(\[（【*_‐-―−•|~\"“-]*(?:sources?|quellen?|fuentes?|fontes?|bron|kilde|källa|zdroj|źródło|kaynak|lähde|forrás"
    r"|sursa|izvor|šaltinis|ek kaynaklar"
    r"|джерело|источник|крыніца|извор|източник|πηγ(?:ή|ές)(?: πληροφοριών)?|المصدر|مصدر|منبع|ماخذ|sumber"
    r"|nguồn|स्रोत|সূত্র|出典|来源|來源|출처|news courtesy|via)\s*[:：/•‐-―−-]\s*(?P<who>.{2,90})$",
    re.I,
)
_BYLINE = re.compile(
    r"(?:by|par|por|von|di|door|av|od|автор|текст|written by|reported by|story by|text by)\s*:?\s+"
    r"(?P<who>(?-i:[^\W\d_a-z]).{1,90})$",
    re.I,
)
_TRAILING_CREDIT = re.compile(
    r"(?:[.!?”“\"»。…)\]]\s*|\s(?=[‐-―−(/-]))(?P<credit>[‐-―−\-(/（\s]*[^.!?”\"»。…()\[\]]{2,42}[)）/]?)\.?$"
)
_BRACKET_BEFORE = re.compile(r"[(（](?P<who>[^()（）]{2,42})[)）]\s*$")
_INITIALS = re.compile(r"\(?[a-zäöü]{2,4}(?:/[A-Za-zäöü]{2,4})*/[A-Za-z-]{2,10}\)?$")
_WITH = re.compile(r"(?:^|[\s(])(?:with|avec|mit|con|com|met|med|и|с|із)\s", re.I)
_PARTS = re.compile(
    r"\s*[/,،;|+&•·\\]\s*|\s?[-‐-―−]\s"
    r"|\s(?:and|et|und|y|e|og|och|en|и|та|і|و|avec|mit|con|com|with|via|for|via)\s"
)
_BY = re.compile(r"(?:by|par|por|von|di|door|av|автор)\s*:?\s+", re.I)
DESK = re.compile(
    r"(?:the |special to (?:the )?)?"
    r"(?:web |news |digital |online |city |sports? |business |science |health |political |technology )*"
    r"(?:admin\w*|staff(?: writer)?s?|writers?|editors?|desk|newsroom|team|reporters?|correspondents?|bureau"
    r"|agency|redacci[óo]n|redação|redaktion|redazione|rédaction|redactie|redakcja|редакция|редакція|unknown|guest|user"
    r"|author|root|webmaster|super user|none|null|n/?a)\s*\d*",
    re.I,
)  # an author field that names no person
_WHERE_OR_WHEN = re.compile(
    r"(?:in|at|from) \w|(?:published|updated|posted|last|on)?[\s,:|•·]*"
    r"(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d)",
    re.I,
)  # what may follow an author: "in Valencia", "Published 11:34 PM", "November 19, 2019"
_SIGNATURE = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*(?: [^\W\d_]+(?:[-’'][^\W\d_]+)*\.?){1,2}")
_MAX_AUTHOR = 80
_HYPHENS = ("-", "‐", "‑", "–", "/")
_PARTICLES = frozenset({"and", "de", "van", "von", "der", "al", "bin", "ibn", "da", "dos", "&"})


def read_credit_line(line: Line, named: bool, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """The credits of a line that is nothing else; image credits and captions give none.

    ``named`` tells whether a name of an agency is known to stand in the line.
    """
    if len(line.text) > _MAX_LINE:
        return ()
    found = _credit_line(line, named, lexicon)
    return () if found and IMAGE.search(line.text) else found


def _credit_line(line: Line, named: bool, lexicon: Lexicon) -> tuple[Attribution, ...]:
    text = line.text
    if not named and len(text) > _MAX_TAGS and ":" not in text and "：" not in text and not text[0].isupper():
        return ()
    if source := _SOURCE.match(text):
        return _claims(line, source.group("who"), K.CREDIT, lexicon) or (_unclear(line, K.CREDIT),)
    if byline := _BYLINE.match(text):
        who = byline.group("who")
        return _claims(line, who, K.BYLINE, lexicon) or _unnamed(line) or _person(line, who)
    if len(text) > _MAX_BARE or text.endswith(("?", "!", ":")):
        return ()
    claims = _claims(line, text, K.CREDIT, lexicon) if named or len(text) <= _MAX_TAGS else ()
    return claims or _unnamed(line)


def read_initials(line: Line, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """``sak/Reuters``, ``cht/dpa/AFP``: a desk's initials with agencies, a credit wherever it stands."""
    return _claims(line, line.text, K.CREDIT, lexicon) if _INITIALS.match(line.text) else ()


def read_trailing_credit(line: Line, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """The credit behind a paragraph's last sentence: ``… he said. — AFP``, ``… said. (Reuters)``."""
    end = _TRAILING_CREDIT.search(line.text, max(0, len(line.text) - _TRAILING))
    if end is None or IMAGE.search(end.group("credit")):
        return ()
    before = line.text[: end.start("credit")].rstrip()
    if before.endswith("وكالة") or (len(line.text) < _MAX_LINE and not before.endswith(_SENTENCE_ENDS)):
        return ()  # "according to the agency (WAFA)", "21:00 | Konas Quay - TNS"
    begin = line.begin + end.start("credit") + len(end.group("credit")) - len(end.group("credit").lstrip())
    last = Line(begin, line.end, line.text[begin - line.begin :])
    claims = _claims(last, end.group("credit"), K.CREDIT, lexicon)
    return _with_those_before(claims, line, lexicon) if claims and before.endswith((")", "）")) else claims


def _with_those_before(
    claims: tuple[Attribution, ...], line: Line, lexicon: Lexicon
) -> tuple[Attribution, ...]:
    """``(AP) (Reuters) (AFP)``: who names them all has not said that the last of them wrote it."""
    begin = (claims[0].begin or 0) - line.begin
    names = [claim.name for claim in claims]
    while (bracket := _BRACKET_BEFORE.search(line.text, max(0, begin - _TRAILING), begin)) and (
        name := lexicon.resolve(bracket.group("who"))
    ):
        names.append(name)
        begin = bracket.start()
    chain = Line(line.begin + begin, line.end, line.text[begin:])
    return tuple(_claim(chain, K.CREDIT, name) for name in dict.fromkeys(names))


def _claims(line: Line, who: str, kind: AttributionKind, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """A claim for each agency among the parts of ``who``; the other parts must be names or desks."""
    mixed = kind is K.CREDIT and _WITH.search(who) is not None
    if whole := lexicon.resolve(who) or (resolve_author(who, lexicon) if kind is K.BYLINE else None):
        return (_claim(line, K.CONTRIBUTOR if mixed else kind, whole),)
    parts = [part for part in _PARTS.split(who) if part]
    names = list(dict.fromkeys(name for part in parts if (name := lexicon.resolve(part))))
    if not names or not _could_be_names([part for part in parts if lexicon.resolve(part) is None], who):
        return ()
    return tuple(_claim(line, K.CONTRIBUTOR if mixed else kind, name) for name in names)


def read_signature(line: Line) -> Attribution | None:
    """The person of a line of two or three capitalised words, if it can be one: ``Ada Obi``."""
    words = line.text.split()
    person = (
        len(line.text) <= _MAX_SIGNATURE and _SIGNATURE.fullmatch(line.text) and not DESK.fullmatch(line.text)
    )
    capitalised = all(word[0].isupper() and not word.isupper() for word in words)
    return _claim(line, K.BYLINE, None) if person and capitalised else None


def resolve_author(text: str, lexicon: Lexicon) -> str | None:
    """The organisation of one author: ``By The Associated Press``, ``Reuters Staff``, ``ADA OBI AP News``,
    ``NTB-Ada Obi``.

    Not of ``Michael Bloomberg``: without a comma a name of one word needs two words before it.
    """
    by = _BY.match(text)
    bare = text[by.end() :] if by else text
    if name := lexicon.resolve(bare) or lexicon.domains.get(bare.casefold().removeprefix("www.")):
        return name
    mentions = lexicon.mentions(bare).found if len(bare) < _MAX_AUTHOR else []
    if len(mentions) != 1:
        return None
    begin, end, name = mentions[0]
    before, after = bare[:begin].strip(" -,()"), bare[end:].strip(" -,()")
    if begin == 0 and bare[end : end + 1] in _HYPHENS and len(after.split()) > 1 and _is_person(after):
        return name
    if before and len(before.split()) + len(bare[begin:end].split()) < 3:
        return None
    told = _is_person(before) and (not after or DESK.fullmatch(after) or _WHERE_OR_WHEN.match(after))
    return name if told else None


def _is_person(text: str) -> bool:
    words = text.split()
    return len(words) <= 6 and all(not word[0].islower() or word.casefold() in _PARTICLES for word in words)


def _could_be_names(parts: list[str], who: str) -> bool:
    """Of the parts that are no agencies: few, short, without figures; initials (``cht/dpa``) or capitalised.

    A time table is none, nor is a sentence.
    """
    if len(parts) > 6 or any(map(str.isdigit, who)) or ":" in who:
        return False
    return all(
        len(part.split()) <= 4 and (len(part) <= 4 or not part[0].islower() or "." in part) for part in parts
    )


def _person(line: Line, who: str) -> tuple[Attribution, ...]:
    words = who.split()
    named = all(word[0].isupper() or word.casefold() in _PARTICLES for word in words)
    if len(words) > 8 or not named or who.endswith((".", "!", "?", ":")):
        return ()
    return (_claim(line, K.BYLINE, None),)


def _unnamed(line: Line) -> tuple[Attribution, ...]:
    """``Dunmarrow – Agencies``: syndicated, not from whom."""
    return (_claim(line, K.DISCLAIMER, None),) if _is_unnamed(line.text) else ()


def _is_unnamed(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _UNNAMED_WORDS) and _UNNAMED_LINE.match(text) is not None


def _unclear(line: Line, kind: AttributionKind) -> Attribution:
    return _claim(line, K.DISCLAIMER if _is_unnamed(line.text) else kind, None)


def _claim(line: Line, kind: AttributionKind, name: str | None) -> Attribution:
    return Attribution(kind, line.text, name, line.begin, line.end)
