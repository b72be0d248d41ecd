"""A small pool of worker processes that can be killed.

A native call cannot be interrupted: a signal waits until it returns, and some pages keep a parser busy
for minutes. So work that meets unknown input runs in processes of its own, each with a deadline and a
bound on its memory; the record that breaks a worker is replaced by a result that says so, and the
others of its batch are worked again.

Workers are started as fresh interpreters that talk over pipes. Forking is not used, since the parent
may have threads, and neither is :mod:`multiprocessing`, whose children import the user's ``__main__``.
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Generic, TypeVar

from dedupe.crawl.serving import PROGRESS, Setup, Task, receive, send, watched
from dedupe.errors import DedupeError

T = TypeVar("T")
R = TypeVar("R")
Function = Callable[[Sequence[T]], Iterable[R]]
# Makes the result of an item that broke its worker, from the item, the reason and a detail.
Blame = Callable[[T, str, str], R]

__all__ = ["Job", "WorkerPool", "watched"]

TIMED_OUT, CRASHED, FAILED = "timed out", "crashed", "failed"
START_SECONDS = 60.0  # an interpreter and its imports, on a busy machine
POLL_SECONDS = 0.05
FLYING = 12  # batches a worker: one it works on, and enough to last while the parent writes
HEAVY_FLYING = 3  # of batches that weigh much
FLYING_BYTES = 32 * 2**20
_MAIN = "from dedupe.crawl.serving import serve; serve()"


@dataclass(frozen=True, slots=True)
class Job(Generic[T, R]):
    """What a pool does with batches.

    ``function`` takes a batch and gives one result an item, in order; it must be importable (a
    function of a module, or a :func:`functools.partial` of one). Where it *yields* its results, the
    pool sees which item it is at: ``seconds`` bound each item, and the one that breaks the worker is
    known at once; so it does of the items that the function draws through :func:`watched`. Otherwise
    ``seconds`` bound the batch, and a batch that fails is worked again item by item. ``memory`` bounds
    a worker's data in bytes, where the system can; a worker that has grown beyond half of it is
    replaced between batches. ``weigh`` gives the bytes of an item, where items may be large.
    """

    function: Function[T, R]
    blame: Blame[T, R]
    seconds: float = 10.0
    memory: int | None = None
    weigh: Callable[[T], int] | None = None

    def weight(self, batch: Sequence[T]) -> int:
        """The bytes of a batch, as far as they matter."""
        return sum(map(self.weigh, batch)) if self.weigh else 0


class WorkerPool:
    """``workers`` processes that do one job after another; each is started when it is first needed.

    With ``workers=0`` everything runs in this process, unprotected.
    """

    def __init__(self, workers: int = 1) -> None:
        self._progress = _ProgressFile(workers)
        setup = Setup(list(sys.path), self._progress.name)
        self._workers = [_Worker(i, setup, self._progress) for i in range(workers)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(max(1, workers), "dedupe-worker")
        self._watch = _Watch(self._workers)

    def __enter__(self) -> WorkerPool:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all workers, whatever they are doing."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.end()
        self._watch.stop()
        self._progress.close()

    @property
    def is_running(self) -> bool:
        """Has any process been started?"""
        return any(worker.is_running for worker in self._workers)

    def imap(self, job: Job[T, R], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        """The results of each batch, in order.

        FLYING batches a worker are in flight, and HEAVY_FLYING of those that together weigh more than
        FLYING_BYTES.
        """
        if not self._workers:
            for batch in batches:
                yield list(job.function(batch))
            return
        task = Task(pickle.dumps(job.function), job.memory)
        flying: deque[tuple[int, Future[list[R]]]] = deque()
        for batch in batches:
            flying.append((job.weight(batch), self._threads.submit(self._work, job, task, batch)))
            while len(flying) >= len(self._workers) * _room(sum(weight for weight, _ in flying)):
                yield flying.popleft()[1].result()
        while flying:
            yield flying.popleft()[1].result()

    def _work(self, job: Job[T, R], task: Task, batch: Sequence[T]) -> list[R]:
        worker = self._idle.get()
        try:
            return list(_results(worker, job, task, batch))
        finally:
            self._idle.put(worker)


def _room(weight: int) -> int:
    """How many batches a worker may be in flight, where those in flight have this weight."""
    return FLYING if weight <= FLYING_BYTES else HEAVY_FLYING


def _results(worker: _Worker, job: Job[T, R], task: Task, batch: Sequence[T]) -> Iterator[R]:
    """The results of ``batch``; a guilty item splits it into what is before it and what is behind."""
    pending = [batch]
    while pending:
        items = pending.pop()
        outcome: list[R] | _Failure = worker.run(task, items, job.seconds) if items else []
        if isinstance(outcome, list):
            yield from outcome
        elif len(items) == 1:
            yield job.blame(items[0], outcome.reason, outcome.detail)
        elif outcome.item is None:
            pending.extend([item] for item in reversed(items))
        else:
            at = outcome.item
            yield from _results(worker, job, task, items[:at])
            yield job.blame(items[at], outcome.reason, outcome.detail)
            pending.append(items[at + 1 :])


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a batch has no results; ``item`` is the index of the guilty one where that is known."""

    reason: str
    detail: str
    item: int | None


class _ProgressFile:
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


class _Worker:
    """One process, started when first needed and again after it was killed."""

    def __init__(self, index: int, setup: Setup, progress: _ProgressFile) -> None:
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

    def run(self, task: Task, items: Sequence[Any], seconds: float) -> list[Any] | _Failure:
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
        return _Failure(
            FAILED, fault or f"{len(results)} results for {len(items)} items", self._guilty(items)
        )

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

    def _buried(self) -> _Failure:
        """What to say of a process that went away."""
        self._deadline = None
        code = self.end()
        if self._closed:
            raise EOFError("the pool is closed")
        yields, done = self._progress.read(self._index)
        item = done if yields else None
        if self._timed_out:
            return _Failure(TIMED_OUT, f"after {self._seconds:g} seconds", item)
        return _Failure(CRASHED, _cause(code), item)

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


class _Watch(threading.Thread):
    """Looks at every worker a few times a second."""

    def __init__(self, workers: Sequence[_Worker]) -> None:
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
