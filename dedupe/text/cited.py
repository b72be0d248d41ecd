"""Organisations a story quotes: ``Reuters reported``, ``told VOA``. Cited, not copied; never removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedupe.model import Attribution, AttributionKind
from dedupe.text.names import Lexicon, Mention

_LEAD = re.compile(
    r"(?:told|according to|reported by|quoted by|interview with|speaking to|cited by|statement to"
    r"|gegenüber|sagte der|laut|selon|a déclaré à|dijo a|según|secondo|disse à|a dit à"
    r"|сообщает|сообщил[аи]?|переда[её]т|повідомляє|заявил[аи]?|повідомив|по данным|بحسب|نقلت|وفق|menurut|kepada)"
    r" (?:the |l['’]|la |der |die |das |agência |agencia |agence |агентство |агентству |агентства |news agency |وكالة )?"
)
_TRAIL = re.compile(
    r"\s?(?:reported|reports?\b|news agency|said in a report|quoted|writes|has learned|meldet|meldete|rapporte|informa\b"
    r"|informó|сообщ|передал|пишет|повідомля|ने बताया|का कहना|کے مطابق)"
)


def cited(text: str, lexicon: Lexicon) -> Iterator[Attribution]:
    """The first citation of each organisation, with its place."""
    if lexicon.words.isdisjoint(text.split()):
        return
    seen: set[str] = set()
    found = sorted([*_led(text, lexicon), *_trailed(text, lexicon)])
    for begin, end, name in found:
        if name not in seen:
            seen.add(name)
            yield Attribution(AttributionKind.CITED, text[begin:end], name, begin, end)


def _led(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """``told VOA``, ``according to the Associated Press``."""
    for match in _LEAD.finditer(text):
        if named := lexicon.name_at(text, match.end()):
            yield Mention(match.start(), named.end, named.name)


def _trailed(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """``Reuters reported``, ``Xinhua news agency``."""
    for named in lexicon.mentions(text):
        if verb := _TRAIL.match(text, named.end):
            yield Mention(named.begin, verb.end(), named.name)
