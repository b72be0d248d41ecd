"""The stages as work for processes: each job takes plain values and reads what it needs from the file.

The pipeline gives the order and writes; jobs only read and compute, so any number of them may run at
once and none can leave anything half done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dedupe import crawl, match, origin, sketch, text
from dedupe.config import Config, SketchConfig
from dedupe.crawl import Record
from dedupe.match import Profile
from dedupe.model import Cluster, Edge, MemberOrigin, Origin, Skipped, Story
from dedupe.profiles import Shelf, profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, furniture, pairs, postings, rows, sketches
from dedupe.store.database import connect_reader
from dedupe.store.rows import ReadDocument
from dedupe.store.secondhand import Suspect
from dedupe.store.sketches import SignedDocument

Array = npt.NDArray[np.int64]

# From so many documents on, the kernels are used: compiling them takes some ten seconds, once a machine,
# and loading them a third of a second, while a document without them takes two milliseconds.
COMPILE_FROM = 4096


@dataclass(frozen=True, slots=True)
class Signed:
    """What signing found of a batch of n documents.

    ``keys`` int64[p], stored posting keys; ``index`` int64[p], which document of the batch. ``again``
    are the numbers of the documents that were signed before, ``earlier`` int64 their keys from then.
    """

    documents: tuple[SignedDocument, ...]
    keys: Array
    index: Array
    again: tuple[int, ...]
    earlier: Array


def read(records: Sequence[Record], config: Config) -> Iterator[ReadDocument | Skipped]:
    """Parse records and make of each what the writer stores."""
    for record in records:
        parsed = crawl.parse(record, config.crawl)
        if isinstance(parsed, Skipped):
            yield parsed
        else:
            yield rows.read_document(parsed, text.title_key(parsed), text.line_keys(parsed))


def sign(
    path: Path, numbers: Sequence[int], permutations: Permutations, config: Config, compiled: bool
) -> Signed:
    """Clean and sign stored documents."""
    connection = connect_reader(path)
    try:
        stored = [story.document for story in documents.load_stories(connection, numbers)]
        known = furniture.known_lines(connection, (document.outlet for document in stored))
        earlier = sketches.earlier_stories(connection, numbers)
    finally:
        connection.close()
    stories = [text.clean(document, known, config.text) for document in stored]
    sign_texts = partial(_posting_keys, permutations=permutations, config=config, compiled=compiled)
    keys, index, shingles = sign_texts([story.text for story in stories])
    signed = (
        SignedDocument(
            number, count, rows.pack_removed(story.removed), rows.pack_attributions(story.attributions)
        )
        for number, count, story in zip(numbers, shingles, stories, strict=True)
    )
    earlier_keys, _, _ = sign_texts(list(earlier.values()))
    return Signed(tuple(signed), keys, index, tuple(earlier), earlier_keys)


def warm_up(permutations: Permutations, config: Config) -> None:
    """Compile the kernels, or find them compiled, once and before several workers would all do it."""
    _posting_keys(["a"], permutations, config, compiled=True)
    profiles([], config, compiled=True)
    nothing = np.empty(0, np.int32)
    sketch.shared_counts(np.empty(0, np.uint64), np.zeros(1, np.int64), nothing, nothing)


def posting_keys(stories: Sequence[Story], permutations: Permutations, config: Config) -> Array:
    """The stored posting keys of stories, int64[p], as often as they occur."""
    compiled = len(stories) >= COMPILE_FROM
    return _posting_keys([story.text for story in stories], permutations, config, compiled)[0]


def line_keys(stories: Sequence[Story]) -> Array:
    """The distinct stored line keys of the stories' documents, ascending."""
    found = [text.line_keys(story.document) for story in stories]
    return np.unique(furniture.line_key(np.concatenate(found)) if found else np.empty(0, np.int64))


def verify(
    path: Path, candidates: Sequence[tuple[int, int]], config: Config, compiled: bool
) -> list[tuple[int, int, Edge]]:
    """The edges among candidates, given by document numbers; (a, b) turned so that a's id sorts first."""
    profile_of = _profiles(path, sorted({number for pair in candidates for number in pair}), config, compiled)
    found = []
    for pair in _comparable(candidates, profile_of, config) if compiled else candidates:
        a, b = sorted(pair, key=lambda number: profile_of[number].id)
        edge = match.verify(profile_of[a], profile_of[b], config.match)
        if edge is not None:
            found.append((a, b, edge))
    return found


def secondhand(path: Path, suspects: Sequence[Suspect], config: Config, compiled: bool) -> list[Suspect]:
    """Those of some suspect pairs that do rest on words which others quote."""
    numbers = {number for suspect in suspects for number in (*suspect.numbers, *suspect.quoting)}
    made = _profiles(path, sorted(numbers), config, compiled)
    found = []
    for suspect in suspects:
        a, b = (made[number] for number in suspect.numbers)
        if match.is_secondhand(a, b, [made[number] for number in suspect.quoting], config.match):
            found.append(suspect)
    return found


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


def _comparable(
    candidates: Sequence[tuple[int, int]], profile_of: Mapping[int, Profile], config: Config
) -> list[tuple[int, int]]:
    """The candidates with enough shingles in common, counted for all of them in one call."""
    if not candidates:
        return []
    index = {number: i for i, number in enumerate(profile_of)}
    left, right = np.array([(index[a], index[b]) for a, b in candidates], np.int32).T.copy()
    distinct = [profile.distinct for profile in profile_of.values()]
    sizes = np.fromiter(map(len, distinct), np.int64, len(distinct))
    first = np.concatenate(([0], np.cumsum(sizes)))
    shared = sketch.shared_counts(np.concatenate(distinct), first, left, right)
    kept = match.is_comparable(shared, np.minimum(sizes[left], sizes[right]), config.match)
    return [candidates[i] for i in np.flatnonzero(kept).tolist()]


def attribute(
    path: Path, clusters: Sequence[Cluster], config: Config
) -> list[tuple[Cluster, Origin, list[MemberOrigin]]]:
    """Each cluster with its origin, and how each member came by the story."""
    connection = connect_reader(path)
    try:
        return [(cluster, *_attribute(connection, cluster, config)) for cluster in clusters]
    finally:
        connection.close()


def _attribute(
    connection: sqlite3.Connection, cluster: Cluster, config: Config
) -> tuple[Origin, list[MemberOrigin]]:
    found = pairs.document_numbers(connection, [*cluster.members, *cluster.excerpts])
    numbers = list(found.values())
    stories = documents.load_stories(connection, numbers)
    edges = pairs.edges_among(connection, numbers)
    return origin.infer(cluster, stories, edges, config.origin, config.text.agencies)


def _posting_keys(
    texts: Sequence[str], permutations: Permutations, config: Config, compiled: bool
) -> tuple[Array, Array, list[int]]:
    if not texts:
        return np.empty(0, np.int64), np.empty(0, np.int64), []
    sketched = sketch.sign(text.tokenize(texts, compiled), permutations, config.sketch, compiled)
    keys, index = sketch.posting_keys(sketched, config.sketch, compiled)
    return postings.stored_keys(keys), index.astype(np.int64), sketched.shingles.tolist()
