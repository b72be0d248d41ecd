"""Claims about the author that stand in the text: bylines, credit lines, sign-offs, contributors.

Each looks at one line at the edge of a story (``dedupe.text.story`` decides which lines those are) and
says what it is and how far it reaches. Every pattern is anchored at its start and bounded, so that a
line of any length costs a constant.
"""

from __future__ import annotations

import re

from dedupe.model import Attribution, AttributionKind
from dedupe.text.lines import Line
from dedupe.text.names import Lexicon

K = AttributionKind
_REACH = 700  # code points of a line that patterns may see

_OPEN = " \t\u00a0([{（【*_—–-•|~\"“„«'‘:"
_IMAGE = re.compile(
    r"\b(?:photo(?:s|graph(?:s|er|y)?)?|image|images|picture|pictures|getty|shutterstock|epa-efe|foto|fotos|bild|bilder|imagen"
    r"|фото|scanpix|imago|reuters/|via reuters|via ap|via afp|handout|file pic|video)\b",
    re.I,
)
_SOURCE = re.compile(
    r"[\s(\[（【*_—–•|~\"“-]*(?:sources?|quellen?|fuentes?|fontes?|bron|kilde|källa|zdroj|źródło|kaynak|lähde|forrás|sursa|izvor|šaltinis"
    r"|джерело|источник|крыніца|извор|източник|πηγή|المصدر|مصدر|منبع|ماخذ|sumber|nguồn|स्रोत|সূত্র|出典|来源|來源|출처"
    r"|news courtesy|courtesy|credit|via)\s*[:：/]\s*(?P<who>.{2,90})$",
    re.I,
)
_BYLINE = re.compile(
    r"(?:by|par|por|von|di|door|av|od|автор|текст|written by|reported by|story by|text by)\s*:?\s+"
    r"(?P<who>[^\W\d_a-z].{1,90})$",
    re.I,
)
_OPEN = " \t\u00a0([{（【*_—–-•|~\"“„«'‘:"
_IMAGE = re.compile(
    r"\b(?:photo(?:s|graph(?:s|er|y)?)?|image|images|picture|pictures|getty|shutterstock|epa-efe|foto|fotos|bild|bilder|imagen"
    r"|фото|scanpix|imago|reuters/|via reuters|via ap|via afp|handout|file pic|video)\b",
    re.I,
)
_SOURCE = re.compile(
    r"[\s(\[（【*_—–•|~\"“-]*(?:sources?|quellen?|fuentes?|fontes?|bron|kilde|källa|zdroj|źródło|kaynak|lähde|forrás|sursa|izvor|šaltinis"
    r"|джерело|источник|крыніца|извор|източник|πηγή|المصدر|مصدر|منبع|ماخذ|sumber|nguồn|स्रोत|সূত্র|出典|来源|來源|출처"
    r"|news courtesy|courtesy|credit|via)\s*[:：/]\s*(?P<who>.{2,90})$",
    re.I,
)
_BYLINE = re.compile(
    r"(?:by|par|por|von|di|door|av|od|автор|текст|written by|reported by|story by|text by)\s*:?\s+"
    r"(?P<who>[^\W\d_a-z].{1,90})$",
    re.I,
)
_RIGHTS = re.compile(
    r"copyright|all rights reserved|may not be (?:published|reproduced|republished|distributed)|riservat"
    r"|reservados|vorbehalten|защищены|무단|(?:19|20)\d\d",
    re.I,
)
_ORIGIN_NAME = re.compile(
    r"(?:appeared|published|posted|featured|ran|released|first|originally|courtesy|reprinted|republished|syndicated|permission)"
    r"(?: first| here)?(?: with permission| with the permission)?"
    r" (?:on|in|by|at|from|of) (?:the website of )?(?P<who>(?:the )?[A-ZÀ-ÞА-Я][\w’'&.-]*(?: (?:of|the|and|for|&|[A-ZÀ-ÞА-Я\d][\w’'&.-]*)){0,6})"
)
# Patterns of a notice's beginning, in lower case (a pattern that ignores case is five times as slow).
# The first that matches gives the kind.
_DISCLAIMER = (
    r"(?:disclaimer\s*:?\s*)?(?:(?:except for|barring|only|apart from) the headline"
    r"|(?:this|the) (?:story|article|report|news|copy|post|content)[^.]{0,60}?"
    r"(?:(?:not|n['’]t) (?:been )?(?:edited|created|modified|verified)|auto-?generated|unedited|unmodified"
    r"|published (?:unedited|(?:directly )?from an? (?:[\w-]+ )?(?:feed|wire|agency))|(?:syndicated|agency|wire) feed)"
    r"|(?:diese[rs]?|die) (?:meldung|artikel|text|beitrag|nachricht) (?:ist|wurde|stammt)"
    r" [^.]{0,60}?(?:automatisch|nachrichtenagentur|news-?kanal))"
)
_REPUBLISHED = (
    r"(?:(?:editor['’]s )?note\s*:\s*)?(?:"
    r"(?:this|the) (?:article|story|piece|post|report|essay|column|op-ed|commentary|interview|blog(?: post)?|content)"
    r"(?:,? [^.,]{2,60},)? (?:was |is |has been |had been )?(?:also |an? )?"
    r"(?:(?:first|originally|previously) (?:appeared|published|posted|featured|ran|released|written|produced|reported)"
    r"|(?:was )?(?:published|appeared|posted|ran) (?:first|originally|previously)"
    r"|(?:re-?published|reprinted|reproduced|syndicated|distributed|adapted|excerpted)"
    r"|(?:comes|is courtesy|appears courtesy)|(?:produced|published|provided) (?:in partnership|by|in collaboration))"
    r"|(?:re-?published|reprinted|reproduced|syndicated) (?:here )?(?:with|by|from|courtesy|under)"
    r"|(?:originally|first) (?:published|appeared|posted|released) (?:on|in|by|at|as)"
    r"|the post .{3,200}? (?:first appeared|appeared first) on"
    r"|read (?:the )?(?:original|full) (?:article|story|post)|see the original"
    r"|(?:dieser|der) (?:artikel|text|beitrag) (?:ist |wurde |erschien )?(?:zuerst|zuvor|im original|ursprünglich)"
    r"|(?:cet |l['’] ?)article (?:a été |est )?(?:initialement |d['’]abord |publié|republié|paru)"
    r"|est[ea] (?:artículo|nota|texto|artigo|matéria|reportagem) (?:fue |foi )?(?:publicad[oa] (?:original|primero|em parceria)|original)"
    r"|(?:questo |l['’] ?)articolo (?:è )?(?:stato )?(?:pubblicato (?:originariamente|per la prima volta)|originale)"
    r"|оригинал (?:статьи|материала|публикации)|оригінал (?:статті|матеріалу)|впервые опубликовано"
    r"|artículo original|artigo original|article original|originalartikel|轉自|转自|本文转载|原文)"
)
_CONTRIBUTOR = (
    r"(?:with|additional|some|including|contains?|includes?) (?:\w+ ){0,3}?"
    r"(?:files?|inputs?|reporting|reports?|information|material|details|contributions?|content|text|wires?)(?: in this (?:report|story))?"
    r" (?:(?:for|in) this (?:report|story|article) )?(?:came |comes |provided )?(?:from|by|provided)\b"
    r"|with (?:\w+ ){1,3}(?:inputs|reports)\b|inputs? from\b|with agencies\b|agencies$"
    r"|(?:information|material|reporting|details|content) (?:for|in|from) this (?:report|story|article) (?:came|comes|was|is)"
    r"|mit (?:material|informationen|agentur)|unter verwendung von|con (?:información|informaciones|datos) (?:de|del|y)\b"
    r"|com (?:informações|agência)|con informazioni|avec (?:l['’])?(?:afp|agences?|reuters|ap)\b|met (?:medewerking|materiaal)"
    r"|по материалам|с использованием материалов|за матеріалами|подготовлено по|z materiał|podle (?:agentur|čtk)"
    r"|dengan bahan|med material"
    r"|.{2,200}? contribut(?:ed (?:to (?:this|the)|reporting|from|in|additional)|ing to this)\b"
)
_SIGN_OFF = (
    r"(?:additional |further |extra )?(?:(?:reporting|reported|writing|written|compiled|editing|edited|rewriting) "
    r"(?:and \w+ )?by\b|our standards\s*:|(?:reportage|rédaction|reportería|reporte|texte|édité|édition) (?:de|par|por)\b"
    r"|(?:información|edición|redacción|traducción|traducido|editado|escrito) (?:de|por)\b"
    r"|(?:bericht|geschrieben|redigiert) von\b|(?:reportagem|edição|texto) (?:de|por)\b)"
)
_COPYRIGHT = (
    r"(?:©|\(?c\)|ⓒ|copyright\b|all rights reserved|(?:alle|todos|tutti|tous) (?:rechte|los derechos|os direitos"
    r"|i diritti|droits)|riproduzione riservata|все права защищены|усі права захищено|저작권|版权|版權|無断転載)"
)
_NOTICE = re.compile(
    "|".join(
        f"(?P<{kind.value}>{pattern})"
        for kind, pattern in (
            (K.DISCLAIMER, _DISCLAIMER),
            (K.REPUBLISHED, _REPUBLISHED),
            (K.CONTRIBUTOR, _CONTRIBUTOR),
            (K.SIGN_OFF, _SIGN_OFF),
            (K.COPYRIGHT, _COPYRIGHT),
        )
    )
)
_WITH = re.compile(r"\b(?:with|avec|mit|con|com|met|med|и|с|із|dhe)\b", re.I)
_PARTS = re.compile(r"\s*[/,;|+&•·]\s*|\s[-–—]\s|\s(?:and|et|und|y|e|og|och|en|и|та|і|avec|mit|con|com|with|via|for)\s")


def read_tail_segment(text: str, begin: int, lexicon: Lexicon) -> Attribution | None:
    """What the sentence or line ``text``, which begins at ``begin`` of the document, claims, or None."""
    seen = text[:_REACH].lstrip(_OPEN)
    kind = _kind_of(seen)
    name = lexicon.signed_by(seen)
    if name and kind not in {K.COPYRIGHT, K.CONTRIBUTOR, K.REPUBLISHED}:
        kind = K.SIGN_OFF
    if kind is None:
        return None
    return Attribution(kind, text, name or _name_in(seen, kind, lexicon), begin, begin + len(text))


def _kind_of(text: str) -> AttributionKind | None:
    match = _NOTICE.match(text.lower())
    kind = K(match.lastgroup) if match and match.lastgroup else None
    if kind is K.COPYRIGHT and len(text) >= 80 and not _RIGHTS.search(text):
        return None
    return kind


def _name_in(text: str, kind: AttributionKind, lexicon: Lexicon) -> str | None:
    mentions = lexicon.mentions(text)
    if mentions:
        return mentions[0].name
    named = _ORIGIN_NAME.search(text) if kind is K.REPUBLISHED else None
    return named.group("who").rstrip(".,") if named else None


def read_short_line(line: Line, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """The credits of a line that is nothing but a credit: ``AFP``, ``Source: VOA``, ``By Ada Obi, AP``."""
    text = line.text
    if len(text) > 100:
        return ()
    found = _short_line(line, text, lexicon)
    return () if found and _IMAGE.search(text) else found


def _short_line(line: Line, text: str, lexicon: Lexicon) -> tuple[Attribution, ...]:
    if source := _SOURCE.match(text):
        return _credits(line, source.group("who"), K.CREDIT, lexicon) or (_claim(line, K.CREDIT, None),)
    if byline := _BYLINE.match(text):
        return _credits(line, byline.group("who"), K.BYLINE, lexicon) or _person(line, byline.group("who"))
    if len(text) > 70 or text.endswith(("?", "!", ":")):
        return ()
    return _credits(line, text, K.CREDIT, lexicon)


def _credits(line: Line, who: str, kind: AttributionKind, lexicon: Lexicon) -> tuple[Attribution, ...]:
    """A claim for each agency among the parts of ``who``; other parts must be few words, names or desks."""
    whole = lexicon.resolve(who)
    if whole:
        return (_claim(line, kind, whole),)
    parts = [part for part in _PARTS.split(who) if part]
    names = list(dict.fromkeys(name for part in parts if (name := lexicon.resolve(part))))
    if not names or len(parts) > 6 or any(len(part.split()) > 4 for part in parts):
        return ()
    if any(part[0].islower() and len(part) > 3 for part in parts if part and kind is K.CREDIT):
        return ()
    mixed = kind is K.CREDIT and _WITH.search(who) is not None
    return tuple(_claim(line, K.CONTRIBUTOR if mixed else kind, name) for name in names)


def _person(line: Line, who: str) -> tuple[Attribution, ...]:
    words = who.split()
    capitalised = [w for w in words if w[0].isupper() or w.casefold() in {"and", "de", "van", "von", "al", "bin", "&"}]
    if len(words) > 8 or len(capitalised) < len(words) or who.endswith((".", "!", "?", ":")):
        return ()
    return (_claim(line, K.BYLINE, None),)


def _claim(line: Line, kind: AttributionKind, name: str | None) -> Attribution:
    return Attribution(kind, line.text, name, line.begin, line.end)
