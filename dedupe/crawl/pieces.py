"""Parts of crawl files, for readers that share one: a stretch of its lines, or some of its records.

A large file of JSON lines is cut at line ends, and each part is read by itself. What must be read in
order (an archive, anything compressed) is opened by every reader, who passes over the records that are
another's turn: splitting costs a small part of what parsing does.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, cast

import xxhash

from dedupe.config import CrawlConfig
from dedupe.crawl.dates import moment
from dedupe.crawl.files import CrawlFile, Format, name_parts
from dedupe.crawl.lines import is_binary_stream, text_lines, utf8
from dedupe.crawl.record import Record, Source
from dedupe.crawl.split import WHOLE, records
from dedupe.crawl.streams import DAMAGE, damage
from dedupe.model import Skipped

CHUNK = 1 << 20
TURN_RECORDS = 64  # in a row that one reader takes


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``begin`` to ``end`` of a file of lines, with ``lines`` lines before them; or, where ``end`` is
    None, the records of the whole file whose turn it is: number ``turn`` of ``turns``."""

    file: CrawlFile
    begin: int = 0
    end: int | None = None
    lines: int = 0
    turn: int = 0
    turns: int = 1


def piece_records(piece: Piece, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The records of a piece: those of all pieces of a file are those of the file."""
    if piece.end is not None:
        yield from _stretch(piece, piece.end, config)
        return
    for number, each in enumerate(records(piece.file, config)):
        if number // TURN_RECORDS % piece.turns == piece.turn:
            yield each


def pieces(file: CrawlFile, size: int, config: CrawlConfig) -> tuple[bytes | None, list[Piece]]:
    """The hash of a file's bytes (None where it cannot be read), and pieces of about ``size`` bytes."""
    if not _is_cut(file, size):
        is_one_document = name_parts(file.name)[0] in WHOLE
        turns = 1 if is_one_document else max(1, file.size // max(1, size))
        return file_hash(file.path), [Piece(file, turn=turn, turns=turns) for turn in range(turns)]
    cuts = _Cuts(size)
    content = file_hash(file.path, cuts.add)
    places = [*cuts.found, (file.size, 0)]
    return content, [
        Piece(file, begin, end, lines) for (begin, lines), (end, _) in pairwise(places) if begin < end
    ]


def file_hash(path: Path, each: Callable[[bytes], None] | None = None) -> bytes | None:
    """xxh3_128 of a file's bytes; None where it cannot be read. ``each`` is given the bytes, in order."""
    digest = xxhash.xxh3_128()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                if each:
                    each(chunk)
    except OSError:
        return None
    return digest.digest()


class _Cuts:
    """Finds the first line that begins behind each multiple of ``size``: its offset, the lines before it."""

    def __init__(self, size: int) -> None:
        self.found = [(0, 0)]
        self._size = size
        self._offset = 0
        self._lines = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        at = 0
        while self._offset + len(chunk) > (wanted := self.found[-1][0] + self._size):
            end = chunk.find(b"\n", max(at, wanted - self._offset - 1)) + 1
            if not end:
                break
            self._lines += chunk.count(b"\n", at, end)
            self.found.append((self._offset + end, self._lines))
            at = end
        self._lines += chunk.count(b"\n", at)
        self._offset += len(chunk)


def _is_cut(file: CrawlFile, size: int) -> bool:
    """Whether a file is lines of UTF-8, not compressed, and larger than a piece."""
    if name_parts(file.name) != (Format.LINES, "") or file.size <= size:
        return False
    try:
        with file.path.open("rb") as stream:
            return utf8(stream) is stream and not is_binary_stream(stream)
    except OSError:
        return False


def _stretch(piece: Piece, end: int, config: CrawlConfig) -> Iterator[Record | Skipped]:
    source = Source(piece.file.name, "", moment(piece.file.mtime_ns / 1e9))
    try:
        with piece.file.path.open("rb") as file:
            file.seek(piece.begin)
            stream = cast(BinaryIO, io.BufferedReader(_Limited(file, end - piece.begin), CHUNK))
            yield from text_lines(stream if piece.begin else utf8(stream), source, config, piece.lines)
    except DAMAGE as error:
        yield source.skipped("", *damage(error))


class _Limited(io.RawIOBase):
    """The next ``left`` bytes of a file."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)
