"""Floors rise by themselves and fall only with a reason; the report shows figures beside them."""

from __future__ import annotations

from pathlib import Path

import charts
import floors
import pytest
import quality_report
from floors import Floor, FloorError
from hypothesis import given
from hypothesis import strategies as st

HELD = {"reuse": Floor(0.9, 0.9), "pages": Floor(0.7, 0.8, "a set has grown")}


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    floors.write(HELD, tmp_path / "floors.toml")
    assert floors.read(tmp_path / "floors.toml") == HELD


def test_the_pinned_floors_can_be_read() -> None:
    assert floors.read()


@pytest.mark.parametrize("because", ["", "  "], ids=["no reason", "a blank reason"])
def test_a_floor_that_was_lowered_by_hand_is_refused(tmp_path: Path, because: str) -> None:
    floors.write({"reuse": Floor(0.8, 0.9, because)}, tmp_path / "floors.toml")
    with pytest.raises(FloorError, match=r"'reuse' was lowered from 0\.9 to 0\.8"):
        floors.read(tmp_path / "floors.toml")


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"reuse": 0.95}, {"reuse": Floor(0.95, 0.95), "pages": HELD["pages"]}),
        ({"reuse": 0.85}, HELD),
        ({"pages": 0.75}, {"reuse": HELD["reuse"], "pages": Floor(0.75, 0.8, "a set has grown")}),
        ({"pages": 0.8}, {"reuse": HELD["reuse"], "pages": Floor(0.8, 0.8)}),
        ({"new": 0.66666}, {**HELD, "new": Floor(0.666, 0.666)}),
    ],
    ids=["better", "worse", "better than a lowered one", "as good as ever", "new"],
)
def test_pinning_raises_and_never_lowers(figures: dict[str, float], expected: dict[str, Floor]) -> None:
    assert floors.raised(HELD, figures) == expected


@given(st.dictionaries(st.sampled_from(["reuse", "pages", "new"]), st.floats(0, 1)))
def test_after_pinning_no_figure_is_below_its_floor_that_was_not_before(figures: dict[str, float]) -> None:
    assert floors.faults(figures, floors.raised(HELD, figures)) == floors.faults(figures, HELD)


def test_a_lowered_floor_keeps_its_reason_and_its_highest_value() -> None:
    found = floors.lowered(HELD, "reuse", {"reuse": 0.85}, "judged anew")
    assert found["reuse"] == Floor(0.85, 0.9, "judged anew")


@pytest.mark.parametrize(
    ("name", "figure", "because", "fault"),
    [
        ("reuse", 0.85, " ", "no reason"),
        ("reuse", 0.95, "why not", "above its floor"),
        ("speed", 0.85, "it is slow", "no floor 'speed'"),
    ],
)
def test_a_floor_is_not_lowered_without_need_and_reason(
    name: str, figure: float, because: str, fault: str
) -> None:
    with pytest.raises(FloorError, match=fault):
        floors.lowered(HELD, name, {name: figure}, because)


def test_the_report_marks_what_is_below_its_floor() -> None:
    text = quality_report.page(
        {"reuse": 0.85, "new": 0.5}, HELD, [("A <picture>.", "<svg/>", "")], ["c1 (40)"]
    )
    assert '<tr class="below"><td>reuse<td class="n">0.8500<td class="n">0.9' in text
    assert text.count('class="below"') == 1
    assert "A &lt;picture&gt;." in text
    assert "<svg/>" in text
    assert "c1 (40)" in text


def test_a_chart_shows_points_beyond_its_axes_on_their_edge() -> None:
    axis = charts.Axis("share", 0.5)
    inside = charts.chart(axis, axis, [charts.Series("s", [charts.Point(0.5, 1.0)])])
    beyond = charts.chart(axis, axis, [charts.Series("s", [charts.Point(0.1, 1.0)])])
    assert inside == beyond
    assert inside != charts.chart(axis, axis, [charts.Series("s", [charts.Point(0.6, 1.0)])])
