"""Text -> tokens: what the tokens of a text are, and that both forms and the reference agree."""

from __future__ import annotations

import unicodedata
from dataclasses import fields

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from unicode_texts import BATCHES, TEXTS

from dedupe.model import Tokens
from dedupe.text import tokenize, tokenize_plain


def read(tokens: Tokens, text: int = 0) -> list[reference.Token]:
    """The tokens of one text of a batch, as the reference gives them."""
    folded = tokens.folded.tobytes()
    return [
        (
            folded[tokens.byte_begin[k] : tokens.byte_end[k]].decode(),
            int(tokens.char_begin[k]),
            int(tokens.char_end[k]),
        )
        for k in range(tokens.first[text], tokens.first[text + 1])
    ]


def words(text: str) -> list[str]:
    return [folded for folded, _, _ in read(tokenize_plain([text]))]


EXAMPLES = {
    "case": ("The PORT reopens", ["the", "port", "reopens"]),
    "punctuation separates": ("U.S.-led, 3,400.5%", ["u", "s", "led", "3", "400", "5"]),
    "apostrophe joins": ("Don't don’t donʼt dont", ["dont", "dont", "dont", "dont"]),
    "quotation marks leave nothing": ("‘dogs’ 'cats'", ["dogs", "cats"]),
    "accents": ("été e\u0301te\u0301 Ü u\u0308", ["ete", "ete", "u", "u"]),
    "ligatures and sharp s": ("ﬁnal STRASSE Straße", ["final", "strasse", "strasse"]),
    "full width": ("ＡＢＣ　１２３", ["abc", "123"]),
    "superscript digits": ("m² ①", ["m2", "1"]),
    "fractions and symbols separate": ("a½b c™d", ["a", "b", "c", "d"]),
    "digits of all scripts": ("١٢٣ ۴۵۶ ๑๒", ["123", "456", "12"]),
    "turkish i": ("İstanbul ISTANBUL ıstanbul", ["istanbul", "istanbul", "istanbul"]),
    "cyrillic": ("Ёлка елка Йод йод", ["елка", "елка", "иод", "иод"]),
    "greek": ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", ["οδυσσευσ", "οδυσσευσ"]),
    "hebrew points": ("שָׁלוֹם שלום", ["שלום", "שלום"]),
    "arabic harakat and tatweel": ("المِيناءُ المـــيناء", ["الميناء", "الميناء"]),
    "arabic alef": ("أمل إمل آمل ٱمل", ["امل"] * 4),
    "arabic and persian letters": ("كتابي کتابی کتابى", ["كتابي"] * 3),
    "urdu heh": ("یہ يه", ["يه", "يه"]),
    "non-joiners": ("می\u200cروم", ["ميروم"]),
    "presentation forms": ("ﻻ لا", ["لا", "لا"]),
    "soft hyphen and zero width": ("ha\u00adr\u200bbour\ufeff", ["harbour"]),
    "devanagari keeps vowels": ("हिन्दी हन्द", ["हिन्दी", "हन्द"]),
    "devanagari nukta": ("\u0958लम \u0915\u093cलम", ["\u0915\u093cलम"] * 2),
    "han": ("新华社 text", ["新", "华", "社", "text"]),
    "han beside latin": ("5G网络", ["5g", "网", "络"]),
    "kana, composed or not": ("が か\u3099 ｶﾞ", ["か\u3099", "か\u3099", "カ\u3099"]),
    "thai, with its marks": ("ที่นี่", ["ที่", "นี่"]),
    "khmer": ("ខ្មែរ", ["ខ្", "មែ", "រ"]),
    "hangul stays in words": ("한국어 뉴스", ["한국어", "뉴스"]),
    "radicals are ideographs": ("⼀ 一", ["一", "一"]),
    "emoji separate": ("a👩‍👩‍👧b 🇰🇪", ["a", "b"]),
    "a mark without a letter is dropped": (" \u0301x\u093f \u093fy", ["x\u093f", "y"]),
    "surrogates and NUL separate": ("a\ud800b\x00c\udfffd", ["a", "b", "c", "d"]),
    "nothing": ("", []),
    "only separators": (" .\n—", []),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_folds_and_separates(text: str, expected: list[str]) -> None:
    assert words(text) == expected


PLACES = {
    "mark belongs to its letter": ("cafe\u0301 x", ["cafe\u0301", "x"]),
    "closing apostrophe is left outside": ("dogs’ tails", ["dogs", "tails"]),
    "apostrophe inside": ("it’s", ["it’s"]),
    "trailing joiner is left outside": ("ab\u200d c", ["ab", "c"]),
    "beyond the basic plane": ("😀 𝐀𝐁 x", ["𝐀𝐁", "x"]),
    "two lone surrogates are two code points": ("\ud83d\ude00 ab", ["ab"]),
}


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES.keys())
def test_places_are_code_points_of_the_text(text: str, expected: list[str], compiled: bool) -> None:
    tokens = read(tokenize([text], compiled))
    assert [text[begin:end] for _, begin, end in tokens] == expected


@given(BATCHES)
def test_plain_form_is_the_reference(texts: list[str]) -> None:
    tokens = tokenize_plain(texts)
    assert [read(tokens, i) for i in range(len(texts))] == [reference.tokens(text) for text in texts]


@given(BATCHES)
def test_compiled_form_equals_the_plain_one(texts: list[str]) -> None:
    compiled, plain = tokenize(texts), tokenize(texts, compiled=False)
    for field in fields(Tokens):
        one, other = getattr(compiled, field.name), getattr(plain, field.name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other, err_msg=field.name)


def test_plain_form_in_several_pieces() -> None:
    texts = ["", "Ferry é " * 3000, "", "a", "港" * 9000, "x", "", "b " * 20_000, ""]
    tokens = tokenize_plain(texts)
    assert [read(tokens, i) for i in range(len(texts))] == [read(tokenize_plain([text])) for text in texts]
    assert tokens.folded.tobytes() == b"".join(tokenize_plain([text]).folded.tobytes() for text in texts)


@pytest.mark.parametrize("filler", ["", " ", "x", "é", "ﷺ", "\x00"], ids=ascii)
def test_compiled_form_equals_the_plain_one_on_every_code_point(filler: str) -> None:
    texts = [filler.join(map(chr, range(begin, begin + 0x1000))) for begin in range(0, 0x110000, 0x1000)]
    compiled, plain = tokenize(texts), tokenize_plain(texts)
    assert all(np.array_equal(getattr(compiled, f.name), getattr(plain, f.name)) for f in fields(Tokens))


@pytest.mark.parametrize("length", [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129])
@pytest.mark.parametrize("before", [0, 1, 15, 63, 64])
def test_compiled_form_at_the_edges_of_its_blocks(length: int, before: int) -> None:
    texts = [" " * before + "W" * length, "W" * length + "é", "é" + "W" * length + "'s " + "v" * length]
    tokens = tokenize(texts)
    assert [read(tokens, i) for i in range(3)] == [reference.tokens(text) for text in texts]


@given(BATCHES, st.integers(0, 6))
def test_a_text_has_its_tokens_in_any_batch(texts: list[str], cut: int) -> None:
    together = tokenize_plain(texts)
    apart = [read(tokenize_plain(texts[i : i + 1])) for i in range(len(texts))]
    assert [read(together, i) for i in range(len(texts))] == apart
    assert together.folded.tobytes() == b"".join(
        tokenize_plain(part).folded.tobytes() for part in (texts[:cut], texts[cut:])
    )


@given(BATCHES)
def test_folded_texts_are_their_tokens_joined_by_spaces(texts: list[str]) -> None:
    tokens = tokenize_plain(texts)
    joined = [" ".join(folded for folded, _, _ in read(tokens, i)) for i in range(len(texts))]
    assert tokens.folded.tobytes().decode() == "".join(joined)


def is_hangul(char: str) -> bool:
    return unicodedata.name(char, "").startswith("HANGUL")


@given(TEXTS.map(lambda text: "".join(char for char in text if not is_hangul(char))))
def test_canonically_equivalent_texts_have_the_same_tokens(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    # Letters are compared sorted: marks that are kept come in canonical order only in canonical text.
    assert list(map(sorted, words(composed))) == list(map(sorted, words(decomposed)))


@given(TEXTS)
def test_folding_a_second_time_changes_nothing(text: str) -> None:
    folded = " ".join(words(text))
    assert " ".join(words(folded)) == folded


def test_arrays_of_no_texts() -> None:
    for tokens in (tokenize([]), tokenize_plain([])):
        assert tokens.first.tolist() == [0]
        assert len(tokens.folded) == len(tokens.byte_begin) == len(tokens.char_end) == 0
