"""Laws of cleaning that hold for any text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from text_fiction import BODY, CONFIG, page

from dedupe.model import Document
from dedupe.text import clean, line_keys
from dedupe.text.furniture import line_key

LINES = [
    *BODY,
    "Related stories",
    "Pilots Ask for a Second Tug",
    "Subscribe",
    "Latest news",
    "AFP",
    "— Reuters",
    "Source: VOA",
    "By Ada Obi, AP",
    "(Reporting by Ada Obi; Editing by Ben Oko)",
    "The Associated Press contributed to this report.",
    "© 2025 The Harbour Times",
    "PORT SELENE (AP) — " + BODY[0],
    BODY[1] + " — AFP",
    "Ada Obi",
    "Ada Obi is a journalist. She can be reached at ada@harbour.example",
    "Also read: Pilots ask for a second tug",
    "“We wait,” he told VOA.",
    "",
    " ",
    "sak/Reuters",
]
pages = st.lists(st.sampled_from(LINES), max_size=25).map("\n".join)
texts = st.one_of(pages, st.text(), st.text("AP(Reuters)—-. \n©\u2028【共同】\u0130\ud800"))


@given(texts, st.sampled_from([None, "Ada Obi", "Lock closed"]))
def test_offsets_hold(text: str, title: str | None) -> None:
    document = Document("page.txt", "", text, outlet="harbour.example", title=title)
    story = clean(document, frozenset(), CONFIG)
    gone = {i for part in story.removed for i in range(part.begin, part.end)}
    assert len(story.text) == len(text)
    assert all(story.text[i] == (" " if i in gone else text[i]) for i in range(len(text)))


@given(texts)
def test_claims_of_the_text_lie_where_they_say(text: str) -> None:
    story = clean(page(text), frozenset(), CONFIG)
    for claim in story.attributions:
        assert claim.begin is not None
        assert text[claim.begin : claim.end] == claim.text


@given(pages)
def test_removed_parts_are_ordered_and_apart(text: str) -> None:
    spans = [(part.begin, part.end) for part in clean(page(text), frozenset(), CONFIG).removed]
    distinct = sorted(set(spans))
    assert [span for span in spans if span in distinct] == spans
    assert all(a[1] <= b[0] for a, b in pairwise(distinct))


@given(pages)
def test_cleaning_is_a_function_of_its_input(text: str) -> None:
    assert clean(page(text), frozenset(), CONFIG) == clean(page(text), frozenset(), CONFIG)


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_learned_furniture_never_comes_back(lines: list[str]) -> None:
    document = page(*lines)
    furniture = set(line_keys(document).tolist()[::2])
    story = clean(document, furniture, CONFIG)
    kept = [line for line in story.text.splitlines() if line.strip()]
    assert not any(line_key("harbour.example", line) in furniture for line in kept if line in lines)


ABOVE = ["AFP", "By Ada Obi, AP", "Source: VOA", "— Reuters"]
BELOW = [line for line in LINES[4:] if len(line) < 100]


@given(st.permutations(ABOVE), st.integers(0, 4), st.permutations(BELOW), st.integers(0, len(BELOW)))
def test_cleaning_a_cleaned_page_changes_nothing_more(
    above: list[str], few: int, below: list[str], many: int
) -> None:
    once = clean(page(*above[:few], *BODY, *below[:many]), frozenset(), CONFIG)
    twice = clean(page(once.text), frozenset(), CONFIG)
    assert twice.text == once.text
