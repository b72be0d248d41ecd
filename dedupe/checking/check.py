"""The order of a check: each layer is looked at once those below it are known to be sound.

What is kept of documents, all postings and every rule of the tables are checked always. To derive stories,
sketches, pairs and clusters anew costs as much as an index run, so that is done for SAMPLE documents spread
over the index, or for all of them (``full``).

Nobody writes meanwhile. What waits to be derived, after a run that was killed, is no damage: pairs and
clusters are then left to that run.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe import cluster, jobs, parameters, pipeline, sets
from dedupe.checking import deriving
from dedupe.checking.looking import Looked, examine, gathered, resign
from dedupe.crawl import Job, WorkerPool
from dedupe.errors import Damaged, DedupeError, IndexBusy, NeverFilled, StorageFault
from dedupe.reading import Progress
from dedupe.sketch import Permutations
from dedupe.store import checks, documents, furniture, sketches
from dedupe.store.block_checks import BlockCheck, Tally
from dedupe.store.database import connect_reader, get_meta, storage_fault, writer_lock
from dedupe.store.findings import Finding, Part, finding
from dedupe.store.postings import Kind
from dedupe.store.rows import rank_of
from dedupe.store.stages import Stage

Array = npt.NDArray[np.int64]
T = TypeVar("T", bound=Sized)
R = TypeVar("R")

SAMPLE = 1000  # documents of which all is derived anew, unless all are
BATCH = 512  # documents a worker looks at at once
ALONE = 4 * BATCH  # up to so many documents no worker is worth its start
JOB_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Checked:
    """``derived`` of the ``documents`` had everything derived anew; ``waiting`` wait for the next run."""

    findings: tuple[Finding, ...]
    documents: int = 0
    derived: int = 0
    waiting: int = 0

    @property
    def is_whole(self) -> bool:
        """Nothing was found."""
        return not self.findings


def check(
    path: Path, *, full: bool = False, workers: int | None = None, progress: Progress | None = None
) -> Checked:
    """Look for damage in the index at ``path``.

    Raises:
        InputError, NotAnIndex, NewerIndex: nothing can be checked. IndexBusy: it is being written.
        StorageFault: the disk does not read.
    """
    try:
        connected = connect_reader(path)
    except NeverFilled:
        return Checked(())
    jobs.forget()
    with closing(connected) as connection, writer_lock(path):
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        try:
            found = [*checks.file_faults(connection)] or [*checks.schema_faults(connection)]
            if found:
                return Checked(tuple(found))
            found = [*parameters.faults(connection)]
            if found:
                return Checked(tuple(found), documents.count(connection))
            with WorkerPool(_workers(connection, workers)) as pool:
                return _Check(connection, path, pool, progress or pipeline.silent).run(full)
        except (sqlite3.DatabaseError, Damaged) as error:
            fault = storage_fault(error, path) if isinstance(error, sqlite3.DatabaseError) else None
            if isinstance(fault, (StorageFault, IndexBusy)):
                raise fault from error
            return Checked((Finding(Part.FILE, "SQLite cannot read it", 1, (str(error),)),))


def _workers(connection: sqlite3.Connection, workers: int | None) -> int:
    wanted = (os.cpu_count() or 1) if workers is None else workers
    return wanted if documents.count(connection) > ALONE else 0


class _Check:
    """One check of a file whose structure, schema and parameters are sound."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, pool: WorkerPool, progress: Progress
    ) -> None:
        self._connection = connection
        self._path = path
        self._pool = pool
        self._progress = progress
        rows = connection.execute("SELECT document, stage FROM documents ORDER BY document")
        columns: Array = np.fromiter(rows, np.dtype((np.int64, 2)))
        self._documents = columns[:, 0]
        self._signed = columns[columns[:, 1] > Stage.SIGN, 0]
        self._waiting = int(np.count_nonzero(columns[:, 1] < Stage.SETTLED))
        if len(columns):
            self._config = parameters.stored_config(connection)
            packed = get_meta(connection, "permutations") or b""
            self._permutations = Permutations.from_bytes(packed, self._config.sketch.seed)

    def run(self, full: bool) -> Checked:
        """Layer by layer, up to the first that is damaged."""
        total = len(self._documents)
        if not total:
            return Checked(tuple(checks.table_faults(self._connection)))
        found = [*checks.table_faults(self._connection), *self._kept_faults()]
        chosen = None if full or total <= SAMPLE else _spread(self._documents, SAMPLE)
        derived = 0
        for layer in () if found else (self._story_faults, self._furniture_faults, *self._settled_layers()):
            found += layer(chosen)
            if found:
                break
        else:
            derived = total if chosen is None else len(chosen)
        return Checked(tuple(found), total, derived, self._waiting)

    def _settled_layers(self) -> list[Callable[[Array | None], Iterator[Finding]]]:
        """What can be compared once no document waits for it."""
        is_settled = furniture.is_learned(self._connection) and not self._waiting
        return [self._pair_faults, self._cluster_faults] if is_settled else []

    def _kept_faults(self) -> Iterator[Finding]:
        """Documents, and the postings as they stand in their blocks."""
        sizes = {
            Kind.LINE: int(self._documents[-1]) + 1,
            Kind.SHINGLE: sketches.next_sketch(self._connection),
        }
        (last,) = self._connection.execute("SELECT max(seq) FROM sqlite_sequence").fetchone()
        sizes[Kind.LINE] = max(sizes[Kind.LINE], last + 1)
        blocks = BlockCheck(self._connection, sizes)
        yield from blocks.faults()
        self._tallies = blocks.tallies
        looked = [
            *self._map(
                partial(examine, path=self._path), _batches(self._documents), "check", len(self._documents)
            )
        ]
        for what, places in gathered(looked):
            yield from finding(Part.DOCUMENTS, what, places)
        ranks = self._connection.execute("SELECT id, rank FROM documents")
        misranked = (public_id for public_id, rank in ranks if rank != rank_of(public_id))
        yield from finding(Part.DOCUMENTS, "their rank is not their id's", misranked)
        yield from self._posting_faults(Kind.LINE, looked, "document")

    def _posting_faults(self, kind: Kind, looked: Sequence[Looked], column: str) -> Iterator[Finding]:
        tally = Tally.of(len(self._tallies[kind].counts))
        for each in looked:
            tally.counts[each.numbers], tally.sums[each.numbers] = each.counts, each.sums
        numbers = np.concatenate([each.numbers for each in looked])
        ids = (
            self._connection.execute(f"SELECT id FROM documents WHERE {column} = ?", [number]).fetchone()[0]
            for number in self._tallies[kind].differing(tally, numbers).tolist()
        )
        kinds = {Kind.LINE: "lines", Kind.SHINGLE: "sketch"}
        yield from finding(Part.POSTINGS, f"a document's {kinds[kind]} is not what is posted", ids)

    def _story_faults(self, chosen: Array | None) -> Iterator[Finding]:
        numbers = self._signed if chosen is None else sets.intersection(self._signed, chosen)
        if not furniture.is_learned(self._connection) or not len(numbers):
            return  # what was signed before its furniture was known is signed again by the next run
        signing = jobs.Signing(self._permutations, self._config, jobs.worth_compiling(len(numbers)))
        job = partial(resign, path=self._path, signing=signing)
        looked = [*self._map(job, _batches(numbers), "sign", len(numbers))]
        for what, places in gathered(looked):
            yield from finding(Part.DOCUMENTS, what, places)
        yield from self._posting_faults(Kind.SHINGLE, looked, "sketch")

    def _furniture_faults(self, chosen: Array | None) -> Iterator[Finding]:
        if furniture.is_learned(self._connection):
            yield from furniture.faults(self._connection, self._config.text)

    def _pair_faults(self, chosen: Array | None) -> Iterator[Finding]:
        compiled = jobs.worth_compiling(len(self._documents) if chosen is None else len(chosen))
        job = partial(deriving.verified, path=self._path, config=self._config, compiled=compiled)
        found = deriving.candidates(self._connection, chosen, self._permutations, self._config)
        batches = (
            piece[begin : begin + deriving.CANDIDATES]
            for piece in found
            for begin in range(0, len(piece), deriving.CANDIDATES)
        )
        rows = (row for edges in self._map(job, batches, "match") for row in edges)
        yield from deriving.pair_faults(self._connection, chosen, rows)

    def _cluster_faults(self, chosen: Array | None) -> Iterator[Finding]:
        components = deriving.components(self._connection, chosen)
        total = sum(map(len, components))
        compiled = jobs.worth_compiling(total)
        job = partial(deriving.grouped, path=self._path, config=self._config, compiled=compiled)
        derived: dict[str, Any] = {}
        batches = cluster.together(components, deriving.DOCUMENTS)
        for clusters in self._map(job, batches, "cluster", total):
            derived |= clusters
        yield from deriving.cluster_faults(self._connection, None if chosen is None else components, derived)

    def _map(
        self,
        job: Callable[[Sequence[T]], Iterable[R]],
        items: Iterable[T],
        step: str,
        total: int | None = None,
    ) -> Iterator[R]:
        """What a job makes of each item; progress counts what the items hold."""
        sizes: deque[int] = deque()

        def batches() -> Iterator[list[T]]:
            for item in items:
                sizes.append(len(item))
                yield [item]

        done = 0
        for results in self._pool.imap(Job(job, _give_up, JOB_SECONDS), batches()):
            done += sizes.popleft()
            self._progress(step, done, total)
            yield from results


def _batches(numbers: Array) -> Iterator[list[int]]:
    for begin in range(0, len(numbers), BATCH):
        yield numbers[begin : begin + BATCH].tolist()


def _spread(numbers: Array, count: int) -> Array:
    """``count`` of the numbers, evenly spread."""
    return numbers[np.linspace(0, len(numbers) - 1, count).astype(np.int64)]


def _give_up(item: Any, reason: str, detail: str) -> Any:
    raise DedupeError(f"a worker process {reason}: {detail}", hint="run the check again")
