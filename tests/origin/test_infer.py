"""Origin and members of a cluster at once, with guests that have no say in the origin."""

from __future__ import annotations

from dataclasses import replace

import pytest
from newsroom import AGENCIES, BODY, edge, story

from dedupe.config import OriginConfig
from dedupe.model import AttributionKind, Cluster, Edge, Relation, Role, Story
from dedupe.origin import attribute, infer, members

K = AttributionKind
CONFIG = OriginConfig()
HOSTS = [
    story("1", "heron.example", (K.DATELINE, "Nordwire"), at="2026-03-03T08:00:00Z"),
    story("2", "quill.example", (K.BYLINE, "Nordwire"), at="2026-03-03T09:00:00Z"),
    story("3", "tern.example", at="2026-03-03T10:00:00Z", text=f"{BODY} More at www.gull.example today."),
]
GUEST = story("4", "gull.example", (K.DATELINE, "Sudpress"), (K.BYLINE, "Sudpress"), (K.SIGN_OFF, "Sudpress"))
EDGES = [
    edge("1", "2"),
    edge("1", "3", 1.0, 0.9),
    edge("2", "3", 1.0, 0.9),
    edge("1", "4", 1.0, 0.2, Relation.EXCERPT),
]


@pytest.mark.parametrize(
    ("stories", "excerpts"),
    [(HOSTS, ()), ([*HOSTS, GUEST], ("4",)), ([GUEST, *HOSTS[::-1]], ("4",))],
    ids=["members alone", "with a guest", "in another order"],
)
def test_infer_is_attribute_of_the_members_and_members_of_all(
    stories: list[Story], excerpts: tuple[str, ...]
) -> None:
    cluster = Cluster("c", "1", ("1", "2", "3"), excerpts)
    found, came = infer(cluster, stories, EDGES, CONFIG, AGENCIES)
    assert found == attribute(HOSTS, EDGES, CONFIG, AGENCIES)
    plain = members(stories, EDGES, found, "1", AGENCIES)
    assert came == [replace(each, role=Role.EXCERPT) if each.id in excerpts else each for each in plain]


@pytest.mark.parametrize(
    ("members_", "excerpts", "linked"),
    [(("1", "2", "3"), ("4",), False), (("1", "2", "3", "4"), (), True)],
    ids=["guest", "member"],
)
def test_a_link_to_a_guest_is_no_clue_to_the_origin(
    members_: tuple[str, ...], excerpts: tuple[str, ...], linked: bool
) -> None:
    mute = [replace(page, attributions=()) for page in (*HOSTS, GUEST)]
    found, _ = infer(Cluster("c", "1", members_, excerpts), mute, EDGES, CONFIG, AGENCIES)
    assert ("linked" in {item.kind for item in found.evidence}) is linked


def test_edges_to_documents_that_are_not_at_hand_are_no_matter() -> None:
    beyond: list[Edge] = [*EDGES, edge("3", "9")]
    cluster = Cluster("c", "1", ("1", "2", "3"))
    assert infer(cluster, HOSTS, beyond, CONFIG, AGENCIES) == infer(cluster, HOSTS, EDGES, CONFIG, AGENCIES)
