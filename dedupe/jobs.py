"""The stages as work for processes: each job takes plain values and reads what it needs from the file.

The pipeline gives the order and writes; jobs only read and compute, so any number of them may run at
once and none can leave anything half done.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe import cluster, crawl, match, origin, sets, sketch, text
from dedupe.config import Config, SketchConfig
from dedupe.crawl import Job, Record, watched
from dedupe.match import Profile
from dedupe.model import Cluster, Document, Edge, MemberOrigin, Origin, Skipped, Story
from dedupe.profiles import Shelf, profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, furniture, pairs, postings, rows, secondhand, sizes, sketches
from dedupe.store.database import reader
from dedupe.store.furniture import FurnitureLines, KnownLines
from dedupe.store.rows import ReadDocument, SignedStory
from dedupe.store.secondhand import Suspect

Array = npt.NDArray[np.int64]
R = TypeVar("R")

WORKER_MEMORY = 1 << 30  # bytes that one worker may take, so that one page cannot take the machine
# From so many documents on, the kernels are used: compiling them takes some ten seconds, once a machine,
# and loading them a third of a second, while a document without them takes two milliseconds.
COMPILE_FROM = 4096


@dataclass(frozen=True, slots=True)
class Signing:
    """How stories are signed. ``compiled`` chooses the kernels; without them the result is the same."""

    permutations: Permutations
    config: Config
    compiled: bool


@dataclass(frozen=True, slots=True)
class SignedAgain:
    """What signing found of stored documents, by number. ``again`` are those that others were compared
    with before, ``earlier`` int64 their stored posting keys from then."""

    stories: dict[int, SignedStory]
    again: tuple[int, ...]
    earlier: Array


def read(records: Sequence[Record], path: Path, signing: Signing) -> list[ReadDocument | Skipped]:
    """Parse, clean and sign records: what the writer stores of each.

    The furniture is what is known so far; :func:`dedupe.store.furniture.learn` finds those documents for
    which that was not enough.
    """
    with reader(path) as connection:
        known = _known_lines(connection)
        read = [crawl.parse(record, signing.config.crawl) for record in watched(records)]
        stories = cleaned([each for each in read if not isinstance(each, Skipped)], known, signing.config)
    signed_stories = zip(stories, signed(stories, signing), strict=True)
    return [each if isinstance(each, Skipped) else _read_document(*next(signed_stories)) for each in read]


def _read_document(cleaned: Cleaned, signed: SignedStory) -> ReadDocument:
    document = cleaned.story.document
    return rows.read_document(document, text.title_key(document), cleaned.line_keys.tobytes(), signed)


def guarded(
    function: Callable[[Sequence[Record]], Iterable[R | Skipped]], config: Config
) -> Job[Record, R | Skipped]:
    """Parsing as work for a :class:`~dedupe.crawl.WorkerPool`: a page that breaks its worker is left out."""
    return Job(function, _blamed, config.crawl.page_seconds, WORKER_MEMORY, attrgetter("size"))


def _blamed(record: Record, reason: str, detail: str) -> Skipped:
    return Skipped(record.path, record.member, reason, detail)


_known: list[KnownLines] = []


def _known_lines(connection: sqlite3.Connection) -> KnownLines:
    """The lines that are furniture; those read for the batch before are kept."""
    _known[:] = [KnownLines(connection, *_known)]
    return _known[0]


def forget() -> None:
    """Keep nothing of the batch before: the file itself is looked at."""
    _known.clear()


class Lines(Protocol):
    """What was learned to be furniture: :class:`~dedupe.store.furniture.KnownLines` reads it from a file."""

    def of(self, outlet: str | None) -> FurnitureLines:
        """The lines that are furniture of an outlet."""


class Cleaned(NamedTuple):
    """A document without what is not its story."""

    story: Story
    line_keys: Array  # as stored
    furniture: int  # which of them were taken for furniture


def cleaned(documents: Sequence[Document], known: Lines, config: Config) -> list[Cleaned]:
    """Take furniture and credits off documents.

    Step by step over all of them, as parsing and signing are: a document that goes through all steps at once
    takes a tenth longer, because no step's code and tables stay in the processor's caches.
    """
    lines = [known.of(document.outlet) for document in documents]
    keyed = list(map(text.keyed_lines, documents))
    keys = [furniture.line_key(distinct) for distinct in map(text.line_keys, documents, keyed)]
    stories = [
        text.clean(document, of, config.text, found)
        for document, of, found in zip(documents, lines, keyed, strict=True)
    ]
    return list(map(Cleaned, stories, keys, map(furniture.fingerprint, keys, lines)))


def signed(stories: Sequence[Cleaned], signing: Signing) -> list[SignedStory]:
    """The postings of stories, and their columns."""
    keys, first, shingles = _posting_keys([each.story.text for each in stories], signing)
    return [
        SignedStory(
            count,
            rows.pack_removed(each.story.removed),
            rows.pack_attributions(each.story.attributions),
            each.furniture,
            keys[begin:end].tobytes(),
        )
        for each, count, (begin, end) in zip(stories, shingles, pairwise(first), strict=True)
    ]


def sign(numbers: Sequence[int], path: Path, signing: Signing) -> SignedAgain:
    """Clean and sign stored documents."""
    with reader(path) as connection:
        known = _known_lines(connection)
        some = sizes.stretches(connection, numbers)
        parts = [_signed_again(connection, each, known, signing) for each in some]
    return SignedAgain(
        {number: story for part in parts for number, story in part.stories.items()},
        tuple(number for part in parts for number in part.again),
        np.concatenate([np.empty(0, np.int64), *(part.earlier for part in parts)]),
    )


def _signed_again(
    connection: sqlite3.Connection, numbers: Sequence[int], known: KnownLines, signing: Signing
) -> SignedAgain:
    stored = documents.load_stories(connection, numbers)
    stories = cleaned([story.document for story in stored], known, signing.config)
    earlier = sketches.earlier_stories(connection, numbers)
    again = dict(zip(numbers, signed(stories, signing), strict=True))
    return SignedAgain(again, tuple(earlier), _posting_keys(list(earlier.values()), signing)[0])


def worth_compiling(documents: int) -> bool:
    """Whether the kernels are to be used for so much work: always where they are loaded already."""
    return documents >= COMPILE_FROM or "numba" in sys.modules


def warm_up(signing: Signing) -> None:
    """Compile the kernels, or find them compiled, once and before several workers would all do it."""
    _posting_keys(["a"], signing)
    words = "One copy of a few words and another of the same."
    copies = profiles([Story(Document("", "", words), words)] * 2, signing.config, compiled=True)
    match.verify_pairs(copies, np.array([[0, 1]], np.int32), signing.config.match)


def posting_keys(stories: Sequence[Story], permutations: Permutations, config: Config) -> Array:
    """The stored posting keys of stories, int64[p], as often as they occur."""
    signing = Signing(permutations, config, compiled=worth_compiling(len(stories)))
    return _posting_keys([story.text for story in stories], signing)[0]


def line_keys(stories: Sequence[Story]) -> Array:
    """The distinct stored line keys of the stories' documents, ascending."""
    found = [text.line_keys(story.document) for story in stories]
    return sets.distinct(furniture.line_key(np.concatenate(found)) if found else np.empty(0, np.int64))


class Source(Protocol):
    """Where stories come from, by the numbers of their documents."""

    def keys(self, numbers: Sequence[int]) -> Sequence[Hashable]:
        """For each document what tells its story from all others."""

    def stories(self, numbers: Sequence[int]) -> list[Story]:
        """The stories, in the order asked for; attributions may be left out."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """The stories of an index."""

    connection: sqlite3.Connection

    def keys(self, numbers: Sequence[int]) -> Sequence[Hashable]:
        return sketches.story_keys(self.connection, numbers)

    def stories(self, numbers: Sequence[int]) -> list[Story]:
        return documents.load_stories(self.connection, numbers, attributed=False)


class Verifying(NamedTuple):
    """What verification works with: ``shelf`` holds the profiles that were made of the source's stories."""

    source: Source
    shelf: Shelf
    config: Config
    compiled: bool

    def profiles(self, numbers: Sequence[int]) -> dict[int, Profile]:
        """The profiles of documents: from the shelf, where candidates before these had them made."""
        keys = dict(zip(numbers, self.source.keys(numbers), strict=True))
        found = {number: made for number, key in keys.items() if (made := self.shelf.get(key)) is not None}
        missing = [number for number in numbers if number not in found]
        stories = self.source.stories(missing)
        for number, made in zip(missing, profiles(stories, self.config, self.compiled), strict=True):
            self.shelf.put(keys[number], made)
            found[number] = made
        return found


def verify(path: Path, candidates: Array, config: Config, compiled: bool) -> list[tuple[int, int, Edge]]:
    """:func:`verified` for documents of the index at ``path``."""
    with reader(path) as connection:
        verifying = Verifying(_Stored(connection), _shelf(config.sketch), config, compiled)
        some = sizes.affordable(connection, candidates)
        return [edge for each in some for edge in verified(each, verifying)]


def verified(candidates: Array, verifying: Verifying) -> list[tuple[int, int, Edge]]:
    """The edges among candidates, int64[m, 2] of document numbers; turned so that a's id sorts first."""
    distinct, inverse = np.unique(candidates, return_inverse=True)
    profile_of = verifying.profiles(distinct.tolist())
    numbers = sorted(profile_of, key=lambda number: profile_of[number].id)
    place = np.empty(len(numbers), np.int32)
    place[np.searchsorted(distinct, numbers)] = np.arange(len(numbers))
    chosen = np.sort(place[inverse.reshape(-1, 2)], axis=1)
    ordered = [profile_of[number] for number in numbers]
    edges = match.verify_pairs(ordered, chosen, verifying.config.match, verifying.compiled)
    turned = zip(chosen.tolist(), edges, strict=True)
    return [(numbers[a], numbers[b], edge) for (a, b), edge in turned if edge is not None]


@cache
def _shelf(config: SketchConfig) -> Shelf:
    return Shelf()


class Grouped(NamedTuple):
    """A cluster with its origin, and how each member came by the story; ``numbers``: id -> document."""

    cluster: Cluster
    origin: Origin
    members: list[MemberOrigin]
    numbers: dict[str, int]


class Copies(NamedTuple):
    """The documents of whole components: stories, numbers and distinct shingles by id, and the verified
    pairs among them, ordered by their two ids."""

    stories: Mapping[str, Story]
    numbers: dict[str, int]
    lengths: dict[str, int]
    edges: list[Edge]


def group(path: Path, numbers: Sequence[int], config: Config, compiled: bool) -> list[Grouped]:
    """The clusters of whole components, given by the numbers of their documents."""
    with reader(path) as connection:
        ids = [key[0] for key in sketches.story_keys(connection, numbers)]
        number_of = dict(zip(ids, numbers, strict=True))
        edges = pairs.edges_among(connection, dict(zip(numbers, ids, strict=True)))
        lengths = documents.lengths(connection, numbers)
        suspects = secondhand.suspects(connection, numbers)
        verifying = Verifying(_Stored(connection), _shelf(config.sketch), config, compiled)
        named = {number for suspect in suspects for number in (*suspect.numbers, *suspect.quoting)}
        parts = [suspects] if sizes.fit(connection, sorted(named)) else [[each] for each in suspects]
        apart = {pair for part in parts for pair in secondhand_pairs(part, verifying)}
        stories = sizes.stories_by_id(connection, number_of)
        return grouped(Copies(stories, number_of, lengths, edges), apart, config)


def secondhand_pairs(suspects: Sequence[Suspect], verifying: Verifying) -> set[tuple[str, str]]:
    """The pairs, by ids, that share no more than words which a third page quotes: they join nothing."""
    numbers = {number for suspect in suspects for number in (*suspect.numbers, *suspect.quoting)}
    made = verifying.profiles(sorted(numbers)) if numbers else {}
    found = set()
    for suspect in suspects:
        a, b = (made[number] for number in suspect.numbers)
        if match.is_secondhand(a, b, [made[number] for number in suspect.quoting], verifying.config.match):
            found.add((suspect.a, suspect.b))
    return found


def grouped(copies: Copies, apart: Set[tuple[str, str]], config: Config) -> list[Grouped]:
    """The clusters of whole components, and where each story comes from; the pairs ``apart`` join nothing."""
    joining = (edge for edge in copies.edges if (edge.a, edge.b) not in apart)
    clusters = cluster.cluster(joining, copies.lengths)
    edges_of: dict[str, list[Edge]] = defaultdict(list)
    for edge in copies.edges:
        edges_of[edge.a].append(edge)
    return [_attributed(found, copies, edges_of, config) for found in clusters]


def _attributed(
    found: Cluster, copies: Copies, edges_of: Mapping[str, Sequence[Edge]], config: Config
) -> Grouped:
    numbers = {public_id: copies.numbers[public_id] for public_id in (*found.members, *found.excerpts)}
    stories = [copies.stories[public_id] for public_id in numbers]
    edges = [e for public_id in sorted(numbers) for e in edges_of.get(public_id, ()) if e.b in numbers]
    return Grouped(found, *origin.infer(found, stories, edges, config.origin, config.text.agencies), numbers)


def _posting_keys(texts: Sequence[str], signing: Signing) -> tuple[Array, list[int], list[int]]:
    """Stored posting keys int64[p]; those of text i are ``first[i]:first[i+1]``; its distinct shingles."""
    if not texts:
        return np.empty(0, np.int64), [0], []
    tokens = text.tokenize(texts, signing.compiled)
    config = signing.config.sketch
    sketched = sketch.sign(tokens, signing.permutations, config, signing.compiled)
    keys, index = sketch.posting_keys(sketched, config, signing.compiled)
    order = np.argsort(index, kind="stable")
    first = np.searchsorted(index[order], np.arange(len(texts) + 1)).tolist()
    return postings.stored_keys(keys)[order], first, sketched.shingles.tolist()
