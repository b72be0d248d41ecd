"""Lets the disk fail at every point of a run, and looks at what is left.

    python scripts/faults.py limit  --points 100   # no file may grow beyond a size (RLIMIT_FSIZE): 100 sizes
    python scripts/faults.py writes --points 0     # each write, truncation and sync fails once (needs cc)
    python scripts/faults.py room   --points 40    # a file system of a few MB is full (needs to mount)
    python scripts/faults.py writes --only import --tables DIR    # one run; DIR is of `dedupe spark run`

The runs are `index` into a new file and into an old one, `remove` and `index --prune`, and `import` where
there are tables, each in a process of its own. After every fault: the run has ended with one of our
errors, or as if nothing was; `dedupe check --full` finds the file whole; and the same run again ends with
the exports of an undisturbed one. ``--points 0`` is all points there are. Not for Windows.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from exported import Exports, exports
from generated import CONFIG, documents, write_lines

from dedupe import Index, checking
from dedupe.errors import DedupeError
from dedupe.store.selection import Selection

SHIM = Path(__file__).with_name("failing_writes.c")
RECORDS, OUTLET = 60, "harnow.example"
PARTS = ("", "-wal", "-shm", "-journal", "-writer")
Work = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Run:
    """A run, the index it begins with (None: a new one), and what is exported at its end."""

    name: str
    work: Work
    before: Path | None
    expected: Exports

    def put_back(self, db: Path) -> None:
        """Make ``db`` what it was before the run."""
        for part in PARTS:
            Path(f"{db}{part}").unlink(missing_ok=True)
        if self.before is not None:
            shutil.copy2(self.before, db)


def runs(folder: Path, tables: Path | None, only: str | None) -> Iterator[Run]:
    """The runs, or one of them, with undisturbed ones behind them."""
    crawl, less = folder / "crawl", folder / "less"
    records = documents(3, RECORDS)
    for place, parts in ((crawl, 3), (less, 2)):
        place.mkdir()
        for number in range(parts):
            write_lines(place / f"{number}.jsonl", records[number::3])

    def index(db: Path) -> None:
        with Index.open(db, CONFIG) as opened:
            opened.add(crawl, workers=0)

    def remove(db: Path) -> None:
        with Index.open(db, CONFIG) as opened:
            opened.remove(Selection(outlet=OUTLET))

    def prune(db: Path) -> None:
        moved = crawl / "2.jsonl", folder / "2.jsonl"
        Path(moved[0]).replace(moved[1])
        try:
            with Index.open(db, CONFIG) as opened:
                opened.add(crawl, prune=True, workers=0)
        finally:
            Path(moved[1]).replace(moved[0])

    def imported(db: Path) -> None:
        from dedupe.spark.importing import import_run

        if tables is not None and not db.exists():  # what is there is complete: that is promised
            import_run(tables, db)

    whole, part = folder / "whole.db", folder / "part.db"
    index(whole)
    for number in range(2):
        with Index.open(part, CONFIG) as opened:
            opened.add(crawl / f"{number}.jsonl", workers=0)
    for name, work, before in (
        ("index", index, None),
        ("index more", index, part),
        ("remove", remove, whole),
        ("prune", prune, whole),
        *([("import", imported, None)] if tables else []),
    ):
        if only not in (None, name):
            continue
        db = folder / "undisturbed.db"
        Run(name, work, before, (b"", b"")).put_back(db)
        work(db)
        yield Run(name, work, before, exports(db))


def in_a_process(work: Callable[[], None], disturb: Callable[[], None]) -> str:
    """What is said at the end of the work, done in a process that is disturbed first."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            disturb()
            work()
            said = "nothing"
        except DedupeError as error:
            said = error.message
        except BaseException as error:
            said = f"UNFORESEEN {type(error).__name__}: {error}"
        os.write(write, said.encode()[:4096])
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


@dataclass(slots=True)
class Tally:
    """What came of the faults."""

    faults: int = 0
    errors: int = 0

    def note(self, run: Run, said: str, db: Path, point: int) -> None:
        """
        Raises:
            AssertionError: what was promised does not hold.
        """
        where = f"{run.name}, point {point}: {said}"
        assert not said.startswith("UNFORESEEN"), where
        if db.exists():
            found = checking.check(db, full=True, workers=0)
            assert found.is_whole, f"{where}: {[str(each) for each in found.findings]}"
        run.work(db)
        assert exports(db) == run.expected, where
        self.faults += 1
        self.errors += said != "nothing"


def limit(run: Run, db: Path, points: int, tally: Tally) -> None:
    """No file may grow beyond a size, from none to more than all of them need."""
    run.put_back(db)
    run.work(db)
    step = max(1024, 2 * db.stat().st_size // (points or 200))
    for number in range(points or 200):
        run.put_back(db)
        size = number * step
        allow = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
        said = in_a_process(lambda: run.work(db), allow)
        tally.note(run, said, db, size)


def writes(run: Run, db: Path, points: int, tally: Tally) -> None:
    """Each write fails, once or for good, as on a full disk or on a broken one."""
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    name = str(db).encode()
    read, write = os.pipe()

    def counted() -> None:
        run.work(db)
        os.write(write, str(shim.faults_calls()).encode())

    run.put_back(db)
    assert in_a_process(counted, lambda: shim.faults_arm(name, ctypes.c_long(0), 0, 0)) == "nothing"
    total = int(os.read(read, 99))
    step = max(1, total // points) if points else 1
    for number in range(1, total + 1, step):
        lasting, error = number // step % 2, (errno.ENOSPC, errno.EIO)[number // step // 2 % 2]
        run.put_back(db)
        said = in_a_process(
            lambda: run.work(db),
            lambda at=number, error=error, lasting=lasting: shim.faults_arm(
                name, ctypes.c_long(at), error, lasting
            ),
        )
        tally.note(run, said, db, number)


def room(run: Run, db: Path, points: int, tally: Tally) -> None:
    """A file system has room for less than the run needs."""
    for number in range(points or 40):
        size = 64 + 128 * number  # KiB
        with mounted(db.parent / "small", size) as small:
            place = small / db.name
            said = "nothing"
            try:
                run.put_back(place)
            except OSError:
                continue  # not even what was there before fits
            said = in_a_process(lambda place=place: run.work(place), lambda: None)
            for part in PARTS:
                Path(f"{db}{part}").unlink(missing_ok=True)
                if Path(f"{place}{part}").exists():
                    shutil.copy2(f"{place}{part}", f"{db}{part}")
        tally.note(run, said, db, size)


@contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of so many KiB."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


KINDS = {"limit": limit, "writes": writes, "room": room}


def preloaded(folder: Path) -> dict[str, str]:
    """The environment in which writes can be made to fail."""
    made = folder / "failing_writes.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, SHIM, "-ldl"], check=True)
    return {**os.environ, "LD_PRELOAD": str(made)}


def main() -> None:
    """Inject, and say what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--points", type=int, default=100, help="of each run; 0 for all")
    parser.add_argument("--only", metavar="RUN", help="one of the runs; all by default")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="what `import` reads")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dedupe-faults-") as name:
        folder = Path(name)
        if arguments.kind == "writes" and "LD_PRELOAD" not in os.environ:
            sys.exit(
                subprocess.run([sys.executable, *sys.argv], env=preloaded(folder), check=False).returncode
            )
        for run in runs(folder, arguments.tables, arguments.only):
            tally = Tally()
            KINDS[arguments.kind](run, folder / "faulty.db", arguments.points, tally)
            print(
                f"{run.name}: {tally.faults} faults, {tally.errors} ended the run with an error;"
                " whole after each, and the next run ends as undisturbed"
            )


if __name__ == "__main__":
    main()
