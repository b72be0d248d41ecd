"""JSON Lines, split into records without parsing what they hold.

A malformed line costs that line and no more.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from dedupe.config import CrawlConfig
from dedupe.crawl.encoding import is_binary
from dedupe.crawl.record import Kind, Record, Source
from dedupe.model import Skipped

CHUNK = 2**20
BLANKS = 100  # blank lines in a row: so many, and the rest is skipped at once, as in a bomb of them


def utf8(stream: BinaryIO) -> BinaryIO:
    """``stream`` without a byte order mark, in UTF-8 where the mark says UTF-16."""
    buffered = (
        stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(Any, stream), CHUNK)
    )
    head = buffered.peek(4)[:4]
    if head.startswith(codecs.BOM_UTF8):
        buffered.read(3)
    elif head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        recoder = codecs.EncodedFile(buffered, "utf-8", "utf-16", "replace")
        return io.BufferedReader(_Readable(recoder), CHUNK)
    return buffered


def is_binary_stream(stream: BinaryIO) -> bool:
    """Does a buffered stream go on with what is no text?"""
    head: bytes = stream.peek(1)[:4096]  # type: ignore[attr-defined]
    return is_binary(head.decode("latin-1"))


class _Readable(io.RawIOBase):
    """What :func:`codecs.EncodedFile` returns, as a raw stream."""

    def __init__(self, stream: codecs.StreamRecoder) -> None:
        self._stream = stream
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._left or self._stream.read(len(buffer))
        taken, self._left = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def json_lines(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """One record a line, member ``#12`` for line 12; blank lines are none."""
    stream = utf8(stream)
    if is_binary_stream(stream):
        yield source.skipped("", "not text")
        return
    yield from text_lines(stream, source, config)


def text_lines(
    stream: BinaryIO, source: Source, config: CrawlConfig, before: int = 0
) -> Iterator[Record | Skipped]:
    """The same of a buffered stream of UTF-8 that begins behind ``before`` lines of its file."""
    limit = config.max_document_bytes
    number, blank = before, 0
    while line := stream.readline(limit + 1):
        number += 1
        blank = blank + 1 if len(line) < BLANKS and line.isspace() else 0
        if blank > BLANKS:
            number += _skip_space(stream)
        elif len(line) > limit:
            yield source.skipped(f"#{number}", "too large", f"line {number} is longer than {limit} bytes")
            _skip_line(stream, line)
        elif not line.isspace():
            yield source.record(f"#{number}", Kind.JSON, line)


def _skip_space(stream: BinaryIO) -> int:
    """Pass over the white space that is in the buffer, in one step; how many lines that were."""
    held: bytes = stream.peek(1)  # type: ignore[attr-defined]
    space = stream.read(len(held) - len(held.lstrip()))
    return space.count(b"\n")


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(CHUNK)
