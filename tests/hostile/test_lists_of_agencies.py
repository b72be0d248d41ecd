"""A page that names every agency has named none: such a list must not become a confident origin."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dedupe import Index

NAMES = ("AP", "Reuters", "AFP", "dpa", "ANSA", "EFE", "TASS", "Xinhua", "Kyodo")
LISTED = ", ".join(NAMES)
TAGS = " ".join(f"({name})" for name in NAMES)
STORY = "\n".join((
    "The ferry was late for the third time in a week, and the harbour master of Harnow has had enough of it.",
    "A rope had come loose in the night and lay across the slip when the first cars arrived there at six.",
    "Nobody was hurt, and the boat left at noon with all of the mail and two thirds of the passengers.",
    "The council will look at the slip again in the spring, when the new engineer has come to town.",
))  # fmt: skip
WAYS: dict[str, Callable[[], tuple[str, str | None]]] = {
    "three tags behind": lambda: (f"{STORY} (AP) (Reuters) (AFP)", None),
    "tags behind": lambda: (f"{STORY} {TAGS}", None),
    "a line of tags": lambda: (f"{STORY}\n{TAGS}", None),
    "lines of tags": lambda: ("\n".join((STORY, *TAGS.split())), None),
    "lines of names": lambda: ("\n".join((STORY, *NAMES)), None),
    "three tags before": lambda: (f"(AP) (Reuters) (AFP) — {STORY}", None),
    "tags before": lambda: (f"{TAGS} — {STORY}", None),
    "tags behind a place": lambda: (f"HARNOW {TAGS} — {STORY}", None),
    "tags above": lambda: (f"{TAGS}\n{STORY}", None),
    "lines of tags above": lambda: ("\n".join((*TAGS.split(), STORY)), None),
    "one bracket": lambda: (f"HARNOW ({'/'.join(NAMES)}) — {STORY}", None),
    "source": lambda: (f"{STORY}\nSource: {LISTED}", None),
    "copyrights": lambda: ("\n".join((STORY, *(f"Copyright 2024 {name}." for name in NAMES))), None),
    "copyright": lambda: (f"{STORY}\nCopyright 2024 {LISTED}. All rights reserved.", None),
    "reporters": lambda: (f"{STORY}\n{' '.join(f'(Reporting by {name})' for name in NAMES)}", None),
    "bylines": lambda: (STORY, LISTED),
    "joint byline": lambda: (STORY, f"By {' and '.join(NAMES)}"),
    "contributors": lambda: (f"{STORY}\n{LISTED} contributed to this report.", None),
    "first published": lambda: (f"{STORY}\nThis article was first published by {LISTED}.", None),
    "first on each": lambda: (
        "\n".join((STORY, *(f"This article first appeared on {name}." for name in NAMES))),
        None,
    ),
    "datelines": lambda: (
        "\n".join(f"({n}) — {line}" for n, line in zip(NAMES, STORY.split("\n"), strict=False)),
        None,
    ),
}
SURE = 0.6


def origin(path: Path, text: str, byline: str | None) -> tuple[str | None, float]:
    """Of the story on two sites that say the same."""
    lines = [
        json.dumps({"url": f"https://{host}.example/1", "title": "All", "text": text, "author": byline})
        for host in "ab"
    ]
    (path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    with Index.open(path / "news.db") as index:
        index.add(path / "a.jsonl", workers=0)
        (row,) = index.clusters()
        return row.origin.name, row.origin.confidence


@pytest.mark.parametrize("way", WAYS)
def test_who_names_all_convinces_of_none(way: str, tmp_path: Path) -> None:
    name, confidence = origin(tmp_path, *WAYS[way]())
    assert name is None or confidence < SURE


def test_who_names_one_still_does(tmp_path: Path) -> None:
    name, confidence = origin(tmp_path, f"HARNOW (Reuters) — {STORY}", None)
    assert (name, confidence > SURE) == ("Reuters", True)
