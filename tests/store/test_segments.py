"""Postings in the file: what is written is found again, by scan and by look-up, across merges."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from dedupe.store import block_kernels, lookups, postings
from dedupe.store.blocks import Run, decode, encode
from dedupe.store.database import open_writer
from dedupe.store.lookups import Known
from dedupe.store.postings import FAN_IN, FIRST_BAND, KEY_BITS, Kind

TOP = (1 << KEY_BITS) - 1


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_writer(tmp_path / "news.db") as opened:
        yield opened


def random_runs(seed: int, runs: int, size: int) -> list[Run]:
    """Sorted runs over the whole key range, with some keys that run over several blocks."""
    draw = np.random.default_rng(seed)
    made = []
    for _ in range(runs):
        keys = draw.integers(0, TOP, size)
        keys[: size // 3] = draw.integers(0, 3, size // 3)
        made.append(postings.sort_run(keys, draw.integers(0, 1 << 32, size)))
    return made


def ordered(run: Run) -> list[tuple[int, int]]:
    """The postings of a run, those of one key by number."""
    return sorted(zip(run[0].tolist(), run[1].tolist(), strict=True))


def together(runs: list[Run]) -> Run:
    return postings.sort_run(
        np.concatenate([run[0] for run in runs]), np.concatenate([run[1] for run in runs])
    )


def stored(database: Database, runs: list[Run]) -> Run:
    """Append runs as a writer does, merging as they pile up; all postings together."""
    for run in runs:
        with database.atomic():
            postings.append_segment(database.conn, Kind.SHINGLE, run)
            postings.merge_segments(database.conn, Kind.SHINGLE)
    return together(runs)


@pytest.mark.parametrize("size", [1, 3, 1024, 5000], ids=lambda size: f"{size} postings a run")
def test_a_scan_gives_every_posting_in_order(database: Database, size: int) -> None:
    written = stored(database, random_runs(1, FAN_IN * 2 + 1, size))
    found = together(list(postings.scan(database.conn, Kind.SHINGLE, chunk_postings=2048)))
    assert np.array_equal(found[0], written[0])
    assert ordered(found) == ordered(written)


def test_a_scan_never_parts_a_key(database: Database) -> None:
    stored(database, random_runs(2, 5, 4000))
    found = list(postings.scan(database.conn, Kind.SHINGLE, chunk_postings=1024))
    assert len(found) > 3
    assert all(one[0][-1] < other[0][0] for one, other in pairwise(found))


@pytest.mark.parametrize("wanted", [1, 40, 4000], ids=lambda wanted: f"{wanted} keys")
def test_a_lookup_gives_the_postings_of_the_keys_asked_for(database: Database, wanted: int) -> None:
    keys, numbers = stored(database, random_runs(3, FAN_IN + 2, 4000))
    draw = np.random.default_rng(4)
    asked = np.unique(np.concatenate([draw.choice(keys, wanted), draw.integers(0, TOP, 5), [0]]))
    hit = np.isin(keys, asked)
    found = lookups.lookup(database.conn, Kind.SHINGLE, asked)
    assert np.array_equal(found[0], keys[hit])
    assert ordered(found) == ordered((keys[hit], numbers[hit]))


ROOMS = {
    "nothing is kept": (0, 0),
    "the small ones are": (9_000, 0),
    "fences are": (0, 1 << 20),
    "some of each, and one is not": (5_000, 60),
    "all is": (1 << 30, 1 << 30),
}


@pytest.mark.parametrize("rooms", ROOMS.values(), ids=ROOMS.keys())
def test_what_is_known_of_segments_changes_no_lookup(database: Database, rooms: tuple[int, int]) -> None:
    known, draw, written = Known(*rooms), np.random.default_rng(8), list[Run]()
    for size in [20_000, *[500] * (FAN_IN * 2), 3_000, 500]:
        written += random_runs(len(written) + 9, 1, size)
        stored(database, written[-1:])
        keys = np.concatenate([run[0] for run in written])
        asked = np.unique(np.concatenate([draw.choice(keys, 30), draw.integers(0, TOP, 5), [0]]))
        found = lookups.lookup(database.conn, Kind.SHINGLE, asked, known)
        assert ordered(found) == ordered(lookups.lookup(database.conn, Kind.SHINGLE, asked))
        assert ordered(found) == ordered(picked(together(written), asked))


def picked(run: Run, asked: npt.NDArray[np.int64]) -> Run:
    hit = np.isin(run[0], asked)
    return run[0][hit], run[1][hit]


@pytest.mark.parametrize("top", [1, 255, 256, 1 << 20, (1 << 32) - 1])
@pytest.mark.parametrize("highest", [3, 1 << 12, 1 << 30, TOP], ids=lambda highest: f"keys to {highest}")
@pytest.mark.parametrize("asked", [0, 1, 50, 5_000], ids=lambda asked: f"{asked} asked")
def test_the_kernel_finds_what_decoding_finds(top: int, highest: int, asked: int) -> None:
    draw = np.random.default_rng(12)
    run = postings.sort_run(draw.integers(0, highest, 3_000), draw.integers(0, top, 3_000))
    blocks = list(encode(run))
    del blocks[3:5]  # blocks that hold none of the keys are not read
    keys = np.unique(np.concatenate([draw.choice(run[0], asked), draw.integers(0, highest, asked)]))
    found = block_kernels.postings_in(blocks, keys)
    expected = picked(decode(blocks), keys)
    assert np.array_equal(found[0], expected[0])
    assert np.array_equal(found[1], expected[1])


def test_segments_are_merged_in_tiers(database: Database) -> None:
    stored(database, random_runs(5, FAN_IN * 3 + 1, 100))
    levels = dict(database.conn.execute("SELECT level, count(*) FROM segments GROUP BY level").fetchall())
    assert levels == {0: 1, 1: 3}
    assert postings.count(database.conn, Kind.SHINGLE) == (FAN_IN * 3 + 1) * 100


def test_compacting_leaves_one_segment_without_the_dead(database: Database) -> None:
    written = stored(database, random_runs(7, FAN_IN + 3, 700))
    with database.atomic():
        seen = list(postings.compacted(database.conn, Kind.SHINGLE, lambda numbers: numbers % 3 > 0, 2048))
    alive = written[1] % 3 > 0
    expected = ordered((written[0][alive], written[1][alive]))
    assert ordered(together(seen)) == expected
    assert ordered(together(list(postings.scan(database.conn, Kind.SHINGLE)))) == expected
    assert database.conn.execute("SELECT count(*), sum(postings) FROM segments").fetchone() == (
        1,
        len(expected),
    )


@pytest.mark.parametrize("top", [1, 255, 256, 65_535, 1 << 20, (1 << 32) - 1])
@pytest.mark.parametrize("gap", [0, 1, 255, 256, 1 << 24, 1 << 40])
def test_postings_of_any_width_come_back(database: Database, top: int, gap: int) -> None:
    numbers = np.array([top, 0, top // 2, top, top // 3])
    run = (np.arange(5, dtype=np.int64) * gap + 7, numbers)
    postings.append_segment(database.conn, Kind.SHINGLE, run)
    assert ordered(together(list(postings.scan(database.conn, Kind.SHINGLE)))) == ordered(run)


def test_kinds_are_kept_apart(database: Database) -> None:
    stored(database, random_runs(6, 2, 50))
    assert not list(postings.scan(database.conn, Kind.LINE))
    assert not len(lookups.lookup(database.conn, Kind.LINE, np.array([0]))[0])


@given(st.lists(st.integers(0, (1 << 63) - 1), min_size=1))
def test_a_stored_key_keeps_its_kind(keys: list[int]) -> None:
    given_keys = np.array(keys, np.uint64)
    kept = postings.stored_keys(given_keys)
    assert np.array_equal(kept >= FIRST_BAND, given_keys >= 1 << 62)
    assert kept.max() <= TOP
