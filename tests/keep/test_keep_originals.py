"""What stays is written as the crawl has it: the same bytes, the same columns, the same records."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generated import documents, write_lines

from dedupe import Index
from dedupe.errors import InputError

RECORDS = documents(5, 40)


def dedupe(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dedupe.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})


def kept(crawl: Path, format: str, name: str, *more: str) -> Path:
    """Index the crawl, keep the best of it in a file beside it."""
    db, output = crawl.parent / "news.db", crawl.parent / name
    with Index.open(db) as index:
        index.add(crawl, workers=0)
    done = dedupe("keep", "--db", db, "--format", format, "--output", output, *more)
    assert done.returncode == 0, done.stderr
    return output


def names(db: Path, *more: str) -> list[str]:
    done = dedupe("keep", "--db", db, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def warc_record(record: dict[str, Any]) -> bytes:
    """A page as an archive has it."""
    paragraphs = "".join(f"<p>{line}</p>" for line in record["text"].split("\n"))
    head = f"<html><head><title>{record['title']}</title></head>"
    html = f"{head}<body><article>{paragraphs}</article></body></html>"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Odd:  two  spaces\r\n\r\n" + html.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{record['id']}>\r\n"
        f"WARC-Target-URI: {record['url']}\r\nWARC-Date: 2025-03-10T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


INFO = (
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:info>\r\nWARC-Date: 2025-03-10T00:00:00Z"
    b"\r\nContent-Type: application/warc-fields\r\nContent-Length: 15\r\n\r\nsoftware: none\n\r\n\r\n"
)


def test_lines_are_the_same_bytes(tmp_path: Path) -> None:
    crawl = write_lines(tmp_path / "crawl.jsonl", RECORDS)
    lines = crawl.read_bytes().splitlines()
    written = kept(crawl, "jsonl", "kept.jsonl").read_bytes().splitlines()
    assert len(set(written)) == len(written) < len(lines)
    assert [line for line in lines if line in set(written)] == written
    assert [json.loads(line)["id"] for line in written] == names(tmp_path / "news.db")


def test_a_crawl_that_was_thinned_holds_no_copies(tmp_path: Path) -> None:
    own = [record for record in RECORDS if record["id"] in ("d001", "d004", "d009", "d013")]
    copies = [{**r, "id": r["id"] + "x", "url": "https://mirror.example/" + r["id"]} for r in own]
    written = kept(write_lines(tmp_path / "crawl.jsonl", own + copies), "jsonl", "kept.jsonl.gz")
    assert gzip.decompress(written.read_bytes()).count(b"\n") == len(own)
    with Index.open(tmp_path / "again.db") as index:
        index.add(written, workers=0)
        assert [*index.clusters()] == []


def test_items_of_an_array_become_lines(tmp_path: Path) -> None:
    crawl = tmp_path / "crawl.json"
    crawl.write_text(json.dumps(RECORDS, indent=1), "utf-8")
    written = [
        json.loads(line) for line in kept(crawl, "jsonl", "kept.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(written) < len(RECORDS)
    assert all(record in RECORDS for record in written)


def test_documents_of_other_files_are_written_by_the_fields_that_are_read(
    samples: Path, tmp_path: Path
) -> None:
    db, again = tmp_path / "news.db", tmp_path / "again.db"
    with Index.open(db) as index:
        index.add(samples / "crawl", workers=0)
    assert dedupe("keep", "--db", db, "--format", "jsonl", "-o", tmp_path / "kept.jsonl").returncode == 0
    with Index.open(again) as index:
        index.add(tmp_path / "kept.jsonl", workers=0)
    query = "SELECT id, outlet, title, byline, published_at FROM documents WHERE id = ?"
    with Index.open(db) as old, Index.open(again) as new:
        for id_ in ("kestrelbayobserver.example/water-meters.html", "ow-1001"):
            assert new.reader.execute(query, [id_]).fetchone() == old.reader.execute(query, [id_]).fetchone()


def test_rows_of_parquet_keep_their_columns(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [{**record, "crawl_depth": number, "tags": ["a", "b"]} for number, record in enumerate(RECORDS)]
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    pq.write_table(pa.Table.from_pylist(rows[:25]), crawl / "a.parquet", row_group_size=10)
    pq.write_table(pa.Table.from_pylist(rows[25:]), crawl / "b.parquet")
    written = pq.read_table(kept(crawl, "parquet", "kept.parquet"))
    assert written.schema == pa.Table.from_pylist(rows).schema
    ids = names(tmp_path / "news.db")
    assert written.to_pylist() == [row for row in rows if row["id"] in ids]


def test_parquet_of_another_crawl_has_our_columns(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    crawl = write_lines(tmp_path / "crawl.jsonl", RECORDS)
    rows = pq.read_table(kept(crawl, "parquet", "kept.parquet")).to_pylist()
    texts = {record["id"]: record["text"] for record in RECORDS}
    assert [row["id"] for row in rows] == names(tmp_path / "news.db")
    assert all(row["text"] == texts[row["id"]] for row in rows)


def test_parquet_files_of_two_kinds_are_refused(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    for number, rows in enumerate((RECORDS[:20], [{**r, "depth": 1} for r in RECORDS[20:]])):
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / f"{number}.parquet")
    with Index.open(tmp_path / "news.db") as index:
        index.add([tmp_path / "0.parquet", tmp_path / "1.parquet"], workers=0)
    done = dedupe(
        "keep", "--db", tmp_path / "news.db", "--format", "parquet", "-o", tmp_path / "kept.parquet"
    )
    assert done.returncode == 2
    assert "0.parquet and 1.parquet have different columns" in done.stderr
    assert not (tmp_path / "kept.parquet").exists()


# Runs `dedupe keep`, and says what it and the processes it started took, in bytes.
KEEP = """
import resource, subprocess, sys
from dedupe.cli.app import app
from dedupe.crawl.serving import peak_memory

app(sys.argv[1:], standalone_mode=False)
print(max(peak_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024), file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="says its peak memory on Linux only")
def test_a_part_that_stands_for_gigabytes_is_not_read_again(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    from hostile_columns import same_text

    crawl, db, output = tmp_path / "crawl.parquet", tmp_path / "news.db", tmp_path / "kept.parquet"
    texts = pa.array([record["text"] for record in documents(7, 1000)])
    with pq.ParquetWriter(crawl, pa.table(same_text(1)).schema, store_schema=False) as writer:
        writer.write_table(pa.table({"text": texts.dictionary_encode()}))
        writer.write_table(pa.table(same_text(40)))  # 800 GB
    with Index.open(db) as index:
        index.add(crawl, workers=0)
    command = [sys.executable, "-c", KEEP, "keep", "--db", db, "--format", "parquet", "--output", output]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stderr.split()[-1]) < 1 << 30
    assert pq.read_table(output).num_rows == len(names(db)) > 100


def test_rows_that_take_more_than_there_is_are_an_error_of_their_file(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from hostile_columns import bombs

    from dedupe.keep.columns import ColumnReader

    path = tmp_path / "same.parquet"
    path.write_bytes(bombs(40)["same.parquet"]())
    with ColumnReader() as reader:
        assert reader.schema(path).names == ["text"]
        with pytest.raises(InputError, match=f"cannot read {path} again: "):
            next(reader.tables(path, np.array([1])))
        assert reader.schema(path).names == ["text"]  # by another process


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
@pytest.mark.parametrize("output", ["kept.warc", "kept.warc.gz"])
def test_records_of_an_archive_keep_every_byte(name: str, output: str, tmp_path: Path) -> None:
    members = [warc_record(record) for record in RECORDS]
    pack = gzip.compress if name.endswith(".gz") else bytes
    (tmp_path / name).write_bytes(b"".join(map(pack, [INFO, *members])))
    raw = kept(tmp_path / name, "warc", output).read_bytes()
    content = gzip.decompress(raw) if output.endswith(".gz") else raw
    offsets = [int(each.partition("#")[2]) for each in names(tmp_path / "news.db")]
    starts, at = {}, len(pack(INFO))
    for member in members:
        starts[at] = member
        at += len(pack(member))
    assert 5 < len(offsets) < len(members)
    assert content == INFO + b"".join(starts[offset] for offset in offsets)
    if output.endswith(".gz"):
        assert raw.count(b"\x1f\x8b\x08") >= len(offsets) + 1


def test_records_of_an_archive_that_was_compressed_as_a_whole_keep_every_byte(tmp_path: Path) -> None:
    members = [warc_record(record) for record in RECORDS]
    (tmp_path / "crawl.warc.gz").write_bytes(gzip.compress(b"".join([INFO, *members])))
    content = kept(tmp_path / "crawl.warc.gz", "warc", "kept.warc").read_bytes()
    stay = [member for member in members if member in content]
    assert 5 < len(stay) < len(members)
    assert len(stay) == len(names(tmp_path / "news.db"))
    assert content == INFO + b"".join(stay)


def test_a_document_that_is_in_no_archive_is_named(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    with Index.open(db) as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", RECORDS), workers=0)
    done = dedupe("keep", "--db", db, "--format", "warc", "--output", tmp_path / "kept.warc")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2, "error: crawl.jsonl holds a document to keep and is no WARC file",
    )  # fmt: skip


@pytest.mark.parametrize("change", ["touched", "gone"])
def test_a_crawl_that_has_changed_is_not_mixed_with_the_index(change: str, tmp_path: Path) -> None:
    crawl, db = write_lines(tmp_path / "crawl.jsonl", RECORDS), tmp_path / "news.db"
    with Index.open(db) as index:
        index.add(crawl, workers=0)
    write_lines(crawl, RECORDS[1:]) if change == "touched" else crawl.unlink()
    done = dedupe("keep", "--db", db, "--format", "jsonl", "--output", tmp_path / "kept.jsonl")
    assert done.returncode == 2
    assert "crawl.jsonl" in done.stderr.splitlines()[0]
    assert done.stderr.splitlines()[1].startswith("hint: ")
    assert names(db) != []


@pytest.mark.parametrize("name", ["why.csv", "why.jsonl"])
def test_what_goes_is_listed_with_the_reason(name: str, tmp_path: Path) -> None:
    kept(write_lines(tmp_path / "crawl.jsonl", RECORDS), "ids", "ids.txt", "--dropped", str(tmp_path / name))
    text = (tmp_path / name).read_text("utf-8")
    rows: list[dict[str, Any]] = (
        [*csv.DictReader(io.StringIO(text))]
        if name.endswith(".csv")
        else [json.loads(line) for line in text.splitlines()]
    )
    ids = (tmp_path / "ids.txt").read_text("utf-8").splitlines()
    assert {row["kept"] for row in rows} <= set(ids)
    assert sorted([row["id"] for row in rows] + ids) == [record["id"] for record in RECORDS]
    assert {len(row) for row in rows} == {9}
    assert all(row["why"] for row in rows)


def test_paths_lead_to_the_documents(tmp_path: Path) -> None:
    for record in RECORDS[:12]:
        (tmp_path / "crawl").mkdir(exist_ok=True)
        (tmp_path / "crawl" / f"{record['id']}.txt").write_text(record["text"], "utf-8")
    paths = kept(tmp_path / "crawl", "paths", "paths.txt").read_text("utf-8").splitlines()
    assert paths == sorted(paths)
    assert all((tmp_path / "crawl" / path).is_file() for path in paths)


def test_two_lists_cannot_share_standard_output(tmp_path: Path) -> None:
    done = dedupe("keep", "--db", tmp_path / "news.db", "--dropped", "-")
    assert (done.returncode, "standard output" in done.stderr) == (2, True)
