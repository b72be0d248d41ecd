"""A reader: a process that has the index open and answers one question at a time.

It is started as a fresh interpreter by :mod:`dedupe.web.readers` and lives until its pipe closes. A job
is a function of a module, ``job(reader, *arguments) -> Reply``.
"""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

from dedupe.config import pack_agencies
from dedupe.errors import DedupeError
from dedupe.index import Index
from dedupe.store.database import get_meta, identity
from dedupe.web.replies import Refusal, Reply, problem, refused

Job = Callable[..., Reply]

MEMORY = 4 << 30  # bytes of data one reader may hold, where the system can bound it

_log = logging.getLogger("dedupe.web")


class Reader:
    """An index that is read in snapshots. It may be replaced by another file of the same name."""

    def __init__(self, db: Path) -> None:
        self.db = db
        self._index: Index | None = None
        self._file: tuple[int, int] | None = None
        self._version = -1

    @contextmanager
    def snapshot(self) -> Iterator[Index]:
        """The index in one committed state: what is committed meanwhile is not seen until the end.

        Raises:
            Refusal: there is no index to read, or nothing in it.
        """
        try:
            index = self._opened()
            connection = index.reader
        except DedupeError as error:  # its message names a path of this machine
            _log.warning("%s", error.message)
            raise Refusal(503, "there is no index to read at present") from error
        connection.execute("BEGIN")
        try:
            yield self._current(index)
        finally:
            connection.rollback()

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def _opened(self) -> Index:
        file = identity(self.db)
        if self._index is None or file != self._file:
            self.close()
            self._index, self._file, self._version = Index.open(self.db), file, -1
            self._index.compiled = True
        return self._index

    def _current(self, index: Index) -> Index:
        """The index with the agencies it is cleaned with now; a writer may have brought others."""
        if get_meta(index.reader, "permutations") is None:
            raise Refusal(503, "the index holds no documents yet")
        (version,) = index.reader.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            packed = get_meta(index.reader, "agencies")
            if packed is not None and packed != pack_agencies(index.config.text.agencies):
                del index.config
            self._version = version
        return index


def serve(connection: Connection, db: Path) -> None:
    """The life of a reader."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the service decides what these mean
        signal.signal(number, signal.SIG_IGN)
    _bound_memory()
    reader = Reader(db)
    _warm_up(reader)
    gc.freeze()  # what is loaded now stays; collecting garbage need not go through it again and again
    connection.send(None)
    while True:
        try:
            job, arguments = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(answered(reader, job, arguments))


def answered(reader: Reader, job: Job, arguments: tuple[Any, ...]) -> Reply:
    """What a job gives, an error included: what was not foreseen is logged here and told to nobody."""
    try:
        return job(reader, *arguments)
    except DedupeError as error:
        return refused(error)
    except Exception:
        _log.exception("a question failed: %s", job.__name__)
        return Reply(orjson.dumps(problem("the service failed at this; its log says why")), status=500)


def _warm_up(reader: Reader) -> None:
    """Load the jobs and the kernels before anybody waits for them; no index yet is no fault."""
    for job in ("questions", "live"):
        import_module(f"dedupe.web.{job}")
    try:
        with reader.snapshot() as index:
            index.query("The first words that are asked for load what answers them.")
    except DedupeError:
        pass


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
