"""A small pool of worker processes that can be killed.

A native call cannot be interrupted: a signal waits until it returns, and some pages keep a parser busy
for minutes. So work that meets unknown input runs in processes of its own, each with a deadline and a
bound on its memory; the record that breaks a worker is replaced by a result that says so, and the
others of its batch are worked again.

Workers are started as fresh interpreters that talk over pipes. Forking is not used, since the parent
may have threads, and neither is :mod:`multiprocessing`, whose children import the user's ``__main__``.
"""

from __future__ import annotations

import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, TypeVar

from dedupe.crawl.serving import Setup, Task, watched
from dedupe.crawl.worker import Failure, ProgressFile, Watch, Worker

T = TypeVar("T")
R = TypeVar("R")
Function = Callable[[Sequence[T]], Iterable[R]]
# Makes the result of an item that broke its worker, from the item, the reason and a detail.
Blame = Callable[[T, str, str], R]

__all__ = ["Job", "WorkerPool", "watched"]

FLYING = 12  # batches a worker: one it works on, and enough to last while the parent writes
HEAVY_FLYING = 3  # of batches that weigh much
FLYING_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Job(Generic[T, R]):
    """What a pool does with batches.

    ``function`` takes a batch and gives one result an item, in order; it must be importable (a
    function of a module, or a :func:`functools.partial` of one). Where it *yields* its results, the
    pool sees which item it is at: ``seconds`` bound each item, and the one that breaks the worker is
    known at once; so it does of the items that the function draws through :func:`watched`. Otherwise
    ``seconds`` bound the batch, and a batch that fails is worked again item by item. ``memory`` bounds
    a worker's data in bytes, where the system can; a worker that has grown beyond half of it is
    replaced between batches. ``weigh`` gives the bytes of an item, or of
    what comes of it, where these may be many. ``flying`` batches a worker are in flight: results come in
    order, so they are also what the others do while one is at a batch that takes long.
    """

    function: Function[T, R]
    blame: Blame[T, R]
    seconds: float = 10.0
    memory: int | None = None
    weigh: Callable[[T], int] | None = None
    flying: int = FLYING

    def room(self, weight: int) -> int:
        """How many batches a worker may be in flight, where those in flight have this weight."""
        return self.flying if weight <= FLYING_BYTES else HEAVY_FLYING

    def weight(self, batch: Sequence[T]) -> int:
        """The bytes of a batch, as far as they matter."""
        return sum(map(self.weigh, batch)) if self.weigh else 0


class WorkerPool:
    """``workers`` processes that do one job after another; each is started when it is first needed.

    With ``workers=0`` everything runs in this process, unprotected.
    """

    def __init__(self, workers: int = 1) -> None:
        self._progress = ProgressFile(workers)
        setup = Setup(list(sys.path), self._progress.name)
        self._workers = [Worker(i, setup, self._progress) for i in range(workers)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(max(1, workers), "dedupe-worker")
        self._watch = Watch(self._workers)

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

    def start(self, job: Job[T, R]) -> None:
        """Start all processes, and have them import what the job needs while this one does something else."""
        task = Task(pickle.dumps(job.function), job.memory)
        for _ in self._workers:
            self._threads.submit(self._prepare, task)

    def imap(self, job: Job[T, R], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        """The results of each batch, in order.

        HEAVY_FLYING batches a worker are in flight where they weigh more than FLYING_BYTES together.
        """
        if not self._workers:
            for batch in batches:
                yield list(job.function(batch))
            return
        task = Task(pickle.dumps(job.function), job.memory)
        flying: deque[tuple[int, Future[list[R]]]] = deque()
        for batch in batches:
            flying.append((job.weight(batch), self._threads.submit(self._work, job, task, batch)))
            while len(flying) >= len(self._workers) * job.room(sum(weight for weight, _ in flying)):
                yield flying.popleft()[1].result()
        while flying:
            yield flying.popleft()[1].result()

    def _prepare(self, task: Task) -> None:
        worker = self._idle.get()
        worker.prepare(task)
        self._idle.put(worker)

    def _work(self, job: Job[T, R], task: Task, batch: Sequence[T]) -> list[R]:
        worker = self._idle.get()
        try:
            return list(_results(worker, job, task, batch))
        finally:
            self._idle.put(worker)


def _results(worker: Worker, job: Job[T, R], task: Task, batch: Sequence[T]) -> Iterator[R]:
    """The results of ``batch``; a guilty item splits it into what is before it and what is behind."""
    pending = [batch]
    while pending:
        items = pending.pop()
        outcome: list[R] | Failure = worker.run(task, items, job.seconds) if items else []
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
