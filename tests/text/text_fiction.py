"""Fictional pages for the tests of the text stage."""

from __future__ import annotations

from dedupe.config import TextConfig, load_agencies
from dedupe.model import Attribution, Document, Story
from dedupe.text import clean

CONFIG = TextConfig(agencies=load_agencies())

LOCK = (
    "The harbour council of Port Selene voted late on Tuesday to keep the eastern lock closed until the"
    " spring, a decision that strands forty barges and the flour they carry."
)
SKIPPERS = (
    "Skippers who had waited since the equinox said that they had been promised an answer in August, and"
    " that the answer then had been to wait for another one."
)
COIN = (
    "The lock was last repaired in the year of the great frost, when a stonemason found a brass coin under"
    " the gate and was allowed to keep it."
)
VOTE = (
    "A second vote is planned for the week after the regatta, if enough members of the council are sober"
    " enough to be counted."
)
BODY = (LOCK, SKIPPERS, COIN, VOTE)


def page(
    *lines: str, title: str | None = None, byline: str | None = None, outlet: str = "harbour.example"
) -> Document:
    return Document("page.txt", "", "\n".join(lines), outlet=outlet, title=title, byline=byline)


def cleaned(*lines: str, title: str | None = None, byline: str | None = None) -> Story:
    return clean(page(*lines, title=title, byline=byline), frozenset(), CONFIG)


def told(story: Story) -> list[tuple[str, str | None]]:
    """The claims as (kind, name), citations left out."""
    return [(a.kind.value, a.name) for a in story.attributions if a.kind != "cited"]


def cited(story: Story) -> list[Attribution]:
    return [a for a in story.attributions if a.kind == "cited"]


def words(story: Story) -> str:
    """The story's text with its white space collapsed."""
    return " ".join(story.text.split())
