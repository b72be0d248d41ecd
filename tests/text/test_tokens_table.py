"""The fold table: it is what its rule says, and the tokeniser's kernel may rely on what it relies on."""

from __future__ import annotations

import unicodedata

import pytest
import reference

from dedupe.text.fold import DROPPED_MARK, MARK, SEPARATOR, SILENT, SINGLE, WORD, FoldTable, fold_table
from dedupe.text.fold_kernels import ASCII_WIDTH, LIGATURE_WIDTH, OTHER_WIDTH, SMALL


def expected(char: str) -> tuple[int, str]:
    """Kind and folded form from the reference."""
    if reference.is_silent(char):
        return SILENT, ""
    if not reference.is_mark(char) and not reference.is_word_character(char):
        return SEPARATOR, ""
    folded = reference.fold(char)
    if not folded:
        return DROPPED_MARK, ""
    if all(map(reference.is_mark, folded)):
        return MARK, folded
    single = any(reference.among(c, reference.UNSPACED) for c in folded)
    return (SINGLE if single else WORD), folded


@pytest.fixture(scope="module")
def table() -> FoldTable:
    return fold_table()


def test_table_follows_from_unicodedata(table: FoldTable) -> None:
    if table.unicode_version != unicodedata.unidata_version:
        pytest.skip(f"table of Unicode {table.unicode_version}, Python has {unicodedata.unidata_version}")
    differing = [point for point in range(0x110000) if table.fold(point) != expected(chr(point))]
    assert [f"U+{point:04X}" for point in differing] == []


def test_ascii_is_letters_digits_the_apostrophe_and_separators(table: FoldTable) -> None:
    """The kernel decides ASCII by itself."""
    for point in range(0x80):
        char = chr(point)
        kind = (WORD, char.lower()) if char.isalnum() else (SILENT if char == "'" else SEPARATOR, "")
        assert table.fold(point) == kind


def test_folded_forms_fit_the_room_that_is_made_for_them(table: FoldTable) -> None:
    for point in range(0x110000):
        room = len(table.fold(point)[1].encode()) + 1
        units = 1 if point < 0x10000 else 2
        if 0xFDF0 <= point <= 0xFDFF:
            assert room <= LIGATURE_WIDTH
        else:
            assert room <= units * (ASCII_WIDTH if point < 0x80 else OTHER_WIDTH)


def test_folded_forms_of_the_first_code_points_fit_a_word(table: FoldTable) -> None:
    assert max(len(table.fold(point)[1].encode()) for point in range(SMALL)) <= 7


def test_fingerprint_tells_tables_apart(table: FoldTable) -> None:
    assert len(table.fingerprint) == 16
    int(table.fingerprint, 16)
