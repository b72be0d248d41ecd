"""Cluster by anchors: a document joins through its verified pair with the anchor, never through a chain.

Taken greedily: the document with most open pairs becomes an anchor, its open partners its members, and
so on until no open pair is left (the star clustering of Aslam, Pelekhov and Rus, "The Star Clustering
Algorithm for Static and Dynamic Information Organization", JGAA 8(1), 2004, on verified edges).
Excerpts come afterwards and belong to every story they share a passage with: a round-up that holds five
stories is a member of five clusters and joins none of them to another.

Not handled here: candidates that were never compared. Two copies of one story whose only verified
pairs are with third documents stay apart.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import xxhash

from dedupe.model import Cluster, Edge, Relation

Partners = Mapping[str, Sequence[str]]


def cluster(edges: Iterable[Edge], lengths: Mapping[str, int]) -> list[Cluster]:
    """Clusters of all documents that ``edges`` mention, ordered by id.

    ``lengths`` gives the distinct shingles of each document: of equals the longer anchors. The result
    does not depend on the order of ``edges``.
    """
    joining: dict[str, list[str]] = defaultdict(list)
    excerpts: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.relation.is_reuse:
            partners = excerpts if edge.relation is Relation.EXCERPT else joining
            partners[edge.a].append(edge.b)
            partners[edge.b].append(edge.a)
    stars = _stars(joining, lengths)
    centre = {member: anchor for anchor, members in stars.items() for member in members}
    attached = _attach_excerpts(excerpts, stars, centre, lengths)
    anchors = {*(anchor for anchor in stars if len(stars[anchor]) > 1), *attached}
    clusters = [
        Cluster(
            cluster_id(anchor),
            anchor,
            tuple(sorted(stars.get(anchor, {anchor}))),
            tuple(sorted(attached.get(anchor, ()))),
        )
        for anchor in anchors
    ]
    return sorted(clusters, key=lambda found: found.id)


def cluster_id(anchor: str) -> str:
    """Sixteen hexadecimal digits, stable while the cluster keeps its anchor.

    >>> cluster_id("voa.txt")
    '421fe707e790eae5'
    """
    return xxhash.xxh3_64_hexdigest(anchor.encode("utf-8", "surrogatepass"))


def _stars(partners: Partners, lengths: Mapping[str, int]) -> dict[str, set[str]]:
    """Anchor -> its members, the anchor among them; single documents left out."""
    open_degree = {document: len(others) for document, others in partners.items()}
    heap = [_priority(document, open_degree, lengths) for document in partners]
    heapq.heapify(heap)
    taken: set[str] = set()
    stars: dict[str, set[str]] = {}
    while heap:
        negative_degree, _, document = heapq.heappop(heap)
        if document in taken or not negative_degree:
            continue
        if -negative_degree != open_degree[document]:
            heapq.heappush(heap, _priority(document, open_degree, lengths))
            continue
        members = {document, *(other for other in partners[document] if other not in taken)}
        stars[document] = members
        taken |= members
        for member in members:
            for other in partners[member]:
                open_degree[other] -= 1
    return stars


def _priority(document: str, degree: Mapping[str, int], lengths: Mapping[str, int]) -> tuple[int, int, str]:
    return -degree[document], -lengths[document], document


def _attach_excerpts(
    excerpts: Partners, stars: Mapping[str, set[str]], centre: Mapping[str, str], lengths: Mapping[str, int]
) -> dict[str, set[str]]:
    """Anchor -> documents that hold a part of its story, or are one.

    A document that is in a star is stood for by its anchor. Between two documents without a star the
    longer one anchors, unless it holds excerpts of several: then it is the round-up, and they anchor.
    """
    attached: dict[str, set[str]] = defaultdict(set)
    for document in sorted(excerpts):
        for other in excerpts[document]:
            if other < document:
                continue
            for anchor, excerpt in _directions((document, other), excerpts, centre, lengths):
                if excerpt not in stars.get(anchor, ()):
                    attached[anchor].add(excerpt)
    return attached


def _directions(
    pair: tuple[str, str], excerpts: Partners, centre: Mapping[str, str], lengths: Mapping[str, int]
) -> list[tuple[str, str]]:
    """(anchor, excerpt) for one excerpt edge."""
    starred = [document for document in pair if document in centre]
    if len(starred) == 1:
        other = pair[0] if starred[0] == pair[1] else pair[1]
        return [(centre[starred[0]], other)]
    shorter, longer = sorted(pair, key=lambda document: (lengths[document], document))
    if len(starred) == 2:
        return [(centre[shorter], longer)] if centre[shorter] != centre[longer] else []
    if len(excerpts[longer]) > 1:
        return [(shorter, longer)]
    return [(longer, shorter)]
