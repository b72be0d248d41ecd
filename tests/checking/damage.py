"""Ways in which an index comes to harm."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

# All whose rows others tell of: what was left out of a crawl stands in `skipped` alone.
TABLES = (
    "documents", "texts", "files", "crawls", "furniture", "segments", "blocks", "pairs", "clusters",
    "members",
)  # fmt: skip
OBJECTS = (
    "index documents_by_outlet", "index documents_pending", "index pairs_by_b", "index members_by_document",
    "index blocks_by_key", "index furniture_by_outlet", "view stories", "view copies", "view flows",
    "table pairs", "table clusters", "table furniture", "table blocks",
)  # fmt: skip

# Columns that do not say what an index holds: a `stage` that is too low means that work is done again,
# `reading`, `level` and `seen_at` are notes, and only documents without an id of their own tell by it where
# in a file they stand.
FREE = {"member", "stage", "reading", "seen_at", "level"}
NUMBERED = {"document", "file", "crawl", "segment", "block", "cluster", "line_key", "a", "b"}


PAIRED = "(SELECT a FROM pairs LIMIT 1)"
ONE = "(SELECT min(cluster) FROM clusters)"
MEMBERS = f"(SELECT document FROM members WHERE cluster = {ONE})"
STRANGER = f"(SELECT document FROM documents WHERE document NOT IN {MEMBERS})"
# What a check says at least -> what breaks the rule.
BROKEN = {
    "documents: their text is gone": "DELETE FROM texts WHERE document = 3",
    "documents: they are in no stage there is": "UPDATE documents SET stage = 4 WHERE document = 3",
    "documents: their number was never given": "UPDATE sqlite_sequence SET seq = 5",
    "documents: texts name documents": "DELETE FROM documents WHERE document = 3",
    "documents: documents name files": "DELETE FROM files WHERE file = (SELECT max(file) FROM files)",
    "postings: the sketch number": "UPDATE documents SET sketch = NULL WHERE document = 3",
    "postings: more sketches were compared": "UPDATE meta SET value = '9999' WHERE key = 'next_unmatched'",
    "postings: blocks name segments": "DELETE FROM segments WHERE kind = 1",
    "postings: there is no such kind": "UPDATE segments SET kind = 7",
    "postings: a block is missing": "DELETE FROM blocks WHERE block = (SELECT max(block) FROM blocks)",
    "postings: a block has numbers of no known": "UPDATE blocks SET checksum = NULL, key_digits = 17",
    "postings: a block has other postings": "UPDATE blocks SET checksum = NULL, postings = postings + 2",
    "postings: a block is out of order": "UPDATE blocks SET checksum = NULL, last_key = last_key + 1",
    "postings: a block names documents": "UPDATE blocks SET checksum = NULL, base = base + 100000",
    "furniture: the lines of more documents": "UPDATE meta SET value = '9999' WHERE key = 'lines_learned'",
    "pairs: the ids are not in order": "UPDATE OR REPLACE pairs SET a = b, b = a",
    "pairs: there is no such relation": "UPDATE pairs SET relation = 'kinship'",
    "pairs: a share is not": "UPDATE pairs SET containment_of_a = 1.5",
    "pairs: pairs name documents": f"UPDATE OR REPLACE pairs SET b = 9999 WHERE a = {PAIRED}",
    "clusters: the size is not": "UPDATE clusters SET size = size + 1",
    "clusters: the anchor is no member": f"UPDATE clusters SET anchor = {STRANGER} WHERE cluster = {ONE}",
    "clusters: the origin is no member": (
        f"UPDATE clusters SET origin_document = {STRANGER} WHERE cluster = {ONE}"
    ),
    "clusters: the confidence": "UPDATE clusters SET confidence = -1",
    "clusters: there is no such kind of origin": "UPDATE clusters SET origin_kind = 'oracle'",
    "clusters: there is no such role": "UPDATE members SET role = 'bystander'",
    "clusters: what a member was taken from": f"UPDATE members SET parent = {STRANGER} WHERE cluster = {ONE}",
    "clusters: a member shares text with no other": "DELETE FROM pairs",
    "clusters: members name clusters": f"DELETE FROM clusters WHERE cluster = {ONE}",
}


def opened(db: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(db, isolation_level=None))


def fold(db: Path) -> None:
    """Everything into the file itself, so that its bytes are all there is."""
    with opened(db) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def delete_a_row(db: Path, table: str, draw: random.Random) -> None:
    with opened(db) as connection:
        keys = _key(connection, table)
        rows = connection.execute(
            f"SELECT {', '.join(keys)} FROM {table} ORDER BY {', '.join(keys)}"
        ).fetchall()
        where = " AND ".join(f"{key} = ?" for key in keys)
        connection.execute(f"DELETE FROM {table} WHERE {where}", draw.choice(rows))


def flip_a_bit(db: Path, table: str, column: str, draw: random.Random) -> None:
    """One bit of a stored blob."""
    with opened(db) as connection:
        rows = connection.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid").fetchall()
        row, value = draw.choice(rows)
        flipped = bytearray(value)
        flipped[draw.randrange(len(flipped))] ^= 1 << draw.randrange(8)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [bytes(flipped), row])


def swap_two_values(db: Path, table: str, column: str, draw: random.Random) -> None:
    """The values of a column in two rows that differ in it; where all agree, one gets another."""
    with opened(db) as connection:
        keys = _key(connection, table)
        listed = ", ".join(keys)
        rows = connection.execute(f"SELECT {column}, {listed} FROM {table} ORDER BY {listed}").fetchall()
        pairs = [(one, other) for one in rows for other in rows if one[0] != other[0]]
        one, other = draw.choice(pairs) if pairs else (rows[0], (7,))
        changes = [("nobody's", one), (one[0], other), (other[0], one)] if pairs else [(7, one)]
        where = " AND ".join(f"{key} = ?" for key in keys)
        for value, row in changes:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [value, *row[1:]])


def drop(db: Path, what: str) -> None:
    with opened(db) as connection:
        connection.execute(f"DROP {what}")


def columns(db: Path, table: str) -> list[str]:
    with opened(db) as connection:
        return [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]


def _key(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_, key in connection.execute(f"PRAGMA table_info({table})") if key]


def scribble(db: Path, draw: random.Random, pages: range, length: int = 64) -> int:
    """Random bytes somewhere into one of some pages, counted from 0; which."""
    fold(db)
    with db.open("r+b") as file:
        page_size = int.from_bytes(file.read(18)[16:18])
        page = draw.choice(pages)
        file.seek(page * page_size + draw.randrange(page_size - length))
        file.write(draw.randbytes(length))
    return page
