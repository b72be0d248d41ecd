"""The list of stories in pieces a browser loads one at a time (a page opened from a disk may load
scripts, but has no other way to read a file).

    data/index.js        one number or two a story and column: all that filters and orders need
    data/names.js        outlets, origins, languages: what the numbers stand for
    data/rows-<n>.js     what a list shows, ROWS stories each, those at most outlets first
    data/find-<xx>.js    words of titles -> stories, by a hash of the word's first two signs

Each file calls ``dedupe.data(name, value)`` with JSON, which is a subset of JavaScript.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import orjson

from dedupe.model import OriginKind, Role
from dedupe.report.data import ClusterRow
from dedupe.report.site.names import story_path
from dedupe.report.site.spread import Spread, Tick, spread_of, ticks
from dedupe.report.site.tally import Credit, credit_of
from dedupe.report.wording import duration, epoch, language_tag, moment, number, percent, plural

ROWS = 200
SHARDS = 128
ROLES = tuple(Role)
_TITLE = 240  # signs of a title that are kept; megabyte titles occur
_WORD = re.compile(r"\w+")
#: Scripts that write without spaces: a word is found by its signs and its pairs of signs.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]"
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A story as lists show it."""

    cluster_id: str
    title: str
    language: str | None
    size: int
    outlets: tuple[str, ...]
    origin: str | None
    origin_kind: OriginKind
    confidence: float
    first_at: str | None
    seconds: int | None
    pace: float
    half: int | None
    reach: int  # outlets that had it at a known time of day
    swaps: int
    uncredited: int
    roles: int  # bit i: a document has the role ROLES[i]
    ticks: tuple[Tick, ...]
    words: frozenset[str]

    @property
    def path(self) -> str:
        return story_path(self.cluster_id)


def list_row(cluster: ClusterRow) -> ListRow:
    headline = cluster.headline
    spread: Spread = spread_of(cluster)
    copies = [document for document in cluster.documents if document.role.is_copy]
    return ListRow(
        cluster_id=cluster.cluster_id,
        title=shortened(headline.title or headline.id),
        language=headline.language,
        size=cluster.size,
        outlets=tuple(sorted({d.outlet for d in cluster.documents if d.outlet is not None})),
        origin=cluster.origin.name,
        origin_kind=cluster.origin.kind,
        confidence=cluster.origin.confidence,
        first_at=spread.first_at,
        seconds=spread.seconds,
        pace=spread.pace,
        half=spread.half,
        reach=len(spread.reached),
        swaps=sum(document.byline_swap for document in cluster.documents),
        uncredited=sum(credit_of(cluster, copy) is Credit.NONE for copy in copies),
        roles=sum({1 << ROLES.index(document.role) for document in cluster.documents}),
        ticks=ticks(spread.placed),
        words=frozenset(word for d in cluster.documents for word in words_of(shortened(d.title or ""))),
    )


def shortened(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def words_of(text: str) -> Iterator[str]:
    """Words to find a title by, folded as the page folds a question (assets/stories.js).

    >>> list(words_of("Élan vital: 東京湾")), list(words_of("A-Z"))
    (['elan', 'vital', '東', '京', '湾', '東京', '京湾'], ['a', 'z'])
    """
    for word in _WORD.findall(folded(text)):
        if len(word) > 1 and _UNSPACED.match(word):
            yield from word
            yield from (a + b for a, b in pairwise(word))
        else:
            yield word


def folded(text: str) -> str:
    """Lower case, compatibility forms resolved, Latin, Greek and Cyrillic without their accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", decomposed))


def shard(word: str) -> int:
    """The find-file of a word: the same for all words that begin with the same two signs."""
    value = 0
    for character in word[:2]:
        value = (value * 31 + ord(character)) % 65_536
    return value % SHARDS


def in_order(rows: Iterable[ListRow]) -> list[ListRow]:
    """Most outlets first, then most documents, then the later: the order of the pieces and of the list."""
    by_id = sorted(rows, key=lambda row: row.cluster_id)
    return sorted(by_id, key=lambda row: (len(row.outlets), row.size, row.first_at or ""), reverse=True)


def write_pieces(rows: list[ListRow], folder: Path) -> None:
    """Writes the data folder for rows that are in order."""
    folder.mkdir(parents=True)
    outlets = sorted({outlet for row in rows for outlet in row.outlets})
    origins = sorted({row.origin for row in rows if row.origin is not None})
    languages = sorted({row.language for row in rows if row.language is not None})
    names = {
        "outlets": outlets,
        "origins": origins,
        "languages": languages,
        "roles": [role.value for role in ROLES],
        "rows": ROWS,
        "shards": SHARDS,
    }
    write_piece(folder, "names", names)
    write_piece(folder, "index", _columns(rows, outlets, origins, languages))
    for begin in range(0, len(rows), ROWS):
        write_piece(folder, f"rows-{begin // ROWS}", [_shown(row) for row in rows[begin : begin + ROWS]])
    for piece, words in _postings(rows).items():
        write_piece(folder, f"find-{piece}", words)


def _columns(
    rows: list[ListRow], outlets: list[str], origins: list[str], languages: list[str]
) -> dict[str, list[object]]:
    """``-1`` is unknown; outlets are the numbers of all of a story's outlets."""
    outlet_at = {name: i for i, name in enumerate(outlets)}
    origin_at = {name: i for i, name in enumerate(origins)}
    language_at = {name: i for i, name in enumerate(languages)}
    return {
        "size": [row.size for row in rows],
        "first": [_or_unknown(epoch(row.first_at)) for row in rows],
        "spread": [_or_unknown(row.seconds) for row in rows],
        "pace": [round(row.pace, 2) for row in rows],
        "origin": [-1 if row.origin is None else origin_at[row.origin] for row in rows],
        "language": [-1 if row.language is None else language_at[row.language] for row in rows],
        "roles": [row.roles for row in rows],
        "swaps": [row.swaps for row in rows],
        "uncredited": [row.uncredited for row in rows],
        "outlets": [[outlet_at[name] for name in row.outlets] for row in rows],
    }


def _or_unknown(seconds: int | None) -> int:
    return -1 if seconds is None else seconds


def _shown(row: ListRow) -> list[object]:
    """In the order in which assets/stories.js takes it apart; words are ready to be shown."""
    marks = [value for tick in row.ticks for value in (tick.x, tick.role.value)]
    language = language_tag(row.language)
    return [row.path, row.title, language, *origin_words(row), facts(row), flags(row), marks]


def origin_words(row: ListRow) -> tuple[str, str, str]:
    """A word before the name, the name, and what is known about it."""
    if row.origin is None or row.origin_kind is OriginKind.UNKNOWN:
        return "origin", "unknown", ""
    return "from", row.origin, f"{row.origin_kind.value}, {percent(row.confidence)}"


def facts(row: ListRow) -> list[str]:
    spread = [] if row.seconds is None else [f"within {duration(row.seconds)}"]
    return [
        plural(row.size, "document"),
        plural(len(row.outlets), "outlet"),
        *([] if row.first_at is None else [moment(row.first_at)]),
        *spread,
    ]


def flags(row: ListRow) -> list[str]:
    swaps = [plural(row.swaps, "byline swap")] if row.swaps else []
    return swaps + ([f"{number(row.uncredited)} without credit"] if row.uncredited else [])


def _postings(rows: list[ListRow]) -> dict[int, list[tuple[str, list[int]]]]:
    """Pairs, not objects: a title may hold the word ``__proto__``."""
    found: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for story, row in enumerate(rows):
        for word in row.words:
            found[shard(word)][word].append(story)
    return {piece: sorted(found[piece].items()) for piece in range(SHARDS)}


def write_piece(folder: Path, name: str, value: object) -> None:
    """``name`` is ours, never a page's."""
    (folder / f"{name}.js").write_bytes(script(name, value))


def script(name: str, value: object) -> bytes:
    """Our own name and JSON: a data file."""
    return b'dedupe.data("' + name.encode() + b'",' + orjson.dumps(value) + b");\n"
