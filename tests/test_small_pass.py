"""A few new documents in a large index: no statement goes through all documents, pairs or members."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from generated import documents, write_lines

from dedupe import Index, neighbours
from dedupe.store import furniture

GROWING = ("documents", "texts", "pairs", "members", "clusters", "blocks")


class Recording(sqlite3.Connection):
    """Keeps the plan of every statement that reads."""

    plans: dict[str, list[str]]

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:  # type: ignore[override]
        if (
            sql.split(None, 1)[0] in ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")
            and sql not in self.plans
        ):
            rows = super().execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            self.plans[sql] = [row[3] for row in rows]
        return super().execute(sql, parameters)


def scans(plan: Sequence[str]) -> bool:
    """Does it read a whole table that grows, or an index of it, that of the waiting ones excepted?"""
    return any(
        (step.split()[:2] in [["SCAN", table], ["SCAN", "da"], ["SCAN", "db"]] or "(sketch>?)" in step)
        and "documents_pending" not in step
        for table in GROWING
        for step in plan
    )


def test_a_pass_with_few_new_documents_scans_no_table_that_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = documents(9, 60)
    db = tmp_path / "news.db"
    with Index.open(db) as index:
        index.add(write_lines(tmp_path / "first.jsonl", records[:50]), workers=0)
    monkeypatch.setattr(neighbours, "FEW", 0)
    monkeypatch.setattr(furniture, "FEW", 0)
    monkeypatch.setattr(Recording, "plans", plans := {}, raising=False)
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: connect(*args, factory=Recording, **options)
    )
    with Index.open(db) as index:
        reading = index.add(write_lines(tmp_path / "more.jsonl", records[50:]), workers=0)
    assert reading.added == 10
    assert any("pairs" in sql for sql in plans)
    assert {sql: plan for sql, plan in plans.items() if scans(plan)} == {}
