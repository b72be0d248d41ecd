"""Events over the whole index: pages that share a quotation tell of one event, in so many texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_fiction import ARTICLES, LIBRARY, QUOTED, article, indexed

from dedupe import Index
from dedupe.store.events import Event


def events_of(folder: Path, articles: list[dict[str, object]]) -> list[Event]:
    with Index.open(indexed(folder, articles)) as index:
        return index.events()


ALONE = (
    "The county counted its lamps on Monday and found that eleven of them had been lent to a theatre.",
    "They will be back for the winter, says the theatre, which has a play on about a lighthouse.",
)


@pytest.mark.parametrize(
    ("more", "texts", "outlets"),
    [
        pytest.param([], [("flood-1", "flood-2"), ("lock-1", "lock-2")], 4, id="two stories"),
        pytest.param(
            [article("lamps", "lamp-post.example", 11, ALONE + QUOTED)],
            [("flood-1", "flood-2"), ("lock-1", "lock-2"), ("lamps",)],
            5,
            id="and a document that nobody copied",
        ),
        pytest.param(
            [article("lamps", "lamp-post.example", 11, ALONE)],
            [("flood-1", "flood-2"), ("lock-1", "lock-2")],
            4,
            id="a document that quotes nobody is of no event",
        ),
    ],
)
def test_stories_that_quote_one_person_are_an_event(
    tmp_path: Path, more: list[dict[str, object]], texts: list[tuple[str, ...]], outlets: int
) -> None:
    (event,) = events_of(tmp_path, [*ARTICLES, *more])
    assert sorted(text.documents for text in event.texts) == sorted(texts)
    assert event.outlets == outlets
    assert len(event.texts[0].documents) == 2
    assert {text.origin for text in event.texts} >= {"Voice of America"}


def test_what_one_outlet_says_twice_is_no_event(tmp_path: Path) -> None:
    twice = [
        article("one", "senn-times.example", 6, ALONE + QUOTED),
        article("two", "senn-times.example", 7, LIBRARY + QUOTED),
    ]
    assert events_of(tmp_path, twice) == []
