"""How many records a crawl will have, guessed from the bytes that were read."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest
from generated import documents, write_lines

from dedupe import Index
from dedupe.crawl import Kind, Pace, Record

FILES: dict[str, tuple[list[tuple[int, list[int]]], int | None]] = {
    "nothing yet": ([], None),
    "too little": ([(1000, [1])], None),
    "half of one file": ([(500, [50, 50, 150])], 12),
    "all of it": ([(500, [100] * 5), (500, [250, 250])], 7),
    "a compressed file": ([(100, [90, 90, 90, 90, 90]), (0, [])], 50),
    "files that were not changed": ([(400, []), (400, []), (200, [100])], 1),
}


def record(size: int) -> Record:
    return Record("a.jsonl", "#1", Kind.JSON, b"x" * size)


@pytest.mark.parametrize(("files", "expected"), FILES.values(), ids=FILES)
def test_the_bytes_tell(files: Sequence[tuple[int, list[int]]], expected: int | None) -> None:
    pace = Pace(1000)
    for size, records in files:
        pace.begin(size)
        for each in records:
            pace.take(record(each))
    assert pace.expected == expected


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
def test_a_reading_says_of_how_many(tmp_path: Path, packed: bool) -> None:
    told: list[int | None] = []
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    for part in range(4):
        path = write_lines(crawl / f"{part}.jsonl", documents(part, 300))
        if packed:
            Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes()))
            path.unlink()
    with Index.open(tmp_path / "news.db") as index:
        index.add(crawl, workers=0, progress=lambda step, _, total: step == "read" and told.append(total))
    assert told[-1] == 1200
    assert all(total is not None and 900 <= total <= 2400 for total in told)
