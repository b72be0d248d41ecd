"""A directory that a crawler fills, indexed as it grows.

Every pass is a run of `dedupe index`: what was read before is not read again, so a watch that was
stopped or killed goes on where it was, and one that is started late first reads all there is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from dedupe.errors import IndexBusy, InputError
from dedupe.index import Index
from dedupe.store.database import fold_log

if TYPE_CHECKING:
    from dedupe.reading import Reading

QUIET_MILLISECONDS = 300  # without a change, before a pass begins …
LONGEST_MILLISECONDS = 1000  # … or so long after the first change, where they never cease
WAKE_MILLISECONDS = 500
BUSY_SECONDS = 1.0
NICENESS = 10


@dataclass(frozen=True, slots=True)
class Pass:
    """One run over the directory: what it read, and how long it took."""

    reading: Reading
    seconds: float


@cache
def give_way() -> None:
    """Let this process, which writes beside others that answer, run when these leave a processor free."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # more than it was started with: these were, too


def changes(folder: Path) -> Iterator[bool]:
    """Has something in ``folder`` changed? Yes once it has, and every now and then no; without end."""
    unnamed = False  # a file has come whose name is no UTF-8: that ends a watch, and the next one tells of it
    while True:
        try:
            for found in watch(
                folder, watch_filter=None, debounce=LONGEST_MILLISECONDS, step=QUIET_MILLISECONDS,
                rust_timeout=WAKE_MILLISECONDS, yield_on_timeout=True,
            ):  # fmt: skip
                yield unnamed or bool(found)
                unnamed = False
        except RuntimeError as error:
            if "decode" not in str(error):
                raise
            unnamed = True


def passes(index: Index, folder: Path, *, prune: bool = False, workers: int | None = None) -> Iterator[Pass]:
    """Index ``folder``, and again whenever something in it has changed; without end.

    While another process writes the index a pass waits for it.

    Raises:
        InputError: ``folder`` is no directory, and what :meth:`Index.add` raises.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a directory", hint="name the directory that the crawler fills")
    notices = changes(folder)
    index.compiled = workers == 0  # this process stays; workers are new ones each time
    next(notices)  # what comes during the first pass is to be noticed too
    while True:
        began = time.monotonic()
        try:
            reading = index.add(folder, prune=prune, workers=workers)
        except IndexBusy:
            time.sleep(BUSY_SECONDS)
            continue
        fold_log(index.path)
        yield Pass(reading, time.monotonic() - began)
        while not next(notices):
            pass
