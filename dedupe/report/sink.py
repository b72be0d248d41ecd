"""Where a report goes: a file or a directory that appears whole or not at all, or standard output."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dedupe.errors import InputError

MARKER = "dedupe-report.json"
_ELSEWHERE = "create its directory, or write elsewhere"


def refuse_terminal(output: str, format: str) -> None:
    """
    Raises:
        InputError: bytes that are no text would go to a terminal.
    """
    if output == "-" and sys.stdout.isatty():
        raise InputError(f"{format} is nothing for a terminal", hint="name a file: --output FILE")


@contextmanager
def file(output: str | Path) -> Iterator[BinaryIO]:
    """Opens ``output`` for bytes; ``-`` is standard output.

    A file is written under another name beside its own and renamed when the block ends without an
    error, so a reader sees the old report or the new one.

    Raises:
        InputError: the place is a directory, or cannot be written.
    """
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(output)
    if target.is_dir():
        raise InputError(f"{target} is a directory", hint="name a file")
    partial = _beside(target)
    try:
        stream = partial.open("xb")
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror}", hint=_ELSEWHERE) from error
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def directory(output: str | Path) -> Iterator[Path]:
    """A directory to fill, which takes the place of ``output`` when the block ends without an error.

    Raises:
        InputError: ``-``, a file, a directory that is not an earlier report, or one that cannot be
            written.
    """
    target = Path(output)
    _refuse_foreign(target)
    partial, old = _beside(target), _beside(target)
    try:
        partial.mkdir()
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror}", hint=_ELSEWHERE) from error
    try:
        yield partial
        _swap(partial, target, old)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _swap(new: Path, target: Path, old: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise


def _refuse_foreign(target: Path) -> None:
    if str(target) == "-":
        raise InputError("an HTML report is a directory, not a stream", hint="use --output DIR")
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError(f"{target} is not a directory", hint="use --output DIR")
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise InputError(
            f"{target} holds files that are not a report", hint="name a new or an empty directory"
        )


def _beside(target: Path) -> Path:
    return target.absolute().with_name(f".{target.absolute().name}.{secrets.token_hex(4)}.partial")
