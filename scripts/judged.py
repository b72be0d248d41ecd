"""Where the measuring data is, and what the scripts that measure on it all need of it."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dedupe.config import Config
from dedupe.model import Document
from dedupe.text import line_keys, title_key

PROSE_BIT = 1  # of a line key, as in dedupe.store.furniture


def data() -> Path:
    """``DEDUPE_DATA``, by default the folder beside the checkout."""
    root = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("DEDUPE_DATA", root.parent / "shared" / "data"))


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file, unpacked where it is gzipped."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def furniture_of(documents: Iterable[Document], config: Config) -> frozenset[int]:
    """The lines that stand under many titles of their outlet, more of them for a line as long as prose."""
    titles: dict[int, set[int]] = {}
    for document in documents:
        title = title_key(document)
        for key in line_keys(document).tolist():
            titles.setdefault(key, set()).add(title)
    needed = (config.text.furniture_titles, config.text.furniture_prose_titles)
    return frozenset(key for key, found in titles.items() if len(found) >= needed[key & PROSE_BIT])
