"""Where scripts and all that they start put what nobody needs afterwards."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType


@contextmanager
def scratch(name: str, within: Path | None = None) -> Iterator[Path]:
    """An empty folder for the script ``name``, below ``within`` or the system's temporary folder.

    It is gone afterwards, also where the script is interrupted or asked to end (SIGTERM). While it is there
    it is the temporary folder of this process and of those that it starts, so that what a killed one leaves
    goes with it.
    """
    with tempfile.TemporaryDirectory(prefix=f"dedupe-{name}-", dir=within) as made:
        before, told = tempfile.tempdir, os.environ.get("TMPDIR")
        handler = signal.signal(signal.SIGTERM, _ending(os.getpid()))
        folder = Path(made)
        (folder / "tmp").mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder / "tmp")
        try:
            yield folder
        finally:
            tempfile.tempdir = before
            signal.signal(signal.SIGTERM, handler)
            os.environ.pop("TMPDIR")
            if told is not None:
                os.environ["TMPDIR"] = told


def _ending(owner: int) -> Callable[[int, FrameType | None], None]:
    """Unwinds the process that owns the folder; one forked from it just dies, and takes nothing away."""

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() != owner:
            os._exit(128 + number)
        sys.exit(128 + number)

    return end
