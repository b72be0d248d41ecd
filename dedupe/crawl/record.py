"""What a crawl file is split into before anything is parsed: small, immutable, cheap to pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

from dedupe.model import Skipped


class Kind(StrEnum):
    """How a payload is to be parsed."""

    HTML = "html"  # bytes of a page
    TEXT = "text"  # bytes of plain text, nothing but the article
    MARKDOWN = "markdown"
    PLAIN_PAGE = "plain page"  # text of a whole page, chrome included, as WET records hold it
    JSON = "json"  # bytes of one JSON object
    FIELDS = "fields"  # a mapping: a table row
    ITEM = "item"  # XML inside one item of a feed, in UTF-8
    MAIL = "mail"  # bytes of one message


_COUNTED = {Kind.JSON: "line", Kind.FIELDS: "row", Kind.ITEM: "item", Kind.MAIL: "message"}


@dataclass(frozen=True, slots=True)
class Record:
    """One document to be, as the crawl holds it.

    ``seen_at`` is when the crawl fetched it, where it says so, else the file's time of change.
    ``url``, ``charset``, ``status``, ``content_type`` and ``digest`` are what the crawl recorded beside
    the page, or None; ``coding`` is what the server did to the payload: ``gzip, chunked``.
    """

    path: str
    member: str
    kind: Kind
    payload: bytes | Mapping[str, Any]
    seen_at: str | None = None
    url: str | None = None
    charset: str | None = None
    status: int | None = None
    digest: str | None = None
    coding: str | None = None
    content_type: str | None = None

    def __reduce__(self) -> tuple[type[Record], tuple[object, ...]]:
        # The pickling that dataclasses give frozen slotted classes costs three times as much.
        return Record, (
            self.path,
            self.member,
            self.kind,
            self.payload,
            self.seen_at,
            self.url,
            self.charset,
            self.status,
            self.digest,
            self.coding,
            self.content_type,
        )

    @property
    def size(self) -> int:
        """Bytes of the payload; of a table row a guess, since rows are small."""
        return len(self.payload) if isinstance(self.payload, bytes) else 1024

    @property
    def place(self) -> str:
        """Where a person finds it: ``news.jsonl line 12``, ``page.html``."""
        if self.member[1:].isdigit() and self.kind in _COUNTED:
            return f"{self.path} {_COUNTED[self.kind]} {self.member[1:]}"
        return self.path + self.member

    @property
    def folders(self) -> str:
        """The path that tells whose it is: the file's, or in an archive with folders its own there."""
        inner = self.member.split("#")[1] if self.member else ""
        return inner if "/" in inner else self.path


@dataclass(frozen=True, slots=True)
class Source:
    """A stream of a crawl file: what all records out of it have in common.

    ``member`` is the place of the stream in its file: empty, or ``#a/b.html`` for what stands in an
    archive; the place of a record in the stream is put behind it.
    """

    path: str
    member: str
    seen_at: str

    def record(self, member: str, kind: Kind, payload: bytes | Mapping[str, Any]) -> Record:
        """A record with nothing but its payload."""
        return Record(self.path, self.member + member, kind, payload, self.seen_at)

    def whole(self, stream: BinaryIO, kind: Kind, limit: int) -> Record | Skipped:
        """All that is left of the stream as one record, unless it is more than ``limit`` bytes."""
        payload = stream.read(limit + 1)
        if len(payload) > limit:
            return self.skipped("", "too large", f"more than {limit} bytes")
        return self.record("", kind, payload)

    def skipped(self, member: str, reason: str, detail: str = "") -> Skipped:
        """The notice that a record, or with no ``member`` the stream, is left out."""
        return Skipped(self.path, self.member + member, reason, detail)
