"""Documents that were posted, on the disk until they are in the index.

A document is a file named by its id, so one that is posted again takes the place of the earlier one,
and what a stopped service left behind is found by the next. The directory is a crawl of its own:
`dedupe index` would read it too.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import xxhash

from dedupe.web.replies import Refusal

State = tuple[int, int]  # inode and time of change: another one after each replacement


@dataclass(frozen=True, slots=True)
class Posted:
    """One document: its id, and its record as a line of a crawl file."""

    id: str
    record: str


class Inbox:
    """A directory with room for ``most`` documents. May be used from several threads."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self._most = most
        self._lock = Lock()
        folder.mkdir(exist_ok=True)
        self._waiting = set(self._names())

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, documents: Sequence[Posted]) -> None:
        """Keep all of them, or none.

        Raises:
            Refusal: there is no room.
        """
        records = {f"{xxhash.xxh3_128_hexdigest(each.id.encode())}.jsonl": each.record for each in documents}
        with self._lock:
            if len(self._waiting | records.keys()) > self._most:
                raise Refusal(429, f"{len(self)} documents wait to be added", hint="send them again later")
            for name, record in records.items():
                partial = self.folder / f".{secrets.token_hex(8)}"  # hidden: no crawl reads it
                partial.write_text(record + "\n", "utf-8")
                partial.replace(self.folder / name)
                self._waiting.add(name)

    def held(self) -> dict[str, State]:
        """What there is to be added."""
        with self._lock:
            return {name: self._state(name) for name in self._waiting}

    def drop(self, added: dict[str, State]) -> None:
        """Forget what was added; a document that was posted again meanwhile stays."""
        with self._lock:
            for name, state in added.items():
                if self._state(name) == state:
                    (self.folder / name).unlink()
                    self._waiting.discard(name)

    def _names(self) -> list[str]:
        return [entry.name for entry in os.scandir(self.folder) if not entry.name.startswith(".")]

    def _state(self, name: str) -> State:
        status = (self.folder / name).stat()
        return status.st_ino, status.st_mtime_ns
