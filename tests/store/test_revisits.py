"""What the crawl recorded beside a page is kept, and a page that it did not fetch again is told of."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from store_fiction import FLOOD, LIBRARY

from dedupe import Index
from dedupe.store import documents

URL = "https://senn-times.example/flood"
FIRST, LATER = "2026-03-03T06:30:00Z", "2026-03-05T06:30:00Z"
SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
PAGE = (
    f"<!DOCTYPE html><html><body><h1>Anse</h1>{''.join(f'<p>{p}</p>' for p in FLOOD)}</body></html>".encode()
)


def record(kind: WarcRecordType, http: bytes, headers: Mapping[str, str]) -> bytes:
    """One record with these headers."""
    made, stream = WarcRecord(), BytesIO()
    made.init_headers(kind)
    for name, value in headers.items():
        made.headers[name] = value
    made.is_http = True
    made.set_bytes_content(http)
    made.write(stream)
    return stream.getvalue()


def digest_of(body: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(body).digest()).decode()}"


def response(body: bytes, status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n".encode() + body
    headers = {"WARC-Target-URI": URL, "WARC-Date": FIRST, "WARC-Payload-Digest": digest_of(body)}
    return record(WarcRecordType.response, http, headers)


def revisit(digest: str, profile: str = SAME, **more: str) -> bytes:
    headers = {
        "WARC-Target-URI": URL,
        "WARC-Date": LATER,
        "WARC-Profile": profile,
        "WARC-Payload-Digest": digest,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return record(WarcRecordType.revisit, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", headers)


def index(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    with Index.open(folder / "news.db") as opened:
        opened.add(folder / name, workers=0)
    return folder / "news.db"


def skipped(db: Path) -> list[tuple[str, str, str]]:
    with Index.open(db) as opened:
        return list(documents.skipped(opened.reader))


def fetched(db: Path) -> list[tuple[int | None, str | None, str | None]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute("SELECT status, content_type, digest FROM documents ORDER BY id").fetchall()


def test_an_archived_page_keeps_status_type_and_digest(tmp_path: Path) -> None:
    assert fetched(index(tmp_path, "a.warc", response(PAGE))) == [(200, "text/html", digest_of(PAGE))]


def test_a_record_without_a_fetch_keeps_the_digest_of_its_block(tmp_path: Path) -> None:
    text = "\n".join(FLOOD).encode()
    made, stream = WarcRecord(), BytesIO()
    made.init_headers(WarcRecordType.conversion)
    made.headers["Content-Type"] = "text/plain"
    made.set_bytes_content(text)
    made.write(stream, checksum_data=True)
    assert fetched(index(tmp_path, "a.warc.wet", stream.getvalue())) == [
        (None, "text/plain", digest_of(text))
    ]


REVISITS = {
    "same payload": (
        revisit("sha1:MATCH", WARC_Refers_To_Date=FIRST, WARC_Refers_To_Target_URI=URL),
        f"{URL} unchanged at {LATER} since {FIRST} digest sha1:MATCH",
    ),
    "same payload at another address": (
        revisit("sha1:MATCH", WARC_Refers_To_Date=FIRST, WARC_Refers_To_Target_URI=f"{URL}?print"),
        f"{URL} unchanged at {LATER} since {FIRST} when it was {URL}?print digest sha1:MATCH",
    ),
    "not modified, the original not named": (
        revisit("sha1:MATCH", NOT_MODIFIED),
        f"{URL} unchanged at {LATER} digest sha1:MATCH",
    ),
}


@pytest.mark.parametrize(("again", "told"), REVISITS.values(), ids=REVISITS)
def test_a_revisit_is_listed_with_its_original(tmp_path: Path, again: bytes, told: str) -> None:
    first = response(PAGE)
    db = index(tmp_path, "a.warc", first + again)
    assert len(fetched(db)) == 1
    assert skipped(db) == [(f"a.warc#{len(first)}", "revisit", told)]


def test_revisits_are_counted_in_every_run_and_each_for_itself(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(response(PAGE) + revisit("sha1:A") + revisit("sha1:A"))
    with Index.open(tmp_path / "news.db") as opened:
        counts = [opened.add(tmp_path / "a.warc", workers=0).skipped["revisit"] for _ in range(2)]
    assert counts == [2, 2]


def test_a_revisit_whose_original_is_in_no_archive_is_listed(tmp_path: Path) -> None:
    db = index(tmp_path, "b.warc", revisit("sha1:GONE", WARC_Refers_To_Date=FIRST))
    assert [(reason, "sha1:GONE" in detail) for _, reason, detail in skipped(db)] == [("revisit", True)]


FIELDS = {
    "all": ({"status": 200, "content_type": "text/html; charset=utf-8", "digest": "sha1:Q2+/="},
            (200, "text/html", "sha1:Q2+/=")),
    "as text": ({"status_code": "203", "mime": "Text/HTML"}, (203, "text/html", None)),
    "not of a fetch": ({"status": "published", "digest": "The parish opens its library on Sundays."},
                       (None, None, None)),
    "none": ({}, (None, None, None)),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "kept"), FIELDS.values(), ids=FIELDS)
def test_fields_of_a_json_crawl_are_kept(
    tmp_path: Path, fields: dict[str, object], kept: tuple[int | None, str | None, str | None]
) -> None:
    line = json.dumps({"id": "a", "text": "\n".join(LIBRARY), **fields}).encode()
    assert fetched(index(tmp_path, "a.jsonl", line)) == [kept]


def test_an_error_page_in_a_json_crawl_is_listed(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "text": "\n".join(LIBRARY), "status": 404}).encode()
    assert skipped(index(tmp_path, "a.jsonl", line)) == [("a.jsonl#1", "http status", "404")]


def test_a_page_fetched_with_another_digest_is_a_changed_document(tmp_path: Path) -> None:
    line = {"id": "a", "text": "\n".join(LIBRARY), "digest": "sha1:FIRST"}
    index(tmp_path, "a.jsonl", json.dumps(line).encode())
    again = index(tmp_path, "a.jsonl", json.dumps(line | {"digest": "sha1:SECOND"}).encode())
    assert fetched(again) == [(None, None, "sha1:SECOND")]


def test_show_prints_what_the_crawl_recorded(tmp_path: Path) -> None:
    line = {"id": "a", "text": "\n".join(LIBRARY), "status": 200, "mime": "text/html", "digest": "sha1:FIRST"}
    db = index(tmp_path, "a.jsonl", json.dumps(line).encode())
    command = [sys.executable, "-c", "from dedupe.cli import main; main()", "show", "a", "--db", str(db)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "fetched as  200 text/html sha1:FIRST" in done.stdout
