"""Speed of reading archives, beside fastwarc alone: records a second, raw, gzip and Zstandard.

    scripts/bench warc --pages 2000 --page-bytes 180000

Writes archives of generated pages, each response with its request before it as crawlers leave them, then
reads each in turns: with nothing but fastwarc's iterator and each page's bytes, and through
``dedupe.crawl.records``, which also survives damage, keeps the metadata of the fetch and hands on a record.
Processor seconds, the best of several turns. Prints a table, then one JSON line.
"""

from __future__ import annotations

import gzip
import json
import random
import string
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from commandline import parser
from fastwarc.warc import ArchiveIterator, WarcRecordType
from scratch import scratch

from dedupe.config import CrawlConfig
from dedupe.crawl import Record, records, walk

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TURNS = 7
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstd.compress,
}


def members(count: int, page_bytes: int, seed: int) -> Iterator[bytes]:
    """Requests and responses in turn, as a WARC 1.0 file has them."""
    source = random.Random(seed)
    words = ["".join(source.choices(string.ascii_lowercase, k=source.randint(2, 9))) for _ in range(4000)]
    for number in range(count):
        text = "".join(
            f"<p class='c{i % 7}'>{' '.join(source.choices(words, k=40))}</p>\n"
            for i in range(page_bytes // 260)
        )
        page = f"<!DOCTYPE html><html><head><title>Page {number}</title></head><body>{text}</body></html>"
        yield _member(number, "request", b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
        head = "HTTP/1.1 200 OK\r\nServer: example\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"
        yield _member(number, "response", (head + page).encode())


def _member(number: int, kind: str, block: bytes) -> bytes:
    seconds = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{kind}-{number:08}>\r\n"
        f"WARC-Target-URI: https://www.example.com/news/{number}\r\nWARC-Date: 2024-01-05T{seconds}Z\r\n"
        f"WARC-Payload-Digest: sha1:{number:032}\r\nContent-Length: {len(block)}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def bare(path: Path) -> Iterator[int]:
    """The sizes of the pages, by fastwarc alone."""
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            payload = record.reader.read()
            yield len(payload)


def ours(path: Path) -> Iterator[int]:
    """The sizes of the pages, as the package reads them."""
    config = CrawlConfig()
    for file in walk([path]):
        for record in records(file, config):
            assert isinstance(record, Record)
            yield len(record.payload)


def seconds(read: Callable[[Path], Iterable[int]], path: Path) -> tuple[float, int, int]:
    """Processor seconds of one reading, the pages and their bytes."""
    begin = time.process_time()
    sizes = list(read(path))
    return time.process_time() - begin, len(sizes), sum(sizes)


def compared(path: Path) -> dict[str, float]:
    """The best turn of each."""
    turns = [(seconds(bare, path), seconds(ours, path)) for _ in range(TURNS)]
    alone, whole = (min(turn[i] for turn in turns) for i in (0, 1))
    if alone[1:] != whole[1:]:
        raise RuntimeError(f"{path.name}: fastwarc read {alone[1:]} pages and bytes, dedupe {whole[1:]}")
    return {
        "fastwarc_per_second": round(alone[1] / alone[0]),
        "dedupe_per_second": round(whole[1] / whole[0]),
        "share": round(alone[0] / whole[0], 3),
        "megabytes_per_second": round(whole[2] / whole[0] / 1e6),
    }


def main() -> int:
    """Print the table and the JSON line."""
    command = parser(__doc__)
    command.add_argument("--pages", type=int, default=1000)
    command.add_argument("--page-bytes", type=int, default=180_000)
    command.add_argument("--seed", type=int, default=1)
    options = command.parse_args()
    report = {}
    print("archive    fastwarc/s  dedupe/s  share  MB/s")
    with scratch("bench") as folder:
        for suffix, compress in COMPRESSIONS.items():
            path = folder / f"pages.warc{suffix}"
            with path.open("wb") as file:
                for member in members(options.pages, options.page_bytes, options.seed):
                    file.write(compress(member))
            report[suffix or "raw"] = found = compared(path)
            row = "{fastwarc_per_second:>10}  {dedupe_per_second:>8}  {share:>5}  {megabytes_per_second:>4}"
            print(f"warc{suffix:<5}  {row.format(**found)}")
            path.unlink()
    print(json.dumps({"bench": "warc", "records": options.pages, "archives": report}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
