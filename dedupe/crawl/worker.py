"""One worker process: started when first needed, told what to do, killed when it hangs at an item."""

from __future__ import annotations

import mmap
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dedupe.crawl.serving import PROGRESS, Setup, Task, receive, send
from dedupe.errors import DedupeError

TIMED_OUT, CRASHED, FAILED = "timed out", "crashed", "failed"
START_SECONDS = 60.0  # an interpreter and its imports, on a busy machine
POLL_SECONDS = 0.05
_MAIN = "from dedupe.crawl.serving import serve; serve()"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a batch has no results; ``item`` is the index of the guilty one where that is known."""

    reason: str
    detail: str
    item: int | None


class ProgressFile:
    """A file in shared memory in which workers note what they are at, without a system call."""

    def __init__(self, workers: int) -> None:
        handle, self.name = tempfile.mkstemp(prefix="dedupe-")
        with os.fdopen(handle, "r+b") as file:
            file.truncate(max(1, workers) * PROGRESS.size)
            self._map = mmap.mmap(file.fileno(), 0)

    def read(self, index: int) -> tuple[bool, int]:
        """Whether the function of worker ``index`` yields, and how many items it has done."""
        yields, done = PROGRESS.unpack_from(self._map, index * PROGRESS.size)
        return bool(yields), done

    def close(self) -> None:
        self._map.close()
        Path(self.name).unlink(missing_ok=True)


class Worker:
    """One process, started when first needed and again after it was killed."""

    def __init__(self, index: int, setup: Setup, progress: ProgressFile) -> None:
        self._index = index
        self._setup = setup
        self._progress = progress
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._timed_out = False
        self._task: Task | None = None  # what the process was last told to do
        self._seconds = START_SECONDS
        self._deadline: float | None = None  # on time.monotonic()
        self._done = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def run(self, task: Task, items: Sequence[Any], seconds: float) -> list[Any] | Failure:
        """The results of the task over ``items``, or why there are none.

        Raises:
            DedupeError: the function did; it is not for an item to be blamed for.
        """
        try:
            process = self._started()
            self._tell(process, task)
            self._arm(seconds)
            reply = _ask(process, items)
        except (OSError, EOFError):
            return self._buried()
        self._deadline = None
        results, fault, bloated = reply
        if bloated:
            self.end()
        if isinstance(fault, DedupeError):
            raise fault
        if fault is None and len(results) == len(items):
            return list(results)
        return Failure(FAILED, fault or f"{len(results)} results for {len(items)} items", self._guilty(items))

    def prepare(self, task: Task) -> None:
        """Start the process and give it a task; what goes wrong shows when it is to run."""
        try:
            self._tell(self._started(), task)
        except (OSError, EOFError, RuntimeError):
            self.end()
        self._deadline = None

    def check(self, now: float) -> None:
        """Kill the process when it has been at one item for too long."""
        deadline = self._deadline
        if deadline is None:
            return
        done = self._progress.read(self._index)[1]
        if done != self._done:
            self._done = done
            self._deadline = now + self._seconds
        elif now > deadline:
            self._timed_out = True
            self._deadline = None
            self._kill()

    def close(self) -> None:
        """Kill for good; who waits for an answer sees the end of the stream."""
        self._closed = True
        self._kill()

    def _started(self) -> subprocess.Popen[bytes]:
        """The running process, with the function imported."""
        with self._lock:
            if self._closed:
                raise EOFError
            if self._process is not None:
                return self._process
            self._process = process = subprocess.Popen(
                [sys.executable, "-P", "-c", _MAIN, str(self._index)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(p or str(Path.cwd()) for p in self._setup.path),
                },
            )
            self._task = None
        assert process.stdin is not None
        send(process.stdin, self._setup)
        return process

    def _tell(self, process: subprocess.Popen[bytes], task: Task) -> None:
        """Give the process its task, unless it has it."""
        if self._task is task:
            return
        self._arm(START_SECONDS)
        if (fault := _ask(process, task)) is not None:
            raise RuntimeError(f"a worker cannot start: {fault}")
        self._task = task

    def _arm(self, seconds: float) -> None:
        self._timed_out = False
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds

    def _guilty(self, items: Sequence[Any]) -> int | None:
        yields, done = self._progress.read(self._index)
        return done if yields and done < len(items) else None

    def _buried(self) -> Failure:
        """What to say of a process that went away."""
        self._deadline = None
        code = self.end()
        if self._closed:
            raise EOFError("the pool is closed")
        yields, done = self._progress.read(self._index)
        item = done if yields else None
        if self._timed_out:
            return Failure(TIMED_OUT, f"after {self._seconds:g} seconds", item)
        return Failure(CRASHED, _cause(code), item)

    def _kill(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def end(self) -> int:
        """Kill, wait, and forget the process; its return code."""
        self._kill()
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            _close(pipe)
        return process.wait()


class Watch(threading.Thread):
    """Looks at every worker a few times a second."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        super().__init__(name="dedupe-watch", daemon=True)
        self._workers = workers
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            now = time.monotonic()
            for worker in self._workers:
                worker.check(now)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def _ask(process: subprocess.Popen[bytes], value: object) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    send(process.stdin, value)
    return receive(process.stdout)


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:  # what was still in its buffer has nobody to go to
        return


def _cause(code: int) -> str:
    if code >= 0:
        return f"its worker ended with exit code {code}"
    try:
        return f"its worker ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"its worker ended by signal {-code}"
