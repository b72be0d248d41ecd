"""The tables of a run on Spark are those of the local engine, row by row, however it is dealt out."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from generated import documents, write_lines

pytest.importorskip("pyarrow", reason="the extra 'spark' is not installed")

from spark_parity import differing, rows_of_index, rows_of_run, write_skewed

from dedupe import Config, Index
from dedupe import report as reports
from dedupe.report.stored import StoredSource
from dedupe.spark.importing import import_run
from dedupe.store.database import connect_reader

# Small limits, so that some dozens of documents cross every one of them.
SMALL = replace(
    Config(),
    crawl=replace(Config().crawl, fields=(("text", "text"),)),
    text=replace(Config().text, furniture_titles=3, furniture_prose_titles=5),
    match=replace(Config().match, bucket_cap=4, representatives=2),
)
# Bytes of a part, partitions of keys, groups, and how many links one task connects: none of them matters.
DEALT = {
    "one task each": (1 << 30, 1, 1, 1 << 20),
    "several": (1 << 15, 2, 5, 1 << 20),
    "many, and joins": (1 << 13, 5, 2, 0),
}


def run(spark: Any, crawls: list[Path], output: Path, config: Config, dealt: tuple[int, ...]) -> Path:
    from dedupe.spark.run import Run, Settings

    Run(spark, output, config, Settings(*dealt)).index(crawls)
    return output


def indexed(crawls: list[Path], db: Path, config: Config) -> Path:
    with Index.open(db, config) as index:
        index.add(crawls, workers=0)
    return db


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two crawl directories that hold copies of every kind, ids claimed twice, and what cannot be read."""
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    records = documents(23, 150)
    for record in records[100:110]:
        record["id"] = records[3]["id"]
    write_lines(folders[0] / "a.jsonl", records[:90])
    with (folders[0] / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n\n{"id": "broken", \n   \n{"id": "empty"}\n')
    write_lines(folders[0] / "b.ndjson", records[90:120])
    write_lines(folders[1] / "a.jsonl", records[100:])
    (folders[1] / "picture.png").write_bytes(b"\x89PNG")
    (folders[1] / "empty.txt").write_bytes(b"")
    (folders[1] / "page.txt").write_text("\n".join(records[7]["text"].split("\n")), "utf-8")
    return folders


@pytest.mark.parametrize("dealt", DEALT.values(), ids=DEALT)
def test_a_dense_crawl(spark: Any, dense: list[Path], tmp_path: Path, dealt: tuple[int, ...]) -> None:
    local = rows_of_index(indexed(dense, tmp_path / "news.db", SMALL))
    found = rows_of_run(run(spark, dense, tmp_path / "tables", SMALL, dealt))
    assert all(local.values()), "the crawl has rows for every table"
    assert any("~" in row[0] for row in local["documents"]), "an id is claimed twice"
    assert differing(found, local) == []


def test_the_samples(spark: Any, samples: Path, samples_db: Path, tmp_path: Path) -> None:
    found = rows_of_run(run(spark, [samples / "crawl"], tmp_path / "tables", Config(), (20_000, 3, 3)))
    assert differing(found, rows_of_index(samples_db)) == []


def test_a_key_that_all_documents_have_and_a_host_that_most_are_of(spark: Any, tmp_path: Path) -> None:
    crawl = [write_skewed(tmp_path / "skewed.jsonl", 400)]
    local = rows_of_index(indexed(crawl, tmp_path / "news.db", Config()))
    assert len(local["pairs"]) > 400, "over the cap, all are compared with the representatives"
    found = rows_of_run(run(spark, crawl, tmp_path / "tables", Config(), (1 << 16, 3, 4)))
    assert differing(found, local) == []


def exports(db: Path) -> tuple[bytes, bytes]:
    with Index.open(db, SMALL) as index:
        reports.write_pairs(index.pairs(), "jsonl", f"{db}.pairs")
        reports.write(StoredSource(index.reader), "jsonl", f"{db}.clusters")
    return Path(f"{db}.pairs").read_bytes(), Path(f"{db}.clusters").read_bytes()


@pytest.fixture(scope="module")
def imported(spark: Any, dense: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that was made on Spark."""
    folder = tmp_path_factory.mktemp("imported")
    import_run(run(spark, dense, folder / "tables", SMALL, (4096, 2, 3)), folder / "news.db")
    return folder / "news.db"


def test_an_imported_index_knows_what_it_was_made_with(
    imported: Path, dense: list[Path], tmp_path: Path
) -> None:
    assert made_with(imported) == made_with(indexed(dense, tmp_path / "news.db", SMALL))


def made_with(db: Path) -> dict[str, bytes]:
    """What `meta` says, counters and versions of the postings apart."""
    with closing(connect_reader(db)) as connection:
        found = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    return {key: value for key, value in found.items() if not key.startswith(("next_", "furniture_version"))}


def test_an_imported_index_exports_the_same_bytes(imported: Path, dense: list[Path], tmp_path: Path) -> None:
    assert exports(imported) == exports(indexed(dense, tmp_path / "news.db", SMALL))


def test_an_imported_index_goes_on_as_a_local_one(imported: Path, dense: list[Path], tmp_path: Path) -> None:
    """What was read is known as read; more of the crawl, and less of it, has the same effect on both."""
    local = indexed(dense, tmp_path / "news.db", SMALL)
    more = write_lines(dense[0] / "later.jsonl", documents(24, 40) + documents(23, 30))
    try:
        for db in (local, imported):
            with Index.open(db, SMALL) as index:
                reading = index.add(dense, workers=0)
                assert (reading.files, reading.added, reading.changed) == (3, 70, 0)
    finally:
        more.unlink()
    assert exports(imported) == exports(local)
    for db in (local, imported):
        with Index.open(db, SMALL) as index:
            assert index.add(dense, prune=True, workers=0).removed == 70
    assert exports(imported) == exports(local)


def test_an_imported_index_answers_the_same(
    spark: Any, samples: Path, samples_db: Path, tmp_path: Path
) -> None:
    tables = run(spark, [samples / "crawl"], tmp_path / "tables", Config(), (1 << 20, 2, 2))
    import_run(tables, tmp_path / "news.db")
    asked = next((samples / "query").glob("*.txt")).read_text("utf-8")
    with Index.open(tmp_path / "news.db") as made, Index.open(samples_db) as local:
        assert repr(made.query(asked)) == repr(local.query(asked))


def test_a_crawl_without_a_document(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "picture.png").write_bytes(b"\x89PNG")
    tables = run(spark, [tmp_path / "crawl"], tmp_path / "tables", Config(), (1 << 20, 2, 2))
    assert import_run(tables, tmp_path / "news.db") == 0
    assert json.loads((tables / "run.json").read_bytes())["documents"] == 0
