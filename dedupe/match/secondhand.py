"""Does a pair rest on words that a third page prints as somebody's? Two pages alone cannot always tell.

A press office's sentence stands in quotation marks on one page, is worked into the report on the next, and
has lost its marks on a third. Compared with each other the last two seem to share a reporter's sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dedupe import sets
from dedupe.config import MatchConfig
from dedupe.match.align import align, shared_shingles
from dedupe.match.kin import kin
from dedupe.match.measure import count, measure
from dedupe.match.profiles import QUOTED, Hashes, Profile
from dedupe.match.relation import relate


def is_secondhand(a: Profile, b: Profile, quoting: Sequence[Profile], config: MatchConfig) -> bool:
    """Whether two stories are no copies of each other once all that ``quoting`` quotes counts as quoted."""
    shingles: Hashes = np.concatenate([_quoted_shingles(story) for story in quoting])
    quoted = sets.distinct(shingles)
    a, b = _requoted(a, quoted), _requoted(b, quoted)
    alignment = align(a, b, shared_shingles(a, b))
    if not alignment.blocks:
        return False
    relatives = kin(a.story.document, b.story.document)
    measured = measure(a, b, alignment, count(a, b, alignment, relatives))
    relation, _ = relate(measured, relatives, config)
    return not relation.is_reuse


def _quoted_shingles(story: Profile) -> Hashes:
    """The shingles of a story whose tokens are all quoted."""
    unquoted = np.concatenate(([0], np.cumsum(story.marks() & QUOTED == 0)))
    first = np.arange(len(story.hashes))
    quoted: Hashes = story.hashes[unquoted[first + story.size] == unquoted[first]]
    return quoted


def _requoted(story: Profile, quoted: Hashes) -> Profile:
    """The story with the tokens of these shingles marked as quoted too."""
    marks = story.marks().copy()
    for place in np.flatnonzero(sets.is_in(story.hashes, quoted)).tolist():
        marks[place : place + story.size] |= QUOTED
    return replace(story, _marks=[marks])
