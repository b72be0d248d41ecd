"""Where fuzzing begins: one small, whole input of every kind, all invented."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from importlib import import_module

# The first byte of an input chooses among these.
RECORD_FILES = ("a.jsonl", "a.json", "a.csv", "a.tsv", "a.rss", "a.mbox", "a.md", "a.txt")
ARCHIVE_FILES = (
    "a.tar", "a.zip", "a.warc", "a.warc.gz", "a.wacz", "a.txt.gz", "a.jsonl.bz2", "a.csv.xz", "a.html.zst",
    "a.tar.gz", "a.warc.zst",
)  # fmt: skip
COLUMN_FILES = ("a.parquet", "a.arrow")
PROSE = "The harbour of Port Selma reopened on Monday after a storm closed it for nine days, records show. "
ARTICLE = {
    "id": "selma-1",
    "url": "https://www.selma-courier.example.com/news/harbour",
    "title": "Harbour reopens",
    "text": PROSE * 2,
    "author": "Ida Mole",
    "published": "2024-02-05T08:30:00+01:00",
}
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Harbour reopens | Selma Courier</title>"
    "<meta property='article:published_time' content='2024-02-05'><meta name='author' content='Ida Mole'>"
    "<link rel=canonical href='https://www.other.example/a'><script type='application/ld+json'>"
    '{"@graph":[{"@type":"NewsArticle","headline":"Harbour reopens","author":{"@id":"#a"}},'
    '{"@id":"#a","name":"AP"}]}</script></head><body><nav><a href="/">Home</a></nav><article>'
    f"<h1>Harbour reopens</h1><p>(AP) — {PROSE}</p><p>{PROSE}</p><p class='credit'>Source: Reuters</p>"
    "</article><footer>© 2024 Selma Courier</footer></body></html>"
)
ITEM = (
    "<item><title>A &amp; B</title><link>https://a.example/1</link><dc:creator>Ida</dc:creator>"
    "<pubDate>Mon, 05 Feb 2024 07:30:00 GMT</pubDate>"
    f"<content:encoded><![CDATA[<p>{PROSE}</p>]]></content:encoded></item>"
)
MAIL = (
    "From ida@example Mon Feb  5 08:30:00 2024\nFrom: Ida Mole <ida@a.example>\nSubject: =?utf-8?q?A?=\n"
    "Date: Mon, 05 Feb 2024 08:30:00 +0100\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
    f"Content-Type: text/plain; charset=utf-8\n\n{PROSE}\n--x--\n"
)
WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    "WARC-Target-URI: https://a.example/1\r\nWARC-Date: 2024-02-05T09:00:00Z\r\n"
    "Content-Length: {size}\r\nContent-Type: application/http\r\n\r\n{block}\r\n\r\n"
)
STORY = (
    f"LA BREA, Calif. (AP) — {PROSE}\nBy Ida Mole, Reuters\n{PROSE}\nSource: AFP\n"
    "Copyright 2024 The Associated Press. All rights reserved.\n"
    "(Reporting by Ida Mole; Editing by Ada Quill)\nRelated stories\nA"
    "\fHarbour reopens\fBy The Associated Press\fharbour.example"
)


def chosen(names: tuple[str, ...], name: str, content: str | bytes) -> bytes:
    """The input that reads ``content`` as a file of this name."""
    return bytes([names.index(name)]) + (content.encode() if isinstance(content, str) else content)


def record_seeds() -> list[bytes]:
    line = json.dumps(ARTICLE)
    header = ",".join(ARTICLE)
    row = ",".join(f'"{value}"' for value in ARTICLE.values())
    made = {
        "a.jsonl": f"{line}\n{line}\n",
        "a.json": json.dumps({"count": 1, "articles": [ARTICLE, ARTICLE]}),
        "a.csv": f"{header}\n{row}\n",
        "a.tsv": f"{header}\n{row}\n".replace(",", "\t"),
        "a.rss": f"<?xml version='1.0'?><rss><channel>{ITEM}{ITEM}</channel></rss>",
        "a.mbox": MAIL + "\n" + MAIL,
        "a.md": f"---\ntitle: A\nurl: https://a.example\n---\n# A\n\n[a](b) **c** {PROSE}",
        "a.txt": PROSE,
    }
    return [chosen(RECORD_FILES, name, content) for name, content in made.items()]


def archive_seeds() -> list[bytes]:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}"
    warc = WARC.format(size=len(block.encode()), block=block).encode()
    tar, zipped, wacz = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        info = tarfile.TarInfo("in/a.txt")
        info.size = len(PROSE)
        archive.addfile(info, io.BytesIO(PROSE.encode()))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("in/a.txt", PROSE)
    with zipfile.ZipFile(wacz, "w") as members:
        members.writestr("archive/d.warc.gz", gzip.compress(warc, mtime=0))
    made = {
        "a.tar": tar.getvalue(),
        "a.zip": zipped.getvalue(),
        "a.warc": warc * 2,
        "a.warc.gz": gzip.compress(warc, mtime=0) * 2,
        "a.wacz": wacz.getvalue(),
        "a.txt.gz": gzip.compress(PROSE.encode(), mtime=0),
        "a.tar.gz": gzip.compress(tar.getvalue(), mtime=0),
        "a.jsonl.bz2": compressed("bz2"),
        "a.csv.xz": compressed("lzma"),
    }
    return [chosen(ARCHIVE_FILES, name, content) for name, content in made.items()]


def compressed(module: str) -> bytes:
    data: bytes = import_module(module).compress(json.dumps(ARTICLE).encode())
    return data


def column_seeds() -> list[bytes]:
    import pyarrow
    from pyarrow import ipc, parquet

    table = pyarrow.Table.from_pylist([{**ARTICLE, "tags": ["a", "b"], "n": 3}])
    columns, arrow = io.BytesIO(), io.BytesIO()
    parquet.write_table(table, columns)
    with ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    return [
        chosen(COLUMN_FILES, name, made.getvalue())
        for name, made in (("a.parquet", columns), ("a.arrow", arrow))
    ]


def page_seeds() -> list[bytes]:
    return [b"\0" + PAGE.encode(), b"\4" + PAGE.encode(), b"\3" + gzip.compress(PAGE.encode(), mtime=0)]


def story_seeds() -> list[bytes]:
    return [
        STORY.encode(),
        "新华社北京2月5日电 港口\n\n（记者 甲）\f题".encode(),
        "به گزارش ایرنا، بندر باز شد.".encode(),
    ]


def kernel_seeds() -> list[bytes]:
    from unicode_texts import FRAGMENTS

    joined = " ".join(FRAGMENTS)
    return [b"\0" + joined.encode("utf-8", "replace"), b"\xff" + joined.encode("utf-16-le", "surrogatepass")]


def body_seeds() -> list[bytes]:
    article = json.dumps(ARTICLE).encode()
    return [
        b"\0" + PROSE.encode(),
        b"\1" + PAGE.encode(),
        b"\2" + article,
        b"\2[" + article + b"," + article + b"]",
        b"\xfftext/plain; charset=koi8-r\n" + PROSE.encode(),
    ]


def compressed_zeros(kind: str, megabytes: int) -> bytes:
    """So many megabytes of NUL by ``gz``, ``bz2``, ``xz`` or ``zst``, never held whole."""
    piece = bytes(2**20)
    module = {"gz": "zlib", "bz2": "bz2", "xz": "lzma", "zst": "backports.zstd"}[kind]
    maker = {"gz": "compressobj", "bz2": "BZ2Compressor", "xz": "LZMACompressor", "zst": "ZstdCompressor"}[
        kind
    ]
    made = getattr(import_module(module), maker)
    compressor = made(wbits=31) if kind == "gz" else made()
    return b"".join([*(compressor.compress(piece) for _ in range(megabytes)), compressor.flush()])
