"""Every regular expression of the package against text made to hold it up.

    python scripts/patterns.py                 4,000 characters of each unit, then four times that
    python scripts/patterns.py --megabyte      a million of the units that are the slowest: some minutes

For each pattern the units are those below and what the pattern itself is made of, its literals, alone
and in twos, repeated to the length asked for. A search over four times the text may take some four
times as long; one that takes ``GROWTH`` times as long, and longer than a moment, is named. With
``--megabyte`` the slowest patterns are listed, and one that takes longer than ``SECONDS`` is named: a text
has a million characters at most.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from commandline import parser

PACKAGES = ("dedupe.crawl", "dedupe.text", "dedupe.origin", "dedupe.match", "dedupe.report", "dedupe.web")
UNITS = (
    "a", "A ", "Aa ", "a.", "1", "12 ", " ", "\n", "\t\n", "<", "<a ", "<a>", "((", "()", "[", "['", '"', "=",
    "/", "https://a", "//a.b/", "@", "-", "— ", "©", ". ", ".", ",", ", a", ":", ": a", "\u00a0", "é",
    "و", "聞", "İ", "“", "”", "\\", "&", "&amp;", "#", "*", "**a", "_", "!", "?", "a/b", "a-b ", "A. ",
    "by ", "By A ",
)  # fmt: skip
# What takes the square of a text's length, and how many characters it is ever given.
BOUNDED = {
    "crawl.claims._LABEL": 300,
    "crawl.claims._PART_ENDS": 300,
    "crawl.claims._PIXEL": 500,
    "text.claims._PARTS": 300,
    "text.claims._URL": 300,
    "text.notices._FIRST_WORDS": 300,
    "text.credits.IMAGE": 300,
    "text.credits._PARTS": 300,
    "text.credits.DESK": 300,
    "text.credits._TRAILING_CREDIT": 60,
    "text.dateline._BEFORE_BARE": 170,
    "origin.claims._ADDRESS": 253,
    "origin.claims._AROUND_TITLE": 500,
    "origin.claims._JOINTS": 300,
    "origin.direction.DESK": 300,
    "origin.persons._JOINTS": 300,
}
GROWTH = 9.0
MOMENT = 0.1  # seconds
SECONDS = 1.0  # for MEGABYTE characters
MEGABYTE, SAMPLE, SLOWEST = 1_000_000, 32_000, 6  # units are chosen by so many characters, so many of them


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Module and name of every compiled pattern, those in tables too, where it is made."""
    for package in PACKAGES:
        module = import_module(package)
        for info in pkgutil.iter_modules(module.__path__, f"{package}."):
            if info.ispkg or "kernel" in info.name or "vectors" in info.name:
                continue
            made_in = import_module(info.name)
            source = inspect.getsource(made_in)
            for name, value in vars(made_in).items():
                if re.search(rf"^{re.escape(name)}\b.* = ", source, re.MULTILINE):
                    for each in _within(value):
                        yield f"{info.name.removeprefix('dedupe.')}.{name}", each


@cache
def _sources() -> str:
    place = Path(import_module("dedupe").__file__ or "").parent
    return "\n".join(path.read_text("utf-8") for path in sorted(place.rglob("*.py")))


@cache
def is_searched(name: str) -> bool:
    """Is the pattern looked for in a text, and not only at a place of it? Asked of the source."""
    module, _, own = name.rpartition(".")
    source = inspect.getsource(import_module(f"dedupe.{module}")) if own[0] == "_" else _sources()
    used = set(
        re.findall(rf"\b{own}(?:\[.*?\])?\.(match|fullmatch|search|finditer|findall|sub|split)\b", source)
    )
    return not used or bool(used - {"match", "fullmatch"})


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _within(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _within(each)


def units_of(pattern: re.Pattern[Any]) -> list[str]:
    """The general units, and the literals that the pattern is made of."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    literals = [found for found in re.findall(r"[^\W_](?:[\w ]*[^\W_])?|<!?\w*|[©—“«@]", source) if found]
    longest = sorted(dict.fromkeys(literals), key=len, reverse=True)[:12]
    own = [*longest, *(f"{literal} " for literal in longest), *(f"<{literal} " for literal in longest[:4])]
    if isinstance(pattern.pattern, str):
        own += [f"{one}{other}" for one, other in pairwise(longest)]
    return [*UNITS, *own]


def seconds(pattern: re.Pattern[Any], unit: str, chars: int, searched: bool) -> float:
    """CPU time of going through a text of this unit, an end put behind that fits nothing."""
    text: Any = unit * (chars // len(unit)) + "\x01"
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    begin = time.process_time()
    if searched:
        for _ in pattern.finditer(text):
            pass
    pattern.match(text)
    return time.process_time() - begin


def blow_up(name: str, pattern: re.Pattern[Any], chars: int) -> str | None:
    """The first unit with which four times the text takes far more than its share of time, and both times.

    A pattern of BOUNDED only has to be done in a moment with as much as it is given.
    """
    for unit in units_of(pattern):
        if name in BOUNDED:
            if (took := seconds(pattern, unit, BOUNDED[name], is_searched(name))) > MOMENT:
                return f"{unit!r}: {took:.3f} s for {BOUNDED[name]} characters"
            continue
        small = seconds(pattern, unit, chars, is_searched(name))
        large = seconds(pattern, unit, 4 * chars, is_searched(name)) if small > MOMENT / 40 else 0.0
        if large > max(GROWTH * small, MOMENT):
            return f"{unit!r}: {small:.3f} s, then {large:.3f} s"
    return None


def megabyte(name: str, pattern: re.Pattern[Any]) -> tuple[float, str, int]:
    """Seconds for a text of MEGABYTE characters of the unit that takes the longest; that unit; the length.

    The length is less where a shorter text took longer than SECONDS already; and for patterns of BOUNDED,
    which are given no more.
    """
    searched = is_searched(name)
    lengths = [min(BOUNDED.get(name, MEGABYTE), MEGABYTE // 4**step) for step in (2, 1, 0)]
    first = min(SAMPLE, lengths[0])
    timed = sorted(
        ((seconds(pattern, unit, first, searched), unit) for unit in units_of(pattern)), reverse=True
    )
    worst = (*timed[0], first)
    for _, unit in timed[:SLOWEST]:
        for length in lengths:
            worst = max(worst, (took := seconds(pattern, unit, length, searched), unit, length))
            if took > SECONDS:
                return worst
    return worst


def list_slowest(found: list[tuple[str, re.Pattern[Any]]]) -> int:
    """Print the slowest with a megabyte; how many took longer than SECONDS."""
    timed = sorted(((*megabyte(*each), each[0]) for each in found), reverse=True)
    bad = sum(took > SECONDS for took, *_ in timed)
    for took, unit, length, name in timed[: max(12, bad)]:
        print(f"{took:7.3f} s  {length:9,} characters of {unit!r}  {name}")
    print(f"{len(timed)} patterns, {bad} of them take longer than {SECONDS:g} s")
    return bad


def main() -> None:
    """Print what blows up; exit with 1 where something does."""
    command = parser(__doc__)
    command.add_argument("--chars", type=int, default=4_000)
    command.add_argument("--megabyte", action="store_true")
    command.add_argument("names", nargs="*", help="only patterns whose name holds one of these")
    options = command.parse_args()
    chosen = [
        each for each in patterns() if not options.names or any(wanted in each[0] for wanted in options.names)
    ]
    if options.megabyte:
        sys.exit(list_slowest(chosen) > 0)
    bad = 0
    for name, pattern in chosen:
        if found := blow_up(name, pattern, options.chars):
            bad += 1
            print(f"{name}  {found}", flush=True)
    print(f"{len(chosen)} patterns, {bad} of them take more than their share")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
