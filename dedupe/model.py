"""The nouns that cross the boundaries between the stages: frozen, slotted, no behaviour to speak of.

    Document -> Story -> (Tokens -> Sketches) -> Edge -> Cluster -> Origin, Member

Offsets are ``[begin, end)`` in code points of ``Document.text``; ratios are 0..1; ``*_at`` is UTC
ISO-8601 (``2019-11-01T12:27:50Z``, or the date alone where a page gives no more); ``None`` is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Span = tuple[int, int]

_STORY_NUMBER = re.compile(r"(?<!\d)\d{6,}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")


class AttributionKind(StrEnum):
    """Where on a page a claim about its authorship stands."""

    BYLINE = "byline"  # the author field: a person, a desk or an agency
    DATELINE = "dateline"  # "LA CROSSE, Wis. (AP) —"
    CREDIT = "credit"  # a credit line: "Source: VOA", a line that is an agency's name alone
    SIGN_OFF = "sign_off"  # "(Reporting by …; Editing by …)", an agency's closing formula
    COPYRIGHT = "copyright"  # "Copyright 2019 The Associated Press. All rights reserved."
    CONTRIBUTOR = "contributor"  # "The Associated Press contributed to this report"
    REPUBLISHED = "republished"  # "This article first appeared on X and is republished here"
    DISCLAIMER = "disclaimer"  # "published from a syndicated feed": syndicated, not from whom
    CANONICAL = "canonical"  # rel=canonical to another registered domain
    PIXEL = "pixel"  # a republication counter
    PUBLISHER = "publisher"  # author/publisher/provider metadata naming another organisation
    CITED = "cited"  # "Reuters reported", "told VOA": cited, not copied


@dataclass(frozen=True, slots=True)
class Attribution:
    """One claim of a page about who wrote its text.

    ``name`` is the organisation's canonical name where one is recognised (an :class:`Agency` name, or
    a registered domain for links), else None. ``begin``/``end`` are None for claims that stand in the
    page's metadata and not in ``Document.text``; ``source`` then says where (``json-ld``, ``meta``…).
    """

    kind: AttributionKind
    text: str
    name: str | None = None
    begin: int | None = None
    end: int | None = None
    source: str = "text"


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation that distributes copy, as ``agencies.toml`` describes it."""

    name: str  # "Associated Press": what exports show
    short: str  # "AP"
    names: tuple[str, ...]  # further names in any language, matched without case at word limits
    tags: tuple[str, ...]  # dateline tags, matched with case: "AP", "Reuters", "ANI"
    domains: tuple[str, ...]  # registered domains of its own site
    sign_offs: tuple[str, ...]  # regular expressions of its closing formulas
    licence: str | None  # a note for whoever checks rights
    relays: tuple[str, ...] = ()  # agencies by name whose copy its clients get under its own name

    @property
    def called(self) -> tuple[str, ...]:
        """All that stands for it alone: its names and its sites."""
        return (self.name, self.short, *self.names, *self.domains)


def story_numbers(path: str) -> set[str]:
    """The numbers in a URL's path that may be a story's: runs of six digits or more, dates aside.

    >>> story_numbers("/2019/20191101/harbour-reopens-4711042")
    {'4711042'}
    """
    return {number for number in _STORY_NUMBER.findall(path) if not _DATE.fullmatch(number)}


@dataclass(frozen=True, slots=True)
class Document:
    """One page at one URL at one fetch.

    ``path`` is relative to the crawl root, with ``/``; ``member`` tells documents of one file apart
    (``#12`` for line 12 of a JSONL file), empty where a file is one document. ``text`` is the main
    text in NFC, lines separated by ``\\n``, furniture still in it. ``status``, ``content_type`` (without
    parameters) and ``digest`` (``sha1:…``) are what the crawl recorded of the fetch.
    """

    path: str
    member: str
    text: str
    source_id: str | None = None
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    byline: str | None = None
    published_at: str | None = None
    published_from: str | None = None
    seen_at: str | None = None
    language: str | None = None
    claims: tuple[Attribution, ...] = ()
    status: int | None = None
    content_type: str | None = None
    digest: str | None = None

    @property
    def id(self) -> str:
        """``source_id`` where the crawl gave one, else the place in the crawl."""
        return self.source_id if self.source_id is not None else self.path + self.member


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or document that was left out, with a reason that is counted and a detail for a person."""

    path: str
    member: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """A part of ``Document.text`` that is not the story: ``furniture``, or the kind of a credit."""

    begin: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """The article's own words.

    ``text`` has the length of ``document.text``: what is not story is blanked with spaces, so every
    offset into the story is an offset into the source.
    """

    document: Document
    text: str
    removed: tuple[Removed, ...] = ()
    attributions: tuple[Attribution, ...] = ()


def blanked(text: str, removed: Iterable[Removed]) -> str:
    """``text`` with the removed parts, ordered by begin, replaced by as many spaces.

    >>> blanked("By AFP. It rained.", [Removed(0, 7, "byline")])
    '        It rained.'
    """
    pieces, at = [], 0
    for part in removed:
        if part.end > at:
            begin = max(at, part.begin)
            pieces += [text[at:begin], " " * (part.end - begin)]
            at = part.end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of n texts, folded for matching; t tokens in all.

    ``folded`` uint8: per text, its folded tokens in UTF-8 joined by one space each, so that a shingle
    is a slice. ``byte_begin``/``byte_end`` int64[t] index ``folded``; ``char_begin``/``char_end``
    int32[t] are code points of the text the token came from; ``first`` int64[n+1]: the tokens of
    text i are ``first[i]:first[i+1]``.
    """

    folded: npt.NDArray[np.uint8]
    byte_begin: npt.NDArray[np.int64]
    byte_end: npt.NDArray[np.int64]
    char_begin: npt.NDArray[np.int32]
    char_end: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of a batch of n stories.

    ``signatures`` uint32[n, num_perm]: datasketch ``affine32`` values over xxh32 of each shingle.
    ``samples`` uint64: the sampled shingle hashes (xxh64), ascending within a document, those of
    document i at ``first[i]:first[i+1]`` (int64[n+1]). ``shingles`` int32[n]: distinct shingles.
    """

    signatures: npt.NDArray[np.uint32]
    samples: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64]
    shingles: npt.NDArray[np.int32]


class Relation(StrEnum):
    """What a verified pair is. The first five are reuse and join clusters."""

    IDENTICAL = "identical"
    EDITED = "edited"
    EXCERPT = "excerpt"
    PARTIAL = "partial"
    UPDATE = "update"
    QUOTE_ONLY = "quote_only"
    BOILERPLATE = "boilerplate"

    @property
    def is_reuse(self) -> bool:
        return self not in (Relation.QUOTE_ONLY, Relation.BOILERPLATE)


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that two documents share, by its place in each."""

    a: Span
    b: Span


@dataclass(frozen=True, slots=True)
class Edge:
    """A verified pair, ``a < b`` by id. ``reasons`` says in words what decided the relation."""

    a: str
    b: str
    relation: Relation
    resemblance: float
    containment_of_a: float
    containment_of_b: float
    passages: tuple[Passage, ...]
    reasons: tuple[str, ...] = ()

    def other(self, id_: str) -> str:
        """The document that ``id_``, one of the two, is paired with."""
        return self.b if self.a == id_ else self.a

    def containment_of(self, id_: str) -> float:
        """The share of the shingles of ``id_``, one of the two, that the other one has."""
        return self.containment_of_a if self.a == id_ else self.containment_of_b


class Role(StrEnum):
    """What a document is in its cluster."""

    ORIGIN = "origin"  # its page, or the first of a story that one outlet alone carries
    SYNDICATED = "syndicated"  # republished with credit
    REPOST = "repost"  # without
    UNKNOWN = "unknown"  # the origin is unknown and it credits nobody: it may be the origin, or a copy
    UPDATE = "update"  # the same outlet's later version, or one page under two addresses
    EXCERPT = "excerpt"

    @property
    def is_copy(self) -> bool:
        """A copy of another's text, or perhaps one."""
        return self in (Role.SYNDICATED, Role.REPOST, Role.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents that carry one story: every member verified against the anchor.

    ``id`` is derived from the anchor's id. ``excerpts`` are documents that quote a whole part of the
    story; they may belong to several clusters and never join two.
    """

    id: str
    anchor: str
    members: tuple[str, ...]
    excerpts: tuple[str, ...] = ()


class OriginKind(StrEnum):
    AGENCY = "agency"
    OUTLET = "outlet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for an origin: ``weight`` is in log-odds, positive speaks for it."""

    kind: str
    document: str | None
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote the copy. ``document`` is None when the origin itself was not crawled."""

    name: str | None
    kind: OriginKind
    document: str | None
    confidence: float
    evidence: tuple[Evidence, ...]


class EditKind(StrEnum):
    """What was done to the copy, against the cluster's reference (the origin document, else the anchor)."""

    VERBATIM = "verbatim"
    TRIMMED = "trimmed"  # parts are missing
    EXTENDED = "extended"  # parts were added
    MERGED = "merged"  # most of the page is another text
    LOCALISED = "localised"  # small edits throughout: spelling, units, weekdays


@dataclass(frozen=True, slots=True)
class MemberOrigin:
    """How one document came by its cluster's story; ``None`` where it cannot be told.

    ``parent`` is the document it was likely taken from, None for "from the origin directly".
    ``share_kept`` is the part of the reference's shingles that it carries. ``delay`` is in seconds
    after the origin document, or after the earliest dated member where the origin was not crawled; None
    as well for a page that shares less than half.
    """

    id: str
    role: Role
    credited: bool
    byline_swap: bool
    headline_changed: bool | None
    edit: EditKind | None
    share_kept: float | None
    delay: int | None
    parent: str | None


class Verdict(StrEnum):
    """The answer to "is this article a repost?"."""

    REPOST = "repost"
    SYNDICATED = "syndicated"
    UPDATE = "update"
    PARTIAL = "partial"
    ORIGINAL = "original"
    NO_MATCH = "no match"
