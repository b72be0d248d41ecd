"""What an index exports: the bytes by which two indexes are told apart."""

from __future__ import annotations

import json
from pathlib import Path

from dedupe import Index
from dedupe import report as reports
from dedupe.report.stored import StoredSource

Exports = tuple[bytes, bytes]


def exports(db: Path) -> Exports:
    """What `dedupe pairs` and `dedupe report` write."""
    with Index.open(db) as index:
        reports.write_pairs(index.pairs(), "jsonl", f"{db}.pairs")
        reports.write(StoredSource(index.reader), "jsonl", f"{db}.clusters")
    return Path(f"{db}.pairs").read_bytes(), Path(f"{db}.clusters").read_bytes()


def without_paths(exported: Exports) -> tuple[bytes, list[str]]:
    """The exports without the file a record happened to stand in."""
    clusters = [json.loads(line) for line in exported[1].splitlines()]
    for cluster in clusters:
        for document in cluster["documents"]:
            del document["path"]
    return exported[0], [json.dumps(cluster) for cluster in clusters]
