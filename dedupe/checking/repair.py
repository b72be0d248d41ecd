"""A damaged index made anew: what was read from the crawl is taken over, all the rest is derived again.

The new file is made beside the old one and takes its place when it is complete, so a repair that is
interrupted leaves everything as it was; the old file stays under another name. What cannot be taken over
is named, and its crawl file is marked, so that the next run reads it again. Needs the room of a second index.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sqlite_utils import Database

from dedupe import parameters, pipeline, text
from dedupe.checking.check import check
from dedupe.config import Config
from dedupe.crawl import WorkerPool
from dedupe.errors import Damaged
from dedupe.reading import Progress
from dedupe.store import arrivals, documents, furniture, salvage, search, stages
from dedupe.store.database import connect_reader, discard, fold_log, open_writer, writer_lock
from dedupe.store.documents import NewDocument
from dedupe.store.findings import Finding, Part, finding
from dedupe.store.kept import Kept
from dedupe.store.rows import ReadDocument, SignedStory
from dedupe.store.salvage import LostDocument
from dedupe.store.stages import Stage

BATCH = 256  # documents a worker takes over at once
COMMIT_DOCUMENTS = 8192
MEMORY = 512 << 20
READING = 1
UNSIGNED = SignedStory(0, None, None, 0, b"")


@dataclass(frozen=True, slots=True)
class Repaired:
    """``losses`` are what could not be taken over as it was read; ``kept_as`` is where the old file is."""

    losses: tuple[Finding, ...]
    documents: int
    kept_as: Path


class _Old(NamedTuple):
    """A document of the old file; ``path`` is None where its file is not known."""

    kept: Kept
    path: str | None


class _New(NamedTuple):
    """What became of it: nothing, where it cannot be read; ``altered`` where it is not what was read."""

    read: ReadDocument | None
    altered: bool


def repair(
    path: Path,
    *,
    config: Config | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Repaired:
    """Make the index at ``path`` anew from what can be read of it, with ``config`` if its own is lost.

    Raises:
        NotAnIndex, NewerIndex: it is none. IndexBusy: it is being written. Damaged: its parameters are lost,
        or the new file is not whole either.
    """
    made = path.with_name(f".{path.name}.repair")
    with writer_lock(path):
        discard(made)
        try:
            with closing(connect_reader(path)) as source, open_writer(made) as database:
                given = _Given(config, workers, progress or pipeline.silent)
                losses, count = _renewed(source, database, made, given)
            fold_log(made)
            again = check(made, workers=workers)
            if not again.is_whole:
                raise Damaged(f"what was made of {path} is not whole: {again.findings[0]}")
            return Repaired(tuple(losses), count, _take_place(made, path))
        finally:
            discard(made)


class _Given(NamedTuple):
    """What the caller of a repair wants."""

    config: Config | None
    workers: int | None
    progress: Progress


def _renewed(
    source: sqlite3.Connection, database: Database, made: Path, given: _Given
) -> tuple[list[Finding], int]:
    config, is_known = parameters.salvaged_config(source, given.config)
    with database.atomic():
        permutations = parameters.settled_with(database.conn, config)
    with WorkerPool((os.cpu_count() or 1) if given.workers is None else given.workers) as pool:
        run = pipeline.Run(database, made, config, permutations, pool, given.progress, MEMORY)
        renewal = _Renewal(source, run)
        renewal.take_over()
        pipeline.settle(run)
    if search.is_built(source):
        search.build(database.conn)
    losses = [*renewal.losses()]
    if not is_known:
        losses.append(Finding(Part.PARAMETERS, "those given are taken for those that are lost", 1, ("meta",)))
    return losses, documents.count(database.conn)


class _Renewal:
    """Takes what was read from the crawl out of an old file into a new one, and notes what is lost."""

    def __init__(self, source: sqlite3.Connection, run: pipeline.Run) -> None:
        self._source = source
        self._run = run
        self._target = run.database.conn
        self._lost: defaultdict[str, list[str]] = defaultdict(list)
        self._paths: dict[int, str] = {}
        self._unread: set[int] = set()  # files to be read again, 0 for all of them

    def take_over(self) -> None:
        """All of it; documents wait to be signed then."""
        with self._run.database.atomic():
            self._take_files()
        olds = self._run.pool.imap(pipeline.trusted(_read), self._batches())
        news = (each for batch in olds for each in batch)
        done = 0
        while commit := list(islice(news, COMMIT_DOCUMENTS)):
            with self._run.database.atomic():
                self._put(commit)
            done += len(commit)
            self._run.progress("read", done, None)
        with self._run.database.atomic():
            stages.send_all(self._target, Stage.SIGN)
            documents.note_reading(self._target, READING)
            documents.read_again(self._target, None if 0 in self._unread else self._unread)

    def losses(self) -> Iterator[Finding]:
        """What is lost, and what of the rest is not as it was read."""
        for why, names in self._lost.items():
            yield from finding(Part.DOCUMENTS, why, names)

    def _take_files(self) -> None:
        for table, columns in (
            ("crawls", "crawl, root"),
            ("files", "file, crawl, path, size, mtime_ns, content"),
        ):
            key = columns.partition(",")[0]
            last = salvage.last_number(self._source, table, key)
            query = f"SELECT {columns} FROM {table} WHERE {key} BETWEEN ? AND ?"
            marks = ", ".join("?" * (columns.count(",") + 1))
            for row in salvage.readable(self._source, query, last):
                if isinstance(row, salvage.Range):
                    self._lose(f"rows of {table} are lost", f"{row.first} to {row.last}", 0)
                else:
                    self._target.execute(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", row)
        self._drop_strangers()
        self._paths = dict(self._target.execute("SELECT file, path FROM files"))
        skipped, is_all = salvage.whole(self._source, "SELECT file, member, reason, detail FROM skipped")
        rows = (row for row in skipped if row[0] in self._paths)
        self._target.executemany("INSERT OR IGNORE INTO skipped VALUES (?, ?, ?, ?)", rows)
        if not is_all:
            self._lose("what was left out of the crawl is not all known", "skipped", 0)

    def _drop_strangers(self) -> None:
        """Files of a crawl directory that is lost: where they are nobody knows."""
        found = self._target.execute("SELECT path FROM files WHERE crawl NOT IN (SELECT crawl FROM crawls)")
        for (path,) in found.fetchall():
            self._lose("the directory of a file is lost", path, 0)
        self._target.execute("DELETE FROM files WHERE crawl NOT IN (SELECT crawl FROM crawls)")

    def _lose(self, why: str, name: str, file: int) -> None:
        self._lost[why].append(name)
        self._unread.add(file)

    def _batches(self) -> Iterator[list[_Old]]:
        batch: list[_Old] = []
        for each in salvage.kept_documents(self._source):
            if isinstance(each, LostDocument):
                self._lose(f"a document is lost: {each.why}", each.name, each.file)
            elif each.file not in self._paths or not isinstance(each.member, str):
                self._lose("a document is lost: its file is not known", _name(each, ""), 0)
            else:
                batch.append(_Old(each, self._paths[each.file]))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _put(self, news: Sequence[tuple[_Old, _New]]) -> None:
        placed = []
        for old, new in news:
            name = _name(old.kept, old.path or "")
            if new.read is None:
                self._lose("a document is lost: it does not unpack", name, old.kept.file)
                continue
            if new.altered:
                self._lose("a document is kept that is not what was read", name, old.kept.file)
            placed.append(NewDocument(old.kept.file, new.read))
        numbers = documents.put_documents(self._target, placed, READING, 1 + documents.count(self._target))
        arrivals.put_lines(self._target, placed, numbers)


def _read(batch: Sequence[_Old]) -> Iterator[tuple[_Old, _New]]:
    """Documents of the old file as a reading gives them, unsigned. For worker processes."""
    for old in batch:
        assert old.path is not None
        try:
            document, content = old.kept.read(old.path)
        except ValueError:
            yield old, _New(None, True)
            continue
        keys = furniture.line_key(text.line_keys(document)).astype(np.int64).tobytes()
        read = ReadDocument(
            document.id, document.member, old.kept.columns, old.kept.text, content, text.title_key(document),
            keys, UNSIGNED,
        )  # fmt: skip
        yield old, _New(read, content != old.kept.content)


def _name(kept: Kept, path: str) -> str:
    return kept.own_id if kept.own_id is not None else f"{path}{kept.member}" or f"document {kept.document}"


def _take_place(made: Path, path: Path) -> Path:
    """Put the new file where the old one is, and the old one aside: under the name that is returned."""
    aside = next(name for name in _names_beside(path) if not name.exists())
    with suppress(sqlite3.DatabaseError):
        fold_log(path)
    try:
        os.link(path, aside)
    except OSError:  # no links here: the old file is copied
        shutil.copy2(path, aside)
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        log.replace(f"{aside}-wal")
    for name in ("-wal", "-shm"):
        Path(f"{path}{name}").unlink(missing_ok=True)
    made.replace(path)
    return aside


def _names_beside(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.damaged")
    number = 2
    while True:
        yield path.with_name(f"{path.name}.damaged-{number}")
        number += 1
