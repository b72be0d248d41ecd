"""Parquet: rows of Parquet files with all their columns, if every document that stays is from one.

Where any is from another kind of file, all of them get the columns
:data:`~dedupe.keep.again.FIELDS`. Memory holds ROWS rows, or a number for each row that stays in a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from dedupe.crawl.files import Format, name_parts
from dedupe.errors import InputError, MissingExtra
from dedupe.keep.again import FIELDS, Stays, changed, own_record, staying, unchanged
from dedupe.keep.columns import ColumnReader, Rows
from dedupe.store import keeping
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
    if find_spec("pyarrow") is None:
        raise MissingExtra("Parquet", "parquet")
    files = [file for file in keeping.files(connection) if any(staying(connection, file, stays))]
    if files and all(name_parts(file.path) == (Format.PARQUET, "") for file in files):
        with ColumnReader() as reader:
            schema = _one_schema(reader, files)
            _write(_rows_again(reader, connection, files, stays), schema, stream)
    else:
        import pyarrow as pa

        schema = pa.schema(dict.fromkeys(FIELDS, pa.string()))
        _write(_own_rows(connection, files, stays, schema), schema, stream)


def _write(tables: Iterable[pa.Table], schema: pa.Schema, stream: BinaryIO) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.cast(schema))


def _one_schema(reader: ColumnReader, files: Sequence[KeptFile]) -> pa.Schema:
    schemas = [reader.schema(unchanged(file)) for file in files]
    for file, schema in zip(files, schemas, strict=True):
        if schema != schemas[0]:
            raise InputError(
                f"{files[0].path} and {file.path} have different columns", hint="--format jsonl takes both"
            )
    return schemas[0]


def _rows_again(
    reader: ColumnReader, connection: sqlite3.Connection, files: Sequence[KeptFile], stays: Stays
) -> Iterator[pa.Table]:
    for file in files:
        rows = _row_numbers(connection, file, stays)
        left = len(rows)
        for table in reader.tables(unchanged(file), rows):
            left -= table.num_rows
            yield table
        if left:
            raise changed(file)


def _row_numbers(connection: sqlite3.Connection, file: KeptFile, stays: Stays) -> Rows:
    members = keeping.members(connection, file.file)
    rows = (int(member.removeprefix("#")) for document, member in members if stays(document))
    return np.sort(np.fromiter(rows, np.int64))


def _own_rows(
    connection: sqlite3.Connection, files: Sequence[KeptFile], stays: Stays, schema: pa.Schema
) -> Iterator[pa.Table]:
    import pyarrow as pa

    numbers = (number for file in files for number in staying(connection, file, stays))
    while chunk := list(islice(numbers, ROWS)):
        rows = [own_record(connection, number) for number in chunk]
        yield pa.Table.from_pylist(rows, schema=schema)
