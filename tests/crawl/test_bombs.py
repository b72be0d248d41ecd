"""Archives that mean harm: little memory, little output, a reason, nothing outside."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hostile
import pytest
from crawl_fiction import PARAGRAPHS, split, tar_of, zip_of
from fuzz_seeds import compressed_zeros

from dedupe.crawl import Job, Record, WorkerPool
from dedupe.model import Skipped

MB = 2**20
MEMORY = 384 * MB  # of a process that holds one document of 32 MB and what it takes to read it
STORY = "\n".join(PARAGRAPHS).encode()


def summary(paths: Sequence[Path]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Bytes of all records, and what was left out with its reason, of each file."""
    for path in paths:
        found = split(path)
        size = sum(len(each.payload) for each in found if isinstance(each, Record))
        yield size, [(each.member, each.reason) for each in found if isinstance(each, Skipped)]


def blame(_: Path, reason: str, detail: str) -> tuple[int, list[tuple[str, str]]]:
    return 0, [(reason, detail)]


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as made:
        yield made


BOMBS: dict[str, tuple[Callable[[], bytes], list[tuple[str, str]]]] = {
    "a.html.gz": (lambda: compressed_zeros("gz", 200), [("", "too large")]),
    "a.txt.bz2": (lambda: compressed_zeros("bz2", 200), [("", "too large")]),
    "a.html.xz": (lambda: compressed_zeros("xz", 200), [("", "too large")]),
    "a.jsonl.zst": (lambda: compressed_zeros("zst", 200), [("", "not text")]),
    "spaces.json.gz": (lambda: gzip.compress(b"[" + b" " * 150 * MB), [("", "decompression bomb")]),
    "member.zip": (
        lambda: zip_of({"a.html": bytes(200 * MB)}),
        [("#a.html", "decompression bomb")],
    ),
    "nested.zip": (lambda: zip_of({"b.txt.gz": compressed_zeros("gz", 200)}), [("#b.txt.gz", "too large")]),
    "overlap.zip": (
        lambda: hostile.overlapping(50, 40 * MB),
        [("#a.txt", "too large"), ("", "decompression bomb")],
    ),
    "many.tar.gz": (
        lambda: gzip.compress(tar_of({f"{i}.txt.gz": compressed_zeros("gz", 60) for i in range(6)})),
        [("#0.txt.gz", "too large"), ("", "decompression bomb")],
    ),
    "name.tar.gz": (lambda: gzip.compress(hostile.long_header(200 * MB)), [("", "damaged")]),
    "holes.tar": (hostile.sparse, [("#holes.jsonl", "not a regular file")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_and_has_a_reason(name: str, pool: WorkerPool, tmp_path: Path) -> None:
    make, expected = BOMBS[name]
    path = tmp_path / name
    path.write_bytes(make())
    ((found,),) = pool.imap(Job(summary, blame, 60.0, MEMORY), [[path]])
    size, skipped = found
    assert size == 0
    assert skipped == expected


def linked_tar() -> bytes:
    """A link to a file outside, one to a folder, a pipe, and a story."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("../../d.txt")
        info.size = len(STORY)
        archive.addfile(info, io.BytesIO(STORY))
    return buffer.getvalue()


def linked_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        for name in ("/d.txt", "..\\..\\e.txt", ""):
            archive.writestr(zipfile.ZipInfo(name), STORY)
    return buffer.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.tar", linked_tar), ("a.zip", linked_zip)])
def test_links_are_not_followed_and_no_member_is_written(
    name: str, make: Callable[[], bytes], tmp_path: Path
) -> None:
    crawl = tmp_path / "deep" / "er" / "crawl"
    crawl.mkdir(parents=True)
    (crawl / name).write_bytes(make())
    found = [each for each in split(crawl / name) if isinstance(each, Record)]
    assert found
    assert all(each.payload == STORY for each in found)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]


NESTED: dict[str, Callable[[], bytes]] = {
    "a.tar": lambda: tar_of({"in.zip": zip_of({"d.txt": STORY}), "in.tgz": gzip.compress(tar_of({}))}),
    "a.zip": lambda: zip_of({"in.tar": tar_of({"d.txt": STORY}), "in.wacz": zip_of({"d.txt": STORY})}),
}


@pytest.mark.parametrize("name", NESTED)
def test_an_archive_in_an_archive_is_not_opened(name: str, tmp_path: Path) -> None:
    """One may hold itself, and has no end."""
    (tmp_path / name).write_bytes(NESTED[name]())
    found = split(tmp_path / name)
    assert [each.reason for each in found if isinstance(each, Skipped)] == ["unknown format"] * 2
    assert len(found) == 2
