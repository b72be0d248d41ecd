"""Parquet: rows of Parquet files with all their columns, if every document that stays is from one.

Where any is from another kind of file, all of them get the columns
:data:`~dedupe.keep.again.FIELDS`. Memory holds ROWS rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from dedupe.crawl.files import Format, name_parts
from dedupe.errors import InputError, MissingExtra
from dedupe.keep.again import FIELDS, Stays, changed, own_record, staying, unchanged
from dedupe.store import documents, keeping
from dedupe.store.keeping import KeptFile

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1024


def write_parquet(connection: sqlite3.Connection, stays: Stays, stream: BinaryIO) -> None:
    """One row a document.

    Raises:
        InputError: the files have different columns, or one has changed since it was indexed.
        MissingExtra: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("Parquet", "parquet") from error
    files = [file for file in keeping.files(connection) if any(staying(connection, file, stays))]
    if files and all(name_parts(file.path)[0] is Format.PARQUET for file in files):
        schema, tables = _one_schema(files), _rows_again(connection, files, stays)
    else:
        schema = pa.schema(dict.fromkeys(FIELDS, pa.string()))
        tables = _own_rows(connection, files, stays, schema)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.cast(schema))


def _one_schema(files: Sequence[KeptFile]) -> pa.Schema:
    import pyarrow.parquet as pq

    schemas = [pq.read_schema(unchanged(file)).remove_metadata() for file in files]
    for file, schema in zip(files, schemas, strict=True):
        if schema != schemas[0]:
            raise InputError(
                f"{files[0].path} and {file.path} have different columns", hint="--format jsonl takes both"
            )
    return schemas[0]


def _rows_again(
    connection: sqlite3.Connection, files: Sequence[KeptFile], stays: Stays
) -> Iterator[pa.Table]:
    for file in files:
        left = sum(1 for _ in staying(connection, file, stays))
        for table in _staying_rows(connection, file, stays):
            left -= table.num_rows
            yield table
        if left:
            raise changed(file)


def _staying_rows(connection: sqlite3.Connection, file: KeptFile, stays: Stays) -> Iterator[pa.Table]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    before = 0
    for batch in ParquetFile(unchanged(file)).iter_batches(batch_size=ROWS):
        members = (f"#{number}" for number in range(before + 1, before + 1 + batch.num_rows))
        stored = (documents.stored_member(connection, file.file, member) for member in members)
        mask = [each is not None and stays(each.document) for each in stored]
        yield pa.Table.from_batches([batch]).filter(pa.array(mask))
        before += batch.num_rows


def _own_rows(
    connection: sqlite3.Connection, files: Sequence[KeptFile], stays: Stays, schema: pa.Schema
) -> Iterator[pa.Table]:
    import pyarrow as pa

    numbers = (number for file in files for number in staying(connection, file, stays))
    while chunk := list(islice(numbers, ROWS)):
        rows = [own_record(connection, number) for number in chunk]
        yield pa.Table.from_pylist(rows, schema=schema)
