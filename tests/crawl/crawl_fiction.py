"""Invented pages and articles in the forms that crawls keep them."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path

from dedupe.config import CrawlConfig
from dedupe.crawl import CrawlFile, Record, parse, records, walk
from dedupe.model import Document, Skipped

PARAGRAPHS = (
    "The harbour of Port Selma reopened on Monday after a storm closed it for nine days.",
    "Eleven ships that had waited beyond the bar came in with the morning tide, records show.",
    "“We lost a week, but we lost no one,” harbour master Ada Quill told reporters on the quay.",
    "The repair of the eastern mole will take until spring and cost four million crowns, it said.",
)
TITLE = "Harbour of Port Selma reopens after nine days"
TEXT = "\n\n".join(PARAGRAPHS)
ARTICLE = {
    "id": "selma-1",
    "url": "https://www.selma-courier.example.com/news/harbour",
    "title": TITLE,
    "text": TEXT,
    "author": "Ida Mole",
    "published": "2024-02-05T08:30:00+01:00",
}


def page(body: str = "", head: str = "") -> str:
    """A whole page: chrome, a headline, the four paragraphs, and what is asked for besides."""
    paragraphs = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLE} | Selma Courier</title>{head}</head><body>"
        "<nav><a href='/'>Home</a> <a href='/sea'>Sea</a></nav>"
        f"<article><h1>{TITLE}</h1>{body}{paragraphs}</article>"
        "<footer>Selma Courier, Quay Street 4</footer></body></html>"
    )


def json_line(**changes: object) -> str:
    """The article as one line of JSON."""
    return json.dumps(ARTICLE | changes)


def warc_record(
    number: int, payload: bytes, kind: str = "response", http: str = "Content-Type: text/html"
) -> bytes:
    """One record of an archive of the year 2024."""
    block = b"HTTP/1.1 200 OK\r\n" + http.encode() + b"\r\n\r\n" + payload if http else payload
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number:08}>\r\n"
        f"WARC-Target-URI: https://www.selma-courier.example.com/news/{number}\r\n"
        f"WARC-Date: 2024-02-05T09:00:{number % 60:02}Z\r\nContent-Length: {len(block)}\r\n"
        f"Content-Type: {'application/http; msgtype=response' if http else 'text/plain'}\r\n"
    )
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def archive(members: Iterable[bytes]) -> bytes:
    """Records compressed one by one, as archives are."""
    return b"".join(gzip.compress(member) for member in members)


def write(path: Path, content: str | bytes) -> Path:
    """``content`` in a file, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def crawl_file(path: Path) -> CrawlFile:
    """The file as a walk finds it."""
    (found,) = walk([path])
    assert isinstance(found, CrawlFile), found
    return found


def split(path: Path, config: CrawlConfig | None = None) -> list[Record | Skipped]:
    """The records of one file."""
    return list(records(crawl_file(path), config or CrawlConfig()))


def read(path: Path, config: CrawlConfig | None = None) -> list[Document | Skipped]:
    """The documents of one file, and what was left out."""
    config = config or CrawlConfig()
    return [r if isinstance(r, Skipped) else parse(r, config) for r in split(path, config)]


def documents(path: Path, config: CrawlConfig | None = None) -> list[Document]:
    """The documents of one file, of which nothing may be left out."""
    found = read(path, config)
    assert not [each for each in found if isinstance(each, Skipped)], found
    return [each for each in found if isinstance(each, Document)]


def skipped(path: Path, config: CrawlConfig | None = None) -> list[Skipped]:
    """What of one file is left out."""
    return [each for each in read(path, config) if isinstance(each, Skipped)]


def tar_of(members: dict[str, bytes], mtime: int = 1707123600) -> bytes:
    """A tar file; members without a time have the ``mtime`` 0."""
    import tarfile

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), mtime
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def zip_of(members: dict[str, bytes]) -> bytes:
    """A zip file."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
