"""The file itself: open, create, refuse, lock.

One process writes, many read (WAL). A writer holds an exclusive lock on ``<file>-writer``, a SQLite
file of its own: the operating system releases it however the process ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from dedupe.errors import (
    ConfigMismatch,
    Damaged,
    DedupeError,
    IndexBusy,
    InputError,
    NeverFilled,
    NewerIndex,
    NotAnIndex,
    StorageFault,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x64647570  # "ddup": `file news.db` and we tell our files from others
FOLD_SECONDS = 2.0  # for which a writer waits for readers of an older state
SCHEMA_VERSION = 1


def connect_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection to an existing index.

    Raises:
        InputError: there is no such file. NotAnIndex, NewerIndex: see :func:`check_header`.
    """
    _refuse_directory(path)
    if not path.is_file():
        raise InputError(f"there is no index at {path}", hint=f"dedupe index CRAWL_DIR --db {path}")
    connection = _connect_read_only(path)
    try:
        if not path.stat().st_size or check_header(connection, path) == 0:
            raise NeverFilled(f"{path} was never filled", hint=f"dedupe index CRAWL_DIR --db {path}")
    except BaseException:
        connection.close()
        raise
    connection.execute("PRAGMA query_only = 1")
    return connection


def _refuse_directory(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a directory", hint="an index is one file: choose another --db")


@contextmanager
def open_writer(path: Path) -> Iterator[Database]:
    """The one writer of the index at ``path``, created when absent.

    Raises:
        IndexBusy: another process writes it. NotAnIndex, NewerIndex: the file is left untouched.
    """
    require_place(path)
    if path.exists() and path.stat().st_size:
        with closing(_connect_read_only(path)) as connection:
            check_header(connection, path)
    with writer_lock(path), storage_faults(path):
        from sqlite_utils import Database

        connection = sqlite3.connect(path, isolation_level=None)
        database = Database(connection)
        try:
            _prepare(database)
            yield database
        finally:
            connection.close()


def require_place(path: Path) -> None:
    """
    Raises:
        InputError: no index can be at ``path``.
    """
    _refuse_directory(path)
    if not path.parent.is_dir():
        raise InputError(f"there is no directory {path.parent}", hint="create it, or choose another --db")


@contextmanager
def reader(path: Path) -> Iterator[sqlite3.Connection]:
    """:func:`connect_reader`, closed at the end. Raises as that and as :func:`storage_faults`."""
    with storage_faults(path), closing(connect_reader(path)) as connection:
        yield connection


@contextmanager
def storage_faults(path: Path) -> Iterator[None]:
    """What SQLite says of the index at ``path`` meanwhile, as errors of ours.

    Raises:
        StorageFault: the disk is full, or does not read or write. Damaged: the file is not what was written.
        IndexBusy: another program holds it.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if (ours := storage_fault(error, path)) is None:
            raise
        raise ours from error


def storage_fault(error: sqlite3.DatabaseError, path: Path) -> DedupeError | None:
    """An error of SQLite as one of ours; None where it is nothing that a disk or another program does."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the kind, without what SQLite was at
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Damaged(f"{path} is damaged: {error}", hint=f"dedupe check --repair --db {path}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexBusy(f"another program holds {path}: {error}", hint="wait until it is done")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StorageFault(
            f"the disk that holds {path} fails: {error}",
            hint="make room or mend it, and run the command again; it goes on",
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StorageFault(f"{path} cannot be opened: {error}", hint="may this user read and write there?")
    return None


def discard(path: Path) -> None:
    """Remove an index, where there is one, with what SQLite and a writer keep beside it."""
    for suffix in ("", "-wal", "-shm", "-journal", "-writer"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def identity(path: Path) -> tuple[int, int] | None:
    """Tells the file at ``path`` from another that takes its place; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def fold_log(path: Path) -> bool:
    """Move what was committed from the log into the file, and begin the log anew; False where readers of
    an older state did not end in time.

    SQLite does so by itself only at a moment when nobody reads. Under readers that never pause that moment
    does not come, the log grows without end, and every look into it costs more.
    """
    with closing(sqlite3.connect(path, timeout=FOLD_SECONDS, isolation_level=None)) as connection:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, but for what a killed first writer left to be taken back."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK:
            with closing(sqlite3.connect(path)) as writable:
                writable.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError:
        pass  # what it is instead of a database, check_header says
    return connection


def check_header(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of an index, 0 when its first writer was killed before it made the tables.

    Raises:
        NotAnIndex, NewerIndex: the file is no index of this or an earlier version.
    """
    try:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(fault := storage_fault(error, path), (StorageFault, IndexBusy)):
            raise fault from error
        raise NotAnIndex(f"{path} is not an index of dedupe: {error}", hint="choose another --db") from error
    if application_id != APPLICATION_ID:
        raise NotAnIndex(f"{path} is a database of another program", hint="choose another --db")
    if version > SCHEMA_VERSION:
        raise NewerIndex(
            f"{path} has schema {version}; this version reads up to {SCHEMA_VERSION}",
            hint="pip install --upgrade dedupe-news",
        )
    return int(version)


def get_meta(connection: sqlite3.Connection, key: str) -> bytes | None:
    """The value stored under ``key``, as bytes."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
    return None if row is None else bytes(row[0])


def put_meta(connection: sqlite3.Connection, key: str, value: bytes) -> None:
    """Store ``value`` under ``key``."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])


def require_meta(connection: sqlite3.Connection, key: str, value: bytes) -> None:
    """Store ``value`` under ``key`` in a new file; in an old one, refuse another value.

    Raises:
        ConfigMismatch: with both values in the message.
    """
    stored = get_meta(connection, key)
    if stored is None:
        put_meta(connection, key, value)
    elif stored != value:
        raise ConfigMismatch(
            f"this index was made with {key} {stored.decode(errors='replace')}, "
            f"and was opened with {value.decode(errors='replace')}",
            hint="use the same options, or index into a new file",
        )


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Nobody else writes the index at ``path`` meanwhile.

    Raises:
        IndexBusy: somebody does. StorageFault: the lock cannot be written.
    """
    with storage_faults(Path(f"{path}-writer")):
        lock = sqlite3.connect(f"{path}-writer", timeout=0, isolation_level=None)
    try:
        with storage_faults(Path(f"{path}-writer")):
            _lock(lock, path)
        yield
    finally:
        lock.close()


def _lock(lock: sqlite3.Connection, path: Path) -> None:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise IndexBusy(f"another process is writing {path}", hint="wait until it is done") from error


def _prepare(database: Database) -> None:
    from sqlite_utils import Migrations

    connection = database.conn
    # First of all, in a write of its own: a file that is not empty must always be known as ours.
    # Texts take some 1,400 bytes: four kilobytes hold two of them and much air, the file is a tenth larger.
    connection.execute("PRAGMA page_size = 16384")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")  # 64 MiB: ids come in no order, and their index is large
    migrations = Migrations("dedupe")

    @migrations()
    def schema_1(db: Database) -> None:
        for statement in schema():
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    migrations.apply(database)


def schema() -> list[str]:
    """The statements that make an empty index, in order."""
    return [*_statements((files("dedupe.store") / "schema.sql").read_text("utf-8"))]


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
