"""Every format gives the same article; damage costs what is damaged."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from crawl_fiction import (
    ARTICLE,
    PARAGRAPHS,
    TEXT,
    TITLE,
    archive,
    documents,
    json_line,
    page,
    read,
    skipped,
    split,
    tar_of,
    warc_record,
    write,
    zip_of,
)

from dedupe.config import CrawlConfig
from dedupe.crawl import Record
from dedupe.model import Document, Skipped

RSS = (
    "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
    "<title>Courier & friends</title>"
    "{items}</channel></rss>"
)
ITEM = (
    "<item><title>{title}</title><link>https://www.selma-courier.example.com/news/harbour</link>"
    "<dc:creator>Ida Mole</dc:creator><pubDate>Mon, 05 Feb 2024 07:30:00 GMT</pubDate>"
    "<content:encoded><![CDATA[{body}]]></content:encoded></item>"
)
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{title}</title>"
    "<link rel='alternate' href='https://www.selma-courier.example.com/news/harbour'/>"
    "<author><name>Ida Mole</name></author><published>2024-02-05T07:30:00Z</published>"
    "<content type='html'>{body}</content></entry></feed>"
)
MBOX = (
    "From ida@example Mon Feb  5 08:30:00 2024\n"
    "From: Ida Mole <ida@selma-courier.example.com>\n"
    "Subject: {title}\nDate: Mon, 05 Feb 2024 08:30:00 +0100\n"
    "Content-Type: text/plain; charset=utf-8\n\n{text}\n"
)


def csv_text(delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, ARTICLE, delimiter=delimiter)
    writer.writeheader()
    writer.writerow(ARTICLE)
    return buffer.getvalue()


def parquet_bytes() -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist([ARTICLE]), buffer)
    return buffer.getvalue()


def arrow_bytes(streaming: bool) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_pylist([ARTICLE])
    buffer = io.BytesIO()
    new = pyarrow.ipc.new_stream if streaming else pyarrow.ipc.new_file
    with new(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def zstd(data: bytes) -> bytes:
    zstandard = pytest.importorskip("backports.zstd")
    compressed = zstandard.compress(data)
    assert isinstance(compressed, bytes)
    return compressed


FORMATS: dict[str, Callable[[], str | bytes]] = {
    "a.txt": lambda: f"{TITLE}\n\n{TEXT}",
    "a.md": lambda: f"---\ntitle: {TITLE}\nauthor: Ida Mole\n---\n\n{TEXT}",
    "a.html": page,
    "a.jsonl": json_line,
    "a.json": lambda: json.dumps([ARTICLE]),
    "object.json": json_line,
    "wrapped.json": lambda: json.dumps({"count": 1, "articles": [ARTICLE]}),
    "lines.json": lambda: json_line() + "\n" + json_line(id="selma-2"),
    "a.csv": lambda: csv_text(","),
    "semicolons.csv": lambda: csv_text(";"),
    "a.tsv": lambda: csv_text("\t"),
    "a.parquet": parquet_bytes,
    "a.arrow": lambda: arrow_bytes(streaming=False),
    "stream.arrow": lambda: arrow_bytes(streaming=True),
    "a.warc": lambda: warc_record(1, page().encode()),
    "a.warc.gz": lambda: archive([warc_record(1, page().encode())]),
    "a.warc.zst": lambda: zstd(warc_record(1, page().encode())),
    "a.wacz": lambda: zip_of({"archive/d.warc.gz": archive([warc_record(1, page().encode())])}),
    "a.rss": lambda: RSS.format(items=ITEM.format(title=TITLE, body=BODY)),
    "a.atom": lambda: ATOM.format(title=TITLE, body=BODY.replace("<", "&lt;")),
    "a.mbox": lambda: MBOX.format(title=TITLE, text=TEXT),
    "a.tar": lambda: tar_of({"in/a.html": page().encode()}),
    "a.tar.gz": lambda: gzip.compress(tar_of({"in/a.html": page().encode()})),
    "a.tgz": lambda: gzip.compress(tar_of({"in/a.jsonl.gz": gzip.compress(json_line().encode())})),
    "a.zip": lambda: zip_of({"in/a.html": page().encode()}),
    "a.jsonl.gz": lambda: gzip.compress(json_line().encode()),
    "a.jsonl.bz2": lambda: bz2.compress(json_line().encode()),
    "a.jsonl.xz": lambda: lzma.compress(json_line().encode()),
    "a.jsonl.zst": lambda: zstd(json_line().encode()),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_article(tmp_path: Path, name: str) -> None:
    found = documents(write(tmp_path / name, FORMATS[name]()))
    assert found
    for document in found:
        assert document.title == TITLE
        assert [line for line in document.text.split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("a.html", ""),
        ("a.jsonl", "#1"),
        ("a.json", "#1"),
        ("a.csv", "#1"),
        ("a.warc", "#0"),
        ("a.wacz", "#archive/d.warc.gz#0"),
        ("a.tgz", "#in/a.jsonl.gz#1"),
        ("a.zip", "#in/a.html"),
    ],
)
def test_a_member_tells_documents_of_one_file_apart(tmp_path: Path, name: str, member: str) -> None:
    (document,) = documents(write(tmp_path / name, FORMATS[name]()))
    assert (document.path, document.member) == (name, member)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet", "a.rss", "a.atom"])
def test_fields_are_recognised(tmp_path: Path, name: str) -> None:
    (document,) = documents(write(tmp_path / name, FORMATS[name]()))
    assert document.url == "https://www.selma-courier.example.com/news/harbour"
    assert document.outlet == "example.com"
    assert document.byline == "Ida Mole"
    assert document.published_at == "2024-02-05T07:30:00Z"


def test_what_the_crawl_recorded_beside_a_page_is_kept(tmp_path: Path) -> None:
    (record,) = split(write(tmp_path / "a.warc", FORMATS["a.warc"]()))
    assert isinstance(record, Record)
    assert record.seen_at == "2024-02-05T09:00:01Z"
    assert record.url == "https://www.selma-courier.example.com/news/1"
    assert record.status == 200


def test_a_file_of_lines_keeps_its_good_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", "\n".join([json_line(), '{"id": "broken', "", json_line(id="selma-3")])
    )
    good, bad, last = read(path)
    assert isinstance(good, Document)
    assert isinstance(last, Document)
    assert last.member == "#4"
    assert isinstance(bad, Skipped)
    assert (bad.member, bad.reason) == ("#2", "malformed JSON")
    assert "a.jsonl line 2" in bad.detail


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "x"', "malformed JSON"),
        ("[1, 2]", "malformed JSON"),
        ('{"title": "No text at all"}', "no text"),
        ("[" * 100_000, "malformed JSON"),
        (json_line(text="\ud800 " * 40), None),
        ('{"text": "' + "A number that is none. " * 9 + '", "score": NaN}', None),
    ],
    ids=["cut", "a list", "no text", "nested", "lone surrogates", "NaN"],
)
def test_a_line_that_is_no_document_says_why(tmp_path: Path, line: str, reason: str | None) -> None:
    (found,) = read(write(tmp_path / "a.jsonl", line))
    assert (found.reason if isinstance(found, Skipped) else None) == reason


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    assert documents(write(tmp_path / "a.jsonl", "\ufeff" + json_line()))[0].title == TITLE
    assert documents(write(tmp_path / "b.jsonl", json_line().encode("utf-16")))[0].title == TITLE


def test_an_array_is_read_on_behind_a_malformed_item(tmp_path: Path) -> None:
    text = f"[{json_line()}, {{'id': 1}}, {json_line(id='selma-3')}]"
    first, bad, last = read(write(tmp_path / "a.json", text))
    assert isinstance(first, Document)
    assert isinstance(bad, Skipped)
    assert isinstance(last, Document)
    assert last.source_id == "selma-3"


def test_an_array_larger_than_the_window_is_read_whole(tmp_path: Path) -> None:
    items = [ARTICLE | {"id": str(i), "text": TEXT * (1 + i % 40)} for i in range(500)]
    found = documents(write(tmp_path / "a.json", json.dumps(items, indent=1)))
    assert [d.source_id for d in found] == [str(i) for i in range(500)]


def test_an_array_without_its_end_keeps_its_items(tmp_path: Path) -> None:
    *good, bad = read(write(tmp_path / "a.json", f"[{json_line()}, {json_line(id='2')}"))
    assert len(good) == 2
    assert isinstance(bad, Skipped)
    assert bad.reason == "truncated"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cut.jsonl.gz", gzip.compress((json_line() * 500).encode())[:-20], "truncated"),
        ("no.jsonl.gz", b"this is not gzip at all", "damaged"),
        ("no.jsonl.xz", b"nor is this xz", "damaged"),
        ("no.jsonl.bz2", b"nor bzip2", "damaged"),
        ("no.jsonl.zst", b"nor Zstandard", "damaged"),
        ("no.zip", b"PK but no zip", "damaged"),
        ("no.tar", b"no tar either" * 100, "damaged"),
        ("no.parquet", b"PAR1 no", "damaged"),
        ("no.arrow", b"ARROW no", "damaged"),
        ("no.json", b"just words", "malformed JSON"),
        ("map.xml", b"<urlset><url/></urlset>", "unknown format"),
        ("empty.html", b"<html><body><p>Hello</p></body></html>", "no article"),
    ],
)
def test_a_bad_file_is_skipped_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    if name.endswith((".parquet", ".arrow")):
        pytest.importorskip("pyarrow")
    assert reason in [each.reason for each in skipped(write(tmp_path / name, content))]


def test_zstandard_says_when_it_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.zst", zstd((json_line() + "\n").encode() * 200)[:-9])
    assert [each.reason for each in skipped(path)][-1] == "truncated"


@pytest.mark.parametrize("name", ["large.txt", "large.html", "large.jsonl", "large.json"])
def test_a_document_above_the_limit_is_skipped(tmp_path: Path, name: str) -> None:
    content = (
        "x" * 5000 if name.endswith((".txt", ".html")) else json_line(text="x" * 5000) + "\n" + json_line()
    )
    found = read(write(tmp_path / name, content), CrawlConfig(max_document_bytes=4000))
    assert isinstance(found[0], Skipped)
    assert found[0].reason == "too large"


def test_the_line_behind_one_that_is_too_large_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json_line(text="x" * 3_000_000) + "\n" + json_line())
    bad, good = read(path, CrawlConfig(max_document_bytes=4000))
    assert isinstance(bad, Skipped)
    assert isinstance(good, Document)
    assert good.member == "#2"


def test_a_bomb_is_cut_short(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\n" * 100_000_000)
    assert [each.reason for each in skipped(write(tmp_path / "a.jsonl.gz", bomb))] == ["decompression bomb"]


def test_a_feed_survives_a_broken_item(tmp_path: Path) -> None:
    good = ITEM.format(title=TITLE, body=BODY)
    path = write(tmp_path / "a.xml", RSS.format(items=good + "<item><title>cut & broken</item>" + good)[:-40])
    first, *rest = read(path)
    assert isinstance(first, Document)
    assert first.title == TITLE
    assert [each for each in rest if isinstance(each, Skipped)]


def test_members_of_archives_that_are_no_pages_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.zip", zip_of({"a.html": page().encode(), "logo.png": b"x", "__MACOSX/a.html": b"x"})
    )
    found = read(path)
    assert [each.member for each in found] == ["#a.html", "#logo.png"]
    assert isinstance(found[1], Skipped)


def test_blank_lines_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "\n" * 5000 + json_line() + "\n\n" + json_line())
    assert [document.member for document in documents(path)] == ["#5001", "#5003"]
