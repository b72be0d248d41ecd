"""What worker processes look at: stored documents, and what was derived from each of them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from dedupe import jobs, text
from dedupe.jobs import Signing
from dedupe.store import furniture
from dedupe.store.database import connect_reader
from dedupe.store.kept import Derived, Kept, has_id, with_derived

Array = npt.NDArray[np.int64]


class Looked(NamedTuple):
    """What is wrong with documents: (what, id); and, by ``numbers``, what their postings must add up to."""

    wrong: list[tuple[str, str]]
    numbers: Array
    counts: Array
    sums: Array


def examine(batches: Sequence[Sequence[int]], path: Path) -> list[Looked]:
    """Documents by number: is what is kept of them what was read? With their line postings."""
    with closing(connect_reader(path)) as connection:
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        found = []
        for batch in batches:
            wrong: list[tuple[str, str]] = []
            keys: dict[int, Array] = {}
            for kept, derived in with_derived(connection, batch):
                faults, keys[kept.document] = _examined(kept, derived)
                if not faults and not has_id(connection, kept, derived):
                    faults.append("their id is not theirs")
                wrong += [(what, derived.id) for what in faults]
            found.append(_looked(wrong, keys))
        return found


def _examined(kept: Kept, derived: Derived) -> tuple[list[str], Array]:
    """What is wrong with one document; its line keys."""
    nothing = np.empty(0, np.int64)
    try:
        document, content = kept.read(derived.path)
    except ValueError:
        return ["their text or their fields do not unpack"], nothing
    if content != kept.content:
        return ["their text or their fields are not what was read"], nothing
    faults = []
    if text.title_key(document) != derived.title_key:
        faults.append("their title key is not their title's")
    return faults, furniture.line_key(text.line_keys(document))


def resign(batches: Sequence[Sequence[int]], path: Path, signing: Signing) -> list[Looked]:
    """Documents by number: are their story and its sketch what the text gives? With their postings."""
    return [_resigned(batch, path, signing) for batch in batches]


_STORY = ("shingles", "removed", "attributions", "furniture")


def _resigned(batch: Sequence[int], path: Path, signing: Signing) -> Looked:
    signed = jobs.sign(batch, path, signing).stories
    wrong: list[tuple[str, str]] = []
    keys: dict[int, Array] = {}
    with closing(connect_reader(path)) as connection:
        stored = connection.execute(
            f"SELECT document, id, sketch, {', '.join(_STORY)} FROM documents"
            " WHERE document IN (SELECT value FROM json_each(?))",
            [orjson.dumps(list(batch)).decode()],
        )
        for document, public_id, sketch, *columns in stored:
            made = signed[document]
            keys[sketch] = np.frombuffer(made.keys, np.int64)
            for name, value in zip(_STORY, columns, strict=True):
                if value != getattr(made, name):
                    wrong.append((f"{name} is not what their text gives", public_id))
    return _looked(wrong, keys)


def _looked(wrong: list[tuple[str, str]], keys: dict[int, Array]) -> Looked:
    numbers = np.fromiter(keys, np.int64, len(keys))
    counts = np.fromiter((len(each) for each in keys.values()), np.int64, len(keys))
    sums = np.fromiter((each.sum() for each in keys.values()), np.int64, len(keys))
    return Looked(wrong, numbers, counts, sums)


def gathered(looked: Sequence[Looked]) -> Iterator[tuple[str, list[str]]]:
    """(what is wrong, with which) over many batches."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in looked:
        for what, public_id in each.wrong:
            found[what].append(public_id)
    yield from found.items()
