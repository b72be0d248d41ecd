"""Cluster by anchors: a document joins through a verified pair, never through a chain of them.

1. Stars of whole-story copies (identical, edited, update), taken greedily: the document with most open
   pairs becomes an anchor, its open partners its members (the star clustering of Aslam, Pelekhov and
   Rus, "The Star Clustering Algorithm for Static and Dynamic Information Organization", JGAA 8(1),
   2004, on verified edges). A copy whose partners were all taken joins the star of the nearest of them.
2. Documents in no star that share a fair part of a story with the anchor of one star join it. One that
   shares parts with several stars is a round-up: a guest, as excerpt, in each, so that it joins none of
   them to another; and so is one that shares with other members only.
3. What shares parts only with its like forms stars of its own, except a hub whose partners share
   nothing with each other, which is a round-up again.
4. Whoever has a reuse pair and no place yet is a guest where its nearest partner is at home.

Not handled here: candidates that were never compared.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from itertools import combinations

import xxhash

from dedupe.model import Cluster, Edge, Relation

WHOLE = (Relation.IDENTICAL, Relation.EDITED, Relation.UPDATE)
MOST_HUB_PARTNERS = 64  # of a document's partners are looked at to tell whether it is a hub

# A copy of less of the shorter text than this is at home nowhere by it: on a day of news such pairs share a
# paragraph of background or a law's wording, and a page that holds it is no repost of the story.
MEMBER_SHARE = 0.2

# Document -> its partners, with how near they are: resemblance for whole copies, for parts the share of the
# shorter text.
Graph = Mapping[str, Mapping[str, float]]
Lengths = Mapping[str, int]


def cluster(edges: Iterable[Edge], lengths: Lengths) -> list[Cluster]:
    """Clusters of all documents that the reuse edges among ``edges`` mention, ordered by id.

    ``lengths`` gives the distinct shingles of each document: of equals the longer anchors. The result
    does not depend on the order of ``edges``.
    """
    whole, parts, excerpts = _graphs(edges)
    seating = _Seating(lengths)
    seating.seat({anchor: star for anchor, star in stars(whole, lengths).items() if len(star) > 1})
    seating.join_nearest(whole)
    seating.attach(parts, excerpts)
    seating.seat_the_rest(parts, whole)
    seating.visit(excerpts)
    seating.place_the_homeless(whole, parts)
    return sorted(seating.clusters(), key=lambda found: found.id)


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
        found[document] = {document, *(graph[document].keys() - taken)}
        taken |= found[document]
        for member in found[document]:
            for other in graph[member]:
                degree[other] -= 1
    return found


def _graphs(edges: Iterable[Edge]) -> tuple[Graph, Graph, Graph]:
    """Partners by whole-story copies, by shared parts (excerpts among them), and by excerpts."""
    whole: dict[str, dict[str, float]] = defaultdict(dict)
    parts: dict[str, dict[str, float]] = defaultdict(dict)
    excerpts: dict[str, dict[str, float]] = defaultdict(dict)
    for edge in edges:
        if not edge.relation.is_reuse:
            continue
        graphs = [whole] if edge.relation in WHOLE else [parts]
        if edge.relation is Relation.EXCERPT:
            graphs.append(excerpts)
        for graph in graphs:
            near = edge.resemblance if graph is whole else max(edge.containment_of_a, edge.containment_of_b)
            graph[edge.a][edge.b] = graph[edge.b][edge.a] = near
    return dict(whole), dict(parts), dict(excerpts)


class _Seating:
    """Who sits where: each document is at home in at most one star, and a guest in any number."""

    def __init__(self, lengths: Lengths) -> None:
        self._lengths = lengths
        self._members: dict[str, set[str]] = {}
        self._guests: dict[str, set[str]] = defaultdict(set)
        self._home: dict[str, str] = {}
        self._visitors: set[str] = set()

    def seat(self, found: Mapping[str, set[str]]) -> None:
        """Stars as :func:`stars` gives them."""
        self._members |= found
        self._home |= {member: anchor for anchor, star in found.items() for member in star}

    def join_nearest(self, whole: Graph) -> None:
        """A copy whose partners sit in other stars joins that of the nearest: one step, no chain."""
        late = [document for document in whole if document not in self._home]
        homes = {document: self._home[_nearest(whole[document], self._home)] for document in late}
        for document, anchor in homes.items():
            self._members[anchor].add(document)
        self._home |= homes

    def attach(self, parts: Graph, excerpts: Graph) -> None:
        """Documents in no star join the one whose anchor they share a part with, or are guests."""
        loose = [document for document in parts if document not in self._home]
        reached = {
            document: {self._home[o] for o in parts[document] if o in self._home} for document in loose
        }
        for document, anchors in reached.items():
            one = min(anchors, default=document)
            is_part = parts[document].get(one, 0.0) >= MEMBER_SHARE and one not in excerpts.get(document, {})
            if len(anchors) == 1 and is_part:
                self._members[one].add(document)
                self._home[document] = one
            else:
                self._receive(document, anchors)

    def seat_the_rest(self, parts: Graph, whole: Graph) -> None:
        """Documents that share parts only with documents that are in no star either."""
        left = {
            document: {o: near for o, near in others.items() if near >= MEMBER_SHARE and self._is_free(o)}
            for document, others in parts.items()
            if self._is_free(document)
        }
        hubs = {document for document, others in left.items() if _is_hub(others.keys(), parts, whole)}
        rest = {
            document: {other: near for other, near in others.items() if other not in hubs}
            for document, others in left.items()
            if document not in hubs
        }
        self.seat(stars(rest, self._lengths))
        for hub in hubs:
            for other in left[hub]:
                if other not in hubs:
                    self._receive(hub, {self._home[other]})
                elif self._size(other) < self._size(hub):
                    self._members.setdefault(other, {other})
                    self._receive(hub, {other})

    def visit(self, excerpts: Graph) -> None:
        """Between two stars, the longer document holds an excerpt of the shorter one's story."""
        for document, others in excerpts.items():
            for other in others:
                homes = self._home.get(document), self._home.get(other)
                if None not in homes and homes[0] != homes[1] and self._size(document) < self._size(other):
                    self._guests[self._home[document]].add(other)

    def place_the_homeless(self, whole: Graph, parts: Graph) -> None:
        """Whoever has a partner and no place is a guest where its nearest partner is at home, or its host."""
        placed = {document for found in self.clusters() for document in (*found.members, *found.excerpts)}
        for document in sorted((whole.keys() | parts.keys()) - placed):
            if document in placed:
                continue
            partners = {**parts.get(document, {}), **whole.get(document, {})}
            partner = _nearest(partners, partners)
            is_visitor = partner in placed and partner not in self._home
            anchor, guest = (
                (document, partner) if is_visitor else (self._home.get(partner, partner), document)
            )
            self._members.setdefault(anchor, {anchor})
            self._guests[anchor].add(guest)
            placed |= {anchor, guest}

    def clusters(self) -> Iterator[Cluster]:
        for anchor, star in self._members.items():
            guests = self._guests[anchor] - star
            if len(star) + len(guests) > 1:
                yield Cluster(cluster_id(anchor), anchor, tuple(sorted(star)), tuple(sorted(guests)))

    def _receive(self, guest: str, anchors: Iterable[str]) -> None:
        for anchor in anchors:
            self._guests[anchor].add(guest)
            self._visitors.add(guest)

    def _is_free(self, document: str) -> bool:
        return document not in self._home and document not in self._visitors

    def _size(self, document: str) -> tuple[int, str]:
        return self._lengths[document], document


def _nearest(partners: Mapping[str, float], among: Container[str]) -> str:
    """The partner of highest resemblance, of equals the one whose id sorts first."""
    return min((other for other in partners if other in among), key=lambda other: (-partners[other], other))


def _is_hub(partners: Set[str], parts: Graph, whole: Graph) -> bool:
    """Whether no two of a document's partners share text with each other."""
    if len(partners) < 2:
        return False
    looked_at = sorted(partners)[:MOST_HUB_PARTNERS]
    return not any(b in parts.get(a, ()) or b in whole.get(a, ()) for a, b in combinations(looked_at, 2))
