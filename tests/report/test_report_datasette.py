"""An index in Datasette: its metadata names what is there, and every page of it opens."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from dedupe import Index
from dedupe.errors import InputError
from dedupe.report import Filters, datasette
from dedupe.store import search
from dedupe.store.database import connect_reader, open_writer

yaml = pytest.importorskip("yaml", reason="pyyaml is not installed")
VIEWS = ("stories", "copies", "flows", "outlets", "attributions")


@pytest.fixture(scope="module")
def db(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A searchable index of the shipped crawl, with a name that YAML would misread."""
    made = tmp_path_factory.mktemp("datasette") / "2025: no.db"
    with Index.open(made) as index:
        index.add(samples / "crawl", workers=0)
    with open_writer(made) as database:
        search.build(database.conn)
    return made


@pytest.fixture(scope="module")
def described(db: Path) -> dict[str, Any]:
    """The metadata of that index's database."""
    databases: dict[str, Any] = yaml.safe_load(datasette.metadata(db.stem))["databases"]
    return dict(databases[db.stem])


def test_every_view_is_described(described: dict[str, Any]) -> None:
    assert set(VIEWS) <= set(described["tables"])
    assert all(described["tables"][view]["description"].startswith("One row is ") for view in VIEWS)


def test_what_the_metadata_names_is_there(db: Path, described: dict[str, Any]) -> None:
    with closing(connect_reader(db)) as reader:
        for table, told in described["tables"].items():
            columns = {name for _, name, *_ in reader.execute(f"PRAGMA table_info ({table})")}
            assert columns, table
            named = {*told.get("columns", ()), *told.get("facets", ())}
            named |= {told[key] for key in ("sort_desc", "label_column", "fts_pk") if key in told}
            assert named <= columns, table
            assert told.get("fts_table", "search") == "search"


def test_every_table_is_described_or_hidden(db: Path, described: dict[str, Any]) -> None:
    with closing(connect_reader(db)) as reader:
        names = reader.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
        known = {name for (name,) in names if not name.startswith(("search", "sqlite_"))}
    assert known == set(described["tables"])


def test_foreign_keys_name_the_column_they_lead_to(db: Path, described: dict[str, Any]) -> None:
    """Datasette fails on a table with a key that leaves the column out."""
    with closing(connect_reader(db)) as reader:
        for table in described["tables"]:
            for row in reader.execute(f"PRAGMA foreign_key_list ({table})"):
                assert row[4] is not None, table


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", "What speaks for the origin of one story"),
        ("/stories", "420e5ac710e6ffe1"),
        ("/stories?_search=canal", "Voice of America"),
        ("/copies?_search=alpaca", "valleysentinel"),
        ("/flows", "meridiandaily.example"),
        ("/outlets", "openwire.example"),
        ("/attributions", "SAINT BRENN (VOA)"),
        ("/documents?_search=lighthouse", "documents"),
        ("/members", "</a>&nbsp;<em>"),
        ("/pairs", "</a>&nbsp;<em>"),
        ("/clusters", "Voice of America"),
        ("/find?words=canal", "[canal]"),
        ("/story?cluster_id=420e5ac710e6ffe1", "northgatecourier.example"),
        ("/evidence?cluster_id=420e5ac710e6ffe1", "dateline"),
        ("/text?document_id=ow-1001", "Oruma Canal"),
        ("/uncredited?" + urlencode({"source": "Voice of America"}), "valleysentinel.example"),
        ("/byline_swaps", "valleysentinel.example"),
    ],
)
def test_a_page_opens(path: str, shown: str, db: Path) -> None:
    app = pytest.importorskip("datasette.app", reason="datasette is not installed")
    served = app.Datasette([str(db)], metadata=yaml.safe_load(datasette.metadata(db.stem)))

    async def page() -> Any:
        await served.invoke_startup()
        return await served.client.get(served.urls.database(db.stem) + path)

    answer = asyncio.run(page())
    assert answer.status_code == 200
    assert shown in answer.text


def test_a_filter_is_refused() -> None:
    with pytest.raises(InputError, match="whole index"):
        datasette.refuse_filters(Filters(min_size=3))


def test_the_command_makes_the_index_searchable_and_writes_the_metadata(
    samples: Path, tmp_path: Path
) -> None:
    main = [sys.executable, "-c", "from dedupe.cli import main; main()"]
    report = [*main, "report", "--db", "news.db", "--format", "datasette", "--output", "metadata.yaml"]
    absent = subprocess.run(report, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (absent.returncode, [*tmp_path.iterdir()]) == (2, [])
    with Index.open(tmp_path / "news.db") as index:
        index.add(samples / "crawl", workers=0)
    for added in ("38", "0"):
        done = subprocess.run(report, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stderr == f"{added} documents made searchable\n"
    assert (tmp_path / "metadata.yaml").read_bytes() == datasette.metadata("news")
    with closing(sqlite3.connect(tmp_path / "news.db")) as reader:
        assert reader.execute("SELECT count(*) FROM search").fetchone() == (38,)
