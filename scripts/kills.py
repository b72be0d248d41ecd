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

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from exported import exports
from killed_runs import COMMAND, FILES, RUNS, Place, Run

from dedupe import Index, checking

PARTS = ("", "-wal", "-shm", "-journal", "-writer")


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
        running = self._started(self._run.finish(self._place))
        began = time.monotonic()
        assert running.wait() == 0
        seconds, expected = time.monotonic() - began, exports(self._db)
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
        for part in PARTS:
            Path(f"{self._db}{part}").unlink(missing_ok=True)
        for path in self._place.grows.glob("*.jsonl"):
            if int(path.stem) >= FILES - 2:
                path.unlink()
        before = self._run.before(self._place) if self._run.before is not None else None
        if before is not None:
            shutil.copy2(before, self._db)

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        """A group of its own, so that its workers can be killed with it; it has begun to write, or ended.

        What an interpreter does before that takes longer than a small run, and leaves nothing to look at.
        """
        arguments = [*COMMAND, *command, "--db", str(self._db)]
        running = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, start_new_session=True)
        while running.poll() is None and not _has_open(running.pid, f"{self._db}-writer"):
            time.sleep(0.002)
        return running

    def _finish(self) -> None:
        assert self._started(self._run.finish(self._place)).wait() == 0

    def _ended(self, seconds: float) -> bool:
        """Whether the command comes to its end before it is killed."""
        running = self._started(self._run.command(self._place))
        part = self._draw.random()
        try:
            if self._run.during is not None:
                if _waited(running, seconds * part):
                    return True
                self._run.during(self._place, self.killed.kills)
                seconds -= seconds * part
            if _waited(running, seconds):
                return True
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
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
            assert len(list(self._reader.pairs())) >= 0
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
    for part in PARTS:
        Path(f"{copy}{part}").unlink(missing_ok=True)
        if Path(f"{db}{part}").exists():
            shutil.copyfile(f"{db}{part}", f"{copy}{part}")
    return copy


def _state(db: Path) -> tuple[int, ...]:
    """How far a run had come: documents in each stage, and whether there are pairs and clusters."""
    try:
        with sqlite3.connect(db) as connection:
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
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("runs", nargs="*", metavar="RUN", help=f"of {', '.join(RUNS)}; all by default")
    parser.add_argument("--kills", type=int, default=25, help="of each run")
    parser.add_argument("--records", type=int, default=600)
    parser.add_argument("--seed", type=int, default=20251)
    parser.add_argument("--tables", type=Path, metavar="DIR", help="import these, instead of making some")
    arguments = parser.parse_args()
    for name in arguments.runs or RUNS:
        with tempfile.TemporaryDirectory(prefix="dedupe-kills-") as folder:
            place = Place(Path(folder), arguments.records, arguments.tables)
            place.fill()
            killed = Killing(RUNS[name], place, arguments.seed).kill(arguments.kills)
        print(
            f"{name}: {killed.kills} kills in {len(killed.steps)} different states, whole after each;"
            f" {killed.ends} runs came to their end, with the exports of an undisturbed one",
            flush=True,
        )


if __name__ == "__main__":
    main()
