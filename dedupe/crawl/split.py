"""Crawl file -> records: opening, decompressing and splitting, without parsing a document.

Runs in the main process, so it must be cheap and must survive anything: whatever is wrong with a file
becomes a :class:`~dedupe.model.Skipped`, and what was read before the fault stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from dedupe.config import CrawlConfig
from dedupe.crawl.archives import tar_members, zip_members
from dedupe.crawl.arrays import json_items
from dedupe.crawl.columns import arrow_rows, parquet_rows
from dedupe.crawl.dates import moment
from dedupe.crawl.feeds import feed_items
from dedupe.crawl.files import CrawlFile, Format, name_parts
from dedupe.crawl.lines import json_lines
from dedupe.crawl.mail import mbox_messages
from dedupe.crawl.record import Kind, Record, Source
from dedupe.crawl.streams import DAMAGE, damage, open_file
from dedupe.crawl.tables import csv_rows
from dedupe.crawl.warc import wacz_records, warc_records
from dedupe.model import Skipped

Splitter = Callable[[BinaryIO, Source, CrawlConfig], Iterator[Record | Skipped]]
FAILED = "failed"  # the reason that workers give too for what nobody has foreseen
# What holds one document a file.
WHOLE = {Format.HTML: Kind.HTML, Format.TEXT: Kind.TEXT, Format.MARKDOWN: Kind.MARKDOWN}


def records(file: CrawlFile, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The records of one file, in their order in it. Nothing raises for bad content."""
    source = Source(file.name, "", moment(file.mtime_ns / 1e9))
    format_, compression = name_parts(file.name)
    try:
        with _opened(file, format_, compression) as stream:
            yield from split(stream, format_, source, config)
    except DAMAGE as error:
        yield source.skipped("", *damage(error))
    except Exception as error:  # what no parser says it raises: one file must not end a run
        yield source.skipped("", FAILED, f"{type(error).__name__}: {error}")


def _opened(file: CrawlFile, format_: Format | None, compression: str) -> BinaryIO:
    """An archive as it is: fastwarc decompresses twice as fast, needs the members' offsets, has a buffer."""
    return file.path.open("rb") if format_ is Format.WARC else open_file(file.path, compression)


def split(
    stream: BinaryIO, format_: Format | None, source: Source, config: CrawlConfig
) -> Iterator[Record | Skipped]:
    """The records of a plain stream in the given format."""
    if format_ in WHOLE:
        yield source.whole(stream, WHOLE[format_], config.max_document_bytes)
        return
    splitter = SPLITTERS.get(format_) if format_ else None
    if splitter is None:
        yield source.skipped("", "unknown format")
    else:
        yield from splitter(stream, source, config)


SPLITTERS: dict[Format, Splitter] = {
    Format.LINES: json_lines,
    Format.JSON: json_items,
    Format.CSV: csv_rows,
    Format.PARQUET: parquet_rows,
    Format.ARROW: arrow_rows,
    Format.WARC: warc_records,
    Format.WACZ: wacz_records,
    Format.FEED: feed_items,
    Format.MBOX: mbox_messages,
    Format.TAR: partial(tar_members, split=split),
    Format.ZIP: partial(zip_members, split=split),
}
