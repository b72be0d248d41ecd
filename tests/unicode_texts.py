"""Generated text for property tests: whole Unicode, and the mixtures that news pages really hold."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from dedupe.text import fold_table

# Fragments in which something goes wrong easily. All fiction.
FRAGMENTS = (
    "the harbour", "The HARBOUR'S", "don’t", "re-open", "e\u0301te\u0301", "été", "ÉTÉ", "ﬁnal",
    "Straße", "STRASSE", "Ａｂ１２", "m²", "½", "①", "U.S.", "3,400.50", "x_y", "İstanbul", "ışık",
    "naı\u0308ve", "soft\u00adhyphen", "Ёлка", "ёлка", "порт", "й", "и\u0306", "Ὀδυσσεύς", "ᾳ",
    "שָׁלוֹם", "צה״ל", "ג׳ירפה", "الميناءُ", "المـــيناء", "أإآٱا", "ﻻ", "ﷺ", "می‌روم", "مي روم",
    "کتاب", "كتاب", "بہت", "یہ ہے", "١٢٣", "۴۵۶", "हिन्दी", "क़लम", "क्\u200dष", "বাংলা", "தமிழ்",
    "新华社北京", "港", "が", "か\u3099", "ｶﾞ", "ニュース", "人々", "〇", "กำลัง", "ท่าเรือ", "ລາວ",
    "ភាសាខ្មែរ", "မြန်မာ", "한국어", "\u1112\u1161\u11ab", "👩‍👩‍👧", "1️⃣", "🇰🇪", "𝐀𝐁", "𠮷",
    "\u0301", "\u0e31", "\u093f", "\u200d", "\u200b", "\ufeff", "\u2060", "\x00", "\ud800", "\udc00",
    "\ud83d\ude00", "\n", "\t", " ", "\u00a0", "\u3000", "、", "。", "—", "…", "’", "'", "‘", "“", "”",
    "a" * 70, "b" * 17 + "é",
)  # fmt: skip


def characters() -> st.SearchStrategy[str]:
    """Any code point, surrogates and unassigned ones too.

    Where Python knows another Unicode than the fold table, what the references say of newer code points is
    not what the table says: then only those that were assigned in Unicode 3.2, which Python keeps.
    """
    if fold_table().unicode_version == unicodedata.unidata_version:
        return st.characters(exclude_categories=())
    old = unicodedata.ucd_3_2_0
    return st.sampled_from([chr(p) for p in range(0x110000) if old.category(chr(p)) not in {"Cn", "Co"}])


ANYTHING = st.text(characters(), max_size=80)
MIXED = st.lists(st.sampled_from(FRAGMENTS) | ANYTHING.map(lambda text: text[:3]), max_size=40)

TEXTS = ANYTHING | MIXED.map("".join) | MIXED.map(" ".join)
BATCHES = st.lists(TEXTS, max_size=6)
