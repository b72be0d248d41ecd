"""The order, and nothing else: read, learn furniture, sign, match, cluster and attribute.

Each step takes what waits for it in the file, hands the work to processes (:mod:`dedupe.jobs`) and
writes what comes back; every transaction leaves the file in a state from which the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe import cluster, jobs, sets
from dedupe.config import Config, MatchConfig
from dedupe.crawl import FLYING, Job, WorkerPool
from dedupe.errors import DedupeError
from dedupe.match import buckets
from dedupe.neighbours import AllPostings, LookedUp, Neighbours, are_few
from dedupe.reading import Progress, Reading
from dedupe.sketch import Permutations
from dedupe.store import changes, furniture, lookups, pairs, postings, sizes, sketches, stages
from dedupe.store.lookups import Known
from dedupe.store.pairs import ClusterRows, PairRow, cluster_rows, pair_row
from dedupe.store.postings import Kind
from dedupe.store.sketches import SketchTable
from dedupe.store.spill import PairSums
from dedupe.store.stages import Stage

if TYPE_CHECKING:
    from sqlite_utils import Database

Array = npt.NDArray[np.int64]
T = TypeVar("T")
R = TypeVar("R")
Chunked = TypeVar("Chunked", list[int], Array)

SIGN_BATCH = 256  # documents a worker signs at once
COMMIT_DOCUMENTS = 16_384  # documents a transaction, and a segment, holds
VERIFY_BATCH = 2048  # candidates a worker verifies at once
COMMIT_CANDIDATES = 65_536
GROUP_DOCUMENTS = 256  # a worker clusters at once
GROUP_FLYING = 64  # such batches a worker in flight: one component may take as long as fifty of them
COMMIT_GROUPS = 64
JOB_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Run:
    """What every step needs."""

    database: Database
    path: Path
    config: Config
    permutations: Permutations
    pool: WorkerPool
    progress: Progress
    memory: int  # bytes for merge buffers, roughly; workers come on top
    known: Known = field(default_factory=Known)  # of the file before this run and in it


def silent(step: str, done: int, total: int | None) -> None:
    """Shows nothing."""


def index(run: Run, paths: Sequence[Path], *, prune: bool = False) -> Reading:
    """Bring the index up to date with the crawl at ``paths``; returns what was read and left out."""
    reading = Reading(
        run.database,
        run.path,
        _signing(run, compiled=jobs.worth_compiling(0)),
        run.pool,
        run.progress,
        partial(remove, run),
    )
    reading.read(paths, prune=prune)
    settle(run)
    return reading


def remove(run: Run, numbers: list[int]) -> None:
    """Delete documents; :func:`settle` then derives anew what they had a part in."""
    for chunk in _chunks(numbers, COMMIT_DOCUMENTS):
        posted = partial(jobs.posting_keys, permutations=run.permutations, config=run.config)
        with run.database.atomic():
            lines = sizes.of_stories(run.database.conn, chunk, jobs.line_keys)
            earlier = sizes.of_stories(run.database.conn, chunk, posted)
            changes.delete_documents(run.database.conn, chunk)
            _release_buckets(run, earlier)
            furniture.unlearn(run.database.conn, run.config.text, sets.distinct(lines), run.known)


def settle(run: Run) -> None:
    """Derive what waits to be derived, in order; a run that was killed goes on here."""
    _learn(run)
    _sign(run)
    _match(run)
    _cluster(run)


def _learn(run: Run) -> None:
    with run.database.atomic():
        furniture.learn(run.database.conn, run.config.text, run.known)


def _sign(run: Run) -> None:
    """Clean and sign again what was signed with other furniture than is known now."""
    connection = run.database.conn
    waiting = stages.pending(connection, Stage.SIGN)
    signing = _signing(run, compiled=jobs.worth_compiling(len(waiting)))
    if signing.compiled:
        jobs.warm_up(signing)
    job = partial(_sign_batches, run.path, signing)
    done = 0
    for batch in _map(run, job, _chunks(waiting, SIGN_BATCH), COMMIT_DOCUMENTS // SIGN_BATCH):
        with run.database.atomic():
            first = sketches.next_sketch(connection)
            signed = {number: story for part in batch for number, story in part.stories.items()}
            sketches.put_signed(connection, signed, first)
            changes.send_back(connection, [number for part in batch for number in part.again], Stage.MATCH)
            postings.append_segment(connection, Kind.SHINGLE, sketches.numbered([*signed.values()], first))
            postings.merge_segments(connection, Kind.SHINGLE)
            _release_buckets(run, np.concatenate([part.earlier for part in batch]))
        done += len(signed)
        run.progress("sign", done, len(waiting))


def _signing(run: Run, compiled: bool) -> jobs.Signing:
    return jobs.Signing(run.permutations, run.config, compiled)


def _match(run: Run) -> None:
    """Find the candidates of what is unsettled, verify them, keep the edges."""
    connection = run.database.conn
    unsettled = sketches.unsettled(connection)
    if not len(unsettled):
        return  # nothing was signed since all sketches were compared
    found = _neighbours(run, unsettled)
    _unsettle_changed_buckets(run, found)
    table = found.table
    with PairSums(run.memory // 160, run.path.parent) as sums:  # a temporary directory may lie in memory
        with run.database.atomic():
            _add_pairs(found, sums, run.config)
        for columns in sums.sums():
            _verify(run, table, candidates(*columns, run.config.match))
    with run.database.atomic():
        pairs.end_matching(connection)
        sketches.note_matched(connection)


def candidates(codes: Array, weights: Array, keys: Array, config: MatchConfig) -> Array:
    """Of pairs with the sum of what they share those worth comparing: the copies of one story together."""
    wanted = buckets.is_candidate(weights, config)
    codes, keys = codes[wanted], keys[wanted]
    # Chance gives documents as much as a candidate needs, and ties nearly all of them to each other.
    sure = codes[weights[wanted] > config.shared_samples]
    return buckets.neighbourly(codes, keys, cluster.components(*buckets.pair_numbers(sure)))


def _add_pairs(found: Neighbours, sums: PairSums, config: Config) -> None:
    """Add up what pairs share: in a thread, while the next buckets are read, and written back."""

    def add(keys: Array, numbers: Array) -> None:
        table = found.table
        made = buckets.bucket_pairs(keys, numbers, table.unsettled, table.rank, config.match)
        for codes, shared in made:
            sums.add(codes, buckets.weights(shared, postings.FIRST_BAND), shared)
        sums.fold()

    with ThreadPoolExecutor(1) as beside:
        adding: Future[None] | None = None
        for keys, numbers in found.runs():
            if adding:
                adding.result()  # no more than one stretch waits
            adding = beside.submit(add, keys, numbers)
        if adding:
            adding.result()


def _neighbours(run: Run, unsettled: Array) -> Neighbours:
    connection = run.database.conn
    if are_few(len(unsettled), sketches.next_sketch(connection)):
        return LookedUp(connection, unsettled, run.permutations, run.config, run.known)
    return AllPostings(connection, run.memory // 256)


def _unsettle_changed_buckets(run: Run, found: Neighbours) -> None:
    """Make again the pairs of settled documents whose bucket has changed its rule."""
    table = found.table
    if table.unsettled[table.document > 0].all():
        return  # nothing is settled
    again = [np.empty(0, np.int64)]
    with run.database.atomic():
        for keys, numbers in found.runs():
            again.append(
                buckets.newly_unsettled(keys, numbers, table.unsettled, table.rank, run.config.match)
            )
        numbers = sets.distinct(np.concatenate(again))
        changes.send_back(run.database.conn, table.document[numbers].tolist(), Stage.MATCH)
    if len(numbers):
        found.unsettle(numbers)


def _verify(run: Run, table: SketchTable, codes: Array) -> None:
    candidates = np.stack([table.document[numbers] for numbers in buckets.pair_numbers(codes)], axis=1)
    job = partial(verified_rows, run.path, run.config, jobs.worth_compiling(len(candidates)))
    done = 0
    for batch in _map(run, job, _chunks(candidates, VERIFY_BATCH), COMMIT_CANDIDATES // VERIFY_BATCH):
        found = [row for part in batch for row in part]
        with run.database.atomic():
            pairs.put_pairs(run.database.conn, found)
            pairs.touch(run.database.conn, {number for a, b, *_ in found for number in (a, b)})
        done += COMMIT_CANDIDATES
        run.progress("match", min(done, len(candidates)), len(candidates))


def _cluster(run: Run) -> None:
    """Cluster anew the components that have changed, and say where each story comes from."""
    connection = run.database.conn
    with run.database.atomic():
        pairs.spread_to_components(connection)
        pairs.drop_waiting_clusters(connection)
    components = cluster.components(*pairs.waiting_pairs(connection))
    components.sort(key=len, reverse=True)  # what takes long is begun first, and the others go on beside it
    total = sum(map(len, components))
    job = partial(grouped_rows, run.path, run.config, jobs.worth_compiling(total))
    done = 0
    batches = cluster.together(components, GROUP_DOCUMENTS)
    for batch in _map(run, job, batches, COMMIT_GROUPS, GROUP_FLYING):
        with run.database.atomic():
            for found in (each for part in batch for each in part):
                pairs.put_cluster(connection, found)
                done += len(found.members)
        run.progress("cluster", min(done, total), total)
    with run.database.atomic():
        stages.settle_all(connection, Stage.CLUSTER)


def _release_buckets(run: Run, keys: Array) -> None:
    """Documents have left these buckets: where that changes the rule, make the others' pairs again."""
    if not len(keys):
        return
    connection = run.database.conn
    run_keys, numbers = lookups.lookup(connection, Kind.SHINGLE, sets.distinct(keys), run.known)
    table = sketches.load_table(connection, sets.distinct(numbers))
    alive = table.live(numbers)
    again = buckets.left_behind(run_keys[alive], numbers[alive], keys, table.rank, run.config.match)
    changes.send_back(connection, table.document[again].tolist(), Stage.MATCH)


def _sign_batches(path: Path, signing: jobs.Signing, batches: Sequence[list[int]]) -> list[jobs.SignedAgain]:
    return [jobs.sign(batch, path, signing) for batch in batches]


# These two send rows, which cross between processes in a fraction of the time that edges take.


def verified_rows(
    path: Path, config: Config, compiled: bool, batches: Sequence[Array]
) -> list[list[PairRow]]:
    """Of each batch of candidates, int64[m, 2], the rows of `pairs`. For worker processes."""
    return [[pair_row(*found) for found in jobs.verify(path, batch, config, compiled)] for batch in batches]


def grouped_rows(
    path: Path, config: Config, compiled: bool, batches: Sequence[list[int]]
) -> list[list[ClusterRows]]:
    """Of each batch of whole components, the rows of their clusters. For worker processes."""
    return [
        [cluster_rows(*found) for found in jobs.group(path, batch, config, compiled)] for batch in batches
    ]


def _map(
    run: Run,
    job: Callable[[Sequence[T]], Iterable[R]],
    items: Iterable[T],
    together: int,
    flying: int = FLYING,
) -> Iterator[list[R]]:
    """Map a job over items in worker processes; results in order, ``together`` at a time."""
    first = list(islice(items := iter(items), 2))

    def chained() -> Iterator[list[T]]:
        for item in first:
            yield [item]
        for item in items:
            yield [item]

    # One batch is done here where no process runs yet: starting one would take longer than the work.
    pool = run.pool if len(first) > 1 or run.pool.is_running else WorkerPool(0)
    results = (result for batch in pool.imap(trusted(job, flying), chained()) for result in batch)
    while batch := list(islice(results, together)):
        yield batch


def trusted(function: Callable[[Sequence[T]], Iterable[R]], flying: int = FLYING) -> Job[T, R]:
    """Work on what the index holds, for a pool: where a worker breaks nothing is left out, the run ends."""
    return Job(function, _give_up, JOB_SECONDS, flying=flying)


def _give_up(item: Any, reason: str, detail: str) -> Any:
    raise DedupeError(f"a worker process {reason}: {detail}", hint="run the command again; nothing is lost")


def _chunks(items: Chunked, size: int) -> Iterator[Chunked]:
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]
