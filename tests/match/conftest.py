"""Stories as the earlier stages make them, ready to be compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dedupe import match
from dedupe.config import Config
from dedupe.match import Profile
from dedupe.model import Document, Edge
from dedupe.profiles import profiles
from dedupe.text import clean

CONFIG = Config()


def profile_of(text: str, id_: str = "a", **metadata: str | None) -> Profile:
    """A profile of a text that went through cleaning; nothing is known to be furniture."""
    document = Document(path=id_, member="", text=text, **metadata)
    return profiles([clean(document, frozenset(), CONFIG.text)], CONFIG, compiled=False)[0]


def compare(a: str, b: str, **metadata: tuple[str, str]) -> Edge | None:
    """Verify two texts. Metadata has a value for each; the outlets differ unless they are given."""
    both = {"outlet": ("one.example", "two.example"), **metadata}
    one, two = ({name: values[side] for name, values in both.items()} for side in (0, 1))
    return match.verify(profile_of(a, "a", **one), profile_of(b, "b", **two), CONFIG.match)


@pytest.fixture(scope="session")
def comparing() -> Callable[..., Edge | None]:
    return compare


@pytest.fixture(scope="session")
def profiled() -> Callable[..., Profile]:
    return profile_of
