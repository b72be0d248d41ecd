"""The kinds of run that :mod:`kills` kills, over a crawl that it makes: a further one is one more of RUNS."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from generated import documents, write_lines

from dedupe.store.database import fold_log

COMMAND = [sys.executable, "-c", "from dedupe.cli import main; main()"]
FILES, OUTLET = 6, "harnow.example"


@dataclass(frozen=True, slots=True)
class Place:
    """A crawl of ``records`` documents in FILES files, all of them and all but the last two.

    ``given`` are the tables that are imported, where they need not be made first.
    """

    folder: Path
    records: int
    given: Path | None = None

    @property
    def crawl(self) -> Path:
        return self.folder / "crawl"

    @property
    def less(self) -> Path:
        return self.folder / "less"

    @property
    def grows(self) -> Path:
        return self.folder / "grows"

    @property
    def tables(self) -> Path:
        return self.given or self.folder / "tables"

    def fill(self) -> None:
        """Write the crawls."""
        records = documents(7, self.records)
        for place, parts in ((self.crawl, FILES), (self.less, FILES - 2), (self.grows, FILES - 2)):
            place.mkdir()
            for number in range(parts):
                write_lines(place / f"{number}.jsonl", records[number::FILES])

    def grow(self, number: int) -> None:
        """Another file comes into the crawl that grows, or one of it is there already."""
        part = f"{FILES - 2 + number % 2}.jsonl"
        shutil.copyfile(self.crawl / part, self.grows / f".{part}")
        (self.grows / f".{part}").replace(self.grows / part)


@dataclass(frozen=True, slots=True)
class Run:
    """``command`` is killed, ``finish`` given in the end; both begin with an index of ``before``."""

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
    """The index is of the whole crawl, which is moved to where the smaller one is."""
    return ["index", "--prune", str(place.grows)]


def _watch(place: Place) -> list[str]:
    return ["watch", str(place.grows)]


def _all_grown(place: Place) -> list[str]:
    place.grow(0)
    place.grow(1)
    return ["index", str(place.grows)]


def _grown_and_shrunk(place: Place) -> Path:
    """`index --prune` finds two of the files gone that were indexed."""
    db = place.folder / "grown.db"
    if not db.exists():
        _made(db, _all_grown(place))
    for number in range(FILES - 2, FILES):
        (place.grows / f"{number}.jsonl").unlink(missing_ok=True)
    return db


def _whole(place: Place) -> Path:
    db = place.folder / "whole.db"
    if not db.exists():
        _made(db, _index(place))
    return db


def _import(place: Place) -> list[str]:
    return ["import", str(place.tables)]


def _tables(place: Place) -> None:
    """The tables that are imported; into no file, for results are not mixed."""
    if not place.tables.exists():
        arguments = ["spark", "run", str(place.crawl), "--output", str(place.tables)]
        subprocess.run([*COMMAND, *arguments], stdout=subprocess.DEVNULL, check=True)


def _made(db: Path, command: list[str]) -> None:
    subprocess.run([*COMMAND, *command, "--db", str(db)], stdout=subprocess.DEVNULL, check=True)
    fold_log(db)


RUNS = {
    "index": Run(_index, _index),
    "remove": Run(_remove, _remove, _whole),
    "prune": Run(_prune, _prune, _grown_and_shrunk),
    "watch": Run(_watch, _all_grown, None, Place.grow),
    "import": Run(_import, _import, _tables, making=".importing"),
}
