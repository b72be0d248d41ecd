"""Mbox files of newsletters: a message is a document, its sender the byline.

Read as a stream: messages are told apart by their ``From `` lines, as mboxrd has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.fields import Page, document_of_fields
from dedupe.crawl.lines import is_binary_stream, utf8
from dedupe.crawl.record import Kind, Record, Source
from dedupe.model import Document, Skipped


def mbox_messages(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The messages of a mailbox, member ``#3`` for the third."""
    stream = utf8(stream)
    if is_binary_stream(stream):
        yield source.skipped("", "not text")
        return
    for number, message in enumerate(_messages(stream, config.max_document_bytes), 1):
        if len(message) > config.max_document_bytes:
            yield source.skipped(f"#{number}", "too large", f"more than {config.max_document_bytes} bytes")
        else:
            yield source.record(f"#{number}", Kind.MAIL, message)


def _messages(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """The bytes of each message, cut off behind ``limit``."""
    lines: list[bytes] = []
    size = 0
    previous = b"\n"
    while line := stream.readline(2**20):
        if line.startswith(b"From ") and not previous.strip():
            if lines:
                yield b"".join(lines)
            lines, size = [], 0
        elif size <= limit:
            lines.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
            size += len(line)
        previous = line
    if lines:
        yield b"".join(lines)


def document_of_mail(record: Record, config: CrawlConfig, page: Page) -> Document | Skipped:
    """One message -> Document, in the process that may be killed over it: some headers take the email
    package hours."""
    assert isinstance(record.payload, bytes)
    try:
        fields = _fields(record.payload)
    except Exception as error:  # the email package on broken mail: errors of every kind
        return Skipped(record.path, record.member, "damaged", f"{type(error).__name__}: {error}")
    return document_of_fields(record, fields, config, page)


def _fields(data: bytes) -> dict[str, str]:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html", "plain"))
    content = part.get_content() if part is not None else ""
    name, address = parseaddr(str(message["from"] or ""))
    markup = part is not None and part.get_content_type() == "text/html"
    fields = {
        "title": str(message["subject"] or ""),
        "date": str(message["date"] or ""),
        "author": name,
        "source": address.rpartition("@")[2],
        "html" if markup else "text": content,
    }
    return {key: value for key, value in fields.items() if value}
