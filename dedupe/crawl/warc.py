"""WARC, WET and WACZ: crawls as archives keep them.

fastwarc reads; ``quirks_mode`` because without it a header with bare line feeds or a wrong length ends
the file, ``auto_decode="none"`` because its own decoding ends the iteration silently at some records:
chunks and compression are undone by the parser, in the worker. After a damaged member reading goes on
at the next one. A record's member is its offset in the file (``#2074``), as an index of the archive has it.
In an archive that was compressed as a whole all records have one offset: the further ones are counted
(``#0.1``).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.dates import utc
from dedupe.crawl.record import Kind, Record, Source
from dedupe.crawl.streams import ZIP_DAMAGE, seekable
from dedupe.model import Skipped

if TYPE_CHECKING:
    from fastwarc.warc import HeaderMap, WarcRecord

CHUNK = 2**20
CONVERSION, REVISIT = 128, 64  # fastwarc's numbers for these types of record
MAGICS = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/1.")
KINDS = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/plain": Kind.TEXT,
    "text/markdown": Kind.MARKDOWN,
}
_CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]*\r?\n")


def warc_records(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The pages of an archive. ``stream`` may be compressed; fastwarc sees to that."""
    stream = seekable(stream)
    magic = _magic_of(stream)
    position: int | None = 0
    while position is not None:
        stream.seek(position)
        at = position
        try:
            lost = False
            for offset, member, record in pages_from(stream, position):
                at = offset
                read = _record(record, member, source, config)
                yield read
                lost = isinstance(read, Skipped) and read.reason in ("truncated", "too large")
                if lost:
                    break
            if not lost:
                return
        except OSError as error:
            yield source.skipped(f"#{at}", "damaged", f"{source.path} at or behind byte {at}: {error}")
        position = _find(stream, magic, at + 1)


def pages_from(
    stream: BinaryIO, begin: int, parse_http: bool = True
) -> Iterator[tuple[int, str, WarcRecord]]:
    """(offset, member, record) of the pages and revisits from an offset on. ``stream`` stands there.

    Raises:
        OSError: what comes next is damaged.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = (
        WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion | WarcRecordType.revisit
    )
    last, further = -1, 0
    archive = ArchiveIterator(
        stream, record_types=wanted, quirks_mode=True, auto_decode="none", parse_http=parse_http
    )
    for record in archive:
        at = begin + record.stream_pos
        further = further + 1 if at == last else 0
        last = at
        yield at, f"#{at}.{further}" if further else f"#{at}", record


def _magic_of(stream: BinaryIO) -> bytes:
    """How members of this archive begin."""
    head = stream.read(8)
    return next((magic for magic in MAGICS if head.startswith(magic)), MAGICS[-1])


def _find(stream: BinaryIO, magic: bytes, begin: int) -> int | None:
    """The offset of the next ``magic`` from ``begin`` on."""
    stream.seek(begin)
    held = b""
    while data := stream.read(CHUNK):
        window = held + data
        found = window.find(magic)
        if found >= 0:
            return begin + found
        held = window[-len(magic) + 1 :]
        begin += len(window) - len(held)
    return None


def _record(record: WarcRecord, member: str, source: Source, config: CrawlConfig) -> Record | Skipped:
    """One archived page, still as the server sent it."""
    # Every look into fastwarc's headers crosses into another language: each is made once.
    headers, http = record.headers, record.http_headers
    url, kind = headers.get("WARC-Target-URI"), int(record.record_type)
    if kind == REVISIT:
        return source.skipped(member, "revisit", _unchanged(record))
    content_type = _content_type(headers if http is None else http)
    parsed_as = Kind.PLAIN_PAGE if kind == CONVERSION else KINDS.get(content_type or "")
    if parsed_as is None:
        told = content_type or "without a content type"
        return source.skipped(member, "not a page", f"{url} {told}")
    expected = record.content_length
    if expected > config.max_document_bytes:
        return source.skipped(member, "too large", f"{url} {expected} bytes")
    payload = record.reader.read() if record.reader is not None else b""
    if len(payload) < expected:
        return source.skipped(member, "truncated", f"{url} {len(payload)} of {expected} bytes")
    return Record(
        source.path,
        source.member + member,
        parsed_as,
        payload,
        seen_at=utc(headers.get("WARC-Date")) or source.seen_at,
        url=url.strip("<>") if url else None,
        charset=record.http_charset if http is not None else None,
        status=http.status_code if http is not None else None,
        digest=_digest(headers, is_block=http is None),
        coding=_coding(http) if http is not None else None,
        content_type=content_type,
    )


def _content_type(headers: HeaderMap) -> str | None:
    """What the server said, or for a resource the archive."""
    value = headers.get("Content-Type")
    return value.partition(";")[0].strip().lower() if value else None


def _unchanged(record: WarcRecord) -> str:
    """What a revisit says: which page was the same again, since when, and the digest to find it by.

    The page itself stands in the record referred to, here or in another archive of the crawl.
    """
    told = (
        ("unchanged at", "WARC-Date"),
        ("since", "WARC-Refers-To-Date"),
        ("when it was", "WARC-Refers-To-Target-URI"),
        ("digest", "WARC-Payload-Digest"),
    )
    url = record.headers.get("WARC-Target-URI")
    found = [(word, record.headers.get(name)) for word, name in told]
    words = [f"{word} {value.strip('<>')}" for word, value in found if value and value != url]
    return " ".join([url.strip("<>") if url else "a page without a URL", *words])


def _digest(headers: HeaderMap, is_block: bool) -> str | None:
    """The payload's; where no HTTP headers stand before it, the block is the payload."""
    found = headers.get("WARC-Payload-Digest")
    return headers.get("WARC-Block-Digest") if found is None and is_block else found


def _coding(http: HeaderMap) -> str | None:
    codings = (http.get("Content-Encoding"), http.get("Transfer-Encoding"))
    return ", ".join(coding.lower() for coding in codings if coding) or None


def decoded(record: Record, limit: int) -> Record:
    """The record with chunks and compression undone, as far as they are there.

    Archives keep headers that no longer hold of the body they stored, so each coding is undone only
    where the body has it.
    """
    if record.coding is None or not isinstance(record.payload, bytes):
        return record
    payload = record.payload
    if "chunked" in record.coding:
        payload = _unchunked(payload)
    return replace(record, payload=_inflated(payload, record.coding, limit), coding=None)


def _unchunked(data: bytes) -> bytes:
    """The body of HTTP chunks, or ``data`` where it has none."""
    parts = []
    at = 0
    while match := _CHUNK_SIZE.match(data, at):
        size = int(match[1], 16)
        if size == 0:
            break
        parts.append(data[match.end() : match.end() + size])
        at = match.end() + size
        if at > len(data):
            break
    else:
        return b"".join(parts) if parts and at >= len(data) else data
    return b"".join(parts) if parts or match else data


def _inflated(data: bytes, coding: str, limit: int) -> bytes:
    """``data`` decompressed up to ``limit`` bytes, or as it is where it is not compressed."""
    if data[:2] == b"\x1f\x8b":
        window = zlib.MAX_WBITS | 16
    elif "deflate" in coding and data[:1] == b"\x78":
        window = zlib.MAX_WBITS
    else:
        return data
    try:
        return zlib.decompressobj(window).decompress(data, limit)
    except zlib.error:
        return data


def wacz_records(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The archives inside a WACZ file, which is a zip file."""
    try:
        with zipfile.ZipFile(seekable(stream)) as archive:
            for name in sorted(archive.namelist()):
                if name.startswith("archive/") and name.endswith((".warc", ".warc.gz", ".warc.zst")):
                    inner = replace(source, member=f"{source.member}#{name}")
                    with archive.open(name) as member:
                        yield from warc_records(member, inner, config)  # type: ignore[arg-type]
    except ZIP_DAMAGE as error:
        yield source.skipped("", "damaged", str(error))
