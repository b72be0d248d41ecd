"""The tables of all outlets and of all agencies, which the browser sorts, searches and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dedupe.report.site.pages import AgencyPage, Outlet
from dedupe.report.wording import duration, number, percent

FIRST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is what a column is sorted by, None below all others."""

    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    path: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``name`` is also that of its data file."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Line]
    total: int

    def first_page(self) -> Table:
        return replace(self, rows=self.rows[:FIRST_ROWS])

    def data(self) -> list[object]:
        """[[name, path, value, text, value, text, …], …]"""
        return [[row.name, row.path, *(x for c in row.cells for x in (c.value, c.text))] for row in self.rows]


def outlet_table(outlets: Sequence[Outlet]) -> Table:
    columns = (
        "Outlet", "Stories", "Originals", "Copies it ran", "Without credit", "Median delay",
        "Origin unknown", "Copies taken from it",
    )  # fmt: skip
    return Table("outlets", columns, [_outlet_line(outlet) for outlet in outlets], len(outlets))


def agency_table(agencies: Sequence[AgencyPage]) -> Table:
    columns = ("Agency", "Stories", "Copies", "Outlets", "Without credit", "Median delay")
    return Table("agencies", columns, [_agency_line(agency) for agency in agencies], len(agencies))


def _outlet_line(outlet: Outlet) -> Line:
    ran = outlet.tally.ran
    cells = (
        _count(outlet.tally.stories),
        _count(outlet.originals),
        _count(ran.count),
        _share(ran.uncredited_share),
        _delay(ran.median_delay),
        _count(outlet.tally.open),
        _count(outlet.taken.count),
    )
    return Line(outlet.name, outlet.path, cells)


def _agency_line(agency: AgencyPage) -> Line:
    taken = agency.taken
    cells = (
        _count(agency.stories_count),
        _count(taken.count),
        _count(agency.outlets),
        _share(taken.uncredited_share),
        _delay(taken.median_delay),
    )
    return Line(agency.name, agency.path, cells)


def _count(value: int) -> Cell:
    return Cell(value, number(value))


def _share(share: float | None) -> Cell:
    return Cell(None if share is None else round(share, 4), percent(share))


def _delay(seconds: int | None) -> Cell:
    return Cell(seconds, duration(seconds))
