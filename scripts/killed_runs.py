"""The kinds of run that :mod:`kills` kills, over a crawl that it makes: a further one is one more of RUNS."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from commandline import DEDUPE
from generated import deal, documents

from dedupe.store.database import fold_log

FILES, OUTLET = 6, "harnow.example"


@dataclass(frozen=True, slots=True)
class Place:
    """A crawl of ``records`` documents in FILES files, and one that lacks the last two, until it grows.

    ``given`` are the tables that are imported, where they need not be made first.
    """

    folder: Path
    records: int
    given: Path | None = None

    @property
    def crawl(self) -> Path:
        return self.folder / "crawl"

    @property
    def grows(self) -> Path:
        return self.folder / "grows"

    @property
    def tables(self) -> Path:
        return self.given or self.folder / "tables"

    def fill(self) -> None:
        """Write the crawls."""
        records = documents(7, self.records)
        deal(self.crawl, records, FILES, FILES)
        deal(self.grows, records, FILES - 2, FILES)

    def shrink(self) -> None:
        """The crawl that grows is again as it was filled."""
        for number in range(FILES - 2, FILES):
            (self.grows / f"{number}.jsonl").unlink(missing_ok=True)

    def grow(self, number: int) -> None:
        """Another file comes into the crawl that grows, or one of it is there already."""
        part = f"{FILES - 2 + number % 2}.jsonl"
        shutil.copyfile(self.crawl / part, self.grows / f".{part}")
        (self.grows / f".{part}").replace(self.grows / part)


@dataclass(frozen=True, slots=True)
class Run:
    """``command`` is killed, ``finish`` given in the end; both begin with the index that ``before`` names."""

    command: Callable[[Place], list[str]]
    finish: Callable[[Place], list[str]]
    before: Callable[[Place], Path | None] | None = None
    during: Callable[[Place, int], None] | None = None  # called while it runs, with the number of the kill
    making: str = ""  # what the name ends in while the file is made, if it appears when it is complete


def _index(place: Place) -> list[str]:
    return ["index", str(place.crawl)]


def _remove(place: Place) -> list[str]:
    return ["remove", "--outlet", OUTLET]


def _prune(place: Place) -> list[str]:
    return ["index", "--prune", str(place.grows)]


def _watch(place: Place) -> list[str]:
    return ["watch", str(place.grows)]


def _all_grown(place: Place) -> list[str]:
    place.grow(0)
    place.grow(1)
    return ["index", str(place.grows)]


def _grown_and_shrunk(place: Place) -> Path:
    """An index of the grown crawl, two files of which are gone: for `index --prune` to find."""
    db = place.folder / "grown.db"
    if not db.exists():
        _made(db, _all_grown(place))
    place.shrink()
    return db


def _whole(place: Place) -> Path:
    db = place.folder / "whole.db"
    if not db.exists():
        _made(db, _index(place))
    return db


def _import(place: Place) -> list[str]:
    return ["import", str(place.tables)]


def _tables(place: Place) -> None:
    """Makes the tables that are imported; there is no index before, for an import is not mixed into one."""
    if not place.tables.exists():
        arguments = ["spark", "run", str(place.crawl), "--output", str(place.tables)]
        subprocess.run([*DEDUPE, *arguments], stdout=subprocess.DEVNULL, check=True)


def _made(db: Path, command: list[str]) -> None:
    subprocess.run([*DEDUPE, *command, "--db", str(db)], stdout=subprocess.DEVNULL, check=True)
    fold_log(db)


RUNS = {
    "index": Run(_index, _index),
    "remove": Run(_remove, _remove, _whole),
    "prune": Run(_prune, _prune, _grown_and_shrunk),
    "watch": Run(_watch, _all_grown, None, Place.grow),
    "import": Run(_import, _import, _tables, making=".importing"),
}
