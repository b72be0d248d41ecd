"""One article against the index: is it a repost, of what, by whom, which passages.

Reads only, and compiles nothing unless asked to: the way of a single article from its text to its
verdict, in order.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedupe import match, origin, sets, sketch, text
from dedupe.config import Config
from dedupe.match import buckets
from dedupe.model import Document, Edge, MemberOrigin, Origin, Relation, Story, Verdict
from dedupe.profiles import profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, furniture, lookups, pairs, postings
from dedupe.store.lookups import Known
from dedupe.store.postings import Kind

# Sorts before every id of the index, so that the query is side `a` of each of its edges.
QUERY_ID = ""
MOST_MATCHES = 32  # candidates that are verified, those sharing most postings first
MOST_MEMBERS = 64  # of a cluster, to infer its origin from; with 256 one query in a hundred took 60 ms


@dataclass(frozen=True, slots=True)
class Lookup:
    """The answer.

    ``edges`` run from the query (side ``a``) to its matches, best first, ``stories`` are the matches in
    the same order. ``cluster_id`` is the cluster that the query would join, None where there is none
    yet. ``origin`` is inferred with the query as one more copy.
    """

    verdict: Verdict
    query: Story
    edges: tuple[Edge, ...]
    stories: tuple[Story, ...]
    cluster_id: str | None
    origin: Origin


def lookup(
    connection: sqlite3.Connection,
    document: Document,
    permutations: Permutations,
    config: Config,
    compiled: bool = False,
    known: Known | None = None,
) -> Lookup:
    """Ask the index about a document. It need not be in it; if it is, it is not its own match.

    ``compiled`` uses the kernels: seconds to load, then a sixth less time a query. ``known`` is kept from
    question to question by who asks many. The answer is the same.
    """
    document = replace(document, source_id=QUERY_ID)
    query = text.clean(document, furniture.KnownLines(connection).of(document.outlet), config.text)
    keys = _keys(query, permutations, config, compiled)
    shingles = lookups.lookup(connection, Kind.SHINGLE, keys, known)
    numbers = documents.by_sketch(connection, _candidates(*shingles, config), MOST_MATCHES)
    edges, stories = _verified(query, documents.load_stories(connection, numbers), config, compiled)
    reuse = [edge for edge in edges if edge.relation.is_reuse]
    cluster_id, members = pairs.cluster_around(connection, [edge.b for edge in reuse], MOST_MEMBERS)
    others = documents.load_stories(connection, members)
    id_of = {number: story.document.id for number, story in zip(members, others, strict=True)}
    found = origin.attribute(
        [query, *others],
        [*reuse, *pairs.edges_among(connection, id_of)],
        config.origin,
        config.text.agencies,
    )
    verdict = origin.lookup_verdict(query, stories, edges, found, config.text.agencies)
    return Lookup(verdict, query, tuple(edges), tuple(stories), cluster_id, found)


def copies(connection: sqlite3.Connection, found: Lookup, config: Config) -> list[MemberOrigin]:
    """How the query (under QUERY_ID) and those of its matches that are reuse came by the story, by id."""
    reuse = [
        (edge, story)
        for edge, story in zip(found.edges, found.stories, strict=True)
        if edge.relation.is_reuse
    ]
    numbers = pairs.document_numbers(connection, [edge.b for edge, _ in reuse])
    id_of = {number: public_id for public_id, number in numbers.items()}
    return origin.members(
        [found.query, *(story for _, story in reuse)],
        [*(edge for edge, _ in reuse), *pairs.edges_among(connection, id_of)],
        found.origin,
        QUERY_ID,
        config.text.agencies,
    )


def learned_lines(connection: sqlite3.Connection, outlet: str) -> list[tuple[str, int]]:
    """The lines learned as furniture of an outlet, with the number of documents they stand in, most first."""
    known = furniture.known_lines(connection, outlet)
    counts: Counter[str] = Counter()
    for numbers in documents.of_outlet(connection, outlet):
        for story in documents.load_stories(connection, numbers):
            lines = {line.strip() for line in story.document.text.splitlines() if not line.isspace()}
            counts.update(line for line in lines if line and text.line_key(outlet, line) in known)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _keys(query: Story, permutations: Permutations, config: Config, compiled: bool) -> npt.NDArray[np.int64]:
    """The stored posting keys of the query, distinct, ascending."""
    tokens = text.tokenize([query.text], compiled)
    sketched = sketch.sign(tokens, permutations, config.sketch, compiled)
    keys, _ = sketch.posting_keys(sketched, config.sketch, compiled)
    return sets.distinct(postings.stored_keys(keys))


def _candidates(keys: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64], config: Config) -> list[int]:
    """Sketch numbers, those that share most of these postings with the query first."""
    weights = buckets.weights(keys, postings.FIRST_BAND)
    shared, place = np.unique(numbers, return_inverse=True)
    sums = np.bincount(place, weights, len(shared)).astype(np.int64)
    candidate = buckets.is_candidate(sums, config.match)
    order = np.argsort(-_samples_first(sums[candidate]), kind="stable")
    chosen: list[int] = shared[candidate][order].tolist()
    return chosen


def _samples_first(sums: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sort by shared samples, which estimate the overlap; bands only break ties."""
    samples, bands = sums % buckets.BAND_WEIGHT, sums // buckets.BAND_WEIGHT
    return samples * 64 + bands


def _verified(
    query: Story, found: list[Story], config: Config, compiled: bool
) -> tuple[list[Edge], list[Story]]:
    """The edges to the documents that do share text with the query, reuse first, then by overlap."""
    mine, *others = profiles([query, *found], config, compiled)
    verified = [
        (edge, other.story)
        for other in others
        if (edge := match.verify(mine, other, config.match)) and not _is_itself(query, other.story, edge)
    ]
    verified.sort(key=lambda pair: (not pair[0].relation.is_reuse, -_overlap(pair[0]), pair[0].b))
    return [edge for edge, _ in verified], [story for _, story in verified]


def _overlap(edge: Edge) -> float:
    return max(edge.containment_of_a, edge.containment_of_b)


def _is_itself(query: Story, found: Story, edge: Edge) -> bool:
    url = query.document.url
    return url is not None and url == found.document.url and edge.relation is Relation.IDENTICAL
