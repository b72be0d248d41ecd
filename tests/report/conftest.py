"""Fixtures of the report's tests.

Gold files are what each format looks like. After a change that is meant, write them anew and read
the difference before it is committed:

    pytest tests/report --update-gold && git diff tests/report/gold
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import report_fiction
from report_fiction import MemorySource

GOLD = Path(__file__).parent / "gold"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-gold", action="store_true", help="write the report's gold files anew")


@pytest.fixture
def gold(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compares bytes with a gold file, or writes them with --update-gold."""

    def check(name: str, found: bytes) -> None:
        place = GOLD / name
        if request.config.getoption("--update-gold", default=False):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(found)
        assert place.is_file(), f"no gold file {name}; pytest tests/report --update-gold writes it"
        assert found.decode() == place.read_bytes().decode()

    return check


@pytest.fixture
def source() -> MemorySource:
    """The hand-written stories."""
    return report_fiction.small()
