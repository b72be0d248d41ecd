"""Fixtures of the store's tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from store_fiction import ARTICLES, indexed

from dedupe.store.database import connect_reader


@pytest.fixture(scope="session")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the invented articles."""
    return indexed(tmp_path_factory.mktemp("store"), ARTICLES)


@pytest.fixture
def connection(db: Path) -> Iterator[sqlite3.Connection]:
    """That index, to be read."""
    with closing(connect_reader(db)) as reader:
        yield reader
