"""Cluster by anchors: a document joins through a verified pair, never through a chain of them.

1. Stars of whole-story copies (identical, edited, update), taken greedily: the document with most open
   pairs becomes an anchor, its open partners its members (the star clustering of Aslam, Pelekhov and
   Rus, "The Star Clustering Algorithm for Static and Dynamic Information Organization", JGAA 8(1),
   2004, on verified edges). A copy whose partners were all taken joins the star of the nearest of them
   if it shares text with the anchor too, or is identical to that partner.
2. Documents in no star that share a fair part of a story with the anchor of one star join it. One that
   reaches several stars is a round-up: a guest, as excerpt, wherever it shares text with the anchor, so
   that it joins none of them to another.
3. What shares parts only with its like, or with members whose anchor has nothing of it, forms stars of
   its own, except a hub whose partners share nothing with each other, which is a round-up again.
4. Whoever has a reuse pair and no place yet is a guest of its nearest partner's story, if it shares text
   with that anchor, and else the anchor of a story that its partner visits.

So whoever is in a cluster shares text with its anchor. A pair that shares little of either text
(``GUEST_SHARE``) places nobody. Not handled here: candidates that were never compared.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import combinations

import xxhash

from dedupe.model import Cluster, Edge, Relation

WHOLE = (Relation.IDENTICAL, Relation.EDITED, Relation.UPDATE)
MOST_HUB_PARTNERS = 64  # of a document's partners are looked at to tell whether it is a hub

# A copy of less of the shorter text than this is at home nowhere by it: on a day of news such pairs share a
# paragraph of background or a law's wording, and a page that holds it is no repost of the story.
MEMBER_SHARE = 0.2
# Of pairs that share less than this of both texts, eight in twelve that were read shared a list, the note on
# a poll's method or a table; between this and MEMBER_SHARE ten in fourteen shared somebody's paragraph.
GUEST_SHARE = 0.1

# Document -> its partners, with how near they are: resemblance for whole copies, for parts the share of the
# shorter text.
Graph = Mapping[str, Mapping[str, float]]
Lengths = Mapping[str, int]


def cluster(edges: Iterable[Edge], lengths: Lengths) -> list[Cluster]:
    """Clusters of all documents that the reuse edges among ``edges`` mention, ordered by id.

    ``lengths`` gives the distinct shingles of each document: of equals the longer anchors. The result
    does not depend on the order of ``edges``.
    """
    graphs = _graphs(edges)
    seating = _Seating(lengths, graphs)
    seating.seat({anchor: star for anchor, star in stars(graphs.whole, lengths).items() if len(star) > 1})
    seating.join_nearest()
    seating.attach()
    seating.seat_the_rest()
    seating.visit()
    seating.place_the_homeless()
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


@dataclass(frozen=True, slots=True)
class _Graphs:
    """Partners by whole-story copies (by resemblance, the identical ones also apart), by shared parts,
    excerpts among them, and by any of these (by share)."""

    whole: Graph
    identical: Graph
    parts: Graph
    excerpts: Graph
    any: Graph


def _graphs(edges: Iterable[Edge]) -> _Graphs:
    found: dict[str, dict[str, dict[str, float]]] = {
        name: defaultdict(dict) for name in ("whole", "identical", "parts", "excerpts", "any")
    }
    for edge in edges:
        share = max(edge.containment_of_a, edge.containment_of_b)
        if not edge.relation.is_reuse or share < GUEST_SHARE:
            continue
        is_whole = edge.relation in WHOLE and share >= MEMBER_SHARE
        kinds = {"any": share, "whole" if is_whole else "parts": edge.resemblance if is_whole else share}
        if edge.relation in (Relation.EXCERPT, Relation.IDENTICAL):
            kinds["excerpts" if edge.relation is Relation.EXCERPT else "identical"] = share
        for kind, near in kinds.items():
            found[kind][edge.a][edge.b] = found[kind][edge.b][edge.a] = near
    return _Graphs(**{name: dict(graph) for name, graph in found.items()})


class _Seating:
    """Who sits where: each document is at home in at most one star, and a guest in any number."""

    def __init__(self, lengths: Lengths, graphs: _Graphs) -> None:
        self._lengths = lengths
        self._graphs = graphs
        self._members: dict[str, set[str]] = {}
        self._guests: dict[str, set[str]] = defaultdict(set)
        self._home: dict[str, str] = {}
        self._visitors: set[str] = set()

    def seat(self, found: Mapping[str, set[str]]) -> None:
        """Stars as :func:`stars` gives them."""
        self._members |= found
        self._home |= {member: anchor for anchor, star in found.items() for member in star}

    def join_nearest(self) -> None:
        """A copy whose partners sit in other stars joins that of the nearest: one step, no chain."""
        homes = {}
        for document, partners in self._graphs.whole.items():
            if document in self._home:
                continue
            same = self._graphs.identical.get(document, {})
            welcome = [o for o in partners if o in same or self._shares(document, self._home.get(o))]
            nearest = _nearest(partners, [o for o in welcome if o in self._home])
            if nearest is not None:
                homes[document] = self._home[nearest]
        for document, anchor in homes.items():
            self._members[anchor].add(document)
        self._home |= homes

    def attach(self) -> None:
        """Documents in no star join the one whose anchor they share a part with, or are guests."""
        loose = [document for document in self._graphs.any if document not in self._home]
        reached = {
            document: {self._home[o] for o in self._graphs.any[document] if o in self._home}
            for document in loose
        }
        for document, anchors in reached.items():
            shared = sorted(anchor for anchor in anchors if self._shares(document, anchor))
            if len(anchors) == len(shared) == 1 and self._is_part(document, shared[0]):
                self._members[shared[0]].add(document)
                self._home[document] = shared[0]
            else:
                self._receive(document, shared)

    def seat_the_rest(self) -> None:
        """Documents that share parts only with documents that are in no star either."""
        parts = self._graphs.parts
        left = {
            document: {o: near for o, near in others.items() if near >= MEMBER_SHARE and self._is_free(o)}
            for document, others in parts.items()
            if self._is_free(document)
        }
        hubs = {document for document, others in left.items() if _is_hub(others.keys(), self._graphs.any)}
        rest = {
            document: {other: near for other, near in others.items() if other not in hubs}
            for document, others in left.items()
            if document not in hubs
        }
        late = stars(rest, self._lengths)
        self.seat(late)
        for anchor in late:
            self._guests[anchor] |= {o for o in parts[anchor] if self._has_from_elsewhere(o, anchor)}
        for hub in hubs:
            for other in left[hub]:
                if other not in hubs:
                    self._receive(hub, [home for home in (self._home[other],) if self._shares(hub, home)])
                elif self._size(other) < self._size(hub):
                    self._members.setdefault(other, {other})
                    self._receive(hub, [other])

    def visit(self) -> None:
        """Between two stars, the longer document holds an excerpt of the shorter one's story."""
        for document, others in self._graphs.excerpts.items():
            for other in others:
                home, away = self._home.get(document), self._home.get(other)
                if home is None or away is None or home == away or self._size(document) > self._size(other):
                    continue
                if self._shares(other, home):
                    self._guests[home].add(other)

    def place_the_homeless(self) -> None:
        """Whoever has a partner and no place is a guest of its nearest partner's story, or its host."""
        placed = {document for found in self.clusters() for document in (*found.members, *found.excerpts)}
        for document in sorted(self._graphs.any.keys() - placed):
            if document in placed:
                continue
            partners = self._graphs.any[document]
            partner = min(partners, key=lambda other: (-partners[other], other))
            home = self._home.get(partner, partner)
            is_visitor = partner in placed and partner not in self._home
            if is_visitor or not self._shares(document, home):
                anchor, guest = document, partner
            else:
                anchor, guest = home, document
            self._members.setdefault(anchor, {anchor})
            self._guests[anchor].add(guest)
            placed |= {anchor, guest}

    def clusters(self) -> Iterator[Cluster]:
        for anchor, star in self._members.items():
            guests = self._guests[anchor] - star
            if len(star) + len(guests) > 1:
                yield Cluster(cluster_id(anchor), anchor, tuple(sorted(star)), tuple(sorted(guests)))

    def _shares(self, document: str, anchor: str | None) -> bool:
        return anchor in self._graphs.any.get(document, ())

    def _is_part(self, document: str, anchor: str) -> bool:
        """Whether a document shares a fair part with an anchor, and none of the two is an excerpt."""
        near = self._graphs.parts.get(document, {}).get(anchor, 0.0)
        return near >= MEMBER_SHARE and anchor not in self._graphs.excerpts.get(document, ())

    def _has_from_elsewhere(self, document: str, anchor: str) -> bool:
        """Whether a member of another star shares a fair part with an anchor, and its own anchor nothing."""
        home = self._home.get(document, anchor)
        near = self._graphs.any[document].get(anchor, 0.0)
        return home != anchor and near >= MEMBER_SHARE and not self._shares(anchor, home)

    def _receive(self, guest: str, anchors: Iterable[str]) -> None:
        for anchor in anchors:
            self._guests[anchor].add(guest)
            self._visitors.add(guest)

    def _is_free(self, document: str) -> bool:
        return document not in self._home and document not in self._visitors

    def _size(self, document: str) -> tuple[int, str]:
        return self._lengths[document], document


def _nearest(partners: Mapping[str, float], among: Iterable[str]) -> str | None:
    """The partner of highest resemblance among some, of equals the one whose id sorts first."""
    return min(among, key=lambda other: (-partners[other], other), default=None)


def _is_hub(partners: Set[str], pairs: Graph) -> bool:
    """Whether no two of a document's partners share text with each other."""
    if len(partners) < 2:
        return False
    looked_at = sorted(partners)[:MOST_HUB_PARTNERS]
    return not any(b in pairs.get(a, ()) for a, b in combinations(looked_at, 2))
