"""Pairs and clusters derived anew, without writing them, and compared with those that are stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from dedupe import cluster, jobs, sets
from dedupe.config import Config
from dedupe.match import buckets
from dedupe.sketch import Permutations
from dedupe.store import documents, lookups, pairs, postings, sketches
from dedupe.store.blocks import Run
from dedupe.store.findings import Finding, Part, finding
from dedupe.store.postings import Kind
from dedupe.store.sketches import SketchTable
from dedupe.store.spill import PairSums

Array = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Row = tuple[Any, ...]

CHUNK = 1 << 20  # postings
SUMS = 1 << 23  # entries of 24 bytes
CANDIDATES = 2048  # a worker verifies at once
DOCUMENTS = 256  # a worker clusters at once, or one component


def candidates(
    connection: sqlite3.Connection, chosen: Array | None, permutations: Permutations, config: Config
) -> Iterator[Array]:
    """The pairs of documents, int64[m, 2], that are worth comparing: all, or those with one of ``chosen``."""
    table = sketches.load_table(connection)
    mask = table.document > 0 if chosen is None else sets.is_in(table.document, chosen) & (table.document > 0)
    with PairSums(limit=SUMS) as sums:
        for keys, numbers in _runs(connection, table, chosen, permutations, config):
            for codes, shared in buckets.bucket_pairs(keys, numbers, mask, table.rank, config.match):
                sums.add(codes, buckets.weights(shared, postings.FIRST_BAND), shared)
        for codes, weights, keys in sums.sums():
            wanted = buckets.is_candidate(weights, config.match)
            near = buckets.neighbourly(codes[wanted], keys[wanted])
            yield np.stack([table.document[numbers] for numbers in buckets.pair_numbers(near)], axis=1)


def _runs(
    connection: sqlite3.Connection,
    table: SketchTable,
    chosen: Array | None,
    permutations: Permutations,
    config: Config,
) -> Iterator[Run]:
    """The live postings of every bucket, or of those that one of ``chosen`` is in."""
    if chosen is None:
        runs = postings.scan(connection, Kind.SHINGLE, CHUNK)
    else:
        stories = documents.load_stories(connection, chosen.tolist())
        keys = sets.distinct(jobs.posting_keys(stories, permutations, config))
        runs = iter([lookups.lookup(connection, Kind.SHINGLE, keys)])
    for keys, numbers in runs:
        alive = table.live(numbers)
        yield keys[alive], numbers[alive]


def verified(batches: Sequence[Array], path: Path, config: Config, compiled: bool) -> list[list[Row]]:
    """The rows of `pairs` for candidates. For worker processes."""
    return [
        [pairs.pair_row(*edge) for edge in jobs.verify(path, batch, config, compiled)] for batch in batches
    ]


def pair_faults(
    connection: sqlite3.Connection, chosen: Array | None, derived: Iterable[Row]
) -> Iterator[Finding]:
    """Where the pairs, all or those of ``chosen`` documents, are not those that were ``derived``."""
    stored = {row[:2]: row[2:] for row in _stored_pairs(connection, chosen)}
    missing, different = [], []
    for a, b, *rest in derived:
        row = stored.pop((a, b), None)
        if row is None:
            missing.append((a, b))
        elif row != tuple(rest):
            different.append((a, b))
    for what, found in (
        ("a pair is missing", missing),
        ("a pair is not what the texts give", different),
        ("a pair is there that is none", [*stored]),
    ):
        yield from finding(Part.PAIRS, what, _named(connection, found))


def _stored_pairs(connection: sqlite3.Connection, chosen: Array | None) -> Iterable[Row]:
    if chosen is None:
        return connection.execute("SELECT * FROM pairs")
    listed = orjson.dumps(chosen.tolist()).decode()
    among = "IN (SELECT value FROM json_each(?))"
    query = f"SELECT * FROM pairs WHERE a {among} UNION SELECT * FROM pairs WHERE b {among}"
    return connection.execute(query, [listed, listed])


def _named(connection: sqlite3.Connection, found: Sequence[tuple[int, int]]) -> Iterator[str]:
    for numbers in found:
        ids = (
            connection.execute("SELECT id FROM documents WHERE document = ?", [n]).fetchone() for n in numbers
        )
        yield " ".join("?" if row is None else row[0] for row in ids)


def components(connection: sqlite3.Connection, chosen: Array | None) -> list[Array]:
    """The components of the reuse pairs, all or those that one of ``chosen`` is in."""
    columns: Array = np.fromiter(
        connection.execute(f"SELECT a, b FROM pairs WHERE relation IN ({pairs.REUSE})"),
        np.dtype((np.int64, 2)),
    )
    found = cluster.components(columns[:, 0], columns[:, 1])
    return found if chosen is None else [each for each in found if sets.is_in(each, chosen).any()]


def grouped(batches: Sequence[list[int]], path: Path, config: Config, compiled: bool) -> list[dict[str, Row]]:
    """The clusters of whole components: id -> row of `clusters` and rows of `members`. For workers."""
    made = [
        [pairs.cluster_rows(*found) for found in jobs.group(path, batch, config, compiled)]
        for batch in batches
    ]
    return [{each.cluster[0]: (each.cluster, sorted(each.members)) for each in batch} for batch in made]


def cluster_faults(
    connection: sqlite3.Connection, chosen: Sequence[Array] | None, derived: dict[str, Row]
) -> Iterator[Finding]:
    """Where the clusters, all or those of the ``chosen`` components, are not those that were ``derived``."""
    stored = _stored_clusters(connection, chosen)
    yield from finding(Part.CLUSTERS, "a cluster is missing", sorted(derived.keys() - stored.keys()))
    yield from finding(
        Part.CLUSTERS, "a cluster is there that is none", sorted(stored.keys() - derived.keys())
    )
    both = derived.keys() & stored.keys()
    yield from finding(
        Part.CLUSTERS,
        "a cluster, its origin or how its members came by it is not what their pairs give",
        sorted(public_id for public_id in both if derived[public_id] != stored[public_id]),
    )


def _stored_clusters(connection: sqlite3.Connection, chosen: Sequence[Array] | None) -> dict[str, Row]:
    among, given = "", []
    if chosen is not None:
        numbers = [number for component in chosen for number in component.tolist()]
        theirs = "SELECT cluster FROM members WHERE document IN (SELECT value FROM json_each(?))"
        among = f" WHERE cluster IN ({theirs})"
        given = [orjson.dumps(numbers).decode()]
    found = {}
    for number, *row in connection.execute(f"SELECT * FROM clusters{among}", given).fetchall():
        members = connection.execute("SELECT * FROM members WHERE cluster = ?", [number])
        found[row[0]] = (tuple(row), sorted(tuple(member[1:]) for member in members))
    return found
