"""Who wrote the copy. The outlets, agencies and texts are invented."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import AGENCIES, BODY, edge, story

from dedupe.config import OriginConfig
from dedupe.model import Attribution, AttributionKind, Edge, Origin, OriginKind, Relation, Story
from dedupe.origin import attribute, rights_hint
from dedupe.origin.attribute import weights
from dedupe.origin.signals import CLAIM_KINDS

CONFIG = OriginConfig()
K = AttributionKind


def name_of(stories: list[Story], edges: list[Edge]) -> Origin:
    return attribute(stories, edges, CONFIG, AGENCIES)


@pytest.mark.parametrize(
    "kind", [K.BYLINE, K.DATELINE, K.CREDIT, K.SIGN_OFF, K.REPUBLISHED, K.PIXEL], ids=lambda kind: kind.value
)
def test_one_clear_claim_names_an_agency_that_was_never_crawled(kind: AttributionKind) -> None:
    origin = name_of([story("1", "dailybugle.example", (kind, "Nordwire"))], [])
    assert (origin.name, origin.kind, origin.document) == ("Nordwire", OriginKind.AGENCY, None)


def test_an_agency_named_by_several_outlets_outweighs_the_earliest_page() -> None:
    stories = [
        story("1", "first.example", at="2026-03-01T06:00:00Z"),
        story("2", "second.example", (K.DATELINE, "Nordwire"), at="2026-03-01T09:00:00Z"),
        story("3", "third.example", (K.BYLINE, "Nordwire"), at="2026-03-01T10:00:00Z"),
    ]
    origin = name_of(stories, [edge("1", "2"), edge("1", "3"), edge("2", "3")])
    assert (origin.name, origin.document) == ("Nordwire", None)
    assert origin.confidence > 0.9


def test_the_agencys_own_page_is_the_origin_document_even_when_it_is_later() -> None:
    stories = [
        story("1", "first.example", (K.DATELINE, "Nordwire"), at="2026-03-01T06:00:00Z"),
        story("2", "nordwire.example", at="2026-03-01T06:20:00Z"),
    ]
    origin = name_of(stories, [edge("1", "2")])
    assert (origin.name, origin.document) == ("Nordwire", "2")


def test_of_an_agencys_pages_that_of_its_main_site_is_the_origin_document() -> None:
    agency = replace(AGENCIES[0], domains=("nordwire.example", "nordwire-harbour.example"))
    stories = [
        story("1", "nordwire-harbour.example", at="2026-03-01T06:00:00Z"),
        story("2", "nordwire.example", at="2026-03-01T06:20:00Z"),
    ]
    assert attribute(stories, [edge("1", "2")], CONFIG, [agency]).document == "2"


def test_an_agencys_page_that_credits_another_agency_is_a_copy() -> None:
    stories = [
        story("1", "nordwire.example", (K.BYLINE, "Sudpress"), at="2026-03-01T06:00:00Z"),
        story("2", "second.example", (K.DATELINE, "Sudpress"), at="2026-03-01T06:30:00Z"),
    ]
    assert name_of(stories, [edge("1", "2")]).name == "Sudpress"


def test_conflicting_credits_leave_the_origin_unknown_or_doubtful() -> None:
    stories = [
        story("1", "first.example", (K.CREDIT, "Nordwire")),
        story("2", "second.example", (K.CREDIT, "Sudpress")),
    ]
    origin = name_of(stories, [edge("1", "2")])
    assert (origin.name, origin.kind, origin.document) == (None, OriginKind.UNKNOWN, None)
    assert {item.text.split(":")[0] for item in origin.evidence} == {"Nordwire", "Sudpress"}


def test_no_clues_at_all_leave_the_origin_unknown() -> None:
    origin = name_of([story("1", "first.example"), story("2", "second.example")], [edge("1", "2")])
    assert (origin.name, origin.kind) == (None, OriginKind.UNKNOWN)


def test_nothing_to_attribute_is_unknown() -> None:
    assert name_of([], []) == Origin(None, OriginKind.UNKNOWN, None, 0.0, ())


def test_a_contributor_is_not_the_origin() -> None:
    stories = [
        story("1", "first.example", (K.CONTRIBUTOR, "Nordwire")),
        story("2", "second.example", (K.BYLINE, "Sudpress")),
    ]
    assert name_of(stories, [edge("1", "2")]).name == "Sudpress"
    assert name_of(stories[:1], []).name is None


def test_a_disclaimer_speaks_against_its_page_and_for_nobody() -> None:
    second = story("2", "b.example", at="2026-03-02T06:00:00Z")
    plain = story("1", "first.example", at="2026-03-01T06:00:00Z")
    fed = story("1", "first.example", (K.DISCLAIMER, None), at="2026-03-01T06:00:00Z")
    bold, pair = OriginConfig(min_confidence=0.2), [edge("1", "2", 0.5, 1.0)]
    assert attribute([plain, second], pair, bold, AGENCIES).name == "first.example"
    assert attribute([fed, second], pair, bold, AGENCIES).name is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("told Nordwire", True),
        ("Nordwire reported", True),
        ("", False),
    ],
    ids=["said to its reporter", "quoted", "not at all"],
)
def test_being_cited_makes_a_candidate_but_not_the_answer(text: str, named: bool) -> None:
    cited = Attribution(K.CITED, text, "Nordwire")
    copy = replace(story("1", "first.example"), attributions=(cited,) if text else ())
    origin = name_of([copy], [])
    assert origin.name is None
    assert any(item.text.startswith("Nordwire: ") for item in origin.evidence) is named


def test_what_was_said_to_an_agencys_reporter_weighs_more_than_a_citation() -> None:
    assert weights()["told"] > weights()["cited"] > 0


@pytest.mark.parametrize(
    ("carrier", "origin"),
    [("slashdot.org", "kystpost.example"), ("copier.example", None)],
    ids=["a portal", "a paper"],
)
def test_of_a_portal_and_a_paper_that_credit_nobody_the_paper_wrote_it(
    carrier: str, origin: str | None
) -> None:
    pages = [story("1", carrier), story("2", "kystpost.example")]
    assert name_of(pages, [edge("1", "2")]).name == origin


@pytest.mark.parametrize(
    ("relays", "origin"), [(("Nordwire",), "Nordwire"), ((), None)], ids=["relayed", "unrelated"]
)
def test_an_agency_gives_way_to_the_one_it_relays(relays: tuple[str, ...], origin: str | None) -> None:
    agencies = (AGENCIES[0], replace(AGENCIES[1], relays=relays))
    pages = [
        story("1", "first.example", (K.CREDIT, "Nordwire")),
        story("2", "second.example", (K.CREDIT, "Sudpress")),
    ]
    assert attribute(pages, [edge("1", "2")], CONFIG, agencies).name == origin


def test_who_credits_both_agencies_does_not_say_that_one_only_relayed_it() -> None:
    agencies = (AGENCIES[0], replace(AGENCIES[1], relays=("Nordwire",)))
    pages = [story("1", "first.example", (K.CREDIT, "Nordwire"), (K.CREDIT, "Sudpress"))]
    assert attribute(pages, [], CONFIG, agencies).name is None


def test_an_agency_that_alone_is_credited_relays_nobody() -> None:
    agencies = (AGENCIES[0], replace(AGENCIES[1], relays=("Nordwire",)))
    pages = [story("1", "first.example", (K.CREDIT, "Sudpress"))]
    assert attribute(pages, [], CONFIG, agencies).name == "Sudpress"


def test_an_address_of_another_member_in_the_text_points_to_it() -> None:
    linking = story("1", "copier.example", text=BODY + " Read it at https://www.kystpost.example/quay")
    plain = story("1", "copier.example")
    other = story("2", "kystpost.example")
    pair, bold = [edge("1", "2")], OriginConfig(min_confidence=0.0)
    found = attribute([linking, other], pair, bold, AGENCIES)
    assert found.document == "2"
    assert found.confidence > attribute([plain, other], pair, bold, AGENCIES).confidence


def test_a_credit_in_free_text_points_to_the_outlet_that_is_a_member() -> None:
    credit = Attribution(K.REPUBLISHED, "This article first appeared on Kyst Post and is republished here.")
    copy = replace(story("1", "copier.example", at="2026-03-01T06:00:00Z"), attributions=(credit,))
    origin = name_of([copy, story("2", "kystpost.example", at="2026-03-01T08:00:00Z")], [edge("1", "2")])
    assert (origin.name, origin.kind, origin.document) == ("kystpost.example", OriginKind.OUTLET, "2")


def test_a_round_up_that_names_another_agency_hardly_counts() -> None:
    stories = [
        story("1", "first.example", (K.DATELINE, "Nordwire")),
        story("2", "roundup.example", (K.CREDIT, "Sudpress")),
    ]
    assert name_of(stories, [edge("1", "2", 1.0, 0.05, Relation.EXCERPT)]).name == "Nordwire"


def test_the_credit_of_a_page_that_holds_little_of_the_story_counts_little() -> None:
    brief, report = story("1", "brief.example", (K.CREDIT, "Nordwire")), story("2", "b.example")
    whole, marginal = (
        attribute([brief, report], [edge("1", "2", 0.4, share, Relation.PARTIAL)], CONFIG, AGENCIES)
        for share in (0.6, 0.1)
    )
    assert whole.name == "Nordwire"
    assert marginal.confidence < 0.6 < whole.confidence


OWN = story("1", "nordwire.example", at="2026-03-01T09:00:00Z")


@pytest.mark.parametrize(
    ("other", "share", "low", "high"),
    [
        (story("2", "b.example", at="2026-03-01T12:00:00Z"), 0.9, 0.9, 1.0),
        (story("2", "b.example", at="2026-03-01T06:00:00Z"), 0.9, 0.5, 0.9),
        (story("2", "b.example", (K.CITED, "Nordwire"), at="2026-03-01T06:00:00Z"), 0.9, 0.9, 1.0),
        (story("2", "b.example", at="2026-03-01T12:00:00Z"), 0.05, 0.0, 0.6),
    ],
    ids=["first", "not first", "not first, and named", "hardly shared"],
)
def test_an_agencys_page_alone_does_not_decide(other: Story, share: float, low: float, high: float) -> None:
    kind = Relation.EDITED if share > 0.5 else Relation.PARTIAL
    origin = attribute([OWN, other], [edge("1", "2", share, share, kind)], CONFIG, AGENCIES)
    assert low < origin.confidence < high


def test_a_page_of_which_little_is_the_story_is_not_the_first_to_have_it() -> None:
    live = story("1", "live.example", at="2026-03-01T01:00:00Z")
    stories = [live, story("2", "b.example", at="2026-03-01T08:00:00Z"), story("3", "c.example")]
    edges = [edge("1", "2", 0.2, 0.3, Relation.PARTIAL), edge("2", "3")]
    bold = OriginConfig(min_confidence=0.0)
    kinds = {item.kind for item in attribute(stories, edges, bold, AGENCIES).evidence}
    assert kinds.isdisjoint({"first", "headstart"})


def test_of_an_agencys_pages_the_one_that_is_mostly_the_story_is_the_origin_document() -> None:
    stories = [
        story("1", "nordwire.example", at="2026-03-01T06:00:00Z"),
        story("2", "nordwire.example", at="2026-03-01T08:00:00Z"),
        story("3", "b.example", (K.CREDIT, "Nordwire"), at="2026-03-01T09:00:00Z"),
    ]
    edges = [edge("1", "3", 0.2, 0.3, Relation.PARTIAL), edge("2", "3")]
    assert name_of(stories, edges).document == "2"


def test_a_round_up_is_not_the_original_because_it_is_long() -> None:
    brief, long = story("1", "a.example"), story("2", "b.example", text=BODY * 9)
    trimmed, round_up = (edge("1", "2", 1.0, share) for share in (0.6, 0.05))
    bold = OriginConfig(min_confidence=0.0)
    of_trimmed = attribute([brief, long], [trimmed], bold, AGENCIES)
    of_round_up = attribute([brief, long], [round_up], bold, AGENCIES)
    assert of_trimmed.document == "2"
    assert of_round_up.confidence < of_trimmed.confidence


def test_edges_to_documents_outside_do_not_matter() -> None:
    inside = [story("1", "a.example", (K.CREDIT, "Nordwire")), story("2", "b.example")]
    pair = [edge("1", "2", 0.2, 0.2)]
    assert name_of(inside, [*pair, edge("1", "9")]) == name_of(inside, pair)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2026-03-01T06:00:00Z", "2026-03-01T12:00:00Z", "a.example"),
        ("2026-03-01T12:00:00Z", "2026-03-01T06:00:00Z", "b.example"),
        ("2026-03-01", "2026-03-02", "a.example"),
        ("2026-03-01", "2026-03-01", None),
    ],
    ids=["hours earlier", "hours later", "a day earlier", "same day, no time"],
)
def test_time_decides_between_equal_pages_by_its_reliability(
    first: str, second: str, expected: str | None
) -> None:
    stories = [story("1", "a.example", at=first), story("2", "b.example", at=second)]
    config = OriginConfig(min_confidence=0.1)
    assert attribute(stories, [edge("1", "2")], config, AGENCIES).name == expected


def test_the_weights_of_the_evidence_add_up_to_the_log_odds() -> None:
    stories = [
        story("1", "first.example", (K.DATELINE, "Nordwire")),
        story("2", "second.example", (K.CONTRIBUTOR, "Sudpress")),
    ]
    origin = name_of(stories, [edge("1", "2")])
    log_odds = math.log(origin.confidence / (1 - origin.confidence))
    assert math.fsum(item.weight for item in origin.evidence) == pytest.approx(log_odds)


def test_every_kind_of_claim_has_a_weight() -> None:
    assert set(CLAIM_KINDS) <= set(weights())
    assert {kind.value for kind in K} - {"disclaimer"} <= set(CLAIM_KINDS)


@pytest.mark.parametrize(("name", "hint"), [("Nordwire", "public domain"), ("Sudpress", None), (None, None)])
def test_the_rights_hint_is_the_agencys_licence(name: str | None, hint: str | None) -> None:
    assert rights_hint(Origin(name, OriginKind.AGENCY, None, 0.9, ()), AGENCIES) == hint


def test_a_thousand_outlets_do_not_make_a_thousand_lines_of_evidence() -> None:
    stories = [story(str(n), f"outlet{n}.example", (K.BYLINE, "Nordwire")) for n in range(1000)]
    origin = name_of(stories, [edge("0", str(n)) for n in range(1, 1000)])
    assert origin.name == "Nordwire"
    assert len(origin.evidence) < 20


Drawn = tuple[list[Story], list[Edge]]
OUTLETS = ["a.example", "b.example", "c.example", "nordwire.example"]
CLAIMS = st.tuples(st.sampled_from(list(K)), st.sampled_from([None, "Nordwire", "Sudpress", "a.example"]))


@st.composite
def clusters(draw: st.DrawFn) -> Drawn:
    size = draw(st.integers(1, 6))
    stories = [
        story(
            str(n),
            draw(st.sampled_from(OUTLETS)),
            *draw(st.lists(CLAIMS, max_size=3)),
            at=draw(st.sampled_from([None, "2026-03-01", "2026-03-01T06:00:00Z", "2026-03-01T06:05:00Z"])),
            text=BODY * draw(st.integers(1, 3)),
        )
        for n in range(size)
    ]
    ratio = st.sampled_from([0.1, 0.5, 1.0])
    pairs = [(str(a), str(b)) for a in range(size) for b in range(a + 1, size)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    relation = st.sampled_from(list(Relation))
    return stories, [edge(a, b, draw(ratio), draw(ratio), draw(relation)) for a, b in chosen]


@given(clusters(), st.randoms(use_true_random=False))
def test_the_order_of_stories_and_edges_does_not_matter(cluster: Drawn, random: Random) -> None:
    stories, edges = cluster
    expected = name_of(stories, edges)
    random.shuffle(stories)
    random.shuffle(edges)
    assert name_of(stories, edges) == expected


@given(clusters())
def test_confidence_is_a_probability_and_the_document_is_a_member(cluster: Drawn) -> None:
    stories, edges = cluster
    origin = name_of(stories, edges)
    assert 0 <= origin.confidence <= 1
    assert origin.document is None or origin.document in {story.document.id for story in stories}
    assert (origin.name is None) == (origin.kind is OriginKind.UNKNOWN)
