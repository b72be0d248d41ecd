"""The stages as work for processes: each job takes plain values and reads what it needs from the file.

The pipeline gives the order and writes; jobs only read and compute, so any number of them may run at
once and none can leave anything half done.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe import crawl, match, origin, sketch, text
from dedupe.config import Config, SketchConfig
from dedupe.crawl import Record, watched
from dedupe.match import Profile
from dedupe.model import Cluster, Document, Edge, MemberOrigin, Origin, Skipped, Story
from dedupe.profiles import Shelf, profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, furniture, pairs, postings, rows, sketches
from dedupe.store.database import connect_reader
from dedupe.store.furniture import KnownLines
from dedupe.store.rows import ReadDocument, SignedStory

Array = npt.NDArray[np.int64]

# From so many documents on, the kernels are used: compiling them takes some ten seconds, once a machine,
# and loading them a third of a second, while a document without them takes two milliseconds.
COMPILE_FROM = 4096

DOCUMENTS_AT_ONCE = 256  # whose stories are held in memory for attribution


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
    keys = furniture.line_key(text.line_keys(document))
    return _Cleaned(text.clean(document, lines, config.text), keys, furniture.fingerprint(keys, lines))


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
        stored = documents.load_stories(connection, numbers)
        cleaned = [_cleaned(story.document, known, signing.config) for story in stored]
        earlier = sketches.earlier_stories(connection, numbers)
    finally:
        connection.close()
    signed = dict(zip(numbers, _sign(cleaned, signing), strict=True))
    return SignedAgain(signed, tuple(earlier), _posting_keys(list(earlier.values()), signing)[0])


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


def verify(
    path: Path, candidates: Sequence[tuple[int, int]], config: Config, compiled: bool
) -> list[tuple[int, int, Edge]]:
    """The edges among candidates, given by document numbers; (a, b) turned so that a's id sorts first."""
    profile_of = _profiles(path, sorted({number for pair in candidates for number in pair}), config, compiled)
    numbers = sorted(profile_of, key=lambda number: profile_of[number].id)
    stories = [profile_of[number] for number in numbers]
    place = {number: at for at, number in enumerate(numbers)}
    chosen = np.array([sorted((place[a], place[b])) for a, b in candidates], np.int32).reshape(-1, 2)
    edges = match.verify_pairs(stories, chosen, config.match, compiled)
    turned = zip(chosen.tolist(), edges, strict=True)
    return [(numbers[a], numbers[b], edge) for (a, b), edge in turned if edge is not None]


def _profiles(path: Path, numbers: Sequence[int], config: Config, compiled: bool) -> dict[int, Profile]:
    """The profiles of documents: taken from the shelf, where candidates before these had them made."""
    shelf = _shelf(config.sketch)
    connection = connect_reader(path)
    try:
        keys = dict(zip(numbers, sketches.story_keys(connection, numbers), strict=True))
        found = {number: made for number, key in keys.items() if (made := shelf.get(key)) is not None}
        missing = [number for number in numbers if number not in found]
        stories = documents.load_stories(connection, missing, attributed=False)
    finally:
        connection.close()
    for number, made in zip(missing, profiles(stories, config, compiled), strict=True):
        shelf.put(keys[number], made)
        found[number] = made
    return found


@cache
def _shelf(config: SketchConfig) -> Shelf:
    return Shelf()


def attribute(
    path: Path, clusters: Sequence[Cluster], config: Config
) -> list[tuple[Cluster, Origin, list[MemberOrigin]]]:
    """Each cluster with its origin, and how each member came by the story."""
    connection = connect_reader(path)
    try:
        return [
            (cluster, *found)
            for some in _together(clusters)
            for cluster, found in zip(some, _attribute(connection, some, config), strict=True)
        ]
    finally:
        connection.close()


def _together(clusters: Sequence[Cluster]) -> Iterator[list[Cluster]]:
    """Clusters of a few hundred documents in all, or one that is larger: to ask for those of two or three
    documents one by one takes longer than to answer."""
    some: list[Cluster] = []
    room = DOCUMENTS_AT_ONCE
    for cluster in clusters:
        size = len(cluster.members) + len(cluster.excerpts)
        if some and size > room:
            yield some
            some, room = [], DOCUMENTS_AT_ONCE
        some.append(cluster)
        room -= size
    if some:
        yield some


def _attribute(
    connection: sqlite3.Connection, clusters: Sequence[Cluster], config: Config
) -> Iterator[tuple[Origin, list[MemberOrigin]]]:
    """Origin and members of each cluster, with all that is stored of them read at once."""
    ids = [public_id for cluster in clusters for public_id in (*cluster.members, *cluster.excerpts)]
    number_of = pairs.document_numbers(connection, ids)
    stories = dict(zip(number_of, documents.load_stories(connection, list(number_of.values())), strict=True))
    edges_of = defaultdict(list)
    for edge in pairs.edges_among(connection, {number: public_id for public_id, number in number_of.items()}):
        edges_of[edge.a].append(edge)
    for cluster in clusters:
        own = {*cluster.members, *cluster.excerpts}
        edges = [edge for public_id in sorted(own) for edge in edges_of[public_id] if edge.b in own]
        of_cluster = [stories[public_id] for public_id in own]
        yield origin.infer(cluster, of_cluster, edges, config.origin, config.text.agencies)


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
