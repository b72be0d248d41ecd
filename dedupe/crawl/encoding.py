"""Bytes of an unknown encoding to text in NFC.

UTF-8 is tried first, whatever the page declares: text in another encoding is almost never valid
UTF-8, while the declaration is often wrong. Then the declared encoding, then a detector. Every bare
detector takes UTF-8 with one damaged byte for something else, so a few damaged bytes are replaced.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

import orjson

# The encodings that browsers read under these names, supersets of what the names say.
SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "utf-16": "utf-16-le",
}
# What Python also calls encodings; some of them give no text, or half a surrogate pair.
_NO_CHARSETS = frozenset({
    "base64", "bz2", "hex", "idna", "punycode", "quopri", "raw-unicode-escape", "rot-13", "undefined",
    "unicode-escape", "utf-7", "uu", "zlib", "charmap", "mbcs", "oem",
})  # fmt: skip
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DAMAGED_ONE_IN = 500  # bytes: more damage than this, and it is no UTF-8
DETECT_BYTES = 64 * 2**10
_META_CHARSET = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{1,100}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]*>")  # up to the next sign: a tag without an end must not read on to the last
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``; ``declared`` is the encoding that a header names, if any.

    >>> decode("Łódź – naïve".encode("utf-8"), declared="iso-8859-1")
    'Łódź – naïve'
    >>> decode("Москва".encode("cp1251"), declared="windows-1251")
    'Москва'
    """
    for bom, name in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    if b"\x1b$" not in data[:DETECT_BYTES]:  # else ISO-2022, which is plain ASCII to a UTF-8 decoder
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return text if "\0" not in text[:256] else _with_nuls(data, text)
    return _decode_legacy(data, declared)


def _with_nuls(data: bytes, text: str) -> str:
    """UTF-16 without a mark shows NUL in every other byte of what is mostly ASCII."""
    head = data[:512]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head):
        return text
    return data.decode("utf-16-be" if even > odd else "utf-16-le", "replace")


def _decode_legacy(data: bytes, declared: str | None) -> str:
    head = data[:DETECT_BYTES]
    damaged = head.decode("utf-8", "replace").count("\ufffd")
    multibyte = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]", head))
    if damaged and damaged <= max(1, len(head) // DAMAGED_ONE_IN) and damaged <= multibyte:
        return data.decode("utf-8", "replace")
    for name in (declared, _declared_inside(data)):
        codec = _codec(name)
        if codec is not None and codec != "utf-8":
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                continue
    return data.decode(_detected(data), "replace")


def _declared_inside(data: bytes) -> str | None:
    head = data[:4096]
    match = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    return match[1].decode("ascii", "replace") if match else None


def _codec(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    return None if found in _NO_CHARSETS else SUPERSETS.get(found, found)


def _detected(data: bytes) -> str:
    """Detection looks at words, so markup, which is ASCII in every encoding, is taken out first."""
    import chardet

    sample = _MARKUP.sub(b" ", data[: 4 * DETECT_BYTES])[:DETECT_BYTES]
    found = chardet.detect(sample).get("encoding")
    return _codec(found) or "cp1252"


def is_binary(text: str) -> bool:
    """Is what was decoded no text at all? Random bytes have a control character in ten."""
    head = text[:4096]
    return len(_CONTROL.findall(head)) * 50 > len(head)


def codec_of(head: bytes) -> str:
    """The codec of a stream that begins with ``head``, for reading it on piece by piece."""
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        declared = _codec(_declared_inside(head))
        return declared if declared and declared != "utf-8" else _detected(head)
    return "utf-8"


def clean(text: str) -> str:
    r"""``text`` in NFC, with ``\n`` between lines, without what UTF-8 or a database cannot hold.

    >>> clean("one\r\ntwo\rthree\x00")
    'one\ntwo\nthree\ufffd'
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    try:
        # A fifth of the time that looking for surrogates takes, and unlike str.encode this leaves the UTF-8
        # with the text: whoever encodes it later is given a copy.
        orjson.dumps(text)
    except orjson.JSONEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
    if "\u2028" in text or "\u2029" in text or "\x85" in text:
        text = re.sub("[\u2028\u2029\x85]", "\n", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
