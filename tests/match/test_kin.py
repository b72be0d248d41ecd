"""What metadata says about two documents."""

from __future__ import annotations

import pytest

from dedupe.match.kin import kin
from dedupe.model import Document

MAIL, POST = "mail.example", "post.example"
NOON, EVENING, NEXT_DAY = "2031-03-02T12:00:00Z", "2031-03-02T21:00:00Z", "2031-03-03T12:00:00Z"


def document(
    outlet: str | None, title: str | None, published_at: str | None, url: str | None = None
) -> Document:
    return Document("p", "", "", outlet=outlet, title=title, published_at=published_at, url=url)


@pytest.mark.parametrize(
    ("one", "other", "same_outlet", "is_version", "strangers"),
    [
        pytest.param(
            (MAIL, "Bridge falls", NOON), (POST, "Bridge falls", NOON), False, False, False, id="two-outlets"
        ),
        pytest.param(
            (None, "Bridge falls", NOON), (None, "Bridge falls", NOON), None, False, False, id="no-outlet"
        ),
        pytest.param(
            (MAIL, "Bridge falls", NOON),
            (MAIL, "Bridge falls, 1 hurt", EVENING),
            True,
            True,
            True,
            id="update",
        ),
        pytest.param(
            (MAIL, "Bridge falls", NOON), (MAIL, "Owls return", EVENING), True, False, True, id="strangers"
        ),
        pytest.param(
            (MAIL, "The hedgerow", NOON), (MAIL, "The hedgerow", NEXT_DAY), True, True, True, id="column"
        ),
        pytest.param(
            (MAIL, "The hedgerow", None), (MAIL, "The hedgerow", None), True, True, True, id="undated"
        ),
        pytest.param(
            (MAIL, "Bridge falls", NOON, "https://mail.example/bridge-1204417?s=2"),
            (MAIL, "Judge named", NEXT_DAY, "https://mail.example/judge/1204417.html"),
            True,
            True,
            False,
            id="one-number",
        ),
        pytest.param(
            (MAIL, "Bridge falls", NOON, "https://mail.example/20310302/bridge"),
            (MAIL, "Owls return", NOON, "https://mail.example/20310302/owls"),
            True,
            False,
            True,
            id="a-date-is-no-number",
        ),
    ],
)
def test_kin(
    one: tuple[str | None, ...],
    other: tuple[str | None, ...],
    same_outlet: bool | None,
    is_version: bool,
    strangers: bool,
) -> None:
    found = kin(document(*one), document(*other))

    assert found.same_outlet is same_outlet
    assert (found.version is not None) is is_version
    assert found.strangers_at_home is strangers


@pytest.mark.parametrize(
    ("one", "other", "same_day"),
    [
        pytest.param(NOON, EVENING, True, id="hours-apart"),
        pytest.param("2031-03-02T23:50:00Z", "2031-03-03T00:10:00Z", True, id="over-midnight"),
        pytest.param(NOON, NEXT_DAY, False, id="a-day-apart"),
        pytest.param("2031-03-02", EVENING, True, id="a-date-alone"),
        pytest.param("2031-03-02", "2031-03-03", False, id="two-dates"),
        pytest.param(None, NOON, None, id="unknown"),
        pytest.param("soon", NOON, None, id="unreadable"),
    ],
)
def test_same_day(one: str | None, other: str | None, same_day: bool | None) -> None:
    assert kin(document(MAIL, "x", one), document(MAIL, "y", other)).same_day is same_day
