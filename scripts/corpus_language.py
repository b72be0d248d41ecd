"""The language of a generated corpus: words one can say, stock phrases, outlets and their furniture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]

WORDS = 30_000
PHRASES = 4_000
ITEMS = WORDS + PHRASES
PHRASE_SHARE = 0.006  # of the items of a text
TABLE = 1 << 20  # items are drawn by looking a random number up in a table of this size
HOSTS = 800
FURNISHED = 0.35  # of the hosts print their site's lines around every article


@dataclass(frozen=True, slots=True)
class Language:
    """What all blocks of a corpus share.

    ``pieces`` object[5 * ITEMS]: item i in form f, with the space or full stop behind it, is
    ``pieces[f * ITEMS + i]``. ``table`` int32[TABLE]: items by their share. ``furniture``: per host
    the lines above and below its articles, empty where it prints none.
    """

    pieces: npt.NDArray[np.object_]
    table: Ids
    hosts: tuple[str, ...]
    furniture: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


def language(seed: int) -> Language:
    """The vocabulary, the outlets and their furniture."""
    rng = np.random.default_rng([seed, 0xD1C7])
    words = _words(rng)
    shares = 1 / np.arange(1, WORDS + 1)
    by_share = np.searchsorted(np.cumsum(shares) / shares.sum(), rng.random(20 * PHRASES)).tolist()
    phrases = [" ".join(words[i] for i in by_share[at * 9 : at * 9 + 4 + at % 6]) for at in range(PHRASES)]
    items = [*words, *phrases]
    openings = [item[0].upper() + item[1:] for item in items]
    forms = [(items, " "), (openings, " "), (items, ", "), (items, ". "), (items, ".\n\n")]
    pieces = np.array([item + end for names, end in forms for item in names], dtype=object)
    hosts = tuple(f"{words[200 + i]}{words[9000 + i]}.example".replace("é", "e") for i in range(HOSTS))
    furnished = rng.random(HOSTS) < FURNISHED
    return Language(
        pieces=pieces,
        table=_table(shares),
        hosts=hosts,
        furniture=tuple(_furniture(rng, words) if has else ("", "") for has in furnished.tolist()),
        names=tuple(word.capitalize() for word in words[2000:8000]),
    )


def _words(rng: np.random.Generator) -> list[str]:
    """Distinct words one can say, the frequent ones short."""
    onsets = [
        "b", "br", "c", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr",
        "v",
    ]  # fmt: skip
    vowels = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "ea", "é"]
    codas = ["", "", "", "", "n", "r", "s", "l", "st", "m"]
    syllables = [onset + vowel + coda for onset in onsets for vowel in vowels for coda in codas]
    drawn = rng.integers(0, len(syllables), (4 * WORDS, 3)).tolist()
    found: dict[str, None] = {}
    for row in drawn:
        length = 1 if len(found) < 150 else 2 if len(found) < 9000 else 3
        found.setdefault("".join(syllables[i] for i in row[:length]))
        if len(found) == WORDS:
            return list(found)
    raise AssertionError(f"{len(found)} distinct words")


def _table(shares: npt.NDArray[np.float64]) -> Ids:
    """Items by their share: words by Zipf's law, phrases by a flatter one."""
    phrases = 1 / np.arange(1, PHRASES + 1) ** 0.8
    weights = np.concatenate(
        [shares / shares.sum() * (1 - PHRASE_SHARE), phrases / phrases.sum() * PHRASE_SHARE]
    )
    ends = np.round(np.cumsum(weights) / weights.sum() * TABLE).astype(np.int64)
    return np.repeat(np.arange(ITEMS, dtype=np.int32), np.diff(ends, prepend=0))


def _furniture(rng: np.random.Generator, words: list[str]) -> tuple[str, str]:
    def text(length: int) -> str:
        return " ".join(words[i] for i in rng.integers(0, 6000, length).tolist()).capitalize()

    head = "\n\n".join([text(8), text(5)])
    tail = "\n\n".join([text(3), text(22), text(16), text(30), text(9)])
    return f"{head}\n\n", f"\n\n{tail}"
