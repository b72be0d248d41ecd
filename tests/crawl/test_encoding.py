"""Bytes to text: what is declared, what is there, and what a database can hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.crawl.encoding import clean, decode, is_binary

SAMPLES = {
    "utf-8": "Café Łódź – „Straße“ и Москва",
    "cp1251": "Порт Сельма снова открыт после шторма, сообщили власти города в понедельник.",
    "cp1252": "Le port a rouvert après la tempête, a déclaré l’autorité portuaire à la mairie.",
    "shift_jis": "嵐で閉鎖されていた港が月曜日に再開したと当局者が述べた。",
    "euc_kr": "폭풍으로 폐쇄되었던 항구가 월요일에 다시 열렸다고 당국이 밝혔다.",
    "gb18030": "因风暴关闭九天的港口周一重新开放，官员们说。",
    "utf-16": "The harbour reopened on Monday, officials said, after nine days.",
    "iso2022_jp": "嵐で閉鎖されていた港が月曜日に再開したと当局者が述べた。",
}


@pytest.mark.parametrize("codec", SAMPLES)
def test_the_declared_encoding_is_read(codec: str) -> None:
    assert decode(SAMPLES[codec].encode(codec), codec) == SAMPLES[codec]


@pytest.mark.parametrize("codec", ["cp1251", "shift_jis", "euc_kr", "gb18030", "iso2022_jp"])
def test_an_undeclared_encoding_is_detected(codec: str) -> None:
    text = SAMPLES[codec] * 4
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "shift_jis", "nonsense", ""])
def test_utf8_is_read_whatever_is_declared(declared: str) -> None:
    page = f'<meta charset="{declared}">' + SAMPLES["utf-8"]
    assert decode(page.encode(), declared) == page


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    data = (SAMPLES["utf-8"] * 20).encode()
    assert decode(data[:50] + b"\xff" + data[50:]).count("\ufffd") <= 2


def test_a_page_that_says_utf8_and_is_not_is_read() -> None:
    page = '<meta charset="utf-8"><p>' + SAMPLES["cp1251"] * 3
    assert SAMPLES["cp1251"] in decode(page.encode("cp1251"))


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_seen(codec: str) -> None:
    assert decode(SAMPLES["utf-16"].encode(codec)) == SAMPLES["utf-16"]


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "utf-8", "cp1252", "utf-16", "rot13", "idna", "unicode_escape", "utf-7"]),
)
def test_any_bytes_become_text(data: bytes, declared: str | None) -> None:
    clean(decode(data, declared)).encode("utf-8")


@given(st.text(max_size=200) | st.text(st.characters(categories=["Cs", "Lu", "Mn"]), max_size=50))
def test_clean_text_is_nfc_with_plain_line_ends(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set(cleaned) & set("\r\0\u2028\u2029\x85")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "binary"),
    [("Plain words.\n\tIndented.", False), ("\x00\x01\x02PNG" * 30, True), ("", False)],
    ids=["text", "binary", "nothing"],
)
def test_binary_content_is_recognised(text: str, binary: bool) -> None:
    assert is_binary(text) is binary
