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
import struct
import sys
import tempfile
import zipfile
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


class Budget:
    """The bytes that may still come out of a file of ``size`` bytes, whatever lies in it inside what."""

    def __init__(self, size: int) -> None:
        self._left = max(FLOOR, RATIO * size)

    def take(self, size: int) -> None:
        """
        Raises:
            BombError: there is no more.
        """
        self._left -= size
        if self._left < 0:
            raise BombError


# What else :mod:`zipfile` raises: for a method it does not know, a password, a name in no encoding.
ZIP_DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeDecodeError, struct.error)


class _Bounded(io.RawIOBase):
    """A stream whose bytes are taken out of a budget; closes what is below it too."""

    def __init__(self, stream: BinaryIO, budget: Budget, below: BinaryIO) -> None:
        self._stream = stream
        self.budget = budget
        self._below = below

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), BUFFER))
        self.budget.take(len(data))
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
    return decompressed(stream, compression, Budget(path.stat().st_size))


def budget_of(stream: BinaryIO) -> Budget:
    """What may come out of what lies in this stream: as much as is left of its own, if it is bounded."""
    raw = getattr(stream, "raw", None)
    if isinstance(raw, _Bounded):
        return raw.budget
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return Budget(size)


def decompressed(stream: BinaryIO, compression: str, budget: Budget) -> BinaryIO:
    """``stream`` decompressed, and bounded."""
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
    return io.BufferedReader(_Bounded(inner, budget, stream), BUFFER)


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
