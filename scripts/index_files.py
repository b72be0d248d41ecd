"""An index is a file and what SQLite and a writer keep beside it: they are moved about together."""

from __future__ import annotations

import shutil
from pathlib import Path

from dedupe.store.database import discard

BESIDE = ("", "-wal", "-shm", "-journal", "-writer")


def replace_by(db: Path, source: Path | None) -> None:
    """Make ``db`` what ``source`` is, all that is beside it too; nothing, where that is None."""
    discard(db)
    for part in BESIDE if source is not None else ():
        if Path(f"{source}{part}").exists():
            shutil.copyfile(f"{source}{part}", f"{db}{part}")
