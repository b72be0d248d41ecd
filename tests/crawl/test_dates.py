"""Dates in the forms of the web, to UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.crawl.dates import utc


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("2024-02-05T08:30:00+01:00", "2024-02-05T07:30:00Z"),
        ("2024-02-05T08:30:00+0100", "2024-02-05T07:30:00Z"),
        ("2024-02-05T08:30:00.123456Z", "2024-02-05T08:30:00Z"),
        ("2024-02-05 08:30:00", "2024-02-05T08:30:00Z"),
        ("2024-02-05 08:30:00 UTC", "2024-02-05T08:30:00Z"),
        ("2024-02-05", "2024-02-05"),
        ("2024/2/5", "2024-02-05"),
        ("20240205", "2024-02-05"),
        ("20240205083000", "2024-02-05T08:30:00Z"),
        ("20240205T083000Z", "2024-02-05T08:30:00Z"),
        ("Mon, 05 Feb 2024 08:30:00 +0100", "2024-02-05T07:30:00Z"),
        ("Mon, 05 Feb 2024 08:30:00 GMT", "2024-02-05T08:30:00Z"),
        ("1707118200", "2024-02-05T07:30:00Z"),
        (1707118200000, "2024-02-05T07:30:00Z"),
        ("February 5, 2024", "2024-02-05"),
        ("Published 5 Feb. 2024 at 8:30 AM", "2024-02-05"),
        (datetime(2024, 2, 5, 8, 30, tzinfo=timezone(timedelta(hours=1))), "2024-02-05T07:30:00Z"),
        (date(2024, 2, 5), "2024-02-05"),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("2024-13-45", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (1e300, None),
    ],
)
def test_a_date_becomes_utc(given_: object, expected: str | None) -> None:
    assert utc(given_) == expected


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(-12, 14))
def test_the_zone_does_not_matter(moment: datetime, hours: int) -> None:
    there = moment.replace(tzinfo=UTC, microsecond=0).astimezone(timezone(timedelta(hours=hours)))
    assert utc(there.isoformat()) == utc(there) == utc(moment.replace(tzinfo=UTC, microsecond=0).isoformat())


@given(st.text(max_size=80) | st.integers() | st.floats())
def test_anything_is_survived(value: object) -> None:
    utc(value)


@given(
    st.from_regex(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", fullmatch=True)
    | st.datetimes(datetime(1970, 1, 1), datetime(2110, 1, 1)).map(lambda found: f"{found:%Y-%m-%dT%H:%M:%S}")
)
def test_the_form_it_is_to_have_is_read_like_any_other(moment: str) -> None:
    assert utc(moment + "Z") == utc(moment + "+00:00")
