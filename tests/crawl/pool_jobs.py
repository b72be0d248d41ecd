"""Functions for worker processes that do what a parser may do to one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence


def act(item: int) -> int:
    """Twice ``item``; 13 hangs, 66 dies, 99 raises, 1000 and more takes that many MiB."""
    if item == 13:
        time.sleep(600)
    if item == 66:
        os._exit(7)
    if item == 99:
        raise ValueError("no good")
    if item >= 1000:
        return len(bytearray(item * 2**20))
    return 2 * item


def one_by_one(items: Sequence[int]) -> Iterator[int]:
    for item in items:
        yield act(item)


def all_at_once(items: Sequence[int]) -> list[int]:
    return [act(item) for item in items]


def watched_part(items: Sequence[int]) -> list[int]:
    from dedupe.crawl.workers import watched

    return [act(item) for item in watched(items)]


def process_ids(items: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in items]


def noisy(items: Sequence[int]) -> list[int]:
    print("what a library may print")  # noqa: T201
    return list(items)


def blame(item: int, reason: str, detail: str) -> str:
    return f"{item} {reason}"
