"""The aligned diff: every code point in one segment, equal segments equal."""

from __future__ import annotations

from collections.abc import Callable

from fictional_stories import BRIDGE, LIBRARY, OWL, UPDATED
from hypothesis import given
from hypothesis import strategies as st

from dedupe import match
from dedupe.config import Config
from dedupe.match import Change, Profile, Segment

Profiled = Callable[..., Profile]

LINES = [line for text in (BRIDGE, LIBRARY, OWL, UPDATED) for line in text.split("\n")]
pages = st.lists(st.sampled_from(LINES), max_size=8).map("\n".join)


def segments(profiled: Profiled, a: str, b: str) -> tuple[Segment, ...]:
    one, two = profiled(a, "a"), profiled(b, "b")
    return match.explain(match.verify(one, two, Config().match), one.story, two.story)


@given(a=pages, b=pages)
def test_segments_cover_both_texts_once(profiled: Profiled, a: str, b: str) -> None:
    found = segments(profiled, a, b)

    assert "".join(a[slice(*segment.a)] for segment in found if segment.a) == a
    assert "".join(b[slice(*span)] for span in sorted(segment.b for segment in found if segment.b)) == b


@given(a=pages, b=pages)
def test_equal_segments_read_alike(profiled: Profiled, a: str, b: str) -> None:
    for segment in segments(profiled, a, b):
        assert (segment.a is None) == (segment.change is Change.ONLY_B)
        assert (segment.b is None) == (segment.change is Change.ONLY_A)
        if segment.change is Change.EQUAL and segment.a and segment.b:
            assert a[slice(*segment.a)].split() == b[slice(*segment.b)].split()


def test_an_edit_is_shown_where_it_is(profiled: Profiled) -> None:
    edited = OWL.replace("eleven thousand people", "11,000 viewers")

    changed = [s for s in segments(profiled, OWL, edited) if s.change is Change.CHANGED]

    assert [(OWL[slice(*s.a)].strip(), edited[slice(*s.b)].strip()) for s in changed if s.a and s.b] == [
        ("eleven thousand people", "11,000 viewers")
    ]


def test_texts_that_share_nothing_stand_apart(profiled: Profiled) -> None:
    found = segments(profiled, LIBRARY, "Nothing of the kind.")

    assert [segment.change for segment in found] == [Change.ONLY_A, Change.ONLY_B]
