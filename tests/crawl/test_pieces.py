"""The pieces of a file hold the records of the file: each once, with its place in the whole."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from dedupe import crawl
from dedupe.config import CrawlConfig
from dedupe.crawl import CrawlFile, Record

CONFIG = CrawlConfig()


def file_at(path: Path) -> CrawlFile:
    (file,) = crawl.walk([path])
    assert isinstance(file, CrawlFile)
    return file


def told(found: object) -> tuple[object, ...]:
    if isinstance(found, Record):
        payload = found.payload
        return found.member, found.kind, payload if isinstance(payload, bytes) else str(payload)
    return (repr(found),)


def of_pieces(file: CrawlFile, size: int) -> list[tuple[object, ...]]:
    content, pieces = crawl.pieces(file, size, CONFIG)
    assert content == xxhash.xxh3_128(file.path.read_bytes()).digest()
    return sorted(told(each) for piece in pieces for each in crawl.piece_records(piece, CONFIG))


def of_file(file: CrawlFile) -> list[tuple[object, ...]]:
    return sorted(told(each) for each in crawl.records(file, CONFIG))


LINES = st.lists(
    st.sampled_from(['{"a": 1}', "", "  ", "[]", '{"text": "' + "b" * 70 + '"}', "\r"]), max_size=30
)


@given(LINES, st.integers(1, 90), st.booleans())
def test_lines(tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int, ended: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    path.write_bytes("\n".join(["{}", *lines]).encode() + b"\n" * ended)
    assert of_pieces(file_at(path), size) == of_file(file_at(path))


@pytest.mark.parametrize(
    "mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\x00\x01\x02"], ids=["utf-8", "utf-16", "binary"]
)
def test_how_a_file_begins_is_known_in_all_its_pieces(tmp_path: Path, mark: bytes) -> None:
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-8"
    text = "".join(json.dumps({"number": number}) + "\n" for number in range(50))
    (tmp_path / "news.jsonl").write_bytes(mark + text.encode(codec))
    file = file_at(tmp_path / "news.jsonl")
    assert of_pieces(file, 1 << 20) == of_file(file)
    assert of_pieces(file, 100) == of_file(file)


def test_what_is_read_in_order_is_read_in_turns(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "news.jsonl.gz", "wt") as file:
        file.writelines(json.dumps({"number": number, "text": "x" * number}) + "\n" for number in range(700))
    found = file_at(tmp_path / "news.jsonl.gz")
    _, pieces = crawl.pieces(found, found.size // 3, CONFIG)
    assert len(pieces) == 3
    assert all(list(crawl.piece_records(piece, CONFIG)) for piece in pieces)
    assert of_pieces(found, found.size // 3) == of_file(found)


def test_a_page_is_one_piece(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>" + "word " * 1000)
    assert len(crawl.pieces(file_at(tmp_path / "page.html"), 100, CONFIG)[1]) == 1


def test_a_file_that_cannot_be_read_has_no_hash(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text("{}\n" * 10)
    file = file_at(path)
    path.unlink()
    content, pieces = crawl.pieces(file, 5, CONFIG)
    assert content is None
    assert [told(each)[0] for piece in pieces for each in crawl.piece_records(piece, CONFIG)]
