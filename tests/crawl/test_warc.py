"""Archives: damaged members, cut ends, wrong lengths, codings."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from crawl_fiction import PARAGRAPHS, archive, documents, page, read, split, warc_record, write

from dedupe.config import CrawlConfig
from dedupe.crawl import Record
from dedupe.model import Document, Skipped

COUNT = 50
NOISE = random.Random(7).randbytes(4000)
MEMBERS = [warc_record(i, (page() + f"<!-- {i} -->").encode()) for i in range(COUNT)]


def damaged(member: bytes) -> bytes:
    compressed = gzip.compress(member)
    return compressed[:60] + bytes(16) + compressed[76:]


def with_length(member: bytes, length: bytes) -> bytes:
    head, _, rest = member.partition(b"Content-Length: ")
    return head + b"Content-Length: " + length + b"\r\n" + rest.partition(b"\r\n")[2]


def line_feeds(member: bytes) -> bytes:
    head, _, rest = member.partition(b"\r\n\r\n")
    return head.replace(b"\r\n", b"\n") + b"\n\n" + rest


def placed(replacement: bytes, at: int = 20) -> list[bytes]:
    return [*MEMBERS[:at], replacement, *MEMBERS[at + 1 :]]


CASES = {
    "whole.warc.gz": (archive(MEMBERS), 50),
    "whole.warc": (b"".join(MEMBERS), 50),
    "one-member.warc.gz": (gzip.compress(b"".join(MEMBERS)), 50),
    "damaged.warc.gz": (archive(MEMBERS[:20]) + damaged(MEMBERS[20]) + archive(MEMBERS[21:]), 49),
    "noise-between.warc.gz": (archive(MEMBERS[:20]) + NOISE + archive(MEMBERS[20:]), 50),
    "noise-between.warc": (b"".join(MEMBERS[:20]) + NOISE + b"\r\n\r\n" + b"".join(MEMBERS[20:]), 50),
    "cut.warc.gz": (archive(MEMBERS)[:-100], 49),
    "cut.warc": (b"".join(MEMBERS)[:-200], 49),
    "line-feeds.warc": (b"".join(map(line_feeds, MEMBERS)), 50),
    "huge-length.warc": (b"".join(placed(with_length(MEMBERS[20], b"1000000000000000000"))), 49),
    "huge-length.warc.gz": (archive(placed(with_length(MEMBERS[20], b"1000000000000000000"))), 49),
    "long-length.warc.gz": (archive(placed(with_length(MEMBERS[20], b"900000"))), 49),
}


@pytest.mark.parametrize("name", CASES)
def test_all_sound_records_are_read(tmp_path: Path, name: str) -> None:
    content, expected = CASES[name]
    found = split(write(tmp_path / name, content))
    urls = [record.url for record in found if isinstance(record, Record)]
    assert len(urls) == len(set(urls)) == expected
    members = [record.member for record in found if isinstance(record, Record)]
    assert len(set(members)) == len(members)
    if expected < COUNT:  # what is lost is told
        assert [each for each in found if isinstance(each, Skipped)]


def test_a_member_is_the_offset_of_its_record(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", archive(MEMBERS[:3]))
    offsets = [0, len(archive(MEMBERS[:1])), len(archive(MEMBERS[:2]))]
    assert [record.member for record in split(path)] == [f"#{offset}" for offset in offsets]


def chunked(data: bytes) -> bytes:
    pieces = [data[i : i + 700] for i in range(0, len(data), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


HTML = page().encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(HTML)),
        ("Transfer-Encoding: chunked", chunked(HTML)),
        ("Content-Encoding: gzip\r\nTransfer-Encoding: chunked", chunked(gzip.compress(HTML))),
        ("Content-Encoding: gzip", HTML),
        ("Transfer-Encoding: chunked", HTML),
    ],
    ids=["gzip", "chunked", "both", "says gzip and is not", "says chunked and is not"],
)
def test_what_the_server_did_is_undone_where_it_is_there(tmp_path: Path, headers: str, body: bytes) -> None:
    (plain,) = documents(write(tmp_path / "plain.warc", warc_record(1, HTML)))
    record = warc_record(1, body, http=f"Content-Type: text/html\r\n{headers}")
    (coded,) = documents(write(tmp_path / "coded.warc", record))
    assert coded.text == plain.text


def test_a_wet_record_is_a_document(tmp_path: Path) -> None:
    text = "\n".join(["Home", "Sea", *PARAGRAPHS, "Imprint"]).encode()
    (document,) = documents(
        write(tmp_path / "a.warc.wet.gz", archive([warc_record(1, text, "conversion", "")]))
    )
    assert document.text == "\n".join(PARAGRAPHS)
    assert document.url == "https://www.selma-courier.example.com/news/1"
    assert document.seen_at == "2024-02-05T09:00:01Z"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (warc_record(1, b"", "revisit", ""), "revisit"),
        (warc_record(1, b"\x89PNG", http="Content-Type: image/png"), "not a page"),
        (warc_record(1, HTML).replace(b"200 OK", b"404 No"), "http status"),
        (warc_record(1, HTML * 40), "too large"),
    ],
    ids=["revisit", "picture", "not found", "too large"],
)
def test_a_record_that_is_no_page_is_skipped_with_its_reason(
    tmp_path: Path, record: bytes, reason: str
) -> None:
    path = write(tmp_path / "a.warc.gz", archive([record, *MEMBERS[:1]]))
    bad, good = read(path, CrawlConfig(max_document_bytes=20_000))
    assert isinstance(bad, Skipped)
    assert bad.reason == reason
    assert isinstance(good, Document)
