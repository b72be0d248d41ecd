"""Are the tables of a run on Spark those of the local engine, row by row?

    python scripts/spark_parity.py samples/crawl --cores 2 --dealt 4:3:2 1:7:5
    python scripts/spark_parity.py --skewed 100000

Indexes the crawl with the local engine, runs it on Spark once for each way to deal it out
(``MIB:KEY_PARTS:GROUPS``), and compares every table. Exit code 1 where one differs. ``--skewed`` makes a
crawl whose documents all share one sentence, so that its keys have as many postings as there are documents,
and of which 80 % come from one host.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from commandline import parser
from scratch import scratch

from dedupe.store import rows
from dedupe.store.database import connect_reader

Rows = list[tuple[Any, ...]]

_TOLD = "content, title_key, rank, shingles, furniture, removed, attributions, " + ", ".join(
    rows.COLUMNS
).replace("digest", "documents.digest")
# Of the index: what each table of a run holds, documents named by their public ids, ordered.
LOCAL = {
    "documents": f"SELECT id, root, path, member, text, {_TOLD.replace('content,', 'documents.content,', 1)}"
    " FROM documents JOIN texts USING (document) JOIN files USING (file) JOIN crawls USING (crawl)",
    "furniture": "SELECT line_key, outlet FROM furniture",
    "skipped": "SELECT root, path, member, reason, detail FROM skipped JOIN files USING (file)"
    " JOIN crawls USING (crawl)",
    "files": "SELECT root, path, size, mtime_ns, content FROM files JOIN crawls USING (crawl)",
    "pairs": "SELECT da.id, db.id, relation, resemblance, containment_of_a, containment_of_b, passages"
    " FROM pairs JOIN documents AS da ON da.document = a JOIN documents AS db ON db.document = b",
    "clusters": "SELECT clusters.id, documents.id, size FROM clusters JOIN documents ON document = anchor",
    "origins": "SELECT clusters.id, origin_name, origin_kind, documents.id, confidence, evidence"
    " FROM clusters LEFT JOIN documents ON document = origin_document",
    "members": "SELECT clusters.id, documents.id, role, credited, byline_swap, headline_changed, edit,"
    " share_kept, delay, parents.id FROM members JOIN clusters USING (cluster)"
    " JOIN documents USING (document) LEFT JOIN documents AS parents ON parents.document = parent",
}  # fmt: skip
PLACE = ("root", "path")
RUN = {
    "documents": ["id", *PLACE, "member", "text", *_TOLD.replace("documents.", "").split(", ")],
    "furniture": ["line_key", "outlet"],
    "skipped": [*PLACE, "member", "reason", "detail"],
    "files": [*PLACE, "size", "mtime_ns", "content"],
    "pairs": ["a", "b", "relation", "resemblance", "containment_of_a", "containment_of_b", "passages"],
    "clusters": ["cluster_id", "anchor", "size"],
    "origins": ["cluster_id", "origin_name", "origin_kind", "origin_document", "confidence", "evidence"],
    "members": [
        "cluster_id", "document_id", "role", "credited", "byline_swap", "headline_changed", "edit",
        "share_kept", "delay", "parent",
    ],
}  # fmt: skip


def rows_of_index(db: Path) -> dict[str, Rows]:
    """Every table of an index, in the form of the run's."""
    with closing(connect_reader(db)) as connection:
        return {name: sorted(_selected(connection, name), key=repr) for name in LOCAL}


def _selected(connection: sqlite3.Connection, name: str) -> Iterator[tuple[Any, ...]]:
    for row in connection.execute(LOCAL[name]):
        yield (*row[:4], rows.unpack_text(row[4]), *row[5:]) if name == "documents" else row


def rows_of_run(folder: Path) -> dict[str, Rows]:
    """Every table of a run, in the same form."""
    files = _table(folder, "files", ["file", *PLACE])
    place = {file: (root, path) for file, root, path in files}
    found = {}
    for name, columns in RUN.items():
        if set(PLACE) <= set(columns) and name != "files":
            stored = ["file" if column == "root" else column for column in columns if column != "path"]
            at = stored.index("file")
            told = ((*row[:at], *place[row[at]], *row[at + 1 :]) for row in _table(folder, name, stored))
        else:
            told = iter(_table(folder, name, columns))
        found[name] = sorted(told, key=repr)
    return found


def _table(folder: Path, name: str, columns: list[str]) -> Rows:
    files = sorted((folder / name).glob("*.parquet"))
    table = ds.dataset(files).to_table(columns=columns)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def differing(run: dict[str, Rows], local: dict[str, Rows]) -> list[str]:
    """The tables that are not the same."""
    return [name for name in RUN if run[name] != local[name]]


def write_skewed(path: Path, documents: int, seed: int = 5) -> Path:
    """Documents that share a sentence and no line; four in five are one host's."""
    draw = random.Random(seed)
    words = ["".join(draw.choices("aeioukstrnlmp", k=draw.randint(3, 8))) for _ in range(20_000)]
    sentence = " ".join(draw.choices(words, k=40))
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            host = "large" if number % 5 else f"small{number % 500}"
            before, after, title = (" ".join(draw.choices(words, k=count)) for count in (40, 80, 5))
            text = f"{before.capitalize()}. {sentence.capitalize()}. {after.capitalize()}."
            record = {
                "id": f"d{number}",
                "url": f"https://{host}.example/{number}",
                "title": title,
                "text": text,
            }
            file.write(json.dumps(record) + "\n")
    return path


def main() -> None:
    """Print a line for each way to deal the crawl out."""
    from dedupe import Config, Index
    from dedupe.spark.run import Run, Settings
    from dedupe.spark.session import open_session

    command = parser(__doc__)
    command.add_argument("crawl", type=Path, nargs="*")
    command.add_argument("--skewed", type=int, default=0, metavar="DOCUMENTS")
    command.add_argument("--cores", type=int, default=2)
    command.add_argument("--dealt", nargs="+", default=["8:2:4", "3:7:5"], metavar="MIB:KEY_PARTS:GROUPS")
    options = command.parse_args()
    wrong = 0
    with scratch("parity") as folder:
        if options.skewed:
            options.crawl.append(write_skewed(folder / "skewed.jsonl", options.skewed))
        began = time.monotonic()
        with Index.open(folder / "news.db") as index:
            index.add(options.crawl)
        print(f"local: {time.monotonic() - began:.0f} s")
        local = rows_of_index(folder / "news.db")
        session = open_session(f"local[{options.cores}]")
        for dealt in options.dealt:
            mib, key_parts, groups = map(int, dealt.split(":"))
            began = time.monotonic()
            tables = folder / dealt
            Run(session, tables, Config(), Settings(mib << 20, key_parts, groups)).index(options.crawl)
            found = rows_of_run(tables)
            counts = ", ".join(f"{len(found[name]):,} {name}" for name in RUN)
            differ = differing(found, local)
            wrong += bool(differ)
            print(f"{dealt}: {counts}; {time.monotonic() - began:.0f} s; differing: {differ or 'none'}")
        session.stop()
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
