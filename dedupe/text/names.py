"""Which organisation a piece of text names: the agencies as look-up tables and one automaton.

Names are matched in the spellings a page uses (as given, capitalised, in capitals), so that
"the conversation" in a sentence is not The Conversation; tags and short names are matched with case.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from dedupe.errors import InputError
from dedupe.model import Agency

_EDGE = " \t\u00a0\u200b\u200e\u200f.,;:!।۔|·•*#\"'“”„«»‘’()[]{}<>【】（）［］‐‑‒–—―−-_/\\©®™@"
_THE = re.compile(r"(?:the|la|le|el|die|der|dem|via|with|mit|avec|con|com)\s+|l['’]", re.I)
_AGENCY = re.compile(
    r"(?:news agency|(?:nachrichten)?agentur(?:en)?|agence|agencia|agenzia|agência|агентств[оау]"
    r"|وكالة(?: أنباء| الأنباء)?|خبرگزاری)\s+",
    re.I,
)
_ACRONYM = 5  # letters; names up to this are matched with case: "(mia)" is a writer's initials
_PARTICLE = re.compile(r"[وف]?[لبكوف]ـ?\Z")  # "to", "with", "as", "and", written on to the name
_ATTACHED = re.compile(r"\s?(?:photos?|images?|pictures?|video|graphics?|pool|foto)\b", re.I)


class Mention(NamedTuple):
    """An organisation named at ``[begin, end)`` of a text."""

    begin: int
    end: int
    name: str


class Mentions:
    """All the organisations named in one text, found in one pass."""

    def __init__(self, found: list[Mention]) -> None:
        self.found = found
        self._begins = [mention.begin for mention in found]

    def within(self, begin: int, end: int) -> list[Mention]:
        """Those that begin in ``[begin, end)``, left to right."""
        if not self.found:
            return []
        return self.found[bisect_left(self._begins, begin) : bisect_left(self._begins, end)]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The agencies, compiled once for a configuration; the key of what is remembered of them."""

    exact: dict[str, str]  # tag or short name, with case -> canonical name
    caseless: dict[str, str]  # casefolded name -> canonical name
    domains: dict[str, str]  # registered domain -> canonical name
    spellings: BytesAhoCorasick  # every spelling that is searched in running text
    sign_offs: re.Pattern[str]  # every closing formula
    signed: re.Pattern[str]  # the same, a group each, which is half as fast
    signers: tuple[str, ...]  # the organisation of each group

    def resolve(self, text: str) -> str | None:
        """The organisation that the whole of ``text`` names: ``"— The Associated Press"``."""
        bare = text.strip(_EDGE)
        if found := self.exact.get(bare) or self.caseless.get(bare.casefold()):
            return found
        if article := _THE.match(bare):
            return self.resolve(bare[article.end() :])
        if word := _AGENCY.match(bare):  # tells that a name follows: "Nachrichtenagentur DPA"
            rest = bare[word.end() :]
            return self.resolve(rest) or self.exact.get(rest.lower()) or self.exact.get(rest.upper())
        return None

    def mentions(self, text: str) -> Mentions:
        """Every organisation named in ``text``, left to right, image credits left out."""
        found = []
        for begin, end in self._places(text):
            if begin and text[begin - 1].isalnum() and not _may_begin(text, begin, end):
                continue
            end = self._word_end(text, begin, end)
            if end > begin and not _ATTACHED.match(text, end):
                found.append(Mention(begin, end, self._named(text[begin:end])))
        return Mentions(found)

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where spellings stand, in code points; the search itself is over UTF-8, a third faster."""
        data = text.encode("utf-8", "replace")
        matches = self.spellings.find_matches_as_indexes(data)
        if len(data) == len(text):
            return [(begin, end) for _, begin, end in matches]
        places, at, here = [], 0, 0
        for _, begin, end in matches:
            here += len(data[at:begin].decode())
            length = len(data[begin:end].decode())
            places.append((here, here + length))
            at, here = end, here + length
        return places

    def _word_end(self, text: str, begin: int, end: int) -> int:
        """Where the longest name that ends with a word ends: not "AP News" in "AP Newsroom", but "AP"."""
        while end > begin and not self._ends_here(text, begin, end):
            end -= 1
        return end

    def _ends_here(self, text: str, begin: int, end: int) -> bool:
        if end < len(text) and _is_word(text[end]) and not _is_unspaced(text[end - 1]):
            return False
        return text[begin:end] in self.exact or text[begin:end].casefold() in self.caseless

    def signed_by(self, text: str) -> str | None:
        """The organisation whose closing formula ``text`` begins with, if one is."""
        match = self.signed.match(text) if self.sign_offs.match(text) else None
        return self.signers[(match.lastindex or 1) - 1] if match else None

    def _named(self, spelling: str) -> str:
        return self.exact.get(spelling) or self.caseless[spelling.casefold()]


_memo: list[tuple[tuple[Agency, ...], Lexicon]] = []


def lexicon_of(agencies: tuple[Agency, ...]) -> Lexicon:
    """The compiled agencies; the last one made is kept, told by identity (hashing them costs 50 µs)."""
    if _memo and _memo[0][0] is agencies:
        return _memo[0][1]
    lexicon = _compile(agencies)
    _memo[:] = [(agencies, lexicon)]
    return lexicon


def _compile(agencies: tuple[Agency, ...]) -> Lexicon:
    exact: dict[str, str] = {}
    caseless: dict[str, str] = {}
    domains: dict[str, str] = {}
    for agency in agencies:
        names = (agency.name, *agency.names)
        acronyms = [name for name in names if len(name) <= _ACRONYM and name.isascii() and " " not in name]
        for tag in (agency.short, *agency.tags, *acronyms):
            for form in (tag, tag.strip(_EDGE)):
                exact.setdefault(form, agency.name)
        for name in names:
            if name not in acronyms:
                for form in (name, name.strip(_EDGE)):
                    caseless.setdefault(form.casefold(), agency.name)
        for domain in agency.domains:
            domains.setdefault(domain, agency.name)
    spellings = {s for a in agencies for n in (a.name, *a.names) for s in _spellings(n)}
    spellings = {s for s in spellings if s in exact or s.casefold() in caseless}
    formulas = [(pattern, agency.name) for agency in agencies for pattern in agency.sign_offs]
    return Lexicon(
        exact,
        caseless,
        domains,
        BytesAhoCorasick(
            [spelling.encode() for spelling in sorted(spellings)],
            MatchKind.LeftmostLongest,
            implementation=Implementation.DFA,
        ),
        *_alternatives([pattern for pattern, _ in formulas]),
        tuple(name for _, name in formulas),
    )


def _spellings(name: str) -> set[str]:
    return {name, name.upper(), " ".join(word[:1].upper() + word[1:] for word in name.split(" "))}


def _alternatives(patterns: list[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One pattern without groups, and one with a group for each of ``patterns``, which must have none."""
    try:
        for pattern in patterns:
            if re.compile(pattern).groups:
                raise InputError(f"the sign-off {pattern!r} has a capturing group", hint="write (?:…)")
        grouped = re.compile("|".join(f"({pattern})" for pattern in patterns) or r"(?!)")
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)"), grouped
    except re.error as error:
        raise InputError(f"a sign-off is no regular expression: {error}") from error


def _may_begin(text: str, begin: int, end: int) -> bool:
    """May a name begin behind a letter? In unspaced scripts, and behind an Arabic particle: ``لرويترز``."""
    if _is_unspaced(text[begin]):
        return True
    if not "\u0621" <= text[begin] <= "\u06ff" or end - begin < _ACRONYM:
        return False
    particle = _PARTICLE.search(text, max(0, begin - 3), begin)
    return particle is not None and (particle.start() == 0 or not text[particle.start() - 1].isalnum())


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_unspaced(character: str) -> bool:
    """Is it of a script that writes words without spaces (Han, Kana, Hangul particles)?"""
    return "\u2e80" <= character <= "\ud7a3" or "\uf900" <= character <= "\ufaff"
