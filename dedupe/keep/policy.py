"""Which documents of each story stay, and why the others go.

Of the documents that carry a story one stays, and with it whatever holds more than a little of its own: a
copy goes only if ``at_least`` of its text stands in the document that stays. Of those that it does not
hold one stays again, and so on until every document stays or stands in one that does. Excerpts are no
copies: a round-up that quotes a story stays beside it, unless most of its text is in a document that stays
and it is part of no other story. Documents of no story all stay.

What :data:`AT_LEAST` is for: of a day of 25,241 pages 2,242 would go if one of each story stayed. Of twelve
that were read with .6 to .8 of their text in the document that stays eleven held reporting of their own; of
twelve from .8 to .9 four, the others an introduction, other wordings, links and lists of related stories. At
.8 1,361 pages go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dedupe.model import Relation, Role
from dedupe.origin.extent import share_within
from dedupe.report.record import Record, ratio
from dedupe.report.wording import states_a_time
from dedupe.store import clusters, keeping
from dedupe.store.documents import last_number, load_stories
from dedupe.store.keeping import Candidate

AT_LEAST = 0.8  # of a copy's own text in the document that stays: then nothing is lost without it
EXCERPT_SHARE = 0.5  # … of an excerpt's own, whatever is asked
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
    """A document that goes. ``relation`` and ``share`` are measured against the one that stays, or where the
    two were never compared against the story's anchor; ``against`` says which. ``share`` is of its own text
    in shared passages, which run over small edits, or of its shingles, whichever is more."""

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
Measured = tuple[Relation, float, int] | tuple[None, None, None]  # relation, share, against what


class Decisions:
    """Decides story by story; memory holds one story and a bit for each document."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        policy: Policy,
        at_least: float = AT_LEAST,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """``at_least`` of a copy's own text must be in a document that stays, or it stays too. ``progress``
        is told how many stories were looked at, and how many there are."""
        self._connection = connection
        self._policy = policy
        self._at_least = at_least
        self._progress = progress
        self._bits = bytearray(last_number(connection) // 8 + 1)

    def dropped(self) -> Iterator[Dropped]:
        """Every document that goes, by story; once it is read to its end :meth:`stays` is known."""
        total = clusters.count(self._connection)
        for number, (cluster_id, anchor, candidates) in enumerate(keeping.stories(self._connection), 1):
            for dropped in self._of_story(cluster_id, anchor, candidates):
                if self.stays(dropped.candidate.document):
                    self._bits[dropped.candidate.document >> 3] |= 1 << (dropped.candidate.document & 7)
                    yield dropped
            if self._progress is not None:
                self._progress(number, total)

    def stays(self, document: int) -> bool:
        """Whether a document, by its number, has not been dropped."""
        return not self._bits[document >> 3] >> (document & 7) & 1

    def _of_story(self, cluster_id: str, anchor: int, candidates: Sequence[Candidate]) -> Iterator[Dropped]:
        ids = {candidate.document: candidate.id for candidate in candidates}
        carriers = [candidate for candidate in candidates if candidate.role is not Role.EXCERPT]
        guests = [c for c in candidates if c.role is Role.EXCERPT and c.stories == 1]
        while carriers:
            winner, why = choose(carriers, self._policy)
            gone = set()
            for candidate in (*carriers, *guests):
                if candidate is winner:
                    continue
                relation, share, against = self._measured(candidate.document, (winner.document, anchor))
                if (share or 0.0) >= self._needed(candidate):
                    gone.add(candidate.document)
                    other = None if against is None else ids.get(against)
                    yield Dropped(candidate, cluster_id, winner.id, why, relation, share, other)
            carriers = [c for c in carriers if c is not winner and c.document not in gone]
            guests = [c for c in guests if c.document not in gone]

    def _needed(self, candidate: Candidate) -> float:
        return max(self._at_least, EXCERPT_SHARE) if candidate.role is Role.EXCERPT else self._at_least

    def _measured(self, document: int, others: Sequence[int]) -> Measured:
        for other in others:
            found = keeping.overlap(self._connection, document, other)
            if found is not None:
                [story] = load_stories(self._connection, [document], attributed=False)
                return found.relation, max(found.contained, share_within(story.text, found.spans)), other
        return None, None, None


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
