"""What fuzzing begins with holds, and so does what it found; ``scripts/fuzz`` goes on from here."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from fuzz_seeds import ARCHIVE_FILES, COLUMN_FILES, ITEM, RECORD_FILES, chosen, column_seeds
from fuzz_targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_hold(name: str) -> None:
    for seed in TARGETS[name].seeds():
        TARGETS[name].check(seed)


def nameless_zip() -> bytes:
    """A member without a name: its last character was asked for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("", (2024, 2, 5, 8, 30, 0)), b"A story.")
    return chosen(ARCHIVE_FILES, "a.zip", buffer.getvalue())


def misnamed_zip() -> bytes:
    """A member whose name is said to be UTF-8, and is none."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("é.txt", (2024, 2, 5, 8, 30, 0)), b"A story.")
    return chosen(ARCHIVE_FILES, "a.zip", buffer.getvalue().replace("é".encode(), b"\xba\xba"))


def misnamed_arrow() -> bytes:
    """A column whose name is no UTF-8."""
    return column_seeds()[1].replace(b"author", b"aut\x95or")


def backward_arrow() -> bytes:
    """Offsets of strings that run backwards, of which pyarrow makes a string of negative length."""
    data = bytearray(column_seeds()[1])
    first = struct.pack("<ii", 0, len("selma-1"))
    at = data.find(first)
    assert at > 0
    data[at : at + 8] = struct.pack("<ii", 2**30, -(2**30))
    return bytes(data)


FOUND: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a zip member without a name": ("archives", nameless_zip),
    "a zip member whose name is in no encoding": ("archives", misnamed_zip),
    "an arrow column whose name is in no encoding": ("columns", misnamed_arrow),
    "arrow offsets that run backwards": ("columns", backward_arrow),
    "a feed cut in a tag": ("records", lambda: chosen(RECORD_FILES, "a.rss", f"<rss>{ITEM}<item a")),
    "not a table": ("columns", lambda: chosen(COLUMN_FILES, "a.parquet", b"PAR1" + bytes(16) + b"PAR1")),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_holds(name: str) -> None:
    target, make = FOUND[name]
    TARGETS[target].check(make())
