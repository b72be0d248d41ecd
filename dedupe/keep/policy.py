"""Which document of each story stays, and why the others go.

Of the documents that carry a story one stays. Excerpts are no copies: a round-up that quotes a story
stays beside it, unless half of its own text or more is in the document that stays and it is part of no
other story. Documents of no story all stay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dedupe.model import Relation, Role
from dedupe.report.record import Record, ratio
from dedupe.report.wording import states_a_time
from dedupe.store import keeping
from dedupe.store.keeping import Candidate

EXCERPT_SHARE = 0.5  # of an excerpt's own text in the document that stays: then it adds little
_STUB = 0.5  # of the longest document's length: what is shorter may be a teaser, or cut off by a paywall


class Policy(StrEnum):
    """Which document of a story stays. Equals are decided by time, then length, then id.

    ``ORIGIN`` is the origin's own page, else the fullest copy that credits it. ``BEST`` is the same among
    those at least half as long as the longest, and looks at what is known of a page too.
    """

    ORIGIN = "origin"
    EARLIEST = "earliest"
    LONGEST = "longest"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A document that goes. ``relation`` and ``share`` (of its own text) are measured against the one that
    stays, or where the two were never compared against the story's anchor; ``against`` says which."""

    candidate: Candidate
    cluster_id: str
    kept: str
    why: str
    relation: Relation | None
    share: float | None
    against: str | None


#: Keys of :func:`dropped_record`, with what they hold.
DROPPED_COLUMNS = {
    "id": "the document that is left out",
    "path": "where it is, relative to the crawl root",
    "cluster_id": "the story",
    "role": "what it is in the story",
    "kept": "id of the document that stays for it",
    "why": "why that one stays",
    "relation": "of the two: identical, edited, excerpt, partial, update …",
    "share": "of its own text that is in the other, 0..1",
    "against": "id of the document that relation and share are measured against",
}

Key = tuple[object, ...]


class Decisions:
    """Decides story by story; memory holds one story and a bit for each document."""

    def __init__(self, connection: sqlite3.Connection, policy: Policy, at_least: float = 0.0) -> None:
        """``at_least`` of a copy's own text must be in the document that stays, or it stays too."""
        self._connection = connection
        self._policy = policy
        self._at_least = at_least
        self._bits = bytearray(keeping.highest(connection) // 8 + 1)

    def dropped(self) -> Iterator[Dropped]:
        """Every document that goes, by story; once it is read to its end :meth:`stays` is known."""
        for cluster_id, anchor, candidates in keeping.stories(self._connection):
            for dropped in self._of_story(cluster_id, anchor, candidates):
                if self.stays(dropped.candidate.document):
                    self._bits[dropped.candidate.document >> 3] |= 1 << (dropped.candidate.document & 7)
                    yield dropped

    def stays(self, document: int) -> bool:
        """Whether a document, by its number, has not been dropped."""
        return not self._bits[document >> 3] >> (document & 7) & 1

    def _of_story(self, cluster_id: str, anchor: int, candidates: Sequence[Candidate]) -> Iterator[Dropped]:
        carriers = [candidate for candidate in candidates if candidate.role is not Role.EXCERPT]
        if not carriers:
            return
        winner, why = choose(carriers, self._policy)
        ids = {candidate.document: candidate.id for candidate in candidates}
        for candidate in candidates:
            if candidate is winner or (candidate.role is Role.EXCERPT and candidate.stories > 1):
                continue
            measured = self._measured(candidate.document, (winner.document, anchor))
            relation, share, against = measured or (None, None, None)
            if (share or 0.0) >= self._needed(candidate):
                other = None if against is None else ids.get(against)
                yield Dropped(candidate, cluster_id, winner.id, why, relation, share, other)

    def _needed(self, candidate: Candidate) -> float:
        return max(self._at_least, EXCERPT_SHARE) if candidate.role is Role.EXCERPT else self._at_least

    def _measured(self, document: int, others: Sequence[int]) -> tuple[Relation, float, int] | None:
        for other in others:
            found = keeping.overlap(self._connection, document, other)
            if found is not None:
                return (*found, other)
        return None


def choose(candidates: Sequence[Candidate], policy: Policy) -> tuple[Candidate, str]:
    """The one that stays, and why in a few words."""
    rank, reason = _POLICIES[policy]
    if policy is Policy.BEST:
        longest = max(candidate.length for candidate in candidates)
        candidates = [candidate for candidate in candidates if candidate.length >= _STUB * longest]
    winner = min(candidates, key=lambda candidate: (*rank(candidate), *_tie(candidate)))
    return winner, reason(winner)


def dropped_record(dropped: Dropped) -> Record:
    """Keys as in :data:`DROPPED_COLUMNS`."""
    return {
        "id": dropped.candidate.id,
        "path": dropped.candidate.path,
        "cluster_id": dropped.cluster_id,
        "role": dropped.candidate.role.value,
        "kept": dropped.kept,
        "why": dropped.why,
        "relation": None if dropped.relation is None else dropped.relation.value,
        "share": ratio(dropped.share),
        "against": dropped.against,
    }


def _time(candidate: Candidate) -> Key:
    """The day, then on one day those that state a time of it, by that; the undated last."""
    if candidate.at is None:
        return ("~",)
    return candidate.at[:10], not states_a_time(candidate.at), candidate.at


def _tie(candidate: Candidate) -> Key:
    return *_time(candidate), -candidate.length, candidate.id


def _nearest_to_the_origin(candidate: Candidate) -> Key:
    return (*_from_the_origin(candidate), -(candidate.share_kept or 0.0))


def _best(candidate: Candidate) -> Key:
    """Shares are rounded to tenths: of pages as full as each other the one that is best described."""
    return (*_from_the_origin(candidate), -round(candidate.share_kept or 0.0, 1), -candidate.fields)


def _from_the_origin(candidate: Candidate) -> Key:
    return not candidate.is_origin, candidate.role is not Role.ORIGIN, not candidate.credited


def _why_nearest(winner: Candidate) -> str:
    if winner.is_origin or winner.role is Role.ORIGIN:
        return "the origin's own page"
    return "the fullest copy that credits its origin" if winner.credited else "the fullest copy; none credits"


def _why_earliest(winner: Candidate) -> str:
    return "no document states a time: the longest" if winner.at is None else f"the earliest, {winner.at}"


_POLICIES: dict[Policy, tuple[Callable[[Candidate], Key], Callable[[Candidate], str]]] = {
    Policy.ORIGIN: (_nearest_to_the_origin, _why_nearest),
    Policy.EARLIEST: (_time, _why_earliest),
    Policy.LONGEST: (lambda candidate: (-candidate.length,), lambda winner: "the longest"),
    Policy.BEST: (_best, _why_nearest),
}
