"""An import is all or nothing: killed, beside another one, on a disk that fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from generated import documents, write_lines

pytest.importorskip("pyarrow", reason="the extra 'spark' is not installed")

from kills import RUNS, Killing, Place

from dedupe import Config
from dedupe.errors import IndexBusy, InputError
from dedupe.spark.importing import import_run
from dedupe.store.database import writer_lock


@pytest.fixture(scope="module")
def tables(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run on Spark wrote."""
    from dedupe.spark.run import Run, Settings

    folder = tmp_path_factory.mktemp("importing")
    crawl = write_lines(folder / "crawl.jsonl", documents(7, 90))
    Run(spark, folder / "tables", Config(), Settings(1 << 20, 2, 2)).index([crawl])
    return folder / "tables"


def test_killed_imports_leave_no_file_or_the_complete_one(tables: Path, tmp_path: Path) -> None:
    killed = Killing(RUNS["import"], Place(tmp_path, 0, tables), seed=20251).kill(5)
    assert killed.kills == 5
    assert killed.ends > 0


def test_a_file_that_another_import_makes_is_left_to_it(tables: Path, tmp_path: Path) -> None:
    db, making = tmp_path / "news.db", tmp_path / "news.db.importing"
    making.write_bytes(b"half")
    with writer_lock(db), pytest.raises(IndexBusy, match=r"is writing .*news\.db"):
        import_run(tables, db)
    assert making.read_bytes() == b"half"


def test_a_folder_that_is_not_there(tables: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no directory"):
        import_run(tables, tmp_path / "nowhere" / "news.db")


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs a C compiler, and Linux")
def test_a_disk_that_fails_leaves_no_file_or_the_complete_one(tables: Path, root: Path) -> None:
    script = [sys.executable, root / "scripts" / "faults.py", "writes", "import", "--points", "12"]
    done = subprocess.run([*script, "--tables", tables], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("import: 1")
