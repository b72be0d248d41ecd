"""Crawl files -> parts: what each task of the reading takes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from dedupe import crawl
from dedupe.config import CrawlConfig
from dedupe.crawl import CrawlFile, Piece
from dedupe.model import Skipped
from dedupe.spark import tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MOST_PART_BYTES = 64 << 20  # some 20,000 documents of 3 KB
LEAST_PART_BYTES = 1 << 20
LISTED = 256  # files that one task hashes and cuts

FILES: tables.Columns = {
    "file": "int", "root": "string", "path": "string", "size": "long", "mtime_ns": "long",
    "content": "binary",
}  # fmt: skip
SKIPPED: tables.Columns = {"file": "int", "member": "string", "reason": "string", "detail": "string"}
_SURVEYED: tables.Columns = {"file": "int", "content": "binary", "pieces": "binary"}


class FilePiece(NamedTuple):
    """A piece, and the number of its file."""

    file: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class Plan:
    """``files`` and ``skipped`` are rows of the tables of these names; ``parts`` how many there are, the
    pieces of each as JSON in a file of its number below the work folder."""

    files: list[tuple[object, ...]]
    skipped: list[tuple[object, ...]]
    parts: int


def plan(
    session: SparkSession, paths: Sequence[Path], folder: Path, config: CrawlConfig, part_bytes: int | None
) -> Plan:
    """Walk the crawl, hash its files, and deal them out in parts of ``part_bytes``.

    Raises:
        InputError: one of ``paths`` is not there.
    """
    found = dict.fromkeys((str(root), each) for root, each in _walked(paths))
    listed = [(number, root, each) for number, (root, each) in enumerate(found)]
    files = [(number, each) for number, _, each in listed if isinstance(each, CrawlFile)]
    size = sum(file.size for _, file in files)
    cores = session.sparkContext.defaultParallelism
    wanted = part_bytes or min(MOST_PART_BYTES, max(LEAST_PART_BYTES, size // (4 * cores)))
    content, pieces = _surveyed(session, files, folder / "listed", config, wanted)
    parts = 0
    for part in _parts(pieces, wanted):
        _write(folder / "parts", parts, part)
        parts += 1
    return Plan(
        [_file_row(number, root, each, content.get(number)) for number, root, each in listed],
        [(number, s.member, s.reason, s.detail) for number, _, s in listed if isinstance(s, Skipped)],
        parts,
    )


def pieces_of(folder: Path, part: int) -> list[FilePiece]:
    """The pieces of a part."""
    found = _read(folder / "parts", part)
    return [FilePiece(file, _piece(*fields)) for file, fields in found]


def _walked(paths: Sequence[Path]) -> Iterator[tuple[Path, CrawlFile | Skipped]]:
    for path in paths:
        for each in crawl.walk([path]):
            yield crawl.root_of(path), each


def _surveyed(
    session: SparkSession,
    files: Sequence[tuple[int, CrawlFile]],
    folder: Path,
    config: CrawlConfig,
    part_bytes: int,
) -> tuple[dict[int, bytes | None], list[FilePiece]]:
    """The hash of each file, and its pieces; each file is read once, by some task."""
    tasks = [files[begin : begin + LISTED] for begin in range(0, len(files), LISTED)]
    for number, task in enumerate(tasks):
        _write(folder, number, task)
    survey = partial(_survey, folder=folder, config=config, part_bytes=part_bytes)
    numbers = session.range(0, len(tasks), 1, max(1, len(tasks)))
    rows = numbers.mapInArrow(survey, tables.ddl(_SURVEYED)).collect()
    found = sorted(rows, key=lambda row: row.file)
    pieces = [FilePiece(row.file, _piece(*told)) for row in found for told in json.loads(row.pieces)]
    return {row.file: None if row.content is None else bytes(row.content) for row in found}, pieces


def _survey(
    numbers: Iterable[pa.RecordBatch], folder: Path, config: CrawlConfig, part_bytes: int
) -> Iterator[pa.RecordBatch]:
    for number in (number for some in numbers for number in some.column(0).to_pylist()):
        rows = []
        for file, each in _read(folder, number):
            content, pieces = crawl.pieces(_crawl_file(*each), part_bytes, config)
            rows.append((file, content, _json(pieces)))
        yield tables.batch(_SURVEYED, rows)


def _parts(pieces: Iterable[FilePiece], part_bytes: int) -> Iterator[list[FilePiece]]:
    part: list[FilePiece] = []
    size = 0
    for each in pieces:
        part.append(each)
        size += _size(each.piece)
        if size >= part_bytes // 2:
            yield part
            part, size = [], 0
    if part:
        yield part


def _size(piece: Piece) -> int:
    return piece.file.size // piece.turns if piece.end is None else piece.end - piece.begin


def _write(folder: Path, number: int, value: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(number)).write_bytes(_json(value))


def _read(folder: Path, number: int) -> list[Any]:
    found: list[Any] = json.loads((folder / str(number)).read_bytes())
    return found


def _json(value: object) -> bytes:
    """Dataclasses as lists of their fields, which :func:`_piece` and :func:`_crawl_file` take. Not orjson,
    which refuses the names of files that are not UTF-8."""
    return json.dumps(value, default=_plain).encode()


def _plain(value: Any) -> object:
    return os.fspath(value) if isinstance(value, Path) else astuple(value)


def _piece(file: list[Any], *cut: Any) -> Piece:
    return Piece(_crawl_file(*file), *cut)


def _crawl_file(path: str, name: str, size: int, mtime_ns: int) -> CrawlFile:
    return CrawlFile(Path(path), name, size, mtime_ns)


def _file_row(number: int, root: str, each: CrawlFile | Skipped, content: bytes | None) -> tuple[object, ...]:
    if isinstance(each, Skipped):
        return number, root, each.path, 0, 0, None
    return number, root, each.name, each.size, each.mtime_ns, content
