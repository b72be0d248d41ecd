"""The stages as work for processes: each job takes plain values and reads what it needs from the file.

The pipeline gives the order and writes; jobs only read and compute, so any number of them may run at
once and none can leave anything half done.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe import cluster, crawl, match, origin, sketch, text
from dedupe.config import Config, SketchConfig
from dedupe.crawl import Record, watched
from dedupe.match import Profile
from dedupe.model import Cluster, Document, Edge, MemberOrigin, Origin, Skipped, Story
from dedupe.profiles import Shelf, profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, furniture, pairs, postings, rows, secondhand, sketches
from dedupe.store.database import connect_reader
from dedupe.store.furniture import KnownLines
from dedupe.store.rows import ReadDocument, SignedStory
from dedupe.store.secondhand import Suspect

Array = npt.NDArray[np.int64]

# From so many documents on, the kernels are used: compiling them takes some ten seconds, once a machine,
# and loading them a third of a second, while a document without them takes two milliseconds.
COMPILE_FROM = 4096
# Bytes of text, in UTF-8, that a worker takes up at once; one text more than that alone. What is made of a
# text takes up to 33 times its size, where every second letter is a word.
TOGETHER = 8 << 20


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
    connection = connect_reader(path)
    try:
        known = furniture.KnownLines(connection)
        read = [_parsed(record, known, signing.config) for record in watched(records)]
    finally:
        connection.close()
    cleaned = [each for each in read if not isinstance(each, Skipped)]
    signed = iter(_sign(cleaned, signing))
    return [
        each
        if isinstance(each, Skipped)
        else rows.read_document(
            each.story.document, text.title_key(each.story.document), each.line_keys.tobytes(), next(signed)
        )
        for each in read
    ]


class _Cleaned(NamedTuple):
    story: Story
    line_keys: Array  # as stored
    furniture: int  # which of them were taken for furniture


def _parsed(record: Record, known: KnownLines, config: Config) -> _Cleaned | Skipped:
    parsed = crawl.parse(record, config.crawl)
    return parsed if isinstance(parsed, Skipped) else _cleaned(parsed, known, config)


def _cleaned(document: Document, known: KnownLines, config: Config) -> _Cleaned:
    lines = known.of(document.outlet)
    keyed = text.keyed_lines(document)
    keys = furniture.line_key(text.line_keys(document, keyed))
    return _Cleaned(text.clean(document, lines, config.text, keyed), keys, furniture.fingerprint(keys, lines))


def _sign(cleaned: Sequence[_Cleaned], signing: Signing) -> list[SignedStory]:
    """The postings of stories, and their columns."""
    keys, first, shingles = _posting_keys([each.story.text for each in cleaned], signing)
    return [
        SignedStory(
            count,
            rows.pack_removed(each.story.removed),
            rows.pack_attributions(each.story.attributions),
            each.furniture,
            keys[begin:end].tobytes(),
        )
        for each, count, (begin, end) in zip(cleaned, shingles, pairwise(first), strict=True)
    ]


def sign(numbers: Sequence[int], path: Path, signing: Signing) -> SignedAgain:
    """Clean and sign stored documents."""
    connection = connect_reader(path)
    try:
        known = furniture.KnownLines(connection)
        together = _together(documents.text_sizes(connection, numbers))
        parts = [_signed(connection, numbers[part], known, signing) for part in together]
    finally:
        connection.close()
    return SignedAgain(
        {number: story for part in parts for number, story in part.stories.items()},
        tuple(number for part in parts for number in part.again),
        np.concatenate([np.empty(0, np.int64), *(part.earlier for part in parts)]),
    )


def _signed(
    connection: sqlite3.Connection, numbers: Sequence[int], known: KnownLines, signing: Signing
) -> SignedAgain:
    stored = documents.load_stories(connection, numbers)
    cleaned = [_cleaned(story.document, known, signing.config) for story in stored]
    earlier = sketches.earlier_stories(connection, numbers)
    signed = dict(zip(numbers, _sign(cleaned, signing), strict=True))
    return SignedAgain(signed, tuple(earlier), _posting_keys(list(earlier.values()), signing)[0])


def of_stories(
    connection: sqlite3.Connection, numbers: Sequence[int], keys: Callable[[list[Story]], Array]
) -> Array:
    """What ``keys`` makes of documents, some TOGETHER, one behind the other."""
    parts = _together(documents.text_sizes(connection, numbers))
    made = [keys(documents.load_stories(connection, numbers[part])) for part in parts]
    return np.concatenate(made) if made else np.empty(0, np.int64)


def _together(sizes: Sequence[int]) -> Iterator[slice]:
    """Stretches of things that have no more than TOGETHER bytes of text, or of one that has more."""
    begin, held = 0, 0
    for at, size in enumerate(sizes):
        if held + size > TOGETHER and at > begin:
            yield slice(begin, at)
            begin, held = at, 0
        held += size
    if begin < len(sizes):
        yield slice(begin, len(sizes))


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
    return np.unique(furniture.line_key(np.concatenate(found)) if found else np.empty(0, np.int64))


def verify(path: Path, candidates: Array, config: Config, compiled: bool) -> list[tuple[int, int, Edge]]:
    """The edges among candidates, int64[m, 2] of document numbers; turned so that a's id sorts first."""
    connection = connect_reader(path)
    try:
        some = _affordable(connection, candidates)
        return [edge for each in some for edge in _verified(connection, each, config, compiled)]
    finally:
        connection.close()


def _affordable(connection: sqlite3.Connection, candidates: Array) -> Iterator[Array]:
    """The candidates in their order, in stretches whose documents have no more than TOGETHER bytes of text;
    two documents that have more are a stretch."""
    distinct, inverse = np.unique(candidates, return_inverse=True)
    sizes = documents.text_sizes(connection, distinct.tolist())
    if sum(sizes) <= TOGETHER:
        yield candidates
        return
    begin, held = 0, 0
    met: set[int] = set()
    for at, pair in enumerate(inverse.reshape(-1, 2).tolist()):
        held += sum(sizes[place] for place in {*pair} - met)
        if held > TOGETHER and at > begin:
            yield candidates[begin:at]
            begin, held, met = at, sum(sizes[place] for place in pair), set()
        met.update(pair)
    yield candidates[begin:]


def _verified(
    connection: sqlite3.Connection, candidates: Array, config: Config, compiled: bool
) -> list[tuple[int, int, Edge]]:
    distinct, inverse = np.unique(candidates, return_inverse=True)
    profile_of = _profiles(connection, distinct.tolist(), config, compiled)
    numbers = sorted(profile_of, key=lambda number: profile_of[number].id)
    place = np.empty(len(numbers), np.int32)
    place[np.searchsorted(distinct, numbers)] = np.arange(len(numbers))
    chosen = np.sort(place[inverse.reshape(-1, 2)], axis=1)
    edges = match.verify_pairs([profile_of[number] for number in numbers], chosen, config.match, compiled)
    turned = zip(chosen.tolist(), edges, strict=True)
    return [(numbers[a], numbers[b], edge) for (a, b), edge in turned if edge is not None]


def _profiles(
    connection: sqlite3.Connection, numbers: Sequence[int], config: Config, compiled: bool
) -> dict[int, Profile]:
    """The profiles of documents: taken from the shelf, where candidates before these had them made."""
    shelf = _shelf(config.sketch)
    keys = dict(zip(numbers, sketches.story_keys(connection, numbers), strict=True))
    found = {number: made for number, key in keys.items() if (made := shelf.get(key)) is not None}
    missing = [number for number in numbers if number not in found]
    stories = documents.load_stories(connection, missing, attributed=False)
    for number, made in zip(missing, profiles(stories, config, compiled), strict=True):
        shelf.put(keys[number], made)
        found[number] = made
    return found


@cache
def _shelf(config: SketchConfig) -> Shelf:
    return Shelf()


class Grouped(NamedTuple):
    """A cluster with its origin, and how each member came by the story; ``numbers``: id -> document."""

    cluster: Cluster
    origin: Origin
    members: list[MemberOrigin]
    numbers: dict[str, int]


class _Copies(NamedTuple):
    """The numbers of documents by their ids, and the edges by the id of their ``a``, ordered."""

    numbers: dict[str, int]
    edges: dict[str, list[Edge]]


def group(path: Path, numbers: Sequence[int], config: Config, compiled: bool) -> list[Grouped]:
    """The clusters of whole components, given by the numbers of their documents."""
    connection = connect_reader(path)
    try:
        ids = [key[0] for key in sketches.story_keys(connection, numbers)]
        edges = pairs.edges_among(connection, dict(zip(numbers, ids, strict=True)))
        lengths = documents.lengths(connection, numbers)
        apart = _secondhand(connection, secondhand.suspects(connection, numbers), config, compiled)
        clusters = cluster.cluster((edge for edge in edges if (edge.a, edge.b) not in apart), lengths)
        copies = _Copies(dict(zip(ids, numbers, strict=True)), defaultdict(list))
        for edge in edges:
            copies.edges[edge.a].append(edge)
        return list(_attributed(connection, clusters, copies, config))
    finally:
        connection.close()


def _secondhand(
    connection: sqlite3.Connection, suspects: Sequence[Suspect], config: Config, compiled: bool
) -> set[tuple[str, str]]:
    """The pairs, by ids, that share no more than words which a third page quotes: they join nothing."""
    numbers = sorted({number for suspect in suspects for number in (*suspect.numbers, *suspect.quoting)})
    if len(suspects) > 1 and sum(documents.text_sizes(connection, numbers)) > TOGETHER:
        apart = (_secondhand(connection, [suspect], config, compiled) for suspect in suspects)
        return set().union(*apart)
    made = _profiles(connection, numbers, config, compiled)
    found = set()
    for suspect in suspects:
        a, b = (made[number] for number in suspect.numbers)
        if match.is_secondhand(a, b, [made[number] for number in suspect.quoting], config.match):
            found.add((suspect.a, suspect.b))
    return found


def _attributed(
    connection: sqlite3.Connection, clusters: Sequence[Cluster], copies: _Copies, config: Config
) -> Iterator[Grouped]:
    """The clusters with their origins; the texts of a few are in memory at once."""
    members = [[copies.numbers[each] for each in (*found.members, *found.excerpts)] for found in clusters]
    listed = sorted({number for numbers in members for number in numbers})
    size_of = dict(zip(listed, documents.text_sizes(connection, listed), strict=True))
    for part in _together([sum(size_of[number] for number in numbers) for numbers in members]):
        wanted = sorted({number for numbers in members[part] for number in numbers})
        story_of = dict(zip(wanted, documents.load_stories(connection, wanted), strict=True))
        for found, numbers in zip(clusters[part], members[part], strict=True):
            yield _with_origin(found, [story_of[number] for number in numbers], copies, config)


def _with_origin(found: Cluster, stories: Sequence[Story], copies: _Copies, config: Config) -> Grouped:
    numbers = {public_id: copies.numbers[public_id] for public_id in (*found.members, *found.excerpts)}
    edges = [edge for public_id in sorted(numbers) for edge in copies.edges[public_id] if edge.b in numbers]
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
