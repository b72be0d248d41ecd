"""Document -> Story: furniture and credits out, offsets kept; and Story -> tokens."""

from dedupe.text.fold import fold_table
from dedupe.text.furniture import KeyedLines, keyed_lines, line_key, line_keys, title_key
from dedupe.text.story import clean
from dedupe.text.tokens import tokenize, tokenize_plain

__all__ = [
    "KeyedLines",
    "clean",
    "fold_table",
    "keyed_lines",
    "line_key",
    "line_keys",
    "title_key",
    "tokenize",
    "tokenize_plain",
]
