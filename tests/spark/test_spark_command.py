"""`dedupe spark run` and `dedupe import` as a user meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dedupe import Index

MAIN = "from dedupe.cli import main; main()"


def run(*arguments: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """`dedupe ARGUMENTS`, after the Python statements ``before``."""
    return subprocess.run(
        [sys.executable, "-c", f"{before}\n{MAIN}", *arguments],
        text=True, capture_output=True, timeout=300, env={**os.environ, **environment},
    )  # fmt: skip


def without(module: str) -> str:
    """As where a package is not installed."""
    return f"import sys; sys.modules[{module!r}] = None"


def test_a_run_and_its_import(spark: object, samples: Path, samples_db: Path, tmp_path: Path) -> None:
    done = run(
        "spark", "run", str(samples / "crawl"), "--output", str(tmp_path / "tables"), "--master", "local[2]"
    )
    assert done.returncode == 0, done.stderr
    assert "38 documents in" in done.stdout
    assert "group: " in done.stderr
    made = tmp_path / "news.db"
    assert run("import", str(tmp_path / "tables"), "--db", str(made)).stdout == f"38 documents in {made}\n"
    with Index.open(made) as index, Index.open(samples_db) as local:
        assert [repr(cluster) for cluster in index.clusters()] == [repr(c) for c in local.clusters()]


def test_the_output_is_never_written_over(samples: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    (tmp_path / "notes.txt").write_text("mine")
    done = run("spark", "run", str(samples / "crawl"), "--output", str(tmp_path))
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [f"error: {tmp_path} exists already", "hint: choose another --output, or remove it"],
    )


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    done = run("spark", "run", str(tmp_path / "crawl"), "--output", str(tmp_path / "tables"))
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        2,
        f"error: no such file or directory: {tmp_path / 'crawl'}",
    )


@pytest.mark.parametrize("module", ["pyspark", "pyarrow"])
def test_the_extra_is_named_where_it_is_missing(module: str, samples: Path, tmp_path: Path) -> None:
    done = run(
        "spark", "run", str(samples / "crawl"), "--output", str(tmp_path / "tables"), before=without(module)
    )
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["error: dedupe spark needs the extra 'spark'", "hint: pip install 'dedupe-news[spark]'"],
    )


def test_java_is_named_where_it_is_missing(samples: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    arguments = ("spark", "run", str(samples / "crawl"), "--output", str(tmp_path / "tables"))
    done = run(*arguments, JAVA_HOME=str(tmp_path))
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        2,
        "error: Spark needs Java 17 or later, and there is no java",
    )
    assert not (tmp_path / "tables").exists()


def test_only_a_finished_run_is_imported(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra 'spark' is not installed")
    done = run("import", str(tmp_path), "--db", str(tmp_path / "news.db"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {tmp_path} is not the result of a finished run")
    assert list(tmp_path.iterdir()) == []


def test_an_import_never_writes_over_an_index(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra 'spark' is not installed")
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "news.db").write_text("mine")
    done = run("import", str(tmp_path), "--db", str(tmp_path / "news.db"))
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        2,
        f"error: {tmp_path / 'news.db'} exists already",
    )
    assert (tmp_path / "news.db").read_text() == "mine"
