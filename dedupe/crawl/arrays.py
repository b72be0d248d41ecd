"""``.json`` files: one object, an array of objects, an object that holds such an array, or JSON Lines.

Items of an array are found with the standard library's scanner over a window that grows as needed, so
one item and one chunk are in memory, however large the file. A malformed item costs what lies between
it and the next place that looks like the beginning of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from dedupe.config import CrawlConfig
from dedupe.crawl.lines import TOO_DEEP, json_lines, utf8
from dedupe.crawl.record import Kind, Record, Source
from dedupe.crawl.window import CHUNK, Window
from dedupe.model import Skipped

ARRAY_KEYS = (
    "articles",
    "documents",
    "items",
    "records",
    "results",
    "data",
    "stories",
    "pages",
    "rows",
    "news",
)
_ARRAY_KEY = re.compile(rf'"(?:{"|".join(ARRAY_KEYS)})"\s*:\s*\[\s*(?=[{{\]])')
_SPACE = re.compile(r"[\s,]*")
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")


def json_items(stream: BinaryIO, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The objects of a ``.json`` file, member ``#3`` for the third item of an array."""
    buffered = utf8(stream)
    head: bytes = buffered.peek(CHUNK)  # type: ignore[attr-defined]
    opening = head.lstrip()[:1]
    if opening == b"[":
        window = Window(buffered)
        window.skip(re.compile(r"\["))
        yield from _items(window, source, config)
    elif opening == b"{":
        yield from _object(buffered, head, source, config)
    else:
        yield source.skipped("", "malformed JSON", f"{source.path}: neither an object nor an array")


def _object(stream: BinaryIO, head: bytes, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """A file that begins with an object: a document, the wrapping of an array, or the first line of many."""
    first, line_end, rest = head.partition(b"\n")
    if line_end and rest.lstrip()[:1] == b"{" and _is_json(first):
        yield from json_lines(stream, source, config)
        return
    match = _ARRAY_KEY.search(head.decode("utf-8", "replace"))
    if match is None:
        yield source.whole(stream, Kind.JSON, config.max_document_bytes)
        return
    window = Window(stream)
    window.skip(_ARRAY_KEY)
    yield from _items(window, source, config)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _items(window: Window, source: Source, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """The items from inside an array to its end."""
    decoder = json.JSONDecoder(strict=False)
    number = 0
    while True:
        window.at = _SPACE.match(window.text, window.at).end()  # type: ignore[union-attr]
        if window.at >= len(window.text):
            if window.ended:
                yield source.skipped(f"#{number + 1}", "truncated", "the array has no end")
                return
            window.grow()
            continue
        if window.text[window.at] == "]":
            return
        item = _item(window, decoder, config.max_document_bytes)
        number += 1
        if isinstance(item, bytes):
            yield source.record(f"#{number}", Kind.JSON, item)
            continue
        yield source.skipped(f"#{number}", *item)
        if not window.skip(_NEXT_ITEM):
            return


def _item(window: Window, decoder: json.JSONDecoder, limit: int) -> bytes | tuple[str, str]:
    """The next item as bytes, or the reason and the detail why there is none."""
    while True:
        try:
            end = decoder.raw_decode(window.text, window.at)[1]
        except RecursionError:
            return "malformed JSON", TOO_DEEP
        except ValueError as error:
            if window.ended:
                return "malformed JSON", str(error)
            if len(window.text) - window.at > limit:
                return "too large", f"an item of more than {limit} characters, or no end of one"
            if _is_malformed(window, error):
                return "malformed JSON", str(error)
            window.grow()
            continue
        item = window.text[window.at : end]
        window.at = end
        window.settle()
        return item.encode("utf-8", "replace")


def _is_malformed(window: Window, error: Exception) -> bool:
    """Is the fault so far from the window's end that more text would not mend it?"""
    position = getattr(error, "pos", len(window.text))
    unterminated = "Unterminated" in str(error)
    return not unterminated and position < len(window.text) - 64
