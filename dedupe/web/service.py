"""What the routes share: the readers, the inbox, the figures, and when they begin and end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from dedupe.web import questions
from dedupe.web.bodies import Article
from dedupe.web.figures import Figures
from dedupe.web.inbox import Inbox
from dedupe.web.keeper import Keeper
from dedupe.web.reader import Job
from dedupe.web.readers import Broken, Readers
from dedupe.web.replies import Reply, problem, reply
from dedupe.web.settings import Settings

TOGETHER = 8  # articles of a list that a reader answers at once: no question waits for more than these


class Service:
    """One running service. ``lists`` is the reader that counts, ``keeper`` the one who writes, if any."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.figures = Figures()
        self.readers = Readers(settings.db, settings.readers, settings.answer_seconds, settings.most_waiting)
        self.lists = Readers(settings.db, 1, None, settings.most_waiting)
        self.inbox: Inbox | None = None
        self.keeper: Keeper | None = None
        self._lists_start: asyncio.Task[None] | None = None
        self._describe()

    @property
    def queued(self) -> int:
        """Documents that wait to be added."""
        return 0 if self.inbox is None else len(self.inbox)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From the first reader's start to the last one's end."""
        try:
            await self.readers.start()
            if self.settings.token is not None:
                self.inbox = Inbox(inbox_of(self.settings.db), self.settings.most_queued)
                self.keeper = Keeper(self.settings.db, self.inbox)
                await self.keeper.start()
            yield
        finally:
            if self.keeper is not None:
                await self.keeper.stop()
            self.readers.stop()
            self.lists.stop()

    async def query(self, articles: Sequence[Article], byline: str | None, outlet: str | None) -> Reply:
        """The answer to one article."""
        try:
            answer = await self.readers.ask(questions.query, articles, byline, outlet)
        except Broken as broken:
            if len(articles) > 1:  # one of them is to blame, and the others have an answer
                each = [await self.query([article], byline, outlet) for article in articles]
                answer = _joined(each)
            else:
                answer = reply(problem(f"reading this article {broken.reason}"))
                answer = Reply(answer.body, status=422)
        return answer

    async def query_all(self, articles: Sequence[Article], byline: str | None, outlet: str | None) -> Reply:
        """The answers to a list, as a list."""
        turns = asyncio.Semaphore(self.settings.readers)

        async def some(begin: int) -> Reply:
            async with turns:
                return await self.query(articles[begin : begin + TOGETHER], byline, outlet)

        async with asyncio.TaskGroup() as group:
            parts = [group.create_task(some(begin)) for begin in range(0, len(articles), TOGETHER)]
        joined = _joined([part.result() for part in parts])
        return Reply(b"[" + joined.body + b"]", verdicts=joined.verdicts)

    async def count(self, job: Job, path: str) -> Reply:
        """Ask the reader that counts, which is started when it is first needed."""
        if self._lists_start is None:
            self._lists_start = asyncio.create_task(self.lists.start())
        await asyncio.shield(self._lists_start)
        return await self.lists.ask(job, path)

    def _describe(self) -> None:
        figures = self.figures
        figures.gauge("readers", "Processes that can answer.", lambda: self.readers.alive)
        figures.gauge("waiting_questions", "Questions that wait for a reader.", lambda: self.readers.waiting)
        figures.gauge("queued_documents", "Documents that wait to be added.", lambda: self.queued)
        figures.gauge(
            "added_documents",
            "Documents added since the start.",
            lambda: self.keeper.added if self.keeper else 0,
        )


def inbox_of(db: Path) -> Path:
    """Where posted documents wait."""
    return db.with_name(f"{db.name}-inbox")


def _joined(replies: Sequence[Reply]) -> Reply:
    verdicts = tuple(verdict for each in replies for verdict in each.verdicts)
    return Reply(b",".join(each.body for each in replies), verdicts=verdicts)
