"""What counts as a copy, and the figures of copies that are counted together: the same for every list,
page and graph."""

from __future__ import annotations

from array import array
from collections.abc import Set
from dataclasses import dataclass, field
from statistics import median

from dedupe.model import Role


@dataclass(slots=True)
class Copies:
    """Copies counted together. ``judged`` are those of a story whose origin is known: of the others nobody
    can say whether they credit it, so ``uncredited`` ones are judged. ``delays`` are seconds, int64, of those
    that are known."""

    count: int = 0
    judged: int = 0
    uncredited: int = 0
    byline_swaps: int = 0
    delays: array[int] = field(default_factory=lambda: array("q"))

    def add(self, credited: bool | None, byline_swap: bool, delay: int | None) -> None:
        """One more; ``credited`` is None where the origin is unknown."""
        self.count += 1
        self.judged += credited is not None
        self.uncredited += credited is not None and not credited
        self.byline_swaps += byline_swap
        if delay is not None:
            self.delays.append(delay)

    @property
    def origin_unknown(self) -> int:
        """Those that are not judged."""
        return self.count - self.judged

    @property
    def uncredited_share(self) -> float | None:
        """Of the judged ones."""
        return self.uncredited / self.judged if self.judged else None

    @property
    def median_delay(self) -> int | None:
        """To the second."""
        return round(median(self.delays)) if self.delays else None


def is_copy(role: Role, name: str, origin: str | None, carriers: Set[str]) -> bool:
    """Whether a document is a copy that whoever published it, ``name``, did not make of itself.

    ``carriers`` are all that have the story: what one alone has, of unknown ``origin``, is nobody's copy.
    Excerpts and later versions are neither copies nor originals.
    """
    by_itself = name == origin or (origin is None and len(carriers) == 1)
    return role.is_copy and not by_itself
