"""What a shell is offered while somebody types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dedupe import Index

MAIN = "from dedupe.cli import main; main()"
STORY = (
    "The harbour council voted on Tuesday to rebuild the northern breakwater after two winters of damage. "
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two outlets' copies of one story, and documents whose names a shell would act on."""
    folder = tmp_path_factory.mktemp("completing")
    records = [
        {"id": "ferry-1", "outlet": "harnowpost.example", "text": STORY * 4},
        {"id": "ferry-2", "outlet": "kestrel.example", "text": STORY * 4},
        {"id": "ferry $(touch acted)", "outlet": "kestrel.example", "text": "Rain. " * 60},
        {"id": "ferry`touch acted`", "outlet": "k; touch acted", "text": "Snow. " * 60},
    ]
    (folder / "crawl.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    with Index.open(folder / "news.db") as index:
        index.add(folder / "crawl.jsonl", workers=0)
    return folder / "news.db"


def completed(line: str, cwd: Path, shell: str = "bash") -> list[str]:
    """What the last word of a line may become, as bash asks for it."""
    words = line.split(" ")
    asked = {
        "_DEDUPE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv[0] = 'dedupe'; {MAIN}"],
        env={**os.environ, **asked}, cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


OFFERED = {
    "dedupe rep": ["report", "reposts"],
    "dedupe report --format g": ["graphml", "gexf"],
    "dedupe index crawl/ --extractor ": ["resiliparse", "trafilatura"],
    "dedupe report --outlet har": ["harnowpost.example"],
    "dedupe show --furniture k": ["kestrel.example"],
    "dedupe reposts k": ["kestrel.example"],
    "dedupe show ferry": ["ferry-1", "ferry-2"],
    "dedupe explain ferry-1 ferry": ["ferry-1", "ferry-2"],
    "dedupe show --db none.db ferry": [],
}


@pytest.mark.parametrize(("line", "offered"), OFFERED.items(), ids=OFFERED)
def test_a_word_is_completed(db: Path, line: str, offered: list[str]) -> None:
    assert completed(line, db.parent) == offered


def test_ids_of_clusters_are_offered(db: Path) -> None:
    with Index.open(db) as index:
        [cluster] = index.clusters()
    assert completed(f"dedupe show {cluster.cluster_id[:6]}", db.parent) == [cluster.cluster_id]
