"""The readers as the service sees them: hand a question to one that is free, and do not wait for ever.

A thread stands for each process, sends it a question and waits for the answer. One that takes too
long, or dies, is replaced by a fresh process; its question is lost, the others are not.

Not threads: in one process they share its lock, and questions are mostly Python and short numpy calls.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dedupe.web.reader import Job, serve
from dedupe.web.replies import Refusal, Reply

START_SECONDS = 120.0  # an interpreter, its imports and, once on a machine, compiling the kernels
END_SECONDS = 5.0


class Broken(Exception):
    """The reader of this question was stopped or died. ``reason`` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Readers:
    """``count`` processes that have the index open.

    ``seconds`` bound an answer, None not at all; ``most_waiting`` questions may wait for a free reader.
    """

    def __init__(self, db: Path, count: int, seconds: float | None, most_waiting: int) -> None:
        self._processes = [_Process(db, seconds) for _ in range(count)]
        self._threads = ThreadPoolExecutor(count, "dedupe-reader")
        self._free: asyncio.Queue[_Process] = asyncio.Queue()
        self._most_waiting = most_waiting
        self.waiting = 0

    async def start(self) -> None:
        """Start the processes, all at once; back when they are ready."""
        loop = asyncio.get_running_loop()
        starts = [loop.run_in_executor(self._threads, process.start) for process in self._processes]
        await asyncio.gather(*starts)
        for process in self._processes:
            self._free.put_nowait(process)

    def stop(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes:
            process.end()
        self._threads.shutdown(wait=True, cancel_futures=True)

    @property
    def alive(self) -> int:
        """How many processes could answer."""
        return sum(process.alive for process in self._processes)

    async def ask(self, job: Job, *arguments: Any) -> Reply:
        """What the job answers.

        Raises:
            Refusal: too many questions wait. Broken: the reader hung or died.
        """
        if self.waiting >= self._most_waiting:
            raise Refusal(503, "too many questions wait for an answer", hint="ask again in a moment")
        self.waiting += 1
        try:
            process = await self._free.get()
        finally:
            self.waiting -= 1
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._threads, process.ask, job, arguments)

        def freed(_: asyncio.Future[Reply]) -> None:
            if not asked.cancelled():
                asked.exception()  # seen, also where nobody waits for it any more
            self._free.put_nowait(process)

        # The process is free when it has answered, not when a client has lost patience.
        asked.add_done_callback(freed)
        return await asyncio.shield(asked)


class _Process:
    """One reader, started again when it was lost."""

    def __init__(self, db: Path, seconds: float | None) -> None:
        self._db = db
        self._seconds = seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Start the process and wait until it is ready."""
        spawn = multiprocessing.get_context("spawn")  # threads and locks do not survive a fork
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(theirs, self._db), daemon=True)
        self._process.start()
        theirs.close()
        self._received(START_SECONDS)

    def ask(self, job: Job, arguments: Sequence[Any]) -> Reply:
        """The answer to one question.

        Raises:
            Broken: there was none.
        """
        if not self.alive:
            self.end()
            self.start()
        assert self._pipe is not None
        try:
            self._pipe.send((job, tuple(arguments)))
        except OSError as error:
            self.end()
            raise Broken("crashed") from error
        answer: Reply = self._received(self._seconds)
        return answer

    def end(self) -> None:
        """Kill the process; it holds nothing that could be lost."""
        if self._process is not None:
            self._process.kill()
            self._process.join(END_SECONDS)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _received(self, seconds: float | None) -> Any:
        pipe = self._pipe
        assert pipe is not None
        try:
            if not pipe.poll(seconds):
                self.end()
                raise Broken(f"took longer than {seconds:g} s")
            return pipe.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise Broken("crashed") from error
