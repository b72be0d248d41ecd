"""Profiles: many at once as one alone, kept and given way; verification with them and without."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from fictional_stories import BRIDGE, LIBRARY, OWL
from generated import documents, write_lines
from hypothesis import given
from hypothesis import strategies as st
from unicode_texts import TEXTS

from dedupe import Config, Index, jobs
from dedupe.match import Profile
from dedupe.match.quotations import first_persons
from dedupe.match.sitetext import _SITE_WORDS, site_lines
from dedupe.model import Document, Story
from dedupe.profiles import Shelf, profiles

CONFIG = Config()
SENTENCES = [line for text in (BRIDGE, LIBRARY, OWL) for line in text.split("\n")]
texts = st.lists(
    st.one_of(st.sampled_from(SENTENCES), st.text("ab 1“”.\nİß we’", max_size=24)), max_size=4
).map(" ".join)


def made(*given: str, compiled: bool = False) -> list[Profile]:
    stories = [Story(Document(str(i), "", text), text) for i, text in enumerate(given)]
    return profiles(stories, CONFIG, compiled)


def arrays(profile: Profile) -> list[np.ndarray]:
    kept = (getattr(profile, name) for name in Profile.__slots__ if not name.startswith("_"))
    return [*(each for each in kept if isinstance(each, np.ndarray)), profile.marks(), profile.address()]


@given(st.lists(texts, max_size=4))
def test_a_profile_does_not_depend_on_its_neighbours(several: list[str]) -> None:
    for text, together in zip(several, made(*several), strict=True):
        (alone,) = made(text)
        assert (alone.size, alone.names) == (together.size, together.names)
        for one, other in zip(arrays(alone), arrays(together), strict=True):
            assert one.dtype == other.dtype
            assert one.tolist() == other.tolist()


@given(st.lists(texts | TEXTS, max_size=4))
def test_the_compiled_form_is_the_plain_one(several: list[str]) -> None:
    for plain, compiled in zip(made(*several), made(*several, compiled=True), strict=True):
        assert (plain.size, plain.names) == (compiled.size, compiled.names)
        for one, other in zip(arrays(plain), arrays(compiled), strict=True):
            assert one.dtype == other.dtype
            assert one.tolist() == other.tolist()


@given(st.lists(texts, min_size=1, max_size=1))
def test_distinct_shingles_and_their_first_places(text: list[str]) -> None:
    (profile,) = made(*text)

    first = {value: place for place, value in reversed(list(enumerate(profile.hashes.tolist())))}
    assert dict(zip(profile.distinct.tolist(), profile.place.tolist(), strict=True)) == first
    assert profile.distinct.tolist() == sorted(first)


@pytest.mark.parametrize("words", _SITE_WORDS)
@pytest.mark.parametrize("change", [str.lower, str.upper, str.title], ids=["lower", "upper", "title"])
def test_site_words_are_found_in_any_case(words: str, change: type[str]) -> None:
    text = f"Rain fell.\nPlease {change(words)} – today.\nSnow fell."

    assert [text[begin:end] for begin, end in site_lines(text)] == [text.split("\n")[1]]


def test_places_of_first_persons_are_code_points() -> None:
    text = "Été à Zürich 🌧: then we left, and our “friends” saw us ."

    assert sorted(first_persons(text)) == [text.index(word) for word in ("we ", "our ", "us ")]


def test_a_shelf_gives_way_to_what_was_asked_for_last() -> None:
    one, two, three = made("a b c", "d e f", "g h i")
    shelf = Shelf(room=6)
    shelf.put("one", one)
    shelf.put("two", two)
    shelf.get("one")
    shelf.put("three", three)

    assert [shelf.get(key) for key in ("one", "two", "three")] == [one, None, three]


def test_verification_is_the_same_compiled_and_plain_and_again(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    with Index.open(db) as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", documents(7, 30)), workers=0)
    pairs = list(combinations(range(1, 31), 2))

    plain = jobs.verify(db, pairs, CONFIG, compiled=False)
    assert plain
    assert len(plain) < len(pairs)
    assert jobs.verify(db, pairs, CONFIG, compiled=True) == plain
    some = pairs[::3]
    assert jobs.verify(db, some, CONFIG, compiled=True) == [e for e in plain if tuple(sorted(e[:2])) in some]
    assert jobs.verify(db, [], CONFIG, compiled=True) == []
