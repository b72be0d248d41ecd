"""Candidate -> Edge: two profiles compared, passages and relation included."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
import numpy.typing as npt

from dedupe.config import MatchConfig
from dedupe.match.align import align, shared_shingles
from dedupe.match.blocks import passages
from dedupe.match.kin import kin
from dedupe.match.measure import measure
from dedupe.match.profiles import Flags, Profile
from dedupe.match.relation import relate
from dedupe.model import Edge

Counts = npt.NDArray[np.integer]


@overload
def is_comparable(shared: int, smaller: int, config: MatchConfig) -> bool: ...
@overload
def is_comparable(shared: Counts, smaller: Counts, config: MatchConfig) -> Flags: ...
def is_comparable(shared: Any, smaller: Any, config: MatchConfig) -> Any:
    """Whether two stories share enough distinct shingles; for counts, or arrays of counts, of many pairs."""
    return (shared > 0) & (shared >= config.min_containment * smaller)


def verify(a: Profile, b: Profile, config: MatchConfig) -> Edge | None:
    """The edge between two stories, or None where they share nothing worth showing.

    A pure function of the two stories and their metadata, the same whichever is given first: the
    edge's ``a`` is the smaller id. Resemblance and containments are over distinct shingles.
    """
    if a.id > b.id:
        a, b = b, a
    seeds = shared_shingles(a, b)
    shared, smaller = len(seeds[0]), min(len(a.distinct), len(b.distinct))
    if not is_comparable(shared, smaller, config):
        return None
    alignment = align(a, b, seeds)
    if not alignment.blocks:
        return None
    relatives = kin(a.story.document, b.story.document)
    relation, reasons = relate(measure(a, b, alignment, relatives), relatives, config)
    return Edge(
        a=a.id,
        b=b.id,
        relation=relation,
        resemblance=shared / (len(a.distinct) + len(b.distinct) - shared),
        containment_of_a=shared / len(a.distinct),
        containment_of_b=shared / len(b.distinct),
        passages=passages(a, b, alignment.blocks),
        reasons=reasons,
    )
