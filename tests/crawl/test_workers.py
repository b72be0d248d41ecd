"""Worker processes: order, blame, time, memory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

import pool_jobs
import pytest
from pool_jobs import blame

from dedupe.crawl.workers import WorkerPool

FUNCTIONS = [pool_jobs.one_by_one, pool_jobs.all_at_once, pool_jobs.watched_part]


def batches(items: Iterable[int], size: int = 4) -> list[list[int]]:
    held = list(items)
    return [held[i : i + size] for i in range(0, len(held), size)]


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    with WorkerPool(pool_jobs.one_by_one, blame, workers) as pool:
        results = [r for batch in pool.imap(batches(range(13))) for r in batch]
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
    with WorkerPool(function, blame, 1, seconds=1.0) as pool:
        results = [r for batch in pool.imap([[1, 2, bad, 3], [4, bad]]) for r in batch]
    assert results == [2, 4, f"{bad} {reason}", 6, 8, f"{bad} {reason}"]


def test_a_hanging_item_costs_its_time_once_where_the_pool_can_see_it() -> None:
    with WorkerPool(pool_jobs.one_by_one, blame, 1, seconds=1.5) as pool:
        list(pool.imap([[1]]))
        begin = time.monotonic()
        (results,) = pool.imap([[1, 13, 3]])
    assert results == [2, "13 timed out", 6]
    assert time.monotonic() - begin < 1.5 + 1.0


@pytest.mark.skipif(os.name == "nt", reason="no bound on memory on this system")
def test_memory_is_bounded() -> None:
    with WorkerPool(pool_jobs.one_by_one, blame, 1, memory=512 * 2**20) as pool:
        (results,) = pool.imap([[1, 2000, 3]])
    assert results == [2, "2000 failed", 6]


@pytest.mark.skipif(os.name == "nt", reason="no bound on memory on this system")
def test_a_worker_that_has_grown_is_replaced() -> None:
    def of(pool: WorkerPool[int, int]) -> int:
        ((process,),) = pool.imap([[0]])
        return process

    with WorkerPool(pool_jobs.process_ids, blame, 1, memory=2**20) as pool:
        assert of(pool) != of(pool)
    with WorkerPool(pool_jobs.process_ids, blame, 1, memory=2**40) as pool:
        assert of(pool) == of(pool)


def test_what_a_function_prints_does_not_disturb() -> None:
    with WorkerPool(pool_jobs.noisy, blame, 1) as pool:
        assert list(pool.imap([[1], [2]])) == [[1], [2]]


def test_few_batches_are_in_flight() -> None:
    taken = []

    def source() -> Iterable[list[int]]:
        for i in range(100):
            taken.append(i)
            yield [i]

    with WorkerPool(pool_jobs.one_by_one, blame, 2) as pool:
        results = pool.imap(source())
        next(iter(results))
        assert len(taken) <= 2 * 2


def test_an_early_end_leaves_no_process() -> None:
    with WorkerPool(pool_jobs.process_ids, blame, 2) as pool:
        (first, *_) = next(pool.imap([[0], [1], [2], [3], [4]]))
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
