"""The tables of a run -> one index file, as `dedupe index` would have left it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.dataset as ds

from dedupe.errors import InputError
from dedupe.model import Cluster, EditKind, MemberOrigin, Origin, OriginKind, Role, Skipped
from dedupe.sketch import make_permutations
from dedupe.spark import tables
from dedupe.store import arrivals, documents, furniture, pairs, parameters, rows, sketches, stages
from dedupe.store.database import (
    discard,
    fold_log,
    open_writer,
    require_place,
    storage_faults,
    writer_lock,
)
from dedupe.store.documents import NewDocument
from dedupe.store.rows import ReadDocument, SignedStory
from dedupe.store.stages import Stage

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

Array = npt.NDArray[np.int64]

MANIFEST = "run.json"  # what a run writes last: a folder without it is no result
READING = 1  # the number of the one reading there was
CHUNK = 8192  # rows a transaction, and a segment of postings, holds
_SIGNED = ("shingles", "removed", "attributions", "furniture", "posting_keys")
_PLACED = ("file", "id", "member", "text", "content", "title_key", "line_keys")


def import_run(folder: Path, db: Path) -> int:
    """Make an index of the tables in ``folder``; returns how many documents it holds.

    The file appears when it is complete.

    Raises:
        InputError: ``folder`` is not the result of a finished run, or ``db`` exists.
        IndexBusy: another process makes ``db``.
    """
    manifest = read_manifest(folder)
    require_place(db)
    with writer_lock(db):
        if db.exists():
            raise InputError(f"{db} exists already", hint="choose another --db; results are not mixed")
        making = db.with_name(f"{db.name}.importing")
        discard(making)  # what a killed import left
        try:
            count = _filled(making, folder, manifest)
            making.rename(db)
        finally:
            discard(making)
    return count


def _filled(making: Path, folder: Path, manifest: dict[str, Any]) -> int:
    """Make a complete file, with nothing left in a log beside it; how many documents it holds."""
    with open_writer(making) as database:
        count = _Import(folder, database).fill(manifest)
    with storage_faults(making):  # closing folds the log too, and says nothing where it cannot
        fold_log(making)
    return count


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a finished run says of itself.

    Raises:
        InputError: ``folder`` is not the result of a finished run.
    """
    try:
        manifest: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        hint = f"dedupe spark run PATH --output {folder} makes one"
        raise InputError(
            f"{folder} is not the result of a finished run: it holds no readable {MANIFEST}", hint=hint
        ) from error
    return manifest


class _Import:
    """The tables of a folder, on their way into an empty index."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._connection: sqlite3.Connection = database.conn
        self._files: dict[int, int] = {}  # the run's number of a file -> the index's
        self._documents = np.empty((0, 2), np.int64)  # the same for documents, ordered by the run's

    def fill(self, manifest: dict[str, Any]) -> int:
        """Write everything; how many documents there are."""
        with self._database.atomic():
            _settle(self._connection, manifest)
            documents.note_reading(self._connection, READING)
            self._put_files()
        numbers = [self._put_documents(chunk) for chunk in self._chunks("documents")]
        if numbers:
            found = np.concatenate(numbers)
            self._documents = found[np.argsort(found[:, 0])]
        for chunk in self._chunks("pairs"):
            self._put_pairs(chunk)
        self._put_clusters()
        with self._database.atomic():
            self._put_furniture()
            sketches.note_matched(self._connection)
            stages.send_all(self._connection, Stage.SETTLED)
        return len(self._documents)

    def _chunks(self, name: str) -> Iterator[pa.RecordBatch]:
        """The rows of a table, CHUNK at a time, file by file."""
        files = sorted((self._folder / name).glob("*.parquet"))
        if files:
            yield from (some for some in ds.dataset(files).to_batches(batch_size=CHUNK) if len(some))

    def _put_files(self) -> None:
        for some in self._chunks("files"):
            columns = ("file", "root", "path", "size", "mtime_ns", "content")
            for file, root, path, size, mtime_ns, content in tables.rows_of(some, columns):
                crawl = documents.crawl_number(self._connection, root)
                self._files[file] = documents.begin_file(self._connection, crawl, path, size, mtime_ns)
                documents.finish_file(self._connection, self._files[file], content)
        for some in self._chunks("skipped"):
            for file, *told in tables.rows_of(some, ("file", "member", "reason", "detail")):
                documents.put_skipped(self._connection, self._files[file], Skipped("", *told))

    def _put_documents(self, some: pa.RecordBatch) -> Array:
        """Their numbers: int64[n, 2], the run's and the index's."""
        new = [NewDocument(self._files[file], read) for file, read in _read(some)]
        with self._database.atomic():
            numbers = arrivals.put(self._connection, new, READING)
        return np.stack([tables.ints(some, "document"), np.fromiter(numbers, np.int64)], axis=1)

    def _put_pairs(self, some: pa.RecordBatch) -> None:
        ends = [self._numbers(tables.ints(some, side)).tolist() for side in ("a_document", "b_document")]
        told = [some.column(name).to_pylist() for name in pairs.TOLD]
        with self._database.atomic():
            pairs.put_pairs(self._connection, zip(*ends, *told, strict=True))

    def _numbers(self, found: Array) -> Array:
        place = np.searchsorted(self._documents[:, 0], found)
        numbers: Array = self._documents[place, 1]
        return numbers

    def _put_clusters(self) -> None:
        members: dict[str, list[MemberOrigin]] = {}
        for some in self._chunks("members"):
            for cluster, *told in tables.rows_of(some, some.schema.names):
                members.setdefault(cluster, []).append(_member(*told))
        origins = {cluster: told for some in self._chunks("origins") for cluster, told in _origins(some)}
        for some in self._chunks("clusters"):
            with self._database.atomic():
                for cluster, anchor in tables.rows_of(some, ("cluster_id", "anchor")):
                    self._put_cluster(Cluster(cluster, anchor, ()), origins[cluster], members[cluster])

    def _put_cluster(self, cluster: Cluster, origin: Origin, members: list[MemberOrigin]) -> None:
        numbers = pairs.document_numbers(self._connection, [member.id for member in members])
        pairs.put_cluster(self._connection, pairs.cluster_rows(cluster, origin, members, numbers))

    def _put_furniture(self) -> None:
        for some in self._chunks("furniture"):
            furniture.put_lines(self._connection, tables.rows_of(some, ("line_key", "outlet")))
        furniture.note_counted(self._connection, documents.last_number(self._connection))


def _settle(connection: sqlite3.Connection, manifest: dict[str, Any]) -> None:
    settings = manifest["parameters"]

    def permutations() -> bytes:
        return make_permutations(int(settings["num_perm"]), int(settings["seed"])).to_bytes()

    parameters.settle(connection, settings, manifest["agencies"].encode(), permutations)
    named = tuple((ours, theirs) for ours, theirs in manifest["fields"])
    parameters.fields(connection, named, lambda path: False)  # no file is there yet to be read again


def _read(some: pa.RecordBatch) -> Iterator[tuple[int, ReadDocument]]:
    """Each document as a reading worker would have sent it, with the run's number of its file."""
    placed = tables.rows_of(some, _PLACED)
    told = tables.rows_of(some, rows.COLUMNS)
    signed = tables.rows_of(some, _SIGNED)
    for (file, name, member, text, content, title, lines), columns, story in zip(
        placed, told, signed, strict=True
    ):
        packed = rows.pack_text(text.encode())
        yield file, ReadDocument(name, member, columns, packed, content, title, lines, SignedStory(*story))


def _origins(some: pa.RecordBatch) -> Iterator[tuple[str, Origin]]:
    names = ("cluster_id", "origin_name", "origin_kind", "origin_document", "confidence", "evidence")
    for cluster, name, kind, document, confidence, evidence in tables.rows_of(some, names):
        told = rows.unpack_evidence(evidence)
        yield cluster, Origin(name, OriginKind(kind), document, confidence, told)


def _member(name: str, role: str, *told: Any) -> MemberOrigin:
    credited, byline_swap, headline_changed, edit, share_kept, delay, parent = told
    kind = None if edit is None else EditKind(edit)
    return MemberOrigin(
        name, Role(role), credited, byline_swap, headline_changed, kind, share_kept, delay, parent
    )
