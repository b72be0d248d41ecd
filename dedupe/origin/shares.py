"""How much of a page's text is the cluster's, and how much of the cluster's text stands on the page.

A round-up that holds a story names many agencies for other stories, and a brief of which a paragraph
recurs in a long report says little about the report. Both weaken what a page says.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedupe.model import Edge, Relation
from dedupe.origin.direction import Page

_FULL = 0.5  # half of a text in common counts in full
_LEAST = 0.1
_WHOLE = frozenset({Relation.IDENTICAL, Relation.EDITED, Relation.UPDATE})


@dataclass(frozen=True, slots=True)
class Shares:
    """By document, each 0..1 and in full from a half of a text on.

    ``own``: of its text, the most that another holds. ``voice``: the same, scaled by how much it holds of
    that other, where the product is greatest, unless it is an excerpt there. Both are at least 0.1, and 1
    without any reuse edge (a document that is attributed alone). ``bond``: of the text of the other
    organisations, what it holds on average; 1 where there are none. ``main``: the documents that carry
    the story as a whole, half of whose text another holds or that are versions of another, though the
    copy may have dropped most of an original.
    """

    own: Mapping[str, float]
    voice: Mapping[str, float]
    bond: Mapping[str, float]
    main: frozenset[str]


def shares_of(pages: Sequence[Page], edges: Sequence[Edge]) -> Shares:
    """The order of neither matters."""
    outlets = {page.id: page.outlet for page in pages}
    own = dict.fromkeys(outlets, -1.0)
    voice = dict.fromkeys(outlets, -1.0)
    versions: set[str] = set()
    held: dict[str, dict[str, float]] = {id_: defaultdict(float) for id_ in outlets}
    for edge in edges:
        if not edge.relation.is_reuse or edge.a not in outlets or edge.b not in outlets:
            continue
        if edge.relation in _WHOLE:
            versions |= {edge.a, edge.b}
        of_a, of_b = _scaled(edge.containment_of_a), _scaled(edge.containment_of_b)
        for id_, other, mine, theirs in ((edge.a, edge.b, of_a, of_b), (edge.b, edge.a, of_b, of_a)):
            own[id_] = max(own[id_], mine)
            # A piece that stands whole in a round-up need not hold the rest of it to speak for itself.
            is_piece = edge.relation is Relation.EXCERPT and mine > theirs
            voice[id_] = max(voice[id_], mine if is_piece else mine * theirs)
            held[id_][outlets[other]] = max(held[id_][outlets[other]], theirs)
    own, voice = _floored(own), _floored(voice)
    main = versions.union(id_ for id_, share in own.items() if share >= 1)
    return Shares(own, voice, _bonds(outlets, held), frozenset(main))


def _bonds(outlets: Mapping[str, str], held: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    rest = len(set(outlets.values())) - 1
    return {
        id_: math.fsum(share for outlet, share in shares.items() if outlet != outlets[id_]) / rest
        if rest > 0
        else 1.0
        for id_, shares in held.items()
    }


def _scaled(share: float) -> float:
    return min(1.0, share / _FULL)


def _floored(shares: Mapping[str, float]) -> dict[str, float]:
    return {id_: 1.0 if share < 0 else max(_LEAST, share) for id_, share in shares.items()}
