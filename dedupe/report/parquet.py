"""Parquet, one row a document: the columns of the CSV with types, attribution as a list of structs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from dedupe.errors import MissingExtra
from dedupe.report.record import Record

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_GROUP = 20_000


def write_parquet(rows: Iterable[Record], stream: BinaryIO) -> None:
    """Written in row groups, so memory does not grow with the report.

    Raises:
        MissingExtra: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("Parquet", "parquet") from error
    remaining = iter(rows)
    schema = _schema()
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(remaining, ROWS_PER_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def _schema() -> pa.Schema:
    import pyarrow as pa

    text, whole, real, truth = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    claim = pa.struct(
        {"kind": text, "text": text, "name": text, "begin": whole, "end": whole, "source": text}
    )
    columns = {
        "cluster_id": text, "size": whole, "origin_name": text, "origin_kind": text,
        "origin_document": text, "origin_confidence": real, "id": text, "path": text, "url": text,
        "outlet": text, "title": text, "byline": text, "published_at": text, "first_seen_at": text,
        "role": text, "attribution": pa.list_(claim), "language": text, "relation": text,
        "kept": real, "credited": truth, "byline_swap": truth, "headline_changed": truth,
        "edit": text, "delay_seconds": whole, "parent": text,
    }  # fmt: skip
    return pa.schema(columns)
