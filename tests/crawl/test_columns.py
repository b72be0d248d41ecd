"""Parquet and Arrow are read by a process that may take little, fail, and die."""

from __future__ import annotations

import gzip
import json
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from crawl_fiction import PARAGRAPHS, split, tar_of

pytest.importorskip("pyarrow")

import pyarrow as pa
from hostile import children
from hostile_columns import bombs
from pyarrow import parquet

from dedupe.config import CrawlConfig
from dedupe.crawl import Record, columns
from dedupe.crawl.record import Source
from dedupe.model import Skipped

MB = 2**20
STORY = "\n".join(PARAGRAPHS)
CONFIG = CrawlConfig()
MADE = bombs(40)
TOO_LARGE, BOMB = "too large", "decompression bomb"
CRASHED = "crashed"  # where pyarrow ends its process for want of memory, instead of saying so
EXPECTED = {
    "one.parquet": (0, [TOO_LARGE]),
    "same.parquet": (0, [TOO_LARGE]),
    "list.parquet": (0, [TOO_LARGE]),
    "one.arrow": (0, [TOO_LARGE]),
    "same.arrow": (0, [TOO_LARGE]),
    "nothing.arrow": (65536, [BOMB]),
    "run.arrow": (65536, [BOMB]),
    "whole.parquet": (700, []),
}
# Reads the files in one process, and says what came of each and what memory was taken.
READ = """
import json, resource, sys
from collections import Counter
from pathlib import Path
from dedupe.config import CrawlConfig
from dedupe.crawl import CrawlFile, Record, columns, records
from dedupe.crawl.serving import peak_memory

told = {}
for path in map(Path, sys.argv[1:]):
    file = CrawlFile(path, path.name, path.stat().st_size, 10**18)
    reasons, rows = Counter(), 0
    for each in records(file, CrawlConfig()):
        rows += isinstance(each, Record)
        if not isinstance(each, Record):
            reasons[each.reason] += 1
    told[path.name] = rows, sorted(reasons)
columns.end_readers()
reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([told, [peak_memory(), reader]]))
"""


def whole(rows: int = 700) -> bytes:
    buffer = BytesIO()
    parquet.write_table(pa.Table.from_pylist([{"text": STORY, "n": n} for n in range(rows)]), buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[int]]:
    """What was read of every bomb, a whole file behind them; bytes that both processes took at most."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, make in {**MADE, "whole.parquet": whole}.items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-c", READ, *(str(folder / name) for name in EXPECTED)]
    told, peaks = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return told, peaks


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bomb_has_a_reason_and_the_next_file_is_read(
    found: tuple[dict[str, Any], list[int]], name: str
) -> None:
    rows, reasons = found[0][name]
    assert (rows, reasons) == EXPECTED[name] or (rows, reasons, EXPECTED[name][1]) == (
        0,
        [CRASHED],
        [TOO_LARGE],
    )


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded where the system can")
def test_no_process_takes_a_gigabyte(found: tuple[dict[str, Any], list[int]]) -> None:
    main, reader = found[1]
    assert main < 128 * MB, "nothing is decoded in it"
    assert reader < 1024 * MB


@pytest.mark.parametrize("name", MADE)
def test_the_bombs_are_small(name: str) -> None:
    assert len(MADE[name]()) < MB / 10


def test_offsets_beyond_the_text_are_seen_before_they_are_followed(tmp_path: Path) -> None:
    """What lies behind it in memory would be taken for the article, where it can be read as text."""
    secret = "kept to itself ".ljust(0x430, "x")  # a length whose bytes are ASCII: the offsets read as text
    buffer = BytesIO()
    batch = pa.record_batch({"text": [STORY], "note": [secret]})
    with pa.ipc.new_file(buffer, batch.schema) as writer:
        writer.write_batch(batch)
    made, long = bytearray(buffer.getvalue()), len(STORY.encode())
    at = made.rfind(struct.pack("<ii", 0, long))  # the first one is in the batch's head
    made[at : at + 8] = struct.pack("<ii", 0, long + 400)
    (tmp_path / "a.arrow").write_bytes(made)
    (found,) = split(tmp_path / "a.arrow")
    assert isinstance(found, Skipped), "what stands in a note is read as the story"
    assert found.reason == "damaged"


@pytest.mark.skipif(sys.platform != "linux", reason="children are told by /proc")
def test_a_reader_that_dies_ends_its_file_and_the_next_one_is_read(tmp_path: Path) -> None:
    columns.end_readers()
    path = tmp_path / "a.parquet"
    path.write_bytes(whole(20_000))
    others = set(children(os.getpid()))
    stream = path.open("rb")
    reading = iter(columns.parquet_rows(stream, Source("a.parquet", "", ""), CONFIG))
    assert isinstance(next(reading), Record)
    for child in set(children(os.getpid())) - others:
        os.kill(child, signal.SIGKILL)
    *_, last = reading
    stream.close()
    assert isinstance(last, Skipped)
    assert (last.reason, last.detail) == ("crashed", "its worker ended by SIGKILL")
    assert len(split(path)) == 20_000


def test_a_file_that_is_not_read_to_its_end_leaves_no_reader(tmp_path: Path) -> None:
    columns.end_readers()
    path = tmp_path / "a.parquet"
    path.write_bytes(whole(20_000))
    others = set(children(os.getpid()))
    with path.open("rb") as stream:
        reading = columns.parquet_rows(stream, Source("a.parquet", "", ""), CONFIG)
        assert isinstance(next(iter(reading)), Record)
        reading.close()  # type: ignore[attr-defined]
    assert set(children(os.getpid())) <= others


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a member of an archive": ("a.tar", lambda: tar_of({"in/a.parquet": whole(3)})),
    "a compressed file": ("a.parquet.gz", lambda: gzip.compress(whole(3))),
    "rows of several parts": ("a.parquet", lambda: whole(3000)),
}


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
def test_rows_come_in_their_order(tmp_path: Path, name: str, content: Callable[[], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(content())
    rows = split(path)
    assert [row.payload["n"] for row in rows if isinstance(row, Record)] == [*range(len(rows))]  # type: ignore[index]
    assert [row.member.rpartition("#")[2] for row in rows] == [str(n + 1) for n in range(len(rows))]
