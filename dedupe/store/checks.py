"""What SQLite can tell of an index: its own structure, the schema, and what must hold within a row and
between the rows of two tables. Nothing here is derived anew; see :mod:`dedupe.checking` for that.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from enum import StrEnum
from importlib.resources import files

from dedupe.model import EditKind, OriginKind, Relation, Role
from dedupe.store import search
from dedupe.store.database import schema
from dedupe.store.findings import Finding, Part, finding

_RULE = re.compile(r"^-- (\w+): (.+)\n(SELECT [^;]+);", re.MULTILINE)
_PART_OF = {
    "files": Part.DOCUMENTS, "documents": Part.DOCUMENTS, "texts": Part.DOCUMENTS,
    "skipped": Part.DOCUMENTS, "blocks": Part.POSTINGS, "pairs": Part.PAIRS,
}  # fmt: skip


def file_faults(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What SQLite finds wrong with its own structures."""
    try:
        found = [line for (line,) in connection.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    yield from finding(Part.FILE, "SQLite's check fails", (line for line in found if line != "ok"))


def schema_faults(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Tables, indexes and views that are not there or not as they were made; triggers of somebody else."""
    with closing(sqlite3.connect(":memory:")) as model:
        for statement in schema():
            model.execute(statement)
        wanted = _objects(model)
    there = _objects(connection)
    yield from finding(Part.SCHEMA, "it is not there", sorted(wanted.keys() - there.keys()))
    yield from finding(
        Part.SCHEMA,
        "it is not as it was made",
        sorted(name for name in wanted.keys() & there.keys() if wanted[name] != there[name]),
    )
    strange = sorted(_triggers(connection) - search.TRIGGERS)
    yield from finding(Part.SCHEMA, "a trigger is none of this program", strange)


def _triggers(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, tuple[object, ...]]]:
    """Name -> what it is: of tables the columns, which an older file may have got one by one."""
    found: dict[str, tuple[str, tuple[object, ...]]] = {}
    for kind, name, sql in connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE type <> 'trigger'"
    ):
        if kind == "table":
            columns = connection.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', [name])
            found[name] = kind, tuple(columns)
        elif sql is not None:
            found[name] = kind, (" ".join(sql.split()),)
    return found


def table_faults(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that name others which are not there, and rows that break a rule of theirs."""
    orphans: defaultdict[tuple[str, str], list[object]] = defaultdict(list)
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        orphans[table, parent].append("a row" if row is None else f"row {row}")
    for (table, parent), places in orphans.items():
        part = _PART_OF.get(table, Part.CLUSTERS)
        yield from finding(part, f"{table} name {parent} that are not there", places)
    for part, what, query in rules():
        yield from finding(part, what, (name for (name,) in connection.execute(query)))
    yield from search_faults(connection)


def rules() -> Iterator[tuple[Part, str, str]]:
    """(what is damaged, what is wrong with it, a query for those with which it is), from rules.sql."""
    known = {"relations": Relation, "origins": OriginKind, "roles": Role, "edits": EditKind}
    lists = {name: _listed(values) for name, values in known.items()}
    lists["reuse"] = _listed(relation for relation in Relation if relation.is_reuse)
    script = (files("dedupe.store") / "rules.sql").read_text("utf-8")
    for part, what, query in _RULE.findall(script):
        yield Part(part), what, query.format(**lists)


def _listed(values: Iterable[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def search_faults(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Where the search would give a wrong answer. That it does not know a document yet is no fault."""
    if not search.is_built(connection):
        return
    gone = sorted(search.TRIGGERS - _triggers(connection))
    yield from finding(Part.SEARCH, "what keeps it true is gone", gone)
    stale = connection.execute("SELECT rowid FROM search WHERE rowid NOT IN (SELECT document FROM documents)")
    yield from finding(Part.SEARCH, "it finds documents that are not there", (row for (row,) in stale))
