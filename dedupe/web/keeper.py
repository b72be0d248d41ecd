"""The one who writes: takes what is in the inbox into the index, batch after batch.

A batch is whatever has come while the one before was written. It runs in a process of its own, so that
questions do not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from pathlib import Path

import orjson

from dedupe.index import Index
from dedupe.store.database import fold_log
from dedupe.web.inbox import Inbox, State
from dedupe.web.reader import Reader
from dedupe.web.readers import Broken, Readers
from dedupe.web.replies import Reply, reply
from dedupe.web.watch import give_way

PAUSE_SECONDS = 1.0  # before another attempt, where another process is writing
STOP_SECONDS = 60.0

_log = logging.getLogger("dedupe.web")


class Keeper:
    """``fault`` is why nothing could be added at the last attempt, None where all is well."""

    def __init__(self, db: Path, inbox: Inbox) -> None:
        self._inbox = inbox
        self._process = Readers(db, 1, None, 1)
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self.fault: str | None = None
        self.added = 0

    async def start(self) -> None:
        """Begin, with what an earlier service left behind."""
        await self._process.start()
        self._news.set()
        self._task = asyncio.create_task(self._keep())

    def wake(self) -> None:
        """There is something in the inbox."""
        self._news.set()

    async def stop(self) -> None:
        """Finish the batch that is being written; what waits stays in the inbox."""
        self._stopping = True
        self._news.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=STOP_SECONDS)
        self._process.stop()

    async def _keep(self) -> None:
        while not self._stopping:
            await self._news.wait()
            self._news.clear()
            while not self._stopping and (held := await asyncio.to_thread(self._inbox.held)):
                try:
                    answer = await self._process.ask(add, self._inbox.folder)
                except Broken as broken:
                    answer = Reply(orjson.dumps({"error": f"the writer {broken.reason}"}), status=500)
                await self._after(answer, held)

    async def _after(self, answer: Reply, held: dict[str, State]) -> None:
        result = orjson.loads(answer.body)
        if answer.status == 200:
            self.fault = None
            self.added += result["added"]
            await asyncio.to_thread(self._inbox.drop, held)
            return
        if self.fault != result["error"]:
            _log.warning("documents wait: %s", result["error"])
        self.fault = result["error"]
        await asyncio.sleep(PAUSE_SECONDS)


def add(reader: Reader, folder: Path) -> Reply:
    """Bring the index up to date with the inbox. Its articles were read before, so nothing hangs."""
    give_way()
    with _kept(reader.db) as index:
        index.compiled = True  # this process stays
        reading = index.add(folder, workers=0)
    fold_log(reader.db)
    return reply({"added": reading.added + reading.changed})


@cache
def _kept(db: Path) -> Index:
    """The same index batch after batch, for what it learns of the file."""
    return Index.open(db)
