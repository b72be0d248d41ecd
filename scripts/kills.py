"""Kills runs at random moments, as a power cut or the memory killer does, and looks at what is left.

    python scripts/kills.py --kills 25             # of each kind of run
    python scripts/kills.py --kills 100 index      # of one

The runs are commands with their workers: `index`, `remove`, `index --prune`, `watch` over a crawl that
grows, and `import` of what `dedupe spark run` wrote (once; that takes pyspark and Java). After every kill
`dedupe check --full` finds the file whole, while a reader that was opened before still reads; the command is
then given again, killed again, and so on, until it comes to its end: with the exports of an undisturbed
run. `import` makes its file beside its place: after a kill there is no file, or the complete one. A further
kind of run is one more entry of ``RUNS``. Not for Windows.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from commandline import DEDUPE, parser
from exported import exports
from index_files import replace_by
from killed_runs import RUNS, Place, Run
from scratch import scratch

from dedupe import Index, checking


@dataclass(slots=True)
class Killed:
    """What came of the kills; ``steps`` are the states of the file that they left."""

    kills: int = 0
    ends: int = 0
    steps: set[tuple[int, ...]] = field(default_factory=set)


class Killing:
    """Kills one kind of run."""

    def __init__(self, run: Run, place: Place, seed: int) -> None:
        self._run = run
        self._place = place
        self._db = place.folder / "killed.db"
        self._draw = random.Random(seed)
        self._reader: Index | None = None
        self.killed = Killed()

    def kill(self, kills: int) -> Killed:
        """So many times, and the last run to its end.

        Raises:
            AssertionError: what was promised does not hold.
        """
        self._begin()
        seconds, expected = self._finish(), exports(self._db)
        _say(f"undisturbed, a run writes for {seconds:.1f} s")
        self._begin()
        while self.killed.kills < kills:
            ended = self._ended(self._draw.uniform(0, seconds * 1.05))
            if ended or self._is_complete():
                self._look()
                assert exports(self._db) == expected
                self.killed.ends += ended
                self._begin()
                seconds *= 0.9  # it was as slow as the machine then was: more of the kills are to meet it
            else:
                self._look()
                _say(f"{self.killed.kills} kills, {self.killed.ends} ends")
        self._finish()
        assert exports(self._db) == expected
        self.killed.ends += 1
        self._close_reader()
        return self.killed

    @property
    def _written(self) -> Path:
        """The file that a run writes."""
        return Path(f"{self._db}{self._run.making}")

    def _is_complete(self) -> bool:
        return bool(self._run.making) and self._db.exists()

    def _begin(self) -> None:
        """A file as it is before the run."""
        self._close_reader()
        self._place.shrink()
        replace_by(self._db, self._run.before(self._place) if self._run.before is not None else None)

    @contextmanager
    def _started(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A run that has begun to write, or ended; killed afterwards, with its workers, if it still runs.

        It is a group of its own for that. What an interpreter does before it writes takes longer than a small
        run, and leaves nothing to look at. What the killed leave in the temporary folder goes with the place.
        """
        arguments = [*DEDUPE, *command, "--db", str(self._db)]
        environment = {**os.environ, "TMPDIR": str(self._place.folder)}
        running = subprocess.Popen(
            arguments, stdout=subprocess.DEVNULL, start_new_session=True, env=environment
        )
        try:
            while running.poll() is None and not _has_open(running.pid, f"{self._db}-writer"):
                time.sleep(0.002)
            yield running
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()

    def _finish(self) -> float:
        """The last run, to its end: the seconds that it writes."""
        with self._started(self._run.finish(self._place)) as running:
            began = time.monotonic()
            assert running.wait() == 0
            return time.monotonic() - began

    def _ended(self, seconds: float) -> bool:
        """Whether the command comes to its end before it is killed."""
        part = self._draw.random()
        with self._started(self._run.command(self._place)) as running:
            if self._run.during is not None:
                if _waited(running, seconds * part):
                    return True
                self._run.during(self._place, self.killed.kills)
                seconds -= seconds * part
            if _waited(running, seconds):
                return True
        if running.returncode == 0:  # it came to its end between the last look and the kill
            return True
        assert running.returncode == -signal.SIGKILL, f"ended with {running.returncode}"
        self.killed.kills += 1
        return False

    def _look(self) -> None:
        """The file is whole, and whoever had it open still reads it."""
        if not self._db.exists():
            self.killed.steps.add(_state(_copied(self._written)) if self._written.exists() else ())
            return
        found = checking.check(self._db, full=True, workers=0)
        assert found.is_whole, [str(each) for each in found.findings]
        self.killed.steps.add(_state(self._db))
        if self._reader is not None:
            list(self._reader.pairs())
            self._close_reader()
        elif found.documents:
            self._reader = Index.open(self._db)
            list(self._reader.pairs())

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def _say(line: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"  {line}", file=sys.stderr, flush=True)


def _has_open(process: int, name: str) -> bool:
    """Whether a process has a file open; where the system does not tell, it is taken to have."""
    files = Path(f"/proc/{process}/fd")
    try:
        return any(str(file.readlink()) == name for file in files.iterdir())
    except OSError:
        return not Path("/proc/self/fd").exists()


def _waited(running: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        return running.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False


def _copied(db: Path) -> Path:
    """Looking takes back what was half written; the next run is to find it as it was left."""
    copy = db.with_name("looked-at.db")
    replace_by(copy, db)
    return copy


def _state(db: Path) -> tuple[int, ...]:
    """How far a run had come: documents in each stage, and whether there are pairs and clusters."""
    try:
        with closing(sqlite3.connect(db)) as connection:
            stages = connection.execute("SELECT DISTINCT stage FROM documents ORDER BY 1").fetchall()
            tables = ("blocks", "pairs", "clusters")
            held = [
                connection.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0] for table in tables
            ]
            return *(10 + stage for (stage,) in stages), *held
    except sqlite3.OperationalError:  # killed before there were tables
        return ()


def main() -> None:
    """Kill, and say what came of it."""
    command = parser(__doc__)
    command.add_argument("runs", nargs="*", metavar="RUN", help=f"of {', '.join(RUNS)}; all by default")
    command.add_argument("--kills", type=int, default=25, help="of each run")
    command.add_argument("--documents", type=int, default=600, help="of the crawl")
    command.add_argument("--seed", type=int, default=20251)
    command.add_argument("--tables", type=Path, metavar="DIR", help="import these, instead of making some")
    options = command.parse_args()
    if unknown := [name for name in options.runs if name not in RUNS]:
        command.error(f"there is no run {unknown[0]!r}: they are {', '.join(RUNS)}")
    for name in options.runs or RUNS:
        with scratch("kills") as folder:
            place = Place(folder, options.documents, options.tables)
            place.fill()
            killed = Killing(RUNS[name], place, options.seed).kill(options.kills)
        print(
            f"{name}: {killed.kills} kills in {len(killed.steps)} different states, whole after each;"
            f" {killed.ends} runs came to their end, with the exports of an undisturbed one",
            flush=True,
        )


if __name__ == "__main__":
    main()
