"""How much text is held at once: what is made of texts is many times their size, so long ones go alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson

from dedupe.model import Story
from dedupe.store import rows
from dedupe.store.documents import load_stories

Array = npt.NDArray[np.int64]

# Bytes of text, in UTF-8, that are taken up at once; one text more than that alone. What is made of a text
# takes up to 33 times its size, where every second letter is a word.
TOGETHER = 8 << 20


def text_sizes(connection: sqlite3.Connection, documents: Sequence[int]) -> list[int]:
    """Bytes of the texts of these documents in UTF-8, in the order asked for; no text is unpacked."""
    found = connection.execute(
        f"SELECT document, substr(text, 1, {rows.FRAME_HEAD}) FROM texts"
        " WHERE document IN (SELECT value FROM json_each(?))",
        [orjson.dumps(list(documents)).decode()],
    )
    size_of = {document: rows.text_bytes(head) for document, head in found}
    return [size_of[document] for document in documents]


def fit(connection: sqlite3.Connection, documents: Sequence[int]) -> bool:
    """Whether the texts of these documents may be held together."""
    return sum(text_sizes(connection, documents)) <= TOGETHER


def stretches(connection: sqlite3.Connection, documents: Sequence[int]) -> Iterator[Sequence[int]]:
    """The documents in their order, no more than TOGETHER bytes of text at a time, or one that has more."""
    begin, held = 0, 0
    for at, size in enumerate(text_sizes(connection, documents)):
        if held + size > TOGETHER and at > begin:
            yield documents[begin:at]
            begin, held = at, 0
        held += size
    if begin < len(documents):
        yield documents[begin:]


def of_stories(
    connection: sqlite3.Connection, documents: Sequence[int], keys: Callable[[list[Story]], Array]
) -> Array:
    """What ``keys`` makes of documents, a stretch at a time, one behind the other."""
    made = [keys(load_stories(connection, some)) for some in stretches(connection, documents)]
    return np.concatenate(made) if made else np.empty(0, np.int64)


def affordable(connection: sqlite3.Connection, candidates: Array) -> Iterator[Array]:
    """Pairs, int64[m, 2], in their order, in stretches whose documents have no more than TOGETHER bytes of
    text; two documents that have more are a stretch."""
    distinct, inverse = np.unique(candidates, return_inverse=True)
    sizes = text_sizes(connection, distinct.tolist())
    if sum(sizes) <= TOGETHER:
        yield candidates
        return
    begin, held = 0, 0
    met: set[int] = set()
    for at, pair in enumerate(inverse.reshape(-1, 2).tolist()):
        held += sum(sizes[place] for place in {*pair} - met)
        if held > TOGETHER and at > begin:
            yield candidates[begin:at]
            begin, held, met = at, sum(sizes[place] for place in {*pair}), set()
        met.update(pair)
    yield candidates[begin:]


@dataclass(frozen=True, slots=True)
class OneByOne(Mapping[str, Story]):
    """Stories by id, each loaded when it is asked for, for texts that are not to be held together."""

    connection: sqlite3.Connection
    numbers: Mapping[str, int]

    def __getitem__(self, public_id: str) -> Story:
        (story,) = load_stories(self.connection, [self.numbers[public_id]])
        return story

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


def stories_by_id(connection: sqlite3.Connection, numbers: Mapping[str, int]) -> Mapping[str, Story]:
    """The stories of documents, given by id with their numbers: all, or one by one where that is too much."""
    listed = list(numbers.values())
    if not fit(connection, listed):
        return OneByOne(connection, numbers)
    return dict(zip(numbers, load_stories(connection, listed), strict=True))
