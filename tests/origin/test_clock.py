"""A time is as wide as its source is unreliable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.model import Document
from dedupe.origin.clock import Moment, lead, moment_of


def page(published: str | None = None, source: str | None = None, seen: str | None = None) -> Document:
    return Document("a.txt", "", "", published_at=published, published_from=source, seen_at=seen)


@pytest.mark.parametrize(
    ("published", "source", "hours"),
    [
        ("2026-03-01T06:00:00Z", "feed", 1 / 6),
        ("2026-03-01T06:00:00Z", "json-ld", 1 / 3),
        ("2026-03-01T06:00:00Z", "text", 2),
        ("2026-03-01T06:00:00Z", None, 0.5),
        ("2026-03-01", "feed", 24),
        ("2026-03-01T00:00:00Z", "feed", 24),
    ],
    ids=["feed", "json-ld", "text", "unknown source", "day only", "midnight"],
)
def test_width_of_a_claim(published: str, source: str | None, hours: float) -> None:
    moment = moment_of(page(published, source))
    assert moment is not None
    assert moment.end - moment.begin == pytest.approx(hours * 3600)


def test_a_page_was_not_published_after_we_had_it() -> None:
    moment = moment_of(page("2026-03-05T06:00:00Z", "meta", seen="2026-03-02T06:00:00Z"))
    before = moment_of(page(seen="2026-03-02T06:00:00Z"))
    assert moment is not None
    assert before is not None
    assert moment.end == before.end
    assert moment.exact is None


@pytest.mark.parametrize("text", ["soon", "", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"])
def test_what_is_no_date_is_nothing(text: str) -> None:
    assert moment_of(page(text)) is None


moments = st.builds(
    lambda begin, width: Moment(begin, begin + width, None), st.floats(0, 1e9), st.floats(0, 1e6)
)


@given(moments, moments)
def test_lead_is_antisymmetric_and_bounded(a: Moment, b: Moment) -> None:
    assert lead(a, b) == -lead(b, a)
    assert -1 <= lead(a, b) <= 1


@given(moments)
def test_lead_over_itself_or_nothing_is_nought(a: Moment) -> None:
    assert lead(a, a) == lead(a, None) == lead(None, a) == 0
