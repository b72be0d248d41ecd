"""Public ids: where several documents claim one, the first of them by place keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from dedupe.spark import tables
from dedupe.store.documents import second_id

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_NAMED: tables.Columns = {"document": "long", "name": "string"}


def renamed(parsed: DataFrame, files: DataFrame) -> DataFrame | None:
    """`document` and `name` of the documents that get another id than they claim; None where none does.

    Ids are counted by their hash: few bytes a document are shuffled.
    """
    from pyspark.sql.functions import xxhash64

    hashed = parsed.select("document", "file", "member", "id", xxhash64("id").alias("hash"))
    claimed = hashed.groupBy("hash").count().where("count > 1").select("hash")
    if claimed.isEmpty():
        return None
    claimants = hashed.join(claimed, "hash").join(files.select("file", "root", "path"), "file")
    return claimants.groupBy("id").applyInArrow(_second, tables.ddl(_NAMED))


def _second(claimants: pa.Table) -> pa.Table:
    columns = ("root", "path", "member", "document", "id")
    places = (
        (f"{root}/{path}{member}", *rest) for root, path, member, *rest in tables.rows_of(claimants, columns)
    )
    _, *others = sorted(places)
    return tables.table(_NAMED, [(number, second_id(name, place)) for place, number, name in others])
