"""Files, documents and texts: written by a run, read by its workers.

All functions take an open connection; those that write expect the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import xxhash

from dedupe.errors import NotFound
from dedupe.model import Skipped, Story
from dedupe.store import rows
from dedupe.store.database import get_meta, put_meta
from dedupe.store.rows import ReadDocument
from dedupe.store.stages import Stage


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One row of `files`."""

    file: int
    size: int
    mtime_ns: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class StoredMember:
    """A record that became a document at an earlier reading."""

    document: int
    content: int


def crawl_number(connection: sqlite3.Connection, root: str) -> int:
    """The number of a crawl directory, given one when it is new."""
    connection.execute("INSERT OR IGNORE INTO crawls (root) VALUES (?)", [root])
    (crawl,) = connection.execute("SELECT crawl FROM crawls WHERE root = ?", [root]).fetchone()
    return int(crawl)


def stored_file(connection: sqlite3.Connection, crawl: int, path: str) -> StoredFile | None:
    """What is known of a crawl file, if anything."""
    row = connection.execute(
        "SELECT file, size, mtime_ns, content FROM files WHERE crawl = ? AND path = ?", [crawl, path]
    ).fetchone()
    return None if row is None else StoredFile(*row)


def begin_file(connection: sqlite3.Connection, crawl: int, path: str, size: int, mtime_ns: int) -> int:
    """Note that a file is being read; until :func:`finish_file` it counts as unread."""
    connection.execute(
        "INSERT INTO files (crawl, path, size, mtime_ns) VALUES (?, ?, ?, ?) ON CONFLICT (crawl, path)"
        " DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, content = NULL",
        [crawl, path, size, mtime_ns],
    )
    file = stored_file(connection, crawl, path)
    assert file is not None
    connection.execute("DELETE FROM skipped WHERE file = ?", [file.file])
    return file.file


def finish_file(connection: sqlite3.Connection, file: int, content: bytes | None) -> None:
    """Note that a file was read to its end; ``content`` None makes the next run read it again."""
    connection.execute("UPDATE files SET content = ? WHERE file = ?", [content, file])


def read_again(connection: sqlite3.Connection, files: Iterable[int] | None) -> None:
    """Let the next run read files again, changed or not: these, or all of them."""
    if files is None:
        connection.execute("UPDATE files SET content = NULL")
    else:
        connection.executemany("UPDATE files SET content = NULL WHERE file = ?", ((file,) for file in files))


def touch_file(connection: sqlite3.Connection, file: int, mtime_ns: int) -> None:
    """Note a new modification time over the same bytes."""
    connection.execute("UPDATE files SET mtime_ns = ? WHERE file = ?", [mtime_ns, file])


def stored_files(connection: sqlite3.Connection, crawl: int) -> list[tuple[int, str]]:
    """(file, path) of all files of a crawl directory."""
    return connection.execute("SELECT file, path FROM files WHERE crawl = ?", [crawl]).fetchall()


def documents_of(connection: sqlite3.Connection, file: int) -> list[int]:
    """The documents of a file."""
    found = connection.execute("SELECT document FROM documents WHERE file = ?", [file])
    return [document for (document,) in found]


def stored_member(connection: sqlite3.Connection, file: int, member: str) -> StoredMember | None:
    """What is stored of one record of a file, if anything."""
    row = connection.execute(
        "SELECT document, content FROM documents WHERE file = ? AND member = ?", [file, member]
    ).fetchone()
    return None if row is None else StoredMember(*row)


def skipped_reasons(connection: sqlite3.Connection, file: int) -> list[str]:
    """Why records of a file were left out, one reason each."""
    found = connection.execute("SELECT reason FROM skipped WHERE file = ?", [file])
    return [reason for (reason,) in found]


def next_reading(connection: sqlite3.Connection) -> int:
    """A number for a new reading: above those of all documents."""
    return int(get_meta(connection, "last_reading") or 0) + 1


def note_reading(connection: sqlite3.Connection, reading: int) -> None:
    """Documents may carry this number from now on."""
    put_meta(connection, "last_reading", str(reading).encode())


class NewDocument(NamedTuple):
    """A document that is not stored yet, and the number of its file."""

    file: int
    read: ReadDocument


def put_documents(
    connection: sqlite3.Connection, new: Sequence[NewDocument], reading: int, sketch: int
) -> Sequence[int]:
    """Insert documents, signed under the sketch numbers from ``sketch`` on; their numbers, in a row."""
    wanted = [each.read.id for each in new]
    free = len({*wanted}) == len(wanted) and not _taken(connection, wanted)
    (last,) = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'documents'").fetchone()
    numbers = range((last or 0) + 1, (last or 0) + 1 + len(new))
    placed = zip(numbers, range(sketch, sketch + len(new)), new, strict=True)
    if free:
        connection.executemany(_INSERT, (_row(*each, each[2].read.id, reading) for each in placed))
    else:  # one by one: each may take an id from one before it
        for number, at, each in placed:
            connection.execute(_INSERT, _row(number, at, each, _free_id(connection, each), reading))
    texts = zip(numbers, (each.read.text for each in new), strict=True)
    connection.executemany("INSERT INTO texts VALUES (?, ?)", texts)
    return numbers


_COLUMNS = (
    "document", "id", "file", "member", "reading", "stage", "sketch", "rank", "title_key", "content",
    "shingles", "furniture", "removed", "attributions", *rows.COLUMNS,
)  # fmt: skip
_INSERT = f"INSERT INTO documents ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def _row(number: int, sketch: int, new: NewDocument, public_id: str, reading: int) -> tuple[Any, ...]:
    """In the order of _COLUMNS."""
    read = new.read
    shingles, removed, attributions, furniture, _ = read.signed
    return (
        number, public_id, new.file, read.member, reading, Stage.MATCH, sketch, rows.rank_of(public_id),
        read.title_key, read.content, shingles, furniture, removed, attributions, *read.columns,
    )  # fmt: skip


def _taken(connection: sqlite3.Connection, ids: Sequence[str]) -> bool:
    """Is there a document with one of these ids?"""
    found = connection.execute(
        "SELECT 1 FROM json_each(?) AS wanted JOIN documents ON documents.id = wanted.value LIMIT 1",
        [orjson.dumps(ids).decode()],
    )
    return found.fetchone() is not None


def put_skipped(connection: sqlite3.Connection, file: int, skipped: Skipped) -> None:
    """Note what was left out of a file."""
    connection.execute(
        "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)",
        (file, skipped.member, skipped.reason, skipped.detail),
    )


def mark_read(connection: sqlite3.Connection, document: int, reading: int) -> None:
    """Note that a document was found again in this reading."""
    connection.execute("UPDATE documents SET reading = ? WHERE document = ?", [reading, document])


def not_read(connection: sqlite3.Connection, file: int, reading: int) -> list[int]:
    """The documents of a file that the last reading did not find again."""
    found = connection.execute(
        "SELECT document FROM documents WHERE file = ? AND reading <> ?", [file, reading]
    )
    return [document for (document,) in found]


def lengths(connection: sqlite3.Connection, documents: Sequence[int]) -> dict[str, int]:
    """id -> distinct shingles."""
    found = connection.execute(
        "SELECT id, shingles FROM documents WHERE document IN (SELECT value FROM json_each(?))",
        [orjson.dumps(documents).decode()],
    )
    return dict(found.fetchall())


def by_sketch(connection: sqlite3.Connection, numbers: Sequence[int], most: int) -> list[int]:
    """The documents of the first ``most`` live ones among sketch numbers, in the order given."""
    found: list[int] = []
    for number in numbers:
        row = connection.execute("SELECT document FROM documents WHERE sketch = ?", [number]).fetchone()
        if row is not None:
            found.append(row[0])
            if len(found) == most:
                break
    return found


def number_of(connection: sqlite3.Connection, public_id: str) -> int:
    """The number of the document with this id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute("SELECT document FROM documents WHERE id = ?", [public_id]).fetchone()
    if row is not None:
        return int(row[0])
    example = connection.execute("SELECT id FROM documents LIMIT 1").fetchone()
    hint = "the index holds no document" if example is None else f"ids are written as {example[0]!r} is"
    raise NotFound(f"no document has the id {public_id!r}", hint=hint)


def last_number(connection: sqlite3.Connection) -> int:
    """The highest document number there is, 0 where there is none."""
    (last,) = connection.execute("SELECT coalesce(max(document), 0) FROM documents").fetchone()
    return int(last)


def count(connection: sqlite3.Connection) -> int:
    """How many documents are stored."""
    (total,) = connection.execute("SELECT count(*) FROM documents").fetchone()
    return int(total)


def outlets(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """(outlet, documents), most first."""
    return connection.execute(
        "SELECT outlet, count(*) FROM documents WHERE outlet IS NOT NULL GROUP BY outlet ORDER BY 2 DESC, 1"
    ).fetchall()


def skipped_counts(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """(reason, how many were left out), most first."""
    return connection.execute(
        "SELECT reason, count(*) FROM skipped GROUP BY reason ORDER BY 2 DESC, 1"
    ).fetchall()


def of_outlet(connection: sqlite3.Connection, outlet: str) -> list[list[int]]:
    """The documents of an outlet, in lists of up to 500."""
    found = connection.execute(
        "SELECT document FROM documents WHERE outlet = ? ORDER BY document", [outlet]
    ).fetchall()
    return [[document for (document,) in found[i : i + 500]] for i in range(0, len(found), 500)]


def skipped(connection: sqlite3.Connection) -> Iterable[tuple[str, str, str]]:
    """(path with member, reason, detail) of everything that was left out, by path."""
    return connection.execute(
        "SELECT path || member, reason, detail FROM skipped JOIN files USING (file) ORDER BY path, member"
    )


def load_stories(
    connection: sqlite3.Connection, documents: Sequence[int], attributed: bool = True
) -> list[Story]:
    """The stories of these documents, in the order asked for; as last signed, or without attributions."""
    found = {row[0]: row[1:] for row in _select_stories(connection, documents)}
    return [_story(found[number], attributed) for number in documents]


def _select_stories(connection: sqlite3.Connection, documents: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    for begin in range(0, len(documents), 500):
        chunk = documents[begin : begin + 500]
        yield from connection.execute(
            f"SELECT document, {', '.join(rows.STORY_COLUMNS)}"
            " FROM documents JOIN texts USING (document) JOIN files USING (file)"
            f" WHERE document IN ({','.join('?' * len(chunk))})",
            chunk,
        )


_TEXT = rows.STORY_COLUMNS.index("text")


def _story(row: Sequence[Any], attributed: bool) -> Story:
    return rows.story_from((*row[:_TEXT], rows.unpack_text(row[_TEXT]), *row[_TEXT + 1 :]), attributed)


def _free_id(connection: sqlite3.Connection, new: NewDocument) -> str:
    """The document's public id. Where several places claim one id, the first of them by place keeps it.

    "First by place" and not "first come": the ids must not depend on the order of indexing.
    """
    wanted = new.read.id
    row = connection.execute("SELECT document, file, member FROM documents WHERE id = ?", [wanted]).fetchone()
    if row is None:
        return wanted
    holder, held_file, held_member = row
    place, held_from = (
        place_of(connection, new.file, new.read.member),
        place_of(connection, held_file, held_member),
    )
    if held_from < place:
        return second_id(wanted, place)
    rename(connection, holder, second_id(wanted, held_from))
    return wanted


def rename(connection: sqlite3.Connection, document: int, public_id: str) -> None:
    """Give a document another id; it is signed anew, as its place in the order of ids has changed."""
    connection.execute(
        "UPDATE documents SET id = ?, rank = ?, stage = ? WHERE document = ?",
        [public_id, rows.rank_of(public_id), Stage.SIGN, document],
    )


def inherit_id(connection: sqlite3.Connection, public_id: str) -> None:
    """Pass an id that has become free to the first by place of the documents that claimed it too."""
    claimants = connection.execute(
        "SELECT document, file, member FROM documents WHERE id > ? AND id < ?",
        [f"{public_id}{_SECOND}", f"{public_id}{_SECOND}g"],
    ).fetchall()
    if claimants:
        document, _, _ = min(claimants, key=lambda row: place_of(connection, row[1], row[2]))
        rename(connection, document, public_id)


_SECOND = "~"  # between an id and the hash of the place of a further document that claims it


def second_id(wanted: str, place: str) -> str:
    """The id of a document that is not the first by its place, ``root/path#member``, to claim ``wanted``."""
    return f"{wanted}{_SECOND}{xxhash.xxh32_hexdigest(place.encode())}"


def place_of(connection: sqlite3.Connection, file: int, member: str) -> str:
    """Where a document is, which says who comes first."""
    root, path = connection.execute(
        "SELECT root, path FROM files JOIN crawls USING (crawl) WHERE file = ?", [file]
    ).fetchone()
    return f"{root}/{path}{member}"
