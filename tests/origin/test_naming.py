"""Another member's title in a text, and the words that make it the source."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from newsroom import AGENCIES, BODY, edge, story

from dedupe.config import OriginConfig
from dedupe.origin import attribute, naming
from dedupe.origin.attribute import weights
from dedupe.origin.claims import claims_of, registry
from dedupe.origin.naming import sources_named

LABELS = {"kystpost": "kystpost.example", "dawn": "dawn.example", "harbour": "theharbour.example"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("An anonymous reader quotes a report from Kyst Post: The quay", "report from Kyst Post"),
        ("Nobody knew. Kystpost reports: The quay is closed.", "Kystpost reports"),
        ('"It is old", the master told the Kyst-Post.', "told the Kyst-Post"),
        ('"Es vieja", comenta a Kyst Post la capitana.', "comenta a Kyst Post"),
        ("selon nos confrères de Kyst Post, le quai", "confrères de Kyst Post"),
        ("The crack was first reported by The Harbour.", "first reported by The Harbour"),
        ("Dawn has learned that the quay is old.", "Dawn has learned"),
        ("At dawn reports came in.", None),
        ("She said that Dawn Penner closed it.", None),
        ("He reads Kyst Post every day.", None),
        ("A report from Kystpostal says so.", None),
        ("The copier told Nordwire.", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "none",
)
def test_a_title_is_a_source_by_the_words_around_it(text: str, named: str | None) -> None:
    found = [text[begin:end] for _, begin, end in sources_named(text, LABELS, "copier.example")]
    assert found == ([] if named is None else [named])


@given(
    st.text("iİıIsſSkKKßyY .'’-x\u0307", max_size=12),
    st.sampled_from(["told {}", "{} reports", "the {} reported by {}"]),
)
@example("ISK-İs", "told {}")
def test_letters_that_are_not_there_are_the_only_reason_not_to_look(title: str, words: str) -> None:
    labels = {"isk": "a.example", "kiss": "b.example", "ıs": "c.example", "yk": "d.example"}
    text = words.replace("{}", title)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(naming, "_bare", lambda _: "")
        looked_for = list(sources_named(text, labels, "copier.example"))
    assert list(sources_named(text, labels, "copier.example")) == looked_for


def test_a_page_does_not_name_itself() -> None:
    assert not list(sources_named("he told Kyst Post", LABELS, "kystpost.example"))


def test_the_claim_says_where_the_words_stand() -> None:
    page = story("1", "copier.example", text=f"Kyst Post reports: {BODY}")
    members = [page, story("2", "kystpost.example")]
    found = [(c.name, c.kind, c.text, c.begin) for c in claims_of(page, registry(members, AGENCIES))]
    assert found == [("kystpost.example", "named", "Kyst Post reports", 0)]


@pytest.mark.parametrize(
    ("text", "origin"),
    [(f"According to Kyst Post, {BODY}", "kystpost.example"), (BODY, None)],
    ids=["named", "not named"],
)
def test_the_member_that_the_others_text_names_is_the_origin(text: str, origin: str | None) -> None:
    pages = [story("1", "copier.example", text=text), story("2", "kystpost.example")]
    assert attribute(pages, [edge("1", "2")], OriginConfig(), AGENCIES).name == origin
    assert weights()["named"] > weights()["cited"]
