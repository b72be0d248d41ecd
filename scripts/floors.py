"""Figures that must not fall: the pinned floors of ``floors.toml``, and how they may change.

A floor rises with ``scripts/quality report --pin``. It falls only with ``--lower NAME --because REASON``,
which keeps the reason and the highest value the floor ever had beside it; a floor below its highest value
without a reason is refused when the file is read, so that nobody lowers one silently. In all figures more
is better.
"""

from __future__ import annotations

import math
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

PLACE = Path(__file__).with_name("floors.toml")
DIGITS = 3  # a floor is a figure cut off here

HEADER = """\
# What scripts/quality must reach on the measuring data. Written by `scripts/quality report --pin`, which only
# raises; `--lower NAME --because REASON` lowers one and keeps the reason here. `highest` is the highest floor
# there ever was.

"""


class FloorError(Exception):
    """A floor that may not be what it is."""


@dataclass(frozen=True, slots=True)
class Floor:
    """``because`` is the reason for being below ``highest``, None while it is not."""

    value: float
    highest: float
    because: str | None = None


def read(path: Path = PLACE) -> dict[str, Floor]:
    """The pinned floors, by figure.

    Raises:
        FloorError: a floor is below its highest value and nobody says why.
    """
    entries = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    floors = {
        name: Floor(entry["floor"], entry["highest"], entry.get("because")) for name, entry in entries.items()
    }
    for name, floor in floors.items():
        if floor.value < floor.highest and not (floor.because or "").strip():
            raise FloorError(
                f"{name!r} was lowered from {floor.highest} to {floor.value} and nobody says why"
            )
    return floors


def write(floors: Mapping[str, Floor], path: Path = PLACE) -> None:
    lines = []
    for name, floor in sorted(floors.items()):
        because = f", because = {_quoted(floor.because)}" if floor.because else ""
        lines.append(f"{_quoted(name)} = {{ floor = {floor.value}, highest = {floor.highest}{because} }}\n")
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


def faults(figures: Mapping[str, float], floors: Mapping[str, Floor]) -> list[str]:
    """The figures that are below their floors, a line each; a floor of none of them is not asked for."""
    return [
        f"{name} is {figures[name]:.4f}, its floor is {floor.value}"
        for name, floor in floors.items()
        if name in figures and figures[name] < floor.value
    ]


def exit_code(figures: Mapping[str, float], floors: Mapping[str, Floor]) -> int:
    """3 where a figure is below its floor, which is said on stderr, else 0."""
    below = faults(figures, floors)
    for fault in below:
        print(f"error: {fault}", file=sys.stderr)
    return 3 if below else 0


def raised(floors: Mapping[str, Floor], figures: Mapping[str, float]) -> dict[str, Floor]:
    """The floors with those raised that the figures are above, and new ones for new figures."""
    result = dict(floors)
    for name, figure in figures.items():
        value = math.floor(figure * 10**DIGITS) / 10**DIGITS
        held = floors.get(name)
        if held is None or value >= held.highest:
            result[name] = Floor(value, value)
        elif value > held.value:
            result[name] = replace(held, value=value)
    return result


def lowered(
    floors: Mapping[str, Floor], name: str, figures: Mapping[str, float], because: str
) -> dict[str, Floor]:
    """The floors with that of ``name`` at its figure.

    Raises:
        FloorError: there is no such floor, the figure is not below it, or no reason is given.
    """
    if name not in floors or name not in figures:
        raise FloorError(f"there is no floor {name!r}: they are {', '.join(sorted(floors))}")
    if figures[name] >= floors[name].value:
        raise FloorError(f"{name} is {figures[name]:.4f}, above its floor of {floors[name].value}")
    if not because.strip():
        raise FloorError(f"no reason is given for lowering {name!r}")
    value = math.floor(figures[name] * 10**DIGITS) / 10**DIGITS
    return {**floors, name: replace(floors[name], value=value, because=because.strip())}


def _quoted(text: str) -> str:
    """A TOML string; JSON's are."""
    return orjson.dumps(text).decode()
