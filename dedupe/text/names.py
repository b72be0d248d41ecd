"""Which organisation a piece of text names: the agencies as look-up tables and one search pattern.

Names are matched in the spellings a page uses (as given, capitalised, in capitals), so that
"the conversation" in a sentence is not The Conversation; tags and short names are matched with case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dedupe.errors import InputError
from dedupe.model import Agency

_EDGE = " \t\u00a0\u200b\u200e\u200f.,;:!|·•*#\"'“”„«»‘’()[]{}<>【】（）［］–—−-_/\\©®™@"
_THE = re.compile(r"(?:the|la|le|el|l['’]|die|der|via|agence|agencia|agenzia|agência|агентство)\s+", re.I)
_NO_LETTERS = re.compile(r"[\d\W_]*")
_ATTACHED = re.compile(r"\s?(?:photos?|images?|pictures?|video|graphics?|pool|foto)\b", re.I)


class Mention(NamedTuple):
    """An organisation named at ``[begin, end)`` of a text."""

    begin: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The agencies, compiled once for a configuration."""

    exact: dict[str, str]  # tag or short name, with case -> canonical name
    caseless: dict[str, str]  # casefolded name -> canonical name
    domains: dict[str, str]  # registered domain -> canonical name
    pattern: re.Pattern[str]  # every spelling, as a trie
    sign_offs: re.Pattern[str]  # every closing formula, a group each
    signers: tuple[str, ...]  # the organisation of each group
    spellings: dict[str, tuple[str, ...]]  # longest word, as split by white space -> spellings with it

    def resolve(self, text: str) -> str | None:
        """The organisation that the whole of ``text`` names: ``"— The Associated Press"``."""
        bare = text.strip(_EDGE)
        if found := self.exact.get(bare) or self.caseless.get(bare.casefold()):
            return found
        shorn = _THE.sub("", bare, count=1) if _THE.match(bare) else bare
        return self.exact.get(shorn) or self.caseless.get(shorn.casefold())

    def mentions(self, text: str) -> list[Mention]:
        """Every organisation named in ``text``, left to right, image credits left out."""
        found = []
        for match in self.pattern.finditer(text):
            begin, end = match.span()
            if begin and text[begin - 1].isalnum() and not _is_unspaced(text[begin]):
                continue
            if not _ATTACHED.match(text, end):
                found.append(Mention(begin, end, self._named(match.group())))
        return found

    def scan(self, text: str) -> list[Mention]:
        """Like :meth:`mentions`, for a whole story: ten times as fast, blind to names in brackets."""
        hits = self.spellings.keys() & set(text.split())
        present = {s for hit in hits for s in self.spellings[hit] if s in text}
        return [mention for spelling in present for mention in self._places(text, spelling)]

    def _places(self, text: str, spelling: str) -> Iterator[Mention]:
        at = text.find(spelling)
        while at >= 0:
            match = self.pattern.match(text, at)
            if match and not (at and text[at - 1].isalnum()) and not _ATTACHED.match(text, match.end()):
                yield Mention(at, match.end(), self._named(match.group()))
            at = text.find(spelling, at + len(spelling))

    def signed_by(self, text: str) -> str | None:
        """The organisation whose closing formula ``text`` begins with, if one is."""
        match = self.sign_offs.match(text)
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
        for tag in (agency.short, *agency.tags):
            exact.setdefault(tag, agency.name)
        for name in (agency.name, *agency.names):
            caseless.setdefault(name.casefold(), agency.name)
        for domain in agency.domains:
            domains.setdefault(domain, agency.name)
    tags = {tag for tag in exact if len(tag) > 2 or not tag.isascii()}
    spellings = {*tags, *(s for a in agencies for n in (a.name, *a.names) for s in _spellings(n))}
    formulas = [(pattern, agency.name) for agency in agencies for pattern in agency.sign_offs]
    return Lexicon(
        exact,
        caseless,
        domains,
        re.compile(_trie(spellings)),
        _alternatives([pattern for pattern, _ in formulas]),
        tuple(name for _, name in formulas),
        _by_word(spellings),
    )


def _spellings(name: str) -> set[str]:
    return {name, name.upper(), " ".join(word[:1].upper() + word[1:] for word in name.split(" "))}


def _alternatives(patterns: list[str]) -> re.Pattern[str]:
    """One pattern with a group for each; the patterns must have no capturing groups of their own."""
    try:
        for pattern in patterns:
            if re.compile(pattern).groups:
                raise InputError(f"the sign-off {pattern!r} has a capturing group", hint="write (?:…)")
        return re.compile("|".join(f"({pattern})" for pattern in patterns) or r"(?!)")
    except re.error as error:
        raise InputError(f"a sign-off is no regular expression: {error}") from error


def _by_word(spellings: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for spelling in sorted(spellings):
        for form in _word_forms(spelling):
            found.setdefault(form, []).append(spelling)
    return {form: tuple(those) for form, those in found.items()}


def _word_forms(spelling: str) -> Iterator[str]:
    """The longest word of a spelling, alone and with the punctuation that may stand behind it."""
    longest = max(spelling.split(), key=len)
    yield longest
    if spelling.endswith(longest):
        yield from (longest + mark for mark in (",", ".", ":", ";", "’s", "'s", "”", ")", "،", "।"))


def _is_unspaced(character: str) -> bool:
    """Is it of a script that writes words without spaces (Han, Kana, Hangul particles)?"""
    return "\u2e80" <= character <= "\ud7a3" or "\uf900" <= character <= "\ufaff"


def _trie(words: Iterable[str]) -> str:
    """A pattern of all ``words`` in which every character is looked at once; longest match first."""
    return _branch(sorted({word for word in words if word})) or r"(?!)"


def _branch(words: list[str], at: int = 0) -> str:
    ends = any(len(word) == at for word in words)
    heads: dict[str, list[str]] = {}
    for word in words:
        if len(word) > at:
            heads.setdefault(word[at], []).append(word)
    options = [re.escape(head) + _branch(rest, at + 1) for head, rest in heads.items()]
    if ends:
        options.append("" if _is_unspaced(words[0][at - 1]) else r"(?!\w)")
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
