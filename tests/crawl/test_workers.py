"""Worker processes: order, blame, time, memory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pool_jobs
import pytest
from pool_jobs import blame

from dedupe.crawl.workers import FLYING, Job, WorkerPool

FUNCTIONS = [pool_jobs.one_by_one, pool_jobs.all_at_once, pool_jobs.watched_part]


def batches(items: Iterable[int], size: int = 4) -> list[list[int]]:
    held = list(items)
    return [held[i : i + size] for i in range(0, len(held), size)]


def job(
    function: Callable[[Sequence[int]], Iterable[int]], seconds: float = 10.0, memory: int | None = None
) -> Job[int, Any]:
    return Job(function, blame, seconds, memory)


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    with WorkerPool(workers) as pool:
        results = [r for batch in pool.imap(job(pool_jobs.one_by_one), batches(range(13))) for r in batch]
    assert results == [2 * i for i in range(13) if i != 13]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("bad", "reason"),
    [(13, "timed out"), (66, "crashed"), (99, "failed")],
    ids=["hangs", "dies", "raises"],
)
def test_only_the_guilty_item_is_blamed(
    function: Callable[[list[int]], Iterable[int]], bad: int, reason: str
) -> None:
    with WorkerPool(1) as pool:
        results = [r for batch in pool.imap(job(function, 1.0), [[1, 2, bad, 3], [4, bad]]) for r in batch]
    assert results == [2, 4, f"{bad} {reason}", 6, 8, f"{bad} {reason}"]


def test_a_hanging_item_costs_its_time_once_where_the_pool_can_see_it() -> None:
    with WorkerPool(1) as pool:
        list(pool.imap(job(pool_jobs.one_by_one, 1.5), [[1]]))
        begin = time.monotonic()
        (results,) = pool.imap(job(pool_jobs.one_by_one, 1.5), [[1, 13, 3]])
    assert results == [2, "13 timed out", 6]
    assert time.monotonic() - begin < 1.5 + 1.0


@pytest.mark.skipif(os.name == "nt", reason="no bound on memory on this system")
def test_memory_is_bounded() -> None:
    with WorkerPool(1) as pool:
        (results,) = pool.imap(job(pool_jobs.one_by_one, memory=512 * 2**20), [[1, 2000, 3]])
    assert results == [2, "2000 failed", 6]


@pytest.mark.skipif(os.name == "nt", reason="no bound on memory on this system")
def test_the_bound_on_memory_is_that_of_the_job() -> None:
    with WorkerPool(1) as pool:
        bounded = job(pool_jobs.one_by_one, memory=512 * 2**20)
        (first,) = pool.imap(bounded, [[1000]])
        (second,) = pool.imap(job(pool_jobs.one_by_one), [[1000]])
        (third,) = pool.imap(bounded, [[1000]])
    assert [first, second, third] == [["1000 failed"], [1000 * 2**20], ["1000 failed"]]


def test_a_pool_does_one_job_after_another() -> None:
    with WorkerPool(2) as pool:
        doubled = [r for batch in pool.imap(job(pool_jobs.one_by_one), [[1], [2], [3]]) for r in batch]
        processes = [r for batch in pool.imap(job(pool_jobs.process_ids), [[0]] * 8) for r in batch]
    assert doubled == [2, 4, 6]
    assert len(set(processes)) <= 2


def test_a_pool_that_was_started_before_does_the_same() -> None:
    with WorkerPool(2) as pool:
        pool.start(job(pool_jobs.process_ids))
        results = [r for batch in pool.imap(job(pool_jobs.one_by_one), [[1, 66], [2]]) for r in batch]
    assert results == [2, "66 crashed", 4]


@pytest.mark.skipif(os.name == "nt", reason="no bound on memory on this system")
def test_a_worker_that_has_grown_is_replaced() -> None:
    def of(pool: WorkerPool, memory: int) -> int:
        ((process,),) = pool.imap(job(pool_jobs.process_ids, memory=memory), [[0]])
        return process

    with WorkerPool(1) as pool:
        assert of(pool, 2**30) == of(pool, 2**40)
        assert of(pool, 2**20) != of(pool, 2**20)


def test_what_a_function_prints_does_not_disturb() -> None:
    with WorkerPool(1) as pool:
        assert list(pool.imap(job(pool_jobs.noisy), [[1], [2]])) == [[1], [2]]


def test_few_batches_are_in_flight() -> None:
    taken = []

    def source() -> Iterable[list[int]]:
        for i in range(100):
            taken.append(i)
            yield [i]

    with WorkerPool(2) as pool:
        results = pool.imap(job(pool_jobs.one_by_one), source())
        next(iter(results))
        assert len(taken) <= FLYING * 2


def test_an_early_end_leaves_no_process() -> None:
    with WorkerPool(2) as pool:
        (first, *_) = next(pool.imap(job(pool_jobs.process_ids), [[0]] * 9))
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
