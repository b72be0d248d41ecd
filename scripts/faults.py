"""Lets the disk fail at every point of a run, and looks at what is left.

    python scripts/faults.py limit  --points 100   # no file may grow beyond a size (RLIMIT_FSIZE): 100 sizes
    python scripts/faults.py writes --points 0     # each write, truncation and sync fails once (needs cc)
    python scripts/faults.py room   --points 40    # a file system of a few MB is full (needs to mount)
    python scripts/faults.py writes import --tables DIR    # one run; DIR is of `dedupe spark run`

The runs are `index` into a new file and into an old one, `remove` and `index --prune`, and `import` where
there are tables, each in a process of its own. After every fault: the run has ended with one of our
errors, or as if nothing was; `dedupe check --full` finds the file whole; and the same run again ends with
the exports of an undisturbed one. With ``writes``, ``--points 0`` is each of them. Not for Windows.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from commandline import parser
from exported import Exports, exports
from generated import CONFIG, deal, documents
from index_files import replace_by
from scratch import scratch

from dedupe import Index, checking
from dedupe.errors import DedupeError
from dedupe.store.selection import Selection

SHIM = Path(__file__).with_name("failing_writes.c")
RECORDS, OUTLET = 60, "harnow.example"
FILES = 3
RUNS = ("index", "index more", "remove", "prune", "import")
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
        replace_by(db, self.before)


def undisturbed(name: str, work: Work, before: Path | None, db: Path) -> Run:
    """The run, done once into ``db`` to see what is exported at its end."""
    replace_by(db, before)
    work(db)
    return Run(name, work, before, exports(db))


def runs(folder: Path, tables: Path | None, wanted: Sequence[str]) -> Iterator[Run]:
    """The runs that are wanted, or all of them."""
    crawl = folder / "crawl"
    deal(crawl, documents(3, RECORDS), FILES, FILES)

    def index(db: Path) -> None:
        with Index.open(db, CONFIG) as opened:
            opened.add(crawl, workers=0)

    def remove(db: Path) -> None:
        with Index.open(db, CONFIG) as opened:
            opened.remove(Selection(outlet=OUTLET))

    def prune(db: Path) -> None:
        there, gone = crawl / "2.jsonl", folder / "2.jsonl"
        there.replace(gone)
        try:
            with Index.open(db, CONFIG) as opened:
                opened.add(crawl, prune=True, workers=0)
        finally:
            gone.replace(there)

    def imported(db: Path) -> None:
        from dedupe.spark.importing import import_run

        if tables is not None and not db.exists():  # what is there is complete: that is promised
            import_run(tables, db)

    whole, part = folder / "whole.db", folder / "part.db"
    index(whole)
    for number in range(FILES - 1):
        with Index.open(part, CONFIG) as opened:
            opened.add(crawl / f"{number}.jsonl", workers=0)
    for name, work, before in (
        ("index", index, None),
        ("index more", index, part),
        ("remove", remove, whole),
        ("prune", prune, whole),
        *([("import", imported, None)] if tables else []),
    ):
        if not wanted or name in wanted:
            yield undisturbed(name, work, before, folder / "undisturbed.db")


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
        """Look at what a fault left of ``db``, end the run on it, and count the fault.

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
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"].partition(":")[0])
    name, told = str(db).encode(), db.with_name("calls")

    def counted() -> None:
        run.work(db)
        told.write_text(str(shim.faults_calls()), "utf-8")

    run.put_back(db)
    assert in_a_process(counted, lambda: shim.faults_arm(name, ctypes.c_long(0), 0, 0)) == "nothing"
    total = int(told.read_text("utf-8"))
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
            replace_by(db, place)
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
    made = folder / SHIM.with_suffix(".so").name
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, SHIM, "-ldl"], check=True)
    return {**os.environ, "LD_PRELOAD": ":".join(filter(None, (str(made), os.environ.get("LD_PRELOAD"))))}


def main() -> None:
    """Inject, and say what came of it."""
    command = parser(__doc__)
    command.add_argument("kind", choices=KINDS)
    command.add_argument("runs", nargs="*", metavar="RUN", help=f"of {', '.join(RUNS)}; all by default")
    command.add_argument("--points", type=int, default=100, help="of each run; 0 for every write, or some")
    command.add_argument("--tables", type=Path, metavar="DIR", help="what `import` reads")
    options = command.parse_args()
    if unknown := [name for name in options.runs if name not in RUNS]:
        command.error(f"there is no run {unknown[0]!r}: they are {', '.join(RUNS)}")
    with scratch("faults") as folder:
        if options.kind == "writes" and SHIM.stem not in os.environ.get("LD_PRELOAD", ""):
            sys.exit(
                subprocess.run([sys.executable, *sys.argv], env=preloaded(folder), check=False).returncode
            )
        for run in runs(folder, options.tables, options.runs):
            tally = Tally()
            KINDS[options.kind](run, folder / "faulty.db", options.points, tally)
            print(
                f"{run.name}: {tally.faults} faults, {tally.errors} ended the run with an error;"
                " whole after each, and the next run ends as undisturbed"
            )


if __name__ == "__main__":
    main()
