"""What a worker process shares with the one that writes."""

from __future__ import annotations

import gc

import pytest

from dedupe.crawl import rare_collections


def test_garbage_is_collected_rarely_in_a_run_and_as_before_once_it_has_failed() -> None:
    before = gc.get_threshold()
    assert _threshold_of_a_run() > before
    with pytest.raises(RuntimeError):
        _threshold_of_a_run(fails=True)
    assert gc.get_threshold() == before


def _threshold_of_a_run(fails: bool = False) -> tuple[int, int, int]:
    with rare_collections():
        if fails:
            raise RuntimeError
        return gc.get_threshold()
