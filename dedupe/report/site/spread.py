"""How one story spread: its documents in time, by what the pages claim.

When a crawl saw a page says nothing of it: where a crawl does not tell, that is its file's own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from dedupe.model import Role
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.wording import DAY, HOUR, MINUTE, epoch, states_a_time

#: The strip of a story ends here; later copies stand at its end.
LONGEST = 30 * DAY

#: Marks of the logarithmic axis: (seconds, label).
AXIS = (
    (0, "first"), (10 * MINUTE, "10 min"), (HOUR, "1 h"), (6 * HOUR, "6 h"), (DAY, "1 d"), (7 * DAY, "7 d"),
    (LONGEST, "30 d"),
)  # fmt: skip

TICKS = 48
_SETTLING = 10 * MINUTE  # keeps simultaneous publication from having an infinite pace


@dataclass(frozen=True, slots=True)
class Placed:
    """A document at its distance from the story's first, in seconds."""

    document: DocumentRow
    seconds: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on a strip: ``x`` in per mille of its width."""

    x: int
    role: Role


@dataclass(frozen=True, slots=True)
class Spread:
    """``placed`` ascending; documents that state no time of day cannot be placed and are counted.

    ``reached`` are the seconds at which outlets first had the story, ascending; a round-up that quotes it
    does not have it.
    """

    first_at: str | None
    placed: tuple[Placed, ...]
    reached: tuple[int, ...]
    unplaced: int

    @property
    def seconds(self) -> int | None:
        """From the first to the last document; None if fewer than two have a time of day."""
        return self.placed[-1].seconds if len(self.placed) > 1 else None

    @property
    def half(self) -> int | None:
        """From the first outlet until most of them had it, of those with a time."""
        return self.reached[len(self.reached) // 2] - self.reached[0] if len(self.reached) > 1 else None

    @property
    def pace(self) -> float:
        """Outlets an hour until most had it, damped for the first ten minutes."""
        half = self.half
        return 0.0 if half is None else len(self.reached) / 2 * HOUR / (half + _SETTLING)


def spread_of(cluster: ClusterRow) -> Spread:
    times = [(epoch(d.published_at) if states_a_time(d.published_at) else None, d) for d in cluster.documents]
    known = sorted(((t, d) for t, d in times if t is not None), key=lambda pair: (pair[0], pair[1].id))
    stated = [d.published_at for d in cluster.documents if d.published_at is not None]
    first = known[0][0] if known else 0
    reached = {d.outlet or d.id: t - first for t, d in reversed(known) if d.role is not Role.EXCERPT}
    return Spread(
        first_at=min(stated, default=None),
        placed=tuple(Placed(document, time - first) for time, document in known),
        reached=tuple(sorted(reached.values())),
        unplaced=len(times) - len(known),
    )


def position(seconds: int) -> int:
    """Place on the logarithmic axis, 0..1000.

    >>> position(0), position(LONGEST), position(10 * LONGEST)
    (0, 1000, 1000)
    """
    scale = log1p(LONGEST / MINUTE)
    return round(1000 * log1p(min(max(seconds, 0), LONGEST) / MINUTE) / scale)


def ticks(placed: Sequence[Placed]) -> tuple[Tick, ...]:
    """At most TICKS marks, the first and the last among them, one for each place and role."""
    step = max(1.0, (len(placed) - 1) / (TICKS - 1))
    chosen = (placed[min(round(i * step), len(placed) - 1)] for i in range(min(len(placed), TICKS)))
    return tuple(dict.fromkeys(Tick(position(one.seconds), one.document.role) for one in chosen))
