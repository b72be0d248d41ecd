"""Cluster by anchors: a document joins through its verified pair with the anchor, never through a chain.

1. Stars of whole-story copies (identical, edited, update), taken greedily: the document with most open
   pairs becomes an anchor, its open partners its members (the star clustering of Aslam, Pelekhov and
   Rus, "The Star Clustering Algorithm for Static and Dynamic Information Organization", JGAA 8(1),
   2004, on verified edges).
2. Documents in no star that share a part of a story (partial, excerpt) come to the star they share it
   with. One that shares parts with several stars is a round-up: a guest, as excerpt, in each, so that
   it joins none of them to another.
3. What is left shares parts only with its like. A hub whose partners share nothing with each other is a
   round-up again; the others form stars of their own.

Not handled here: candidates that were never compared. Two copies of one story whose only verified
pairs are with third documents stay apart.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from itertools import combinations

import xxhash

from dedupe.model import Cluster, Edge, Relation

WHOLE = (Relation.IDENTICAL, Relation.EDITED, Relation.UPDATE)
MOST_HUB_PARTNERS = 64  # a document with more partners than this is a hub without looking at all of them

Graph = Mapping[str, Set[str]]
Lengths = Mapping[str, int]


def cluster(edges: Iterable[Edge], lengths: Lengths) -> list[Cluster]:
    """Clusters of all documents that the reuse edges among ``edges`` mention, ordered by id.

    ``lengths`` gives the distinct shingles of each document: of equals the longer anchors. The result
    does not depend on the order of ``edges``.
    """
    whole, parts, excerpts = _graphs(edges)
    members = stars(whole, lengths)
    star_of = {member: anchor for anchor, star in members.items() for member in star}
    guests: dict[str, set[str]] = defaultdict(set)
    _attach(parts, excerpts, star_of, members, guests)
    _cluster_the_rest(parts, whole, star_of, lengths, members, guests)
    _visit(excerpts, star_of, lengths, guests)
    return sorted(
        (
            Cluster(cluster_id(anchor), anchor, tuple(sorted(star)), tuple(sorted(guests[anchor] - star)))
            for anchor, star in members.items()
            if len(star | guests[anchor]) > 1
        ),
        key=lambda found: found.id,
    )


def cluster_id(anchor: str) -> str:
    """Sixteen hexadecimal digits, stable while the cluster keeps its anchor.

    >>> cluster_id("voa.txt")
    '421fe707e790eae5'
    """
    return xxhash.xxh3_64_hexdigest(anchor.encode("utf-8", "surrogatepass"))


def stars(graph: Graph, lengths: Lengths) -> dict[str, set[str]]:
    """Anchor -> its members, the anchor among them; every document of the graph is in one star.

    Taken greedily by open degree, then length, then id. A document whose partners were all taken is a
    star alone.
    """
    degree = {document: len(others) for document, others in graph.items()}
    heap = [(-degree[document], -lengths[document], document) for document in graph]
    heapq.heapify(heap)
    taken: set[str] = set()
    found: dict[str, set[str]] = {}
    while heap:
        negative_degree, negative_length, document = heapq.heappop(heap)
        if document in taken:
            continue
        if -negative_degree != degree[document]:
            heapq.heappush(heap, (-degree[document], negative_length, document))
            continue
        found[document] = {document, *(graph[document] - taken)}
        taken |= found[document]
        for member in found[document]:
            for other in graph[member]:
                degree[other] -= 1
    return found


def _graphs(edges: Iterable[Edge]) -> tuple[Graph, Graph, Graph]:
    """Partners by whole-story copies, by shared parts (excerpts among them), and by excerpts."""
    whole: dict[str, set[str]] = defaultdict(set)
    parts: dict[str, set[str]] = defaultdict(set)
    excerpts: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if not edge.relation.is_reuse:
            continue
        graphs = [whole] if edge.relation in WHOLE else [parts]
        if edge.relation is Relation.EXCERPT:
            graphs.append(excerpts)
        for graph in graphs:
            graph[edge.a].add(edge.b)
            graph[edge.b].add(edge.a)
    return dict(whole), dict(parts), dict(excerpts)


def _attach(
    parts: Graph, excerpts: Graph, star_of: dict[str, str], members: dict[str, set[str]], guests: dict[str, set[str]]
) -> None:
    """Documents in no star join the one star they share a part with, or visit several."""
    loose = [document for document in parts if document not in star_of]
    reached = {document: {star_of[o] for o in parts[document] if o in star_of} for document in loose}
    for document, anchors in reached.items():
        is_member = len(anchors) == 1 and not any(o in members[a] for a in anchors for o in excerpts.get(document, ()))
        for anchor in anchors:
            (members if is_member else guests)[anchor].add(document)
            star_of[document] = anchor


def _cluster_the_rest(
    parts: Graph,
    whole: Graph,
    star_of: dict[str, str],
    lengths: Lengths,
    members: dict[str, set[str]],
    guests: dict[str, set[str]],
) -> None:
    """Documents that share parts only with documents that are in no star either."""
    left = {
        document: {other for other in others if other not in star_of}
        for document, others in parts.items()
        if document not in star_of
    }
    hubs = {document for document, others in left.items() if _is_hub(others, parts, whole)}
    rest = {document: others - hubs for document, others in left.items() if document not in hubs}
    made = stars(rest, lengths)
    members |= made
    home = {member: anchor for anchor, star in made.items() for member in star}
    for hub in hubs:
        for other in left[hub]:
            if other in home:
                guests[home[other]].add(hub)
            elif (lengths[other], other) < (lengths[hub], hub):
                members.setdefault(other, {other})
                guests[other].add(hub)
    star_of |= home


def _is_hub(partners: Set[str], parts: Graph, whole: Graph) -> bool:
    """Whether no two of a document's partners share text with each other."""
    if len(partners) < 2:
        return False
    looked_at = sorted(partners)[:MOST_HUB_PARTNERS]
    return not any(
        b in parts.get(a, ()) or b in whole.get(a, ()) for a, b in combinations(looked_at, 2)
    )


def _visit(excerpts: Graph, star_of: Mapping[str, str], lengths: Lengths, guests: dict[str, set[str]]) -> None:
    """Between two stars, the longer document holds an excerpt of the shorter one's story."""
    for document, others in excerpts.items():
        for other in others:
            if (lengths[document], document) < (lengths[other], other) and {document, other} <= star_of.keys():
                if star_of[document] != star_of[other]:
                    guests[star_of[document]].add(other)
