"""Writes a news-like corpus of any size, with known reposts: same seed, same bytes.

    python scripts/corpus.py --documents 100000 --seed 7 --output corpus/

makes ``corpus/documents.jsonl`` (id, url, title, byline, published_at, text) and ``corpus/labels.jsonl``,
one line for each text that was taken from another: ``{"a": copy, "b": source, "kind", "agency"}``.
``b`` is never itself a copy, so a cluster is a source with all its ``a`` whose kind is not ``excerpt``.

The first n documents of a larger corpus are the corpus of n documents. Memory holds a window of
``WINDOW`` blocks, whatever the size. Words are drawn independently from a Zipf vocabulary with stock
phrases in it: the statistics of sharing are those of news, the sentences mean nothing, and no figure
of quality taken here says anything about real pages; it is for speed, growth and planted truth.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from commandline import parser
from corpus_language import HOSTS, ITEMS, TABLE, Ids, Language, language

BLOCK = 4096  # documents drawn from one generator; it is seeded with (seed, block number)
WINDOW = 8  # blocks whose stories may still be copied
COPIES = 0.13  # take their text, or a part of it, from another; with their sources that makes
# every fifth document a member of a cluster, as in a day of 825 real news sites
POPULARITY = 1.2  # Pareto exponent: with this one, the hottest story of 20,000 has some 400 copies
MEDIAN_ITEMS, SIGMA_ITEMS = 340, 0.6  # log-normal: 2.5 KB of text on average
EPOCH = datetime(2024, 1, 1)
PLAIN, OPENING, COMMA, STOP, LAST = range(5)  # forms of an item; LAST ends a paragraph

AGENCIES = (
    ("AP", "Associated Press"),
    ("Reuters", "Reuters"),
    ("AFP", "Agence France-Presse"),
    ("VOA", "Voice of America"),
    ("UPI", "United Press International"),
)


class Kind(StrEnum):
    """What was done to the source's text."""

    ORIGINAL = "original"  # nothing was taken
    IDENTICAL = "identical"
    BYLINE = "byline"  # the same text under another name, without credit
    TRIMMED = "trimmed"  # only its first paragraphs
    ADDED = "added"  # paragraphs put in
    EDITED = "edited"  # words replaced here and there, now and then a paragraph dropped
    UPDATE = "update"  # the same outlet's later version, with a new lead
    EXCERPT = "excerpt"  # some paragraphs, in a round-up that holds several stories


SHARES = {
    Kind.IDENTICAL: 0.20,
    Kind.BYLINE: 0.18,
    Kind.TRIMMED: 0.20,
    Kind.ADDED: 0.12,
    Kind.EDITED: 0.15,
    Kind.UPDATE: 0.07,
    Kind.EXCERPT: 0.08,
}
KINDS = tuple(Kind)
CREDITED = {Kind.ORIGINAL, Kind.IDENTICAL, Kind.UPDATE}  # kinds that keep an agency's name


@dataclass(frozen=True, slots=True)
class Block:
    """``BLOCK`` documents as drawn: what each is, and its own words.

    ``items`` int32: forms of items, those of document i at ``first[i]:first[i+1]``. ``kind`` indexes
    ``KINDS``; ``agency`` is -1 for none; ``weight`` is 0 for all but originals; ``dice`` float64[BLOCK, 11]
    are the numbers in 0..1 that a document's copying may use, the last three to choose its sources.
    """

    number: int
    items: Ids
    first: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    host: npt.NDArray[np.int64]
    agency: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    seconds: npt.NDArray[np.int64]
    dice: npt.NDArray[np.float64]

    def own(self, slot: int) -> Ids:
        """The words drawn for one document."""
        return self.items[self.first[slot] : self.first[slot + 1]]


@dataclass(frozen=True, slots=True)
class Source:
    """An original that others may take from."""

    block: Block
    slot: int

    @property
    def id(self) -> str:
        return name_of(self.block, self.slot)


@dataclass(frozen=True, slots=True)
class Made:
    """One document with the sources it was made from."""

    document: dict[str, str]
    labels: tuple[dict[str, str | None], ...]


def draw(tongue: Language, seed: int, number: int) -> Block:
    """Block ``number``: nothing in it depends on another block."""
    rng = np.random.default_rng([seed, number])
    kind = rng.choice(len(KINDS), BLOCK, p=[1 - COPIES, *(SHARES[kind] * COPIES for kind in KINDS[1:])])
    original = kind == 0
    median = np.where(original, MEDIAN_ITEMS, MEDIAN_ITEMS / 3)
    lengths = np.clip(rng.lognormal(np.log(median), SIGMA_ITEMS), 30, 5000).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(lengths)])
    return Block(
        number=number,
        items=_sentences(rng, tongue.table[rng.integers(0, TABLE, first[-1])], first),
        first=first,
        kind=kind,
        host=(HOSTS * rng.random(BLOCK) ** 3).astype(np.int64),  # a tenth of the pages on the largest
        agency=np.where(rng.random(BLOCK) < 0.35, rng.integers(0, len(AGENCIES), BLOCK), -1),
        weight=np.where(original, rng.pareto(POPULARITY, BLOCK) + 1, 0.0),
        seconds=(number * BLOCK + np.arange(BLOCK)) * 40 + rng.integers(0, 7200, BLOCK),
        dice=rng.random((BLOCK, 11)),
    )


def _sentences(rng: np.random.Generator, items: Ids, first: npt.NDArray[np.int64]) -> Ids:
    """Gives each item its form: where sentences open and close, where paragraphs end."""
    ends = np.cumsum(rng.poisson(16, len(items) // 10) + 4) - 1
    ends = ends[ends < len(items)]
    form = np.where(rng.random(len(items)) < 0.05, COMMA, PLAIN).astype(np.int32)
    form[ends] = np.where(rng.random(len(ends)) < 0.45, LAST, STOP)
    form[first[1:] - 1] = LAST
    closed = form[:-1] >= STOP
    form[1:][closed & (form[1:] < STOP)] = OPENING
    form[0] = OPENING
    return items + form * np.int32(ITEMS)


def paragraphs(items: Ids) -> list[Ids]:
    """The text cut behind each paragraph's last item."""
    ends = (np.flatnonzero(items >= LAST * ITEMS) + 1).tolist()
    return [items[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def sources_of(window: deque[Block], dice: npt.NDArray[np.float64]) -> list[list[Source]]:
    """For each document of the newest block, the originals before it that it may take from.

    Drawn by popularity over all originals of the window that stand before the document, so that a
    prefix of the corpus has every source it names. ``dice`` float64[BLOCK, n] gives n sources each.
    """
    weights = np.concatenate([block.weight for block in window])
    ends = np.cumsum(weights)
    before = ends[-BLOCK:] - weights[-BLOCK:]
    drawn = np.searchsorted(ends, dice * before[:, None], side="right")
    drawn[before == 0] = len(weights)
    return [
        [Source(window[place // BLOCK], place % BLOCK) for place in row if place < len(weights)]
        for row in drawn.tolist()
    ]


def taken(kind: Kind, source: Ids, own: Ids, dice: npt.NDArray[np.float64]) -> Ids:
    """The text of a copy: the source's words, changed as the kind says with words of its own."""
    if kind in (Kind.IDENTICAL, Kind.BYLINE):
        return source
    parts = paragraphs(source)
    new = paragraphs(own)[: 1 + int(dice[0] * 3)]
    if kind is Kind.TRIMMED:
        ends = np.cumsum([len(part) for part in parts])
        return np.concatenate(parts[: 1 + int(np.searchsorted(ends, ends[-1] * (0.4 + 0.45 * dice[1])))])
    if kind is Kind.ADDED:
        at = int(dice[1] * (len(parts) + 1))
        return np.concatenate([*parts[:at], *new, *parts[at:]])
    if kind is Kind.UPDATE:
        return np.concatenate([*new, *parts[1:]])
    if kind is Kind.EDITED:
        return _edited(parts, own, dice)
    begin = int(dice[2] * max(1, len(parts) - 3))
    return np.concatenate(parts[begin : begin + 2 + int(dice[3] * 3)])


def _edited(parts: list[Ids], own: Ids, dice: npt.NDArray[np.float64]) -> Ids:
    kept = parts[:-1] if len(parts) > 4 and dice[1] < 0.3 else parts
    text = np.concatenate(kept)
    step = round(18 + 22 * dice[2])  # one word in so many is another
    places = np.arange(int(dice[3] * step), len(text), step)
    text[places] = text[places] // ITEMS * ITEMS + np.resize(own, len(places)) % ITEMS
    return text


def name_of(block: Block, slot: int) -> str:
    """The id of a document."""
    return f"d{block.number * BLOCK + slot:08d}"


def make(tongue: Language, block: Block, slot: int, sources: list[Source]) -> Made:
    """One document: its text, its page, and where the text is from."""
    kind, dice, own = KINDS[block.kind[slot]], block.dice[slot], block.own(slot)
    if not sources:
        kind = Kind.ORIGINAL
    if kind is Kind.ORIGINAL:
        return Made(_page(tongue, block, slot, own, Source(block, slot)), ())
    used = sources[: 2 + int(dice[4] * 2)] if kind is Kind.EXCERPT else sources[:1]
    used = list({source.id: source for source in used}.values())
    parts = [taken(kind, source.block.own(source.slot), own, dice) for source in used]
    text = np.concatenate([own, *parts]) if kind is Kind.EXCERPT else parts[0]
    labels = tuple(_label(block, slot, kind, source) for source in used)
    return Made(_page(tongue, block, slot, text, used[0]), labels)


def _label(block: Block, slot: int, kind: Kind, source: Source) -> dict[str, str | None]:
    agency = int(source.block.agency[source.slot])
    return {
        "a": name_of(block, slot),
        "b": source.id,
        "kind": kind.value,
        "agency": AGENCIES[agency][1] if agency >= 0 else None,
    }


def _page(tongue: Language, block: Block, slot: int, text: Ids, source: Source) -> dict[str, str]:
    kind, dice = KINDS[block.kind[slot]], block.dice[slot]
    host = int(source.block.host[source.slot] if kind is Kind.UPDATE else block.host[slot])
    agency = int(source.block.agency[source.slot])
    credited = agency >= 0 and (
        kind in CREDITED or (kind not in (Kind.BYLINE, Kind.EXCERPT) and dice[5] < 0.4)
    )
    titled = source.block.own(source.slot) if dice[6] < 0.5 else block.own(slot)
    head, tail = tongue.furniture[host]
    dateline = f"{_name(tongue, source.block, source.slot, 0).upper()} ({AGENCIES[agency][0]}) — "
    body = "".join(tongue.pieces[text].tolist())[:-2]
    return {
        "id": name_of(block, slot),
        "url": f"https://www.{tongue.hosts[host]}/news/{block.number * BLOCK + slot}",
        "title": "".join(tongue.pieces[titled[:8] % ITEMS].tolist()).strip().capitalize(),
        "byline": AGENCIES[agency][1] if credited else _name(tongue, block, slot, 2),
        "published_at": _stamp(block, slot, source),
        "text": f"{head}{dateline if credited else ''}{body}{tail}",
    }


def _name(tongue: Language, block: Block, slot: int, words: int) -> str:
    """A place (one word) or a person (two), always the same for a document."""
    at = (block.number * BLOCK + slot) * 7919 + words
    return " ".join(tongue.names[(at + step * 3571) % len(tongue.names)] for step in range(max(words, 1)))


def _stamp(block: Block, slot: int, source: Source) -> str:
    """Mostly after the source's; one in eight carries an earlier time, as pages do."""
    seconds, dice = int(block.seconds[slot]), block.dice[slot]
    if source.block is not block or source.slot != slot:
        lag = -np.log1p(-dice[7]) * 6 * 3600 if dice[4] < 0.875 else -7200 * dice[7]
        seconds = int(source.block.seconds[source.slot] + lag)
    return f"{(EPOCH + timedelta(seconds=seconds)).isoformat()}Z"


def generate(documents: int, seed: int) -> Iterator[Made]:
    """The corpus, document by document."""
    tongue = language(seed)
    window: deque[Block] = deque(maxlen=WINDOW)
    for number in range(-(-documents // BLOCK)):
        block = draw(tongue, seed, number)
        window.append(block)
        sources = sources_of(window, block.dice[:, 8:])
        for slot in range(min(BLOCK, documents - number * BLOCK)):
            yield make(tongue, block, slot, sources[slot])


def write(directory: Path, documents: int, seed: int) -> None:
    """Writes ``documents.jsonl`` and ``labels.jsonl``."""
    directory.mkdir(parents=True, exist_ok=True)
    newline = orjson.OPT_APPEND_NEWLINE
    with (
        (directory / "documents.jsonl").open("wb") as texts,
        (directory / "labels.jsonl").open("wb") as labels,
    ):
        for made in generate(documents, seed):
            texts.write(orjson.dumps(made.document, option=newline))
            labels.writelines(orjson.dumps(label, option=newline) for label in made.labels)


def main(arguments: list[str]) -> int:
    """The command line."""
    command = parser(__doc__)
    command.add_argument("--documents", type=int, required=True, metavar="N")
    command.add_argument("--seed", type=int, default=7, metavar="N")
    command.add_argument("--output", type=Path, required=True, metavar="DIRECTORY")
    options = command.parse_args(arguments)
    if options.documents < 1 or options.seed < 0:
        command.error("--documents is at least 1 and --seed at least 0")
    write(options.output, options.documents, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
