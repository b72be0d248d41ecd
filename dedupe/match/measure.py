"""Alignment -> Shared: the measurements of a pair that its relation is decided on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, utils

from dedupe.match.align import EDIT_TOKENS, Alignment, Run
from dedupe.match.profile import Flags, Profile
from dedupe.model import Document

Indices = npt.NDArray[np.int64]

FRAGMENT = 0.3  # a sentence of which less is shared holds a phrase, not copy
NAME_TOKENS = 4  # an edit longer than this is a change of wording, whatever names it holds
_STORY_NUMBER = re.compile(r"(?<!\d)\d{6,}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")
EDGE_TOKENS = 60
EDGE_SLACK = 6
TITLES_ALIKE = 62  # token_set_ratio, 0..100


class Edits(NamedTuple):
    """``edits``: small edits between runs; those that put ``figures`` for figures; and, for each that
    puts other figures or names, the last token before it on either side, int64[e]."""

    edits: int
    figures: int
    before_a: Indices
    before_b: Indices


@dataclass(frozen=True, slots=True)
class Shared:
    """What two stories share, in tokens that stand in both.

    Each shared token is one of: ``quoted`` in either story; ``furniture`` in either; at the ``edge``
    of both, as bios and notices are; a ``fragment``
    of a sentence that is otherwise not shared; ``changed``, in a sentence that has other figures or
    names in the other story; and the rest, ``own``: the reporters' own sentences.
    """

    equal: int
    own: int
    changed: int
    quoted: int
    furniture: int
    edge: int
    fragments: int
    covers_a: float
    covers_b: float
    tokens_a: int
    tokens_b: int
    same_outlet: bool
    version: str | None  # why the two are versions of one outlet's story
    template: bool  # a form filled in with other figures


def measure(a: Profile, b: Profile, alignment: Alignment) -> Shared:
    """Measure a pair."""
    one, two = a.story.document, b.story.document
    same_outlet = one.outlet is not None and one.outlet == two.outlet
    version = _version(one, two) if same_outlet else None
    in_a, in_b = alignment.token_pairs()
    quoted = a.quoted[in_a] | b.quoted[in_b]
    furniture = ~quoted & (a.furniture[in_a] | b.furniture[in_b])
    edge = ~quoted & ~furniture & (_at_edge(a, b, alignment, in_a) if same_outlet and not version else False)
    told = ~quoted & ~furniture & ~edge
    whole = told & (_share(a, in_a, told) >= FRAGMENT) & (_share(b, in_b, told) >= FRAGMENT)
    edits = _edits(a, b, alignment.runs)
    changed = whole & (_of_sentences(a, in_a, edits.before_a) | _of_sentences(b, in_b, edits.before_b))
    return Shared(
        equal=len(in_a),
        own=int((whole & ~changed).sum()),
        changed=int(changed.sum()),
        quoted=int(quoted.sum()),
        furniture=int(furniture.sum()),
        edge=int(edge.sum()),
        fragments=int((told & ~whole).sum()),
        covers_a=len(in_a) / a.tokens,
        covers_b=len(in_b) / b.tokens,
        tokens_a=a.tokens,
        tokens_b=b.tokens,
        same_outlet=same_outlet,
        version=version,
        template=_is_template(edits, int(whole.sum()), int(changed.sum())),
    )


def _version(one: Document, two: Document) -> str | None:
    numbers = _story_numbers(one.url) & _story_numbers(two.url)
    if numbers:
        return f"one outlet, one story number ({min(numbers)})"
    alike = fuzz.token_set_ratio(one.title or "", two.title or "", processor=utils.default_process)
    return f"one outlet, titles {alike:.0f} % alike" if alike >= TITLES_ALIKE else None


def _story_numbers(url: str | None) -> set[str]:
    """Runs of six digits or more in the path, dates (20191101) aside."""
    return {n for n in _STORY_NUMBER.findall(urlsplit(url).path) if not _DATE.fullmatch(n)} if url else set()


def _at_edge(a: Profile, b: Profile, alignment: Alignment, in_a: Indices) -> Flags:
    """bool[m]: in a short block that begins or ends both stories."""
    edge = np.zeros(len(in_a), np.bool_)
    for block in alignment.blocks:
        size = max(block.a_end - block.a_begin, block.b_end - block.b_begin)
        last = max(a.tokens - block.a_end, b.tokens - block.b_end) <= EDGE_SLACK
        first = max(block.a_begin, block.b_begin) <= EDGE_SLACK
        if (last or first) and size <= EDGE_TOKENS and 2 * size <= min(a.tokens, b.tokens):
            edge |= (in_a >= block.a_begin) & (in_a < block.a_end)
    return edge


def _is_template(edits: Edits, told: int, changed: int) -> bool:
    """Whether the told text is a form with other figures.

    Seen in daily case numbers, quarterly results and exchange rates: every second edit or more puts a
    figure for a figure, one in some 25 to 45 tokens. In copy that is edited, updated or converted to
    other units it is every third at most, or one in more than 80 tokens.
    """
    often = edits.figures >= 3 and edits.figures * 2 >= edits.edits and edits.figures * 50 >= told
    return often and changed >= 0.3 * told


def _share(story: Profile, tokens: Indices, counted: Flags) -> npt.NDArray[np.float64]:
    """float64[m]: for each shared token, the share of its sentence that the counted tokens make up."""
    of = story.sentence[tokens]
    count = np.bincount(of[counted], minlength=int(story.sentence[-1]) + 1)
    return count[of] / np.bincount(story.sentence)[of]


def _edits(a: Profile, b: Profile, runs: tuple[Run, ...]) -> Edits:
    start_a, start_b, length = np.array(runs, np.int64).T
    end_a, end_b = (start_a + length)[:-1], (start_b + length)[:-1]
    gap_a, gap_b = start_a[1:] - end_a, start_b[1:] - end_b
    near = (gap_a >= 0) & (gap_b >= 0) & (gap_a <= EDIT_TOKENS) & (gap_b <= EDIT_TOKENS)
    end_a, end_b, next_a, next_b = end_a[near], end_b[near], start_a[1:][near], start_b[1:][near]
    figures = _holds(a.figure, end_a, next_a) & _holds(b.figure, end_b, next_b)
    names = _holds(a.capital, end_a, next_a) & _holds(b.capital, end_b, next_b)
    names &= (next_a - end_a <= NAME_TOKENS) & (next_b - end_b <= NAME_TOKENS)
    values = figures | names
    return Edits(len(end_a), int(figures.sum()), end_a[values] - 1, end_b[values] - 1)


def _holds(flags: Flags, begin: Indices, end: Indices) -> Flags:
    """bool[n]: whether any token of ``[begin, end)`` has the flag."""
    before = np.concatenate(([0], np.cumsum(flags)))
    return before[end] > before[begin]


def _of_sentences(story: Profile, tokens: Indices, marks: Indices) -> Flags:
    """bool[m]: whether the token stands in the sentence of one of the marked tokens."""
    marked = np.zeros(int(story.sentence[-1]) + 1, np.bool_)
    marked[story.sentence[marks]] = True
    return marked[story.sentence[tokens]]
