"""Notices about authorship at a story's end: sign-offs, contributors, copyright, republication, disclaimers.

Every pattern is matched at the start of a line or sentence and is bounded, so that a line of any length
costs a constant. They are in lower case, for text in lower case: a pattern that ignores case is five
times as slow.
"""

from __future__ import annotations

import re

from dedupe.model import Attribution, AttributionKind
from dedupe.text.names import Lexicon

K = AttributionKind
SENTENCE_END = r"[.!?”“\"»。)\]]\s+"
_REACH = 700  # code points of a notice that patterns may see
_OPEN = " \t\u00a0([{（【*_‐‑‒–—―−-•|~\"“„«'‘:"
_FIRST = 24  # code points in which a notice's first word stands
_FIRST_WORDS = re.compile(rf"{SENTENCE_END}(?=[{re.escape(_OPEN)}]*(\S{{0,{_FIRST}}}))")
_LOOSE = 200  # a notice longer than this that names no agency is more likely prose

_DISCLAIMER = (
    r"(?:disclaimer\s*:?\s*)?(?:(?:except for|barring|only|apart from) the headline"
    r"|(?:this|the) (?:story|article|report|news|copy|post|content)[^.]{0,60}?"
    r"(?:(?:not|n['’]t) (?:been )?(?:edited|created|modified|verified)|auto-?generated|unedited|unmodified"
    r"|published (?:unedited|(?:directly )?from an? (?:[\w-]+ )?(?:feed|wire|agency))"
    r"|(?:syndicated|agency|wire) feed)"
    r"|(?:diese[rs]?|die) (?:meldung|artikel|text|beitrag|nachricht) (?:ist|wurde|stammt)"
    r" [^.]{0,60}?(?:automatisch|nachrichtenagentur|news-?kanal))"
)
_WORK = r"(?:article|story|piece|post|report|essay|column|op-ed|commentary|interview|blog(?: post)?|content)"
_REPUBLISHED = (
    r"(?:(?:editor['’]s )?note\s*:\s*)?(?:"
    rf"(?:this|the) {_WORK}(?:,? [^.,]{{2,60}},)? (?:was |is |has been |had been )?(?:also |an? )?"
    r"(?:(?:first|originally|previously) (?:appeared|published|posted|featured|ran|released|written|produced)"
    r"|(?:was )?(?:published|appeared|posted|ran) (?:first|originally|previously)"
    r"|(?:re-?published|reprinted|reproduced|syndicated|distributed|adapted|excerpted)"
    r"|(?:comes|is courtesy|appears courtesy)"
    r"|(?:produced|published|provided) (?:in partnership|by|in collaboration))"
    r"|(?:re-?published|reprinted|reproduced|syndicated) (?:here )?(?:with|by|from|courtesy|under)"
    r"|(?:originally|first) (?:published|appeared|posted|released) (?:on|in|by|at|as)"
    r"|the post .{3,200}? (?:first appeared|appeared first) on"
    r"|read (?:the )?(?:original|full) (?:article|story|post)|see the original"
    r"|(?:dieser|der) (?:artikel|text|beitrag) (?:ist |wurde |erschien )?"
    r"(?:zuerst|zuvor|im original|ursprünglich)"
    r"|(?:cet |l['’] ?)article (?:a été |est )?(?:initialement |d['’]abord |publié|republié|paru)"
    r"|est[ea] (?:artículo|nota|texto|artigo|matéria|reportagem) (?:fue |foi )?"
    r"(?:publicad[oa] (?:original|primero|em parceria)|original)"
    r"|(?:questo |l['’] ?)articolo (?:è )?(?:stato )?"
    r"(?:pubblicato (?:originariamente|per la prima volta)|originale)"
    r"|оригинал (?:статьи|материала|публикации)|оригінал (?:статті|матеріалу)|впервые опубликовано"
    r"|artículo original|artigo original|article original|originalartikel|轉自|转自|本文转载|原文)"
)
_CONTRIBUTOR = (
    r"(?:with|additional|some|including|contains?|includes?) (?:\w+ ){0,3}?"
    r"(?:files?|inputs?|reporting|reports?|information|material|details|contributions?|content|text|wires?)"
    r"(?: (?:for|in) this (?:report|story|article))? (?:came |comes |provided |was |is )?"
    r"(?:from|by|provided)\b"
    r"|with (?:\w+ ){1,3}(?:inputs|reports)\b|inputs? from\b|with agencies\b|agencies$"
    r"|(?:information|material|reporting|details|content) (?:for|in|from) this (?:report|story|article)"
    r" (?:came|comes|was|is)\b"
    r"|mit (?:material|informationen|agentur)|unter verwendung von"
    r"|con (?:información|informaciones|datos) (?:de|del|y)\b"
    r"|com (?:informações|agência)|con informazioni|avec (?:l['’])?(?:afp|agences?|reuters|ap)\b"
    r"|(?:με )?πληροφορίες (?:από|του)\b"
    r"|met (?:medewerking|materiaal)|z materiał|podle (?:agentur|čtk)|dengan bahan|med material"
    r"|по материалам|с использованием материалов|за матеріалами|подготовлено по"
)
_CONTRIBUTED = (
    r"(?:[^.!?]|(?<=\b\w)\.){2,200}? contribut"
    r"(?:ed (?:to (?:this|the) (?:report|story|article)|reporting|from)|ing to this)\b"
)
_SIGN_OFF = (
    r"(?:additional |further |extra )?"
    r"(?:(?:reporting|reported|writing|written|compiled|editing|edited|rewriting)"
    r" (?:and \w+ )?by\b|our standards\s*:"
    r"|(?:reportage|rédaction|reportería|reporte|texte|édité|édition) (?:de|par|por)\b"
    r"|(?:información|edición|redacción|traducción|traducido|editado|escrito) (?:de|por)\b"
    r"|(?:bericht|geschrieben|redigiert) von\b|(?:reportagem|edição|texto) (?:de|por)\b)"
)
_COPYRIGHT = (
    r"(?:©|\(?c\) ?(?=\W|19|20|[\w ]{0,30}(?:19|20)\d\d)|ⓒ|copyright\b|all rights reserved"
    r"|(?:alle|todos|tutti|tous) (?:rechte|los derechos|os direitos|i diritti|droits)|riproduzione riservata"
    r"|все права защищены|усі права захищено|저작권|版权|版權|無断転載)"
)
_PATTERNS = {
    K.DISCLAIMER: _DISCLAIMER,
    K.REPUBLISHED: _REPUBLISHED,
    K.CONTRIBUTOR: _CONTRIBUTOR + "|" + _CONTRIBUTED,
    K.SIGN_OFF: _SIGN_OFF,
    K.COPYRIGHT: _COPYRIGHT,
}
_NOTICE = re.compile("|".join(f"(?P<{kind.value}>{pattern})" for kind, pattern in _PATTERNS.items()))
# What decides for most lines: without groups, and without the only pattern that looks beyond the first words.
_BEGINS_NOTICE = re.compile("|".join([_DISCLAIMER, _REPUBLISHED, _CONTRIBUTOR, _SIGN_OFF, _COPYRIGHT]))
# The first words of all these patterns: most sentences begin otherwise and need no pattern.
_OPENING_WORDS = (
    "by disclaimer disclaimer: except barring only apart this the diese dieser dieses die note note: "
    "editor's editor’s republished re-published reprinted reproduced syndicated originally first "
    "read see der cet article este esta questo оригинал оригінал впервые artículo artigo "
    "originalartikel with additional some including contains contain includes include input "
    "inputs agencies information material reporting details content mit unter con com avec met z "
    "podle dengan med по с за подготовлено further extra reported writing written compiled "
    "editing edited rewriting our reportage rédaction reportería reporte texte édité édition "
    "información edición redacción traducción traducido editado escrito bericht geschrieben "
    "redigiert reportagem edição texto copyright copyright© all alle todos tutti tous "
    "riproduzione все усі πληροφορίες με"
)
_OPENERS = frozenset(_OPENING_WORDS.split())
_RIGHTS = re.compile(
    r"all rights reserved|may not be (?:published|reproduced|republished|distributed)|riservat"
    r"|reservados|vorbehalten|защищены|무단|(?:19|20)\d\d",
    re.I,
)
_PHOTO = re.compile(r"photo|image|getty|foto|фото|/", re.I)
_DATE = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d|\d{1,2}[./ ]|20\d\d)",
    re.I,
)
_NAMED = (
    r"(?P<who>(?:the )?[A-ZÀ-ÞА-Я][\w’'&-]*(?:\.[\w-]+)*"
    r"(?: (?:of|the|and|for|&|[A-ZÀ-ÞА-Я\d][\w’'&-]*)){0,6})"
)
_FIRST_IN = re.compile(
    r"(?:appeared|published|posted|featured|ran|released|first|originally|courtesy|reprinted|republished"
    r"|syndicated|permission|by (?:[A-Z][\w’'-]+ ){2,3})(?: first| here)?(?: with (?:the )?permission)?"
    r" ?\b(?:on|in|at|from|of) (?:the website of )?" + _NAMED
)
_FROM = re.compile(r"\b(?:from|del?|by)\s+(?P<who>[^.()]{2,40})")
_FIRST_BY = re.compile(r"(?:published|posted|released|produced|reported) (?:here )?by " + _NAMED)
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|febr)uary|march|april|may|june|july|august"
    r"|(?:septem|octo|novem|decem)ber|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b",
    re.I,
)


def read_notice(text: str, begin: int, lexicon: Lexicon, *, sentence: bool = False) -> Attribution | None:
    """What the line or ``sentence`` ``text``, which begins at ``begin`` of the document, claims, or None.

    Most sentences are prose: they are looked at only if they begin like a notice.
    """
    seen = text[:_REACH].lstrip(_OPEN)
    opens = _may_be_notice(seen)
    if sentence and not opens:
        return None
    kind = _kind_of(seen) if opens else None
    signer = lexicon.signed_by(seen)
    if signer and kind not in {K.COPYRIGHT, K.REPUBLISHED}:
        kind = K.SIGN_OFF
    if kind is None:
        return None
    name = _name_in(seen, kind, lexicon) or signer
    if name is None and _is_no_claim(seen, kind):
        return None
    return Attribution(kind, text, name, begin, begin + len(text))


def _kind_of(text: str) -> AttributionKind | None:
    lower = text.lower()
    if " contribut" not in lower and not _BEGINS_NOTICE.match(lower):
        return None
    match = _NOTICE.match(lower)
    return K(match.lastgroup) if match and match.lastgroup else None


def _may_be_notice(text: str) -> bool:
    first = text[:_FIRST].split(None, 1)
    return bool(first) and (_opens(first[0]) or "ontribut" in text)


def _opens(word: str) -> bool:
    """May a notice begin with this word?"""
    word = word.lower()
    return word in _OPENERS or word[0] in "©ⓒc" or word[0] > "\u2e80" or word[1:2] in ("'", "’")


def may_hold_notice(text: str, begin: int) -> bool:
    """False only where no sentence that begins behind ``begin`` can be a notice.

    One pass over the text instead of :func:`read_notice` for each sentence.
    """
    if text.find("ontribut", begin) >= 0:
        return True
    return any(not word or _opens(word) for word in _FIRST_WORDS.findall(text, begin))


def _is_no_claim(text: str, kind: AttributionKind) -> bool:
    """Prose that begins like a notice, and a page's own "first published on" its own date."""
    if kind is K.COPYRIGHT:
        return len(text) >= 80 and not _RIGHTS.search(text)
    if kind is K.REPUBLISHED:
        return _DATE.search(text) is not None
    return kind is K.CONTRIBUTOR and len(text) > _LOOSE


def _name_in(text: str, kind: AttributionKind, lexicon: Lexicon) -> str | None:
    if kind is K.COPYRIGHT and len(text) < 80 and _PHOTO.search(text):
        return None
    if mentions := lexicon.mentions(text).found:
        return mentions[0].name
    if kind is K.CONTRIBUTOR and (source := _FROM.search(text)):  # "(Con información de PL)": a tag
        return lexicon.resolve(source.group("who"))
    named = (_FIRST_IN.search(text) or _FIRST_BY.search(text)) if kind is K.REPUBLISHED else None
    if named is None or _CALENDAR.match(named.group("who")):
        return None
    return named.group("who")
