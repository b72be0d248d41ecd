"""Crawl files -> rows: which files have changed, their records through the workers, one file at a time.

A file is read when it is new, or when its size or time differ and its bytes do too. A record that was
stored before and reads the same is left alone. What a file no longer holds is outdated; what a crawl
directory no longer holds is dropped only when asked for (``--prune``). A file that changes while it is
read, or that cannot be read, gives what it gives, takes nothing away, and is read again by the next run.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from dedupe import crawl, jobs
from dedupe.config import Config
from dedupe.crawl import CrawlFile, Pace, Record, WorkerPool
from dedupe.jobs import Signing
from dedupe.model import Skipped
from dedupe.store import arrivals, changes, documents, furniture
from dedupe.store.documents import NewDocument, StoredFile
from dedupe.store.rows import ReadDocument

if TYPE_CHECKING:
    from sqlite_utils import Database

# Step, done, of how many: None while unknown; of "read" an estimate.
Progress = Callable[[str, int, int | None], None]

UNREADABLE = "unreadable"  # of files: the reason of what the system did not let us read
BATCH_RECORDS = 256
BATCH_BYTES = 2 << 20  # of payload: what a worker is sent at once
COMMIT_DOCUMENTS = 8192  # a transaction, and a segment of postings, holds
COMMIT_BYTES = 64 << 20  # of packed texts and of keys: so much ends a transaction before that
FIRST_COMMIT = 512  # those of a new index are smaller: what they show to be furniture is known to the others
# A crawl of so many bytes is signed with the kernels in any case: loading them takes every worker a third of
# a second.
COMPILE_BYTES = 12 << 20


@dataclass(frozen=True, slots=True)
class _Begin:
    """From here on come the records of this file."""

    crawl: int
    file: CrawlFile


@dataclass(frozen=True, slots=True)
class _End:
    """The file's records have come; ``content`` is its hash, None where the next run is to read it again.

    Only where ``is_certain`` has what did not come gone: a file that changed meanwhile, or could not be
    read, holds it perhaps.
    """

    content: bytes | None
    is_certain: bool


_Event = _Begin | _End | Record | Skipped


@dataclass(slots=True)
class Reading:
    """One reading of a crawl: its counts, and the state of going through the files.

    ``drop`` removes documents, given by number, with all that follows from it.
    """

    database: Database = field(repr=False)
    path: Path
    signing: Signing = field(repr=False)
    pool: WorkerPool = field(repr=False)
    progress: Progress = field(repr=False)
    drop: Callable[[list[int]], None] = field(repr=False)
    number: int = 0
    files: int = 0
    unchanged_files: int = 0
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    removed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    _file: int = 0
    _is_new: bool = False
    _pace: Pace = field(default_factory=lambda: Pace(0), repr=False)

    def read(self, paths: Sequence[Path], *, prune: bool = False) -> None:
        """Read what is new or has changed below ``paths``.

        Raises:
            InputError: one of ``paths`` is not there, or a setting cannot be used; nothing was read.
        """
        crawl.check(self.signing.config.crawl)
        found = _walked(paths)
        self.number = documents.next_reading(self.database.conn)
        files = (file for named in found.values() for file in named.values())
        size = sum(file.size for file in files if isinstance(file, CrawlFile))
        self._pace = Pace(size)
        sent: deque[list[_Event]] = deque()
        first = max(FIRST_COMMIT, documents.last_number(self.database.conn))
        for commit in _grouped(self._results(_batched(self._events(found)), sent, size), sent, first):
            self._commit(commit)
        if prune:
            for root in {crawl.root_of(path) for path in paths if path.is_dir()}:
                self._prune(root, {name for name, file in found[root].items() if isinstance(file, CrawlFile)})

    def _results(
        self, batches: Iterator[list[_Event]], sent: deque[list[_Event]], size: int
    ) -> Iterator[list[ReadDocument | Skipped]]:
        """What became of the records of each batch; the batches go to ``sent``, to wait for it."""
        first = list(islice(batches, 2))
        compiled = self.signing.compiled or (bool(first) and size >= COMPILE_BYTES)
        signing = replace(self.signing, compiled=compiled)
        read = partial(jobs.read, path=self.path, signing=signing)
        job = jobs.guarded(read, signing.config)
        if compiled:
            if len(first) > 1:
                self.pool.start(job)
            jobs.warm_up(signing)
        return self.pool.imap(job, _sent(chain(first, batches), sent))

    def _events(self, found: Mapping[Path, Mapping[str, CrawlFile | Skipped]]) -> Iterator[_Event]:
        connection = self.database.conn
        for root, named in found.items():
            number = documents.crawl_number(connection, str(root))
            for each in named.values():
                if isinstance(each, Skipped):
                    yield _Begin(number, CrawlFile(root / each.path, each.path, 0, 0))
                    yield each
                    yield _End(None, is_certain=each.reason != UNREADABLE)
                else:
                    self._pace.begin(each.size)
                    if not self._is_unchanged(number, each):
                        yield from self._paced(_file_events(number, each, self.signing.config))

    def _paced(self, events: Iterable[_Event]) -> Iterator[_Event]:
        for event in events:
            if isinstance(event, Record):
                self._pace.take(event)
            yield event

    def _is_unchanged(self, crawl_number: int, file: CrawlFile) -> bool:
        stored = documents.stored_file(self.database.conn, crawl_number, file.name)
        same = stored is not None and _same_bytes(stored, file)
        if same and stored is not None:
            self.unchanged_files += 1
            self.skipped.update(documents.skipped_reasons(self.database.conn, stored.file))
            if stored.mtime_ns != file.mtime_ns:
                documents.touch_file(self.database.conn, stored.file, file.mtime_ns)
        return same

    def _commit(self, events: Sequence[_Event | ReadDocument]) -> None:
        """Write a stretch of events: first what they replace goes, then they come, in one transaction."""
        self._drop_replaced(events)
        connection = self.database.conn
        new: list[NewDocument] = []
        ended: list[int] = []
        with self.database.atomic():
            documents.note_reading(connection, self.number)
            for event in events:
                if isinstance(event, _Begin):
                    self._begin(event)
                elif isinstance(event, _End):
                    documents.finish_file(connection, self._file, event.content)
                    ended += [self._file] if event.is_certain and not self._is_new else []
                elif isinstance(event, Skipped):
                    self.skipped[event.reason] += 1
                    documents.put_skipped(connection, self._file, event)
                elif isinstance(event, ReadDocument):
                    new += self._new(event)
            arrivals.put(connection, new, self.number)
            self.added += len(new)
        self._drop_lost(ended)
        self._learn()
        self.progress("read", self.added + self.unchanged + self.changed, self._pace.expected)

    def _learn(self) -> None:
        """Learn furniture each time the documents have doubled, so that most are read when it is known."""
        connection = self.database.conn
        if documents.last_number(connection) >= 2 * furniture.counted_documents(connection):
            with self.database.atomic():
                furniture.learn(connection, self.signing.config.text)

    def _begin(self, event: _Begin) -> None:
        file = event.file
        self.files += 1
        self._is_new = documents.stored_file(self.database.conn, event.crawl, file.name) is None
        self._file = documents.begin_file(
            self.database.conn, event.crawl, file.name, file.size, file.mtime_ns
        )

    def _new(self, read: ReadDocument) -> list[NewDocument]:
        """The document, unless it is stored as it is."""
        connection = self.database.conn
        stored = None if self._is_new else documents.stored_member(connection, self._file, read.member)
        if stored is not None:
            self.unchanged += 1
            documents.mark_read(connection, stored.document, self.number)
            return []
        return [NewDocument(self._file, read)]

    def _drop_replaced(self, events: Sequence[_Event | ReadDocument]) -> None:
        """Remove the earlier forms of documents that read otherwise now."""
        replaced: list[int] = []
        file, connection = self._file, self.database.conn
        is_known = not self._is_new
        for event in events:
            if isinstance(event, _Begin):
                stored_file = documents.stored_file(connection, event.crawl, event.file.name)
                is_known, file = stored_file is not None, stored_file.file if stored_file else 0
            elif isinstance(event, ReadDocument) and is_known:
                stored = documents.stored_member(connection, file, event.member)
                if stored is not None and stored.content != event.content:
                    replaced.append(stored.document)
        if replaced:
            self.changed += len(replaced)
            self.added -= len(replaced)
            self.drop(replaced)

    def _drop_lost(self, files: Sequence[int]) -> None:
        """Remove the documents that a file held at the last reading and holds no longer."""
        for file in files:
            lost = documents.not_read(self.database.conn, file, self.number)
            if lost:
                self.removed += len(lost)
                self.drop(lost)

    def _prune(self, root: Path, names: set[str]) -> None:
        """Remove the files that are stored for a crawl directory and are not there any more."""
        connection = self.database.conn
        number = documents.crawl_number(connection, str(root))
        gone = [file for file, path in documents.stored_files(connection, number) if path not in names]
        for file in gone:
            held = documents.documents_of(connection, file)
            self.removed += len(held)
            self.drop(held)
        with self.database.atomic():
            changes.delete_empty_files(connection, gone)


def _walked(paths: Sequence[Path]) -> dict[Path, dict[str, CrawlFile | Skipped]]:
    """The files below each crawl directory, by name: what is named twice is read once."""
    found: dict[Path, dict[str, CrawlFile | Skipped]] = {}
    for path in paths:
        named = found.setdefault(crawl.root_of(path), {})
        for each in crawl.walk([path]):
            named.setdefault(each.name if isinstance(each, CrawlFile) else each.path, each)
    return found


def _file_events(crawl_number: int, file: CrawlFile, config: Config) -> Iterator[_Event]:
    yield _Begin(crawl_number, file)
    content = crawl.file_hash(file.path)
    for each in crawl.records(file, config.crawl):
        if isinstance(each, Skipped) and each.reason == UNREADABLE:
            content = None
        yield each
    if content is not None:
        content = _unmoved(file, content)
    yield _End(content, is_certain=content is not None)


def _unmoved(file: CrawlFile, content: bytes) -> bytes | None:
    """``content`` unless the file has changed since the walk: then its end is not known."""
    try:
        status = file.path.stat()
    except OSError:
        return None
    return content if (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns) else None


def _same_bytes(stored: StoredFile, file: CrawlFile) -> bool:
    if stored.content is None:
        return False
    if (stored.size, stored.mtime_ns) == (file.size, file.mtime_ns):
        return True
    return stored.size == file.size and stored.content == crawl.file_hash(file.path)


def _batched(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    """Events in stretches of BATCH_RECORDS records or BATCH_BYTES."""
    batch: list[_Event] = []
    records, size = 0, 0
    for event in events:
        batch.append(event)
        if isinstance(event, Record):
            records += 1
            size += event.size
        if records >= BATCH_RECORDS or size >= BATCH_BYTES or len(batch) >= COMMIT_DOCUMENTS:
            yield batch
            batch, records, size = [], 0, 0
    if batch:
        yield batch


def _sent(batches: Iterable[list[_Event]], waiting: deque[list[_Event]]) -> Iterator[list[Record]]:
    """The records of each batch, to be worked; the batch itself waits for the answer."""
    for batch in batches:
        waiting.append(batch)
        yield [event for event in batch if isinstance(event, Record)]


def _grouped(
    results: Iterable[list[ReadDocument | Skipped]], waiting: deque[list[_Event]], first: int
) -> Iterator[list[_Event | ReadDocument]]:
    """Each batch with its records replaced by what became of them: ``first`` together, then more, up to
    COMMIT_DOCUMENTS."""
    group: list[_Event | ReadDocument] = []
    size, held = min(first, COMMIT_DOCUMENTS), 0
    for result in results:
        answers = iter(result)
        for event in waiting.popleft():
            group.append(next(answers) if isinstance(event, Record) else event)
        held += sum(_bytes_of(each) for each in result if isinstance(each, ReadDocument))
        if len(group) >= size or held >= COMMIT_BYTES:
            yield group
            group, size, held = [], min(2 * size, COMMIT_DOCUMENTS), 0
    if group:
        yield group


def _bytes_of(read: ReadDocument) -> int:
    return len(read.text) + len(read.line_keys) + len(read.signed.keys)
