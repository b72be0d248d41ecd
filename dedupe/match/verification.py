"""Candidate -> Edge: two profiles compared, passages and relation included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dedupe.config import MatchConfig
from dedupe.match.align import Alignment, align, align_pairs, shared_shingles
from dedupe.match.blocks import passages
from dedupe.match.kin import kin
from dedupe.match.measure import count, count_pairs, measure
from dedupe.match.profiles import Pairs, Profile
from dedupe.match.relation import Answer, relate
from dedupe.model import Edge


def verify(a: Profile, b: Profile, config: MatchConfig) -> Edge | None:
    """The edge between two stories, or None where they share nothing worth showing.

    A pure function of the two stories and their metadata, the same whichever is given first: the
    edge's ``a`` is the smaller id. Resemblance and containments are over distinct shingles.
    """
    if a.id > b.id:
        a, b = b, a
    seeds = shared_shingles(a, b)
    shared, smaller = len(seeds[0]), min(len(a.distinct), len(b.distinct))
    if not shared or shared < config.min_containment * smaller:
        return None
    alignment = align(a, b, seeds)
    if not alignment.blocks:
        return None
    relatives = kin(a.story.document, b.story.document)
    measured = measure(a, b, alignment, count(a, b, alignment, relatives))
    return _edge(a, b, alignment, relate(measured, relatives, config))


def verify_pairs(
    stories: Sequence[Profile], pairs: Pairs, config: MatchConfig, compiled: bool = True
) -> list[Edge | None]:
    """:func:`verify` for many pairs: ``pairs`` int32[m, 2] are their places in ``stories``, which are in the
    order of their ids; the smaller place comes first.

    ``compiled`` chooses the kernels or numpy alone, pair by pair; the result is the same.
    """
    if not compiled:
        return [verify(stories[a], stories[b], config) for a, b in pairs.tolist()]
    edges: list[Edge | None] = [None] * len(pairs)
    alignments = align_pairs(stories, pairs, config.min_containment) if edges else []
    found = {at: alignment for at, alignment in enumerate(alignments) if alignment is not None}
    if found:
        verified = _verified(stories, pairs[list(found)], list(found.values()), config)
        for at, edge in zip(found, verified, strict=True):
            edges[at] = edge
    return edges


def _verified(
    stories: Sequence[Profile], pairs: Pairs, alignments: Sequence[Alignment], config: MatchConfig
) -> Iterator[Edge]:
    """The edges of pairs with an alignment; what the tokens are is asked only of their stories."""
    used, places = np.unique(pairs, return_inverse=True)
    stories = [stories[place] for place in used.tolist()]
    pairs = places.astype(np.int32).reshape(-1, 2)
    couples = [(stories[a], stories[b]) for a, b in pairs.tolist()]
    relatives = [kin(a.story.document, b.story.document) for a, b in couples]
    counts = count_pairs(stories, pairs, alignments, relatives)
    for (a, b), alignment, related, counted in zip(couples, alignments, relatives, counts, strict=True):
        yield _edge(a, b, alignment, relate(measure(a, b, alignment, counted), related, config))


def _edge(a: Profile, b: Profile, alignment: Alignment, answer: Answer) -> Edge:
    shared, of_a, of_b = alignment.shared, len(a.distinct), len(b.distinct)
    relation, reasons = answer
    return Edge(
        a=a.id,
        b=b.id,
        relation=relation,
        resemblance=shared / (of_a + of_b - shared),
        containment_of_a=shared / of_a,
        containment_of_b=shared / of_b,
        passages=passages(a, b, alignment.blocks),
        reasons=reasons,
    )
