"""Texts that tell of one event: stars of linked texts, round-ups left out.

The links are shared quotations and passages, far weaker than copies, so nothing is chained: a text belongs to
the event of the text that it is linked to. A page that touches many events is linked to texts that are not
linked to each other; it would make one event of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from dedupe.cluster.anchors import MOST_HUB_PARTNERS, Graph, stars

LEAST_LINKED = 0.2  # of the pairs of a text's partners, from three partners on: below, it is a round-up


def siblings(links: Graph, sizes: Mapping[str, int]) -> list[set[str]]:
    """Groups of two texts or more, each text in one at most. ``sizes`` tell which of equals is the middle."""
    kept = {text for text in links if not _is_round_up(text, links)}
    graph = {text: {o: count for o, count in links[text].items() if o in kept} for text in kept}
    return [group for group in stars(graph, sizes).values() if len(group) > 1]


def _is_round_up(text: str, links: Graph) -> bool:
    partners = sorted(links[text])[:MOST_HUB_PARTNERS]
    pairs = len(partners) * (len(partners) - 1) // 2
    if len(partners) < 3:
        return False
    return sum(b in links[a] for a, b in combinations(partners, 2)) < LEAST_LINKED * pairs
