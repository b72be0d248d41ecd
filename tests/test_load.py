"""Mixed operations, small: whole at the end, and what a fresh index would be. See scripts/load.py."""

from __future__ import annotations

from pathlib import Path

import load as loading
import pytest
from exported import exports
from generated import CONFIG, documents

from dedupe import Index, checking


@pytest.mark.parametrize("seed", range(3))
def test_mixed_operations_end_in_what_a_fresh_index_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(loading, "SHARD", 25)
    load = loading.Load(tmp_path, iter(documents(seed, 240)), CONFIG, seed)
    load.begin(150, workers=0)
    done = load.operate(80, passes=8, workers=0)
    assert sum(done.counts.values()) == 80
    assert min(done.counts.values()) > 0
    assert done.unknown == []
    checked = checking.check(load.db, full=True, workers=0)
    assert (checked.findings, checked.waiting) == ((), 0)
    with Index.open(tmp_path / "fresh.db", CONFIG) as index:
        index.add(load.crawl, workers=0)
    assert exports(load.db) == exports(tmp_path / "fresh.db")
