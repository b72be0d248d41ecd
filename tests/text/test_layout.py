"""Blocks of a page that are not its story, told by structure."""

from __future__ import annotations

import pytest
from text_fiction import BODY, COIN, LOCK, VOTE, cleaned, told, words

TITLE = "Eastern Lock Closed Until Spring"
RELATED = (
    "Related stories",
    "Pilots Ask for a Second Tug",
    "By Ada Obi The pilots of Port Selene have asked...",
    "Ministry Names Keeper of the Archive",
    "By Ben Oko The ministry of culture on Monday...",
)
BIO = (
    "Ada Obi is an experienced journalist with a licence for vessels under 24 meters. She can be reached"
    " at: ada@harbour.example"
)
END = (
    "Subscribe",
    "- Never wait for the evening boat",
    "- Cancel whenever you say so",
    "Latest stories",
    "Pilots Ask for a Second TugMinistry Names Keeper of the ArchiveTunnel to Close for Repairs" * 3,
    "X whatsapp",
)


def test_a_page_under_its_chrome_keeps_the_body_and_the_claim() -> None:
    story = cleaned(TITLE, *RELATED, *BODY, "Voice Of America", "Voice Of America", BIO, *END, title=TITLE)
    assert words(story) == " ".join(BODY)
    assert told(story) == [("credit", "Voice of America")] * 2


def test_a_bio_without_a_journalist_s_words_goes_with_its_box() -> None:
    bio = "Ada Obi keeps bees on the roof of the customs house. Before that she sold barometers to ministers."
    story = cleaned(*BODY, "Ada Obi", "Ada Obi", bio, *END)
    assert words(story) == " ".join(BODY)
    assert told(story) == []


def test_subheadings_stay() -> None:
    story = cleaned(*BODY[:2], "Shifting alliances", *BODY[2:])
    assert words(story) == " ".join([*BODY[:2], "Shifting alliances", *BODY[2:]])


def test_a_doubled_caption_above_the_last_paragraph_is_no_author_box() -> None:
    story = cleaned(*BODY[:-1], "The lock at dusk", "The lock at dusk", VOTE)
    assert words(story) == " ".join([*BODY[:-1], "The lock at dusk The lock at dusk", VOTE])


def test_a_story_that_goes_on_after_a_heading_is_no_page_end() -> None:
    story = cleaned(LOCK, "Advertisement", COIN, VOTE)
    assert words(story) == " ".join([LOCK, COIN, VOTE])


def test_a_sports_story_s_last_heading_is_no_page_end() -> None:
    notes = (
        "UP NEXT",
        "Selene: At Dunmarrow on Saturday night.",
        "Dunmarrow: Host Selene on Saturday night.",
    )
    assert words(cleaned(*BODY, *notes)) == " ".join([*BODY, *notes])


LINKS = [
    "Also read: Pilots ask for a second tug",
    "READ MORE: Pilots ask for a second tug",
    "Lire aussi : Les pilotes demandent un second remorqueur",
    "Lea también: Los prácticos piden otro remolcador",
    "Читайте также: Лоцманы просят второй буксир",
    "Baca juga: Pandu meminta kapal tunda kedua",
    "یہ بھی پڑھیں: پائلٹوں نے دوسری کشتی مانگ لی",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_to_another_story_leaves_the_story(link: str) -> None:
    story = cleaned(*BODY[:2], link, *BODY[2:])
    assert words(story) == " ".join(BODY)
    assert [part.reason for part in story.removed] == ["related"]


LISTS = [
    "Related stories",
    "Latest news",
    "Das könnte Sie auch interessieren",
    "Más leídas",
    "Похожие новости",
    "相关新闻",
]


@pytest.mark.parametrize("heading", LISTS)
def test_a_list_of_titles_below_the_story_is_the_page_s_end(heading: str) -> None:
    story = cleaned(*BODY, heading, "Pilots ask for a second tug", "Keeper of the archive named")
    assert words(story) == " ".join(BODY)
    assert {part.reason for part in story.removed} == {"page_end"}


def test_a_text_of_one_line_is_no_title() -> None:
    assert words(cleaned(LOCK, title=LOCK)) == LOCK


def test_the_title_above_the_text_leaves_the_story() -> None:
    story = cleaned(TITLE, *BODY, title=TITLE)
    assert words(story) == " ".join(BODY)
    assert [part.reason for part in story.removed] == ["title"]
