"""One Spark session for all tests of this folder: starting one takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[object]:
    """Spark on two cores of this machine; skips where pyspark or Java is missing."""
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    from dedupe.spark.session import has_java, open_session

    if not has_java():
        pytest.skip("there is no Java")
    session = open_session("local[2]")
    session.conf.set("spark.sql.shuffle.partitions", 2)
    yield session
    session.stop()
