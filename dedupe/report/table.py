"""CSV after RFC 4180, one row a document (or a pair), with cells that cannot become formulas.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break, and the
full-width forms of those signs (OWASP, "CSV Injection"). Such a text gets an apostrophe in front,
and so does a text that begins with apostrophes and then such a sign: :func:`unguarded` can take
exactly one away again. Numbers are not texts and stay as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from typing import BinaryIO

import orjson

from dedupe.report.record import Record

_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def guarded(text: str) -> str:
    """
    >>> guarded("=HYPERLINK(...)"), guarded("'=1"), guarded("a = b")
    ("'=HYPERLINK(...)", "''=1", 'a = b')
    """
    return "'" + text if text.lstrip("'").startswith(_STARTS_A_FORMULA) else text


def unguarded(cell: str) -> str:
    """The text that :func:`guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_STARTS_A_FORMULA) else cell


def cell(value: object) -> str:
    """A value as CSV text: None is empty, booleans are true and false, lists are JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return guarded(value)
        case _:
            return orjson.dumps(value).decode()


def write_table(rows: Iterable[Record], columns: Collection[str], stream: BinaryIO) -> None:
    """A header, then a line for each row, ended by CR LF, in UTF-8."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([cell(row[column]) for column in columns] for row in rows)
    finally:
        text.detach()
