"""Opening a crawl file as a stream of plain bytes, bounded.

A compressed file may hold a thousand times its size. What comes out of one is limited to
``RATIO`` times what went in, with a floor, since text rarely compresses beyond one to ten and even
a table of repeats stays below one to two hundred.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RATIO = 250
FLOOR = 64 * 2**20
BUFFER = 2**20
SPOOL_BYTES = 32 * 2**20


class BombError(Exception):
    """A compressed stream gave more than its size can honestly hold."""


# What reading a stream may raise when its content is bad, whatever the format.
DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError, BombError)


class _Bounded(io.RawIOBase):
    """A stream that raises :class:`BombError` after ``limit`` bytes; closes what is below it too."""

    def __init__(self, stream: BinaryIO, limit: int, below: BinaryIO) -> None:
        self._stream = stream
        self._left = limit
        self._below = below

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), BUFFER))
        self._left -= len(data)
        if self._left < 0:
            raise BombError
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        self._below.close()
        super().close()


def open_file(path: Path, compression: str) -> BinaryIO:
    """The plain bytes of a file. ``compression`` is ``.gz``, ``.bz2``, ``.xz``, ``.zst`` or empty.

    Raises:
        OSError: it cannot be opened.
    """
    stream = path.open("rb", buffering=BUFFER)
    return decompressed(stream, compression, path.stat().st_size)


def decompressed(stream: BinaryIO, compression: str, size: int) -> BinaryIO:
    """``stream`` of ``size`` bytes, decompressed and bounded."""
    if not compression:
        return stream
    inner: Any
    if compression == ".gz":
        inner = gzip.GzipFile(fileobj=stream)
    elif compression == ".bz2":
        inner = bz2.BZ2File(stream)
    elif compression == ".xz":
        inner = lzma.LZMAFile(stream)  # noqa: SIM115  (the caller closes the chain)
    else:
        inner = _zstd(stream)
    return io.BufferedReader(_Bounded(inner, max(FLOOR, RATIO * size), stream), BUFFER)


def _zstd(stream: BinaryIO) -> Any:
    # Archives made with --long=31 need a window beyond the default.
    options: Any = {zstd.DecompressionParameter.window_log_max: 31}
    return zstd.ZstdFile(stream, options=options)


def seekable(stream: BinaryIO) -> BinaryIO:
    """``stream`` itself, or a copy of it (on disk when large), for formats that are not read in order."""
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115  (it goes when the last reader does)
    while chunk := stream.read(BUFFER):
        copy.write(chunk)
    copy.seek(0)
    return cast(BinaryIO, copy)


def damage(error: BaseException) -> tuple[str, str]:
    """The reason and the detail that a :class:`~dedupe.model.Skipped` gives for ``error``."""
    if isinstance(error, BombError):
        return "decompression bomb", f"more than {RATIO} times its compressed size"
    if isinstance(error, EOFError):
        return "truncated", str(error) or "the compressed data end early"
    if isinstance(error, OSError) and error.errno is not None:
        return "unreadable", error.strerror or type(error).__name__
    return "damaged", str(error)
