"""One article against the index: is it a repost, of what, by whom, which passages.

Reads only, compiles nothing: the way of a single article from its text to its verdict, in order.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedupe import match, origin, sketch, text
from dedupe.config import Config
from dedupe.match import buckets
from dedupe.model import Document, Edge, Origin, Relation, Story, Verdict
from dedupe.profiles import profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, furniture, pairs, postings
from dedupe.store.postings import Kind

# Sorts before every id of the index, so that the query is side `a` of each of its edges.
QUERY_ID = ""
MOST_MATCHES = 32  # candidates that are verified, those sharing most postings first
MOST_MEMBERS = 256  # of a cluster, to infer its origin from


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
    connection: sqlite3.Connection, document: Document, permutations: Permutations, config: Config
) -> Lookup:
    """Ask the index about a document. It need not be in it; if it is, it is not its own match."""
    document = replace(document, source_id=QUERY_ID)
    query = text.clean(document, furniture.KnownLines(connection).of(document.outlet), config.text)
    numbers = _candidates(connection, query, permutations, config)
    edges, stories = _verified(query, documents.load_stories(connection, numbers), config)
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


def learned_lines(connection: sqlite3.Connection, outlet: str) -> list[tuple[str, int]]:
    """The lines learned as furniture of an outlet, with the number of documents they stand in, most first."""
    known = furniture.known_lines(connection, outlet)
    counts: Counter[str] = Counter()
    for numbers in documents.of_outlet(connection, outlet):
        for story in documents.load_stories(connection, numbers):
            lines = {line.strip() for line in story.document.text.splitlines() if not line.isspace()}
            counts.update(line for line in lines if line and text.line_key(outlet, line) in known)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _candidates(
    connection: sqlite3.Connection, query: Story, permutations: Permutations, config: Config
) -> list[int]:
    """Document numbers, those that share most postings with the query first."""
    sketched = sketch.sign(text.tokenize_plain([query.text]), permutations, config.sketch, compiled=False)
    keys, _ = sketch.posting_keys(sketched, config.sketch)
    found, numbers = postings.lookup(connection, Kind.SHINGLE, np.unique(postings.stored_keys(keys)))
    weights = buckets.weights(found, postings.FIRST_BAND)
    shared, place = np.unique(numbers, return_inverse=True)
    sums = np.bincount(place, weights, len(shared)).astype(np.int64)
    candidate = buckets.is_candidate(sums, config.match)
    order = np.argsort(-_samples_first(sums[candidate]), kind="stable")
    return documents.by_sketch(connection, shared[candidate][order].tolist(), MOST_MATCHES)


def _samples_first(sums: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sort by shared samples, which estimate the overlap; bands only break ties."""
    samples, bands = sums % buckets.BAND_WEIGHT, sums // buckets.BAND_WEIGHT
    return samples * 64 + bands


def _verified(query: Story, found: list[Story], config: Config) -> tuple[list[Edge], list[Story]]:
    """The edges to the documents that do share text with the query, reuse first, then by overlap."""
    mine, *others = profiles([query, *found], config, compiled=False)
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
