"""Nouns <-> the columns they are kept in. No SQL here, no effects."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
import xxhash
import zstandard

from dedupe.model import Attribution, AttributionKind, Document, Evidence, Passage, Removed, Story, blanked

# 46 % of UTF-8 on news text, as small as deflate's level 6. Level 3 is 1 % smaller and half as slow again.
TEXT_COMPRESSION = 1


# The columns of `documents` that are what was read, in the order of `ReadDocument.columns`.
COLUMNS = (
    "source_id", "url", "outlet", "title", "byline", "published_at", "published_from", "seen_at", "language",
    "status", "content_type", "digest", "claims",
)  # fmt: skip
_SEEN = COLUMNS.index("seen_at")

# What a story is made of, in the order in which :func:`story_from` takes it; `id` is the public one.
STORY_COLUMNS = (
    "claims", "removed", "attributions", "text", "path", "member", "id", "url", "outlet", "title", "byline",
    "published_at", "published_from", "seen_at", "language", "status", "content_type", "digest",
)  # fmt: skip


class SignedStory(NamedTuple):
    """What cleaning and signing found of one document: its columns, and its postings.

    ``furniture`` is :func:`dedupe.store.furniture.fingerprint` of the lines that were taken for furniture,
    ``keys`` the stored posting keys of the story, int64 as bytes. Tuples and bytes, since a process sends
    one for each document.
    """

    shingles: int
    removed: str | None
    attributions: str | None
    furniture: int
    keys: bytes


class ReadDocument(NamedTuple):
    """A parsed document, ready to be stored: what a reading worker sends to the writer.

    ``text`` is compressed. ``content`` is a 63-bit hash of every field of the document but its place and
    ``seen_at``: a record that was read again and did not change is left alone. ``line_keys``, int64 as
    bytes, and ``title_key``, 63 bits: for learning furniture.
    """

    id: str
    member: str
    columns: tuple[str | int | None, ...]
    text: bytes
    content: int
    title_key: int
    line_keys: bytes
    signed: SignedStory


def read_document(document: Document, title_key: int, line_keys: bytes, signed: SignedStory) -> ReadDocument:
    """Compress the text and hash the content."""
    text = document.text.encode()
    columns = columns_of(document)
    return ReadDocument(
        document.id, document.member, columns, pack_text(text), content_of(columns, text),
        title_key, line_keys, signed,
    )  # fmt: skip


def columns_of(document: Document) -> tuple[str | int | None, ...]:
    """What was read of a document, in the order of COLUMNS."""
    return (
        document.source_id, document.url, document.outlet, document.title, document.byline,
        document.published_at, document.published_from, document.seen_at, document.language,
        document.status, document.content_type, document.digest, pack_attributions(document.claims),
    )  # fmt: skip


def content_of(columns: tuple[str | int | None, ...], text: bytes) -> int:
    """The 63-bit hash by which a document that was read again is known to be the same."""
    told = columns[:_SEEN] + columns[_SEEN + 1 :]
    return xxhash.xxh3_64_intdigest(orjson.dumps(told) + text) >> 1


class DamagedText(sqlite3.DatabaseError):
    """A text that cannot be unpacked: the same to its reader as a page that SQLite cannot read."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    sqlite_errorname = "SQLITE_CORRUPT"


class _Texts(threading.local):
    """Compresses and decompresses texts. One for all texts of a thread: making one takes longer than a
    text of 3 KB does, and two threads cannot use one at once."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(TEXT_COMPRESSION).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_texts = _Texts()


def pack_text(text: bytes) -> bytes:
    """UTF-8 as it stands in one row of `texts`."""
    return _texts.compress(text)


FRAME_HEAD = 18  # bytes at the beginning of a packed text, in which its size stands (RFC 8878, 3.1.1.1)


def text_bytes(head: bytes | None) -> int:
    """The size in UTF-8 of a text, from the first FRAME_HEAD bytes of what it is packed as.

    Raises:
        DamagedText: it is not what was packed.
    """
    try:
        return zstandard.frame_content_size(head or b"")
    except zstandard.ZstdError as error:
        raise DamagedText(f"a text cannot be unpacked: {error}") from error


def unpack_text(blob: bytes) -> str:
    """The text of one row of `texts`.

    Raises:
        DamagedText: it is not what was packed.
    """
    try:
        return _texts.decompress(blob).decode()
    except (zstandard.ZstdError, UnicodeDecodeError, MemoryError) as error:  # the size it claims may be any
        raise DamagedText(f"a text cannot be unpacked: {error}") from error


def rank_of(public_id: str) -> int:
    """A 63-bit hash of the id: an order of documents that does not depend on when they came."""
    return xxhash.xxh3_64_intdigest(public_id.encode()) >> 1


def pack_attributions(attributions: tuple[Attribution, ...]) -> str | None:
    """JSON for the columns `claims` and `attributions`; None for none.

    What stands in the page's metadata has no place in the text, and is often not known by another name:
    what is None at the end of a claim is left out.
    """
    if not attributions:
        return None
    return _json([_claim(each) for each in attributions])


def _claim(claim: Attribution) -> tuple[object, ...]:
    if claim.begin is not None or claim.end is not None:
        return claim.kind, claim.text, claim.source, claim.name, claim.begin, claim.end
    if claim.name is not None:
        return claim.kind, claim.text, claim.source, claim.name
    return claim.kind, claim.text, claim.source


def unpack_attributions(packed: str | None) -> tuple[Attribution, ...]:
    """The inverse of :func:`pack_attributions`."""
    if packed is None:
        return ()
    return tuple(_attribution(*fields) for fields in orjson.loads(packed))


def _attribution(
    kind: str,
    text: str,
    source: str,
    name: str | None = None,
    begin: int | None = None,
    end: int | None = None,
) -> Attribution:
    return Attribution(AttributionKind(kind), text, name, begin, end, source)


def pack_removed(removed: tuple[Removed, ...]) -> str | None:
    """JSON for the column `removed`; None for none."""
    return _json([(r.begin, r.end, r.reason) for r in removed]) if removed else None


def unpack_removed(packed: str | None) -> tuple[Removed, ...]:
    """The inverse of :func:`pack_removed`."""
    return () if packed is None else tuple(Removed(*part) for part in orjson.loads(packed))


def pack_passages(passages: tuple[Passage, ...]) -> str:
    """JSON for the column `passages`."""
    return _json([(*p.a, *p.b) for p in passages])


def unpack_passages(packed: str) -> tuple[Passage, ...]:
    """The inverse of :func:`pack_passages`."""
    return tuple(Passage((ab, ae), (bb, be)) for ab, ae, bb, be in orjson.loads(packed))


def pack_evidence(evidence: tuple[Evidence, ...]) -> str:
    """JSON for the column `evidence`."""
    return _json([(e.kind, e.document, e.text, e.weight) for e in evidence])


def unpack_evidence(packed: str) -> tuple[Evidence, ...]:
    """The inverse of :func:`pack_evidence`."""
    return tuple(Evidence(*fields) for fields in orjson.loads(packed))


def story_of(document: Document, removed: str | None, attributions: str | None) -> Story:
    """The story as its columns describe it."""
    parts = unpack_removed(removed)
    return Story(document, blanked(document.text, parts), parts, unpack_attributions(attributions))


def story_from(row: Sequence[Any], attributed: bool = True) -> Story:
    """The story of STORY_COLUMNS; without its claims and attributions where nobody asks for them.

    `id` goes to ``source_id``: among other documents the public id is the document's name.
    """
    claims, removed, attributions, text, path, member, *named, status, content_type, digest = row
    said = unpack_attributions(claims) if attributed else ()
    fields = (path, member, text, *named, said, status, content_type, digest)
    return story_of(Document(*fields), removed, attributions if attributed else None)


def _json(value: object) -> str:
    """As text, because SQLite takes a blob for its own binary JSON and refuses it."""
    return orjson.dumps(value).decode()
