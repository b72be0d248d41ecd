"""The disk fails: one clear error, a file that is whole, a next run that goes on. See scripts/faults.py."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from exported import exports
from generated import documents, write_lines

from dedupe import Index
from dedupe.crawl import Job, WorkerPool
from dedupe.errors import Damaged, IndexBusy, StorageFault
from dedupe.store.database import open_writer, storage_faults, writer_lock

MAIN = "from dedupe.cli import main; main()"
POINTS = os.environ.get("DEDUPE_FAULTS", "6")


@pytest.mark.parametrize("kind", ["limit", "writes"])
def test_a_disk_that_fails_at_any_point_leaves_a_whole_file(kind: str, root: Path) -> None:
    if kind == "writes" and not (shutil.which("cc") and sys.platform == "linux"):
        pytest.skip("to let single writes fail takes a C compiler, and Linux")
    script = [sys.executable, root / "scripts" / "faults.py", kind, "--points", POINTS]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("whole after each") == 4


def dedupe(
    *arguments: str | Path, limit: int | None = None, **more: object
) -> subprocess.CompletedProcess[str]:
    """Run the command, where ``limit`` is given so that no file may grow beyond so many bytes."""

    def bounded() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    given = {"stdout": subprocess.PIPE, **more}
    command = [sys.executable, "-c", MAIN, *map(str, arguments)]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, stderr=subprocess.PIPE, text=True, check=False, preexec_fn=bounded, **given
    )


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("faults")
    with Index.open(folder / "news.db") as index:
        index.add(write_lines(folder / "crawl.jsonl", documents(6, 120)), workers=0)
        assert len(list(index.pairs())) > 0  # while somebody reads, the next reader has nothing to write
        yield folder / "news.db"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_full_disk_is_one_line_with_the_next_step(tmp_path: Path, workers: str) -> None:
    crawl = write_lines(tmp_path / "crawl.jsonl", documents(6, 600))
    done = dedupe("index", crawl, "--db", tmp_path / "news.db", "--workers", workers, limit=300_000)
    assert done.returncode == 1
    error, hint = done.stderr.splitlines()
    assert error.startswith(f"error: the disk that holds {tmp_path / 'news.db'} fails: ")
    assert hint.startswith("hint: make room")


REPORTS = {
    "pairs": ["pairs", "--format", "csv"],
    "jsonl": ["report", "--format", "jsonl"],
    "html": ["report", "--format", "html"],
    "graphml": ["report", "--format", "graphml"],
    "parquet": ["report", "--format", "parquet"],
    "keep": ["keep", "--format", "jsonl"],
}


@pytest.mark.parametrize("arguments", REPORTS.values(), ids=REPORTS)
def test_a_report_onto_a_full_disk_leaves_what_was_there(
    db: Path, tmp_path: Path, arguments: list[str]
) -> None:
    target = tmp_path / "out"
    whole = dedupe(*arguments, "--db", db, "--output", target)
    assert whole.returncode == 0, whole.stderr
    before = held(target)
    done = dedupe(*arguments, "--db", db, "--output", target, limit=2_000)
    assert done.returncode == 1
    error, hint = done.stderr.splitlines()
    assert (error[:7], hint[:6]) == ("error: ", "hint: ")
    assert held(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def held(target: Path) -> dict[str, bytes]:
    files = target.rglob("*") if target.is_dir() else [target]
    return {path.name: path.read_bytes() for path in files if path.is_file()}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
@pytest.mark.parametrize(
    "arguments", [["stats"], ["pairs"], ["report", "--format", "jsonl", "--output", "-"], ["check"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_a_full_standard_output_is_one_line(db: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = dedupe(*arguments, "--db", db, stdout=full)
    assert (done.returncode, done.stderr) == (
        1,
        "error: No space left on device\nhint: make room, and run the command again\n",
    )


def overwritten(db: Path, folder: Path) -> Path:
    """A copy with nonsense in all pages but the first."""
    copy = folder / "news.db"
    data = db.read_bytes()
    copy.write_bytes(data[:16384] + b"\xa5" * (len(data) - 16384))
    return copy


@pytest.mark.parametrize("command", [["stats"], ["pairs"], ["index", "nothing.jsonl"]], ids=lambda c: c[0])
def test_a_damaged_file_is_one_line_with_the_way_to_repair_it(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nothing.jsonl").write_text("{}\n")
    copy = overwritten(db, tmp_path)
    done = dedupe(*command, "--db", copy)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"error: {copy} is damaged: database disk image is malformed",
        f"hint: dedupe check --repair --db {copy}",
    ]


@pytest.mark.parametrize(
    "packed",
    [b"", b"no frame", bytes.fromhex("28b52ffda4ffffffff") + b"\0" * 20],
    ids=["empty", "no frame", "a frame that claims four gigabytes"],
)
@pytest.mark.parametrize("command", ["explain", "index"])
def test_a_damaged_text_is_one_line_with_the_way_to_repair_it(
    db: Path, tmp_path: Path, command: str, packed: bytes
) -> None:
    copy = Path(shutil.copy2(db, tmp_path / "news.db"))
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE texts SET text = ?", [packed])
        a, b = (
            connection.execute(
                f"SELECT id FROM documents WHERE document = (SELECT {side} FROM pairs)"
            ).fetchone()[0]
            for side in ("a", "b")
        )
        connection.execute("UPDATE documents SET stage = 0")
    more = write_lines(tmp_path / "more.jsonl", documents(1, 2))
    done = dedupe(*{"explain": ("explain", a, b), "index": ("index", more)}[command], "--db", copy)
    assert done.returncode == 1
    (error, hint) = done.stderr.splitlines()
    assert error.startswith(f"error: {copy} is damaged: a text cannot be unpacked")
    assert hint == f"hint: dedupe check --repair --db {copy}"


KINDS: dict[str, tuple[int, type[Exception]]] = {
    "full": (sqlite3.SQLITE_FULL, StorageFault),
    "no read": (sqlite3.SQLITE_IOERR_READ, StorageFault),
    "no permission": (sqlite3.SQLITE_READONLY, StorageFault),
    "no file": (sqlite3.SQLITE_CANTOPEN, StorageFault),
    "locked": (sqlite3.SQLITE_BUSY, IndexBusy),
    "corrupt": (sqlite3.SQLITE_CORRUPT_INDEX, Damaged),
    "a fault of ours": (sqlite3.SQLITE_ERROR, sqlite3.OperationalError),
}


@pytest.mark.parametrize(("code", "expected"), KINDS.values(), ids=KINDS)
def test_what_sqlite_says_becomes_an_error_of_its_kind(code: int, expected: type[Exception]) -> None:
    error = sqlite3.OperationalError("something")
    error.sqlite_errorcode = code
    with pytest.raises(expected), storage_faults(Path("news.db")):
        raise error


def test_a_lock_that_cannot_be_written_is_no_busy_index(tmp_path: Path) -> None:
    (tmp_path / "news.db-writer").mkdir()
    with pytest.raises(StorageFault, match=r"news\.db-writer"), writer_lock(tmp_path / "news.db"):
        pass


def failing(batch: object) -> list[object]:
    """A job that meets a disk which does not read."""
    raise StorageFault("the disk fails", hint="mend it")


def test_no_record_is_blamed_for_the_disk() -> None:
    """It would be left out for good: its file was read to the end."""
    job: Job[int, str] = Job(failing, lambda item, reason, detail: "blamed")  # type: ignore[arg-type]
    with WorkerPool(1) as pool, pytest.raises(StorageFault, match="the disk fails"):
        list(pool.imap(job, [[1, 2], [3]]))


def test_the_second_writer_is_refused_and_readers_read_on(db: Path) -> None:
    before = exports(db)
    with open_writer(db) as writing, Index.open(db) as reading:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("DELETE FROM pairs")
        with pytest.raises(IndexBusy, match="another process is writing"), Index.open(db) as second:
            second.add(db.parent / "crawl.jsonl", workers=0)
        assert exports(db) == before
        assert reading.query("Some text that nobody has printed before this day. " * 5).edges == ()
        writing.execute("ROLLBACK")
