"""The processes that answer: one that hangs or dies is replaced, and takes no other question with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from reader_jobs import die, hang, pid, snapshots

from dedupe.web.readers import Broken, Readers
from dedupe.web.replies import Refusal, Reply


def run(samples_db: Path, talk: Any, seconds: float = 3.0, most_waiting: int = 4, count: int = 1) -> Any:
    """Talk to readers, then stop them."""

    async def talked() -> Any:
        readers = Readers(samples_db, count, seconds, most_waiting)
        await readers.start()
        try:
            return await talk(readers)
        finally:
            readers.stop()

    return asyncio.run(talked())


@pytest.mark.parametrize(("job", "reason"), [(hang, "took longer than 3 s"), (die, "crashed")])
def test_a_lost_reader_is_replaced(samples_db: Path, job: Any, reason: str) -> None:
    async def talk(readers: Readers) -> tuple[bytes, bytes]:
        before = await readers.ask(pid)
        with pytest.raises(Broken, match=reason):
            await readers.ask(job)
        return before.body, (await readers.ask(pid)).body

    before, after = run(samples_db, talk)
    assert before != after


def test_others_are_answered_while_one_hangs(samples_db: Path) -> None:
    async def talk(readers: Readers) -> set[bytes]:
        hanging = asyncio.create_task(ignored(readers.ask(hang)))
        await asyncio.sleep(0)
        found = {(await readers.ask(pid)).body for _ in range(20)}
        await hanging
        return found

    assert len(run(samples_db, talk, count=2)) == 1


def test_a_client_that_leaves_does_not_free_a_reader_that_works(samples_db: Path) -> None:
    async def talk(readers: Readers) -> bytes:
        leaving = asyncio.create_task(readers.ask(hang))
        await asyncio.sleep(0)
        leaving.cancel()
        return (await readers.ask(pid)).body

    assert int(run(samples_db, talk)) > 0


def test_no_more_wait_than_there_is_room_for(samples_db: Path) -> None:
    async def talk(readers: Readers) -> list[Any]:
        return await asyncio.gather(*(readers.ask(pid) for _ in range(20)), return_exceptions=True)

    found = run(samples_db, talk, most_waiting=4)
    refused = [each for each in found if isinstance(each, Refusal)]
    assert len(refused) == 15
    assert {each.status for each in refused} == {503}


def test_an_index_that_is_replaced_is_opened_anew(samples_db: Path, tmp_path: Path) -> None:
    from dedupe import Index

    db, other = tmp_path / "news.db", tmp_path / "other.db"
    db.write_bytes(samples_db.read_bytes())
    (tmp_path / "one.txt").write_text("A text that is alone in its index. " * 5)
    with Index.open(other) as index:
        index.add(tmp_path / "one.txt", workers=0)

    async def talk(readers: Readers) -> bytes:
        return (await readers.ask(snapshots, other)).body

    assert run(db, talk, seconds=30) == b"[38,1]"


async def ignored(question: Coroutine[Any, Any, Reply]) -> None:
    with suppress(Broken):
        await question
