"""How each member came by the story: roles, credit, bylines, edits, delay and parents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from newsroom import AGENCIES, BODY, edge, story

from dedupe.model import (
    Attribution,
    AttributionKind,
    Edge,
    EditKind,
    MemberOrigin,
    Origin,
    OriginKind,
    Passage,
    Relation,
    Role,
    Story,
)
from dedupe.origin import members
from dedupe.origin.hearing import hear
from dedupe.origin.members import members_of

K = AttributionKind
NOT_CRAWLED = Origin("Nordwire", OriginKind.AGENCY, None, 0.95, ())
ITS_PAGE = replace(NOT_CRAWLED, document="0")
PAGE = story("0", "nordwire.example", at="2026-03-01T06:00:00Z", byline="Ada Penner")
CREDITED = (K.DATELINE, "Nordwire")


def member(copy: Story, origin: Origin = ITS_PAGE, pair: Edge | None = None) -> MemberOrigin:
    """How ``copy`` (of id 1) stands beside the agency's page."""
    found = members([PAGE, copy], [pair or edge("0", "1")], origin, "0", AGENCIES)
    return found[1]


def cites(text: str, begin: int, phrase: str = "Nordwire reported") -> Story:
    cited = Attribution(K.CITED, phrase, "Nordwire", begin, begin + len(phrase))
    return replace(story("1", "daily.example", text=text), attributions=(cited,))


@pytest.mark.parametrize(
    ("copy", "pair", "role", "credited"),
    [
        (story("1", "daily.example", CREDITED), edge("0", "1"), Role.SYNDICATED, True),
        (story("1", "daily.example", (K.DISCLAIMER, None)), edge("0", "1"), Role.SYNDICATED, True),
        (story("1", "daily.example"), edge("0", "1"), Role.REPOST, False),
        (story("1", "daily.example", (K.CITED, "Nordwire")), edge("0", "1"), Role.REPOST, False),
        (cites("The agency Nordwire reported on it. " + BODY, 11), edge("0", "1"), Role.SYNDICATED, True),
        (cites(BODY + " Nordwire reported.", len(BODY) + 1), edge("0", "1"), Role.REPOST, False),
        (cites("told Nordwire " + BODY, 0, "told Nordwire"), edge("0", "1"), Role.REPOST, False),
        (story("1", "daily.example", (K.BYLINE, "Sudpress")), edge("0", "1"), Role.REPOST, False),
        (story("1", "nordwire.example"), edge("0", "1"), Role.UPDATE, False),
        (story("1", "daily.example"), edge("0", "1", 0.1, 0.9, Relation.EXCERPT), Role.EXCERPT, False),
        (story("1", "daily.example"), edge("0", "1", 0.9, 0.1, Relation.EXCERPT), Role.REPOST, False),
    ],
    ids=[
        "credit",
        "disclaimer",
        "none",
        "cited",
        "cited early",
        "cited late",
        "said to the agency's reporter",
        "another's name",
        "the origin's own",
        "excerpt",
        "a longer page that holds the story",
    ],
)
def test_roles(copy: Story, pair: Edge, role: Role, credited: bool) -> None:
    found = member(copy, pair=pair)
    assert (found.role, found.credited) == (role, credited)


def test_the_origins_page_is_the_origin() -> None:
    found = members([PAGE, story("1", "daily.example")], [edge("0", "1")], ITS_PAGE, "1", AGENCIES)[0]
    assert (found.role, found.parent, found.share_kept, found.delay) == (Role.ORIGIN, None, 1.0, 0)


@pytest.mark.parametrize(
    ("pair", "role"),
    [
        (edge("1", "2", relation=Relation.UPDATE), Role.UPDATE),
        (edge("1", "2", 1.0, 0.8, Relation.IDENTICAL), Role.UPDATE),
        (edge("1", "2", relation=Relation.IDENTICAL), Role.REPOST),
    ],
    ids=["by its number or title", "with a new paragraph", "the same page twice"],
)
def test_a_later_version_by_the_same_outlet_is_an_update_of_the_earlier(pair: Edge, role: Role) -> None:
    first = story("1", "daily.example", at="2026-03-01T07:00:00Z")
    later = story("2", "daily.example", at="2026-03-01T09:00:00Z")
    edges = [edge("0", "1"), edge("0", "2"), pair]
    _, one, two = members([PAGE, first, later], edges, ITS_PAGE, "0", AGENCIES)
    assert (one.role, two.role, two.parent) == (Role.REPOST, role, "1")


@pytest.mark.parametrize(
    ("one", "two", "roles"),
    [
        ("https://d.example/quay?from=feed", "https://d.example/quay", ["repost", "update"]),
        ("https://d.example/quay-4711234", "https://d.example/crack-4711234.html", ["repost", "update"]),
        ("https://d.example/20260301/quay", "https://d.example/20260301/crack", ["repost", "repost"]),
        ("https://d.example/quay", "https://d.example/crack", ["repost", "repost"]),
        ("https://d.example/", "https://d.example/?p=1", ["repost", "repost"]),
        (None, None, ["repost", "repost"]),
    ],
    ids=["but for the query", "one story number", "one date", "two pages", "the front page", "no address"],
)
def test_a_page_that_was_read_twice_is_no_second_repost(
    one: str | None, two: str | None, roles: list[str]
) -> None:
    first, second = (
        replace(copy, document=replace(copy.document, url=url))
        for copy, url in ((story("1", "d.example"), one), (story("2", "d.example"), two))
    )
    edges = [edge("0", "1"), edge("0", "2"), edge("1", "2", relation=Relation.IDENTICAL)]
    found = members([PAGE, first, second], edges, ITS_PAGE, "0", AGENCIES)
    assert [member.role.value for member in found[1:]] == roles


UNKNOWN = Origin(None, OriginKind.UNKNOWN, None, 0.3, ())


@pytest.mark.parametrize(
    ("origin", "roles"),
    [
        (UNKNOWN, ["update", "origin", "update"]),
        (Origin("daily.example", OriginKind.OUTLET, None, 0.8, ()), ["update", "origin", "update"]),
        (Origin("daily.example", OriginKind.OUTLET, "0", 0.8, ()), ["origin", "update", "update"]),
        (NOT_CRAWLED, ["update", "repost", "update"]),
    ],
    ids=["unknown", "the outlet", "a page of it", "an agency"],
)
def test_of_a_story_that_one_outlet_alone_carries_all_but_the_first_are_updates(
    origin: Origin, roles: list[str]
) -> None:
    pages = [story(str(n), "daily.example", at=f"2026-03-01T0{hour}:00:00Z") for n, hour in enumerate("856")]
    edges = [edge(a, b, 0.6, 0.6, Relation.PARTIAL) for a, b in ("01", "02", "12")]
    assert [m.role.value for m in members(pages, edges, origin, "0", AGENCIES)] == roles


def test_an_earlier_page_that_shares_its_background_alone_is_not_where_a_story_began() -> None:
    pages = [story(str(n), "daily.example", at=f"2026-03-01T0{hour}:00:00Z") for n, hour in enumerate("856")]
    edges = [edge("0", "2", 0.7, 0.6, Relation.UPDATE), edge("1", "2", 0.3, 0.2, Relation.PARTIAL)]
    assert [m.role.value for m in members(pages, edges, UNKNOWN, "0", AGENCIES)] == [
        "update",
        "update",
        "origin",
    ]


def test_a_page_alone_is_not_said_to_be_the_origin() -> None:
    assert members([story("0", "daily.example")], [], UNKNOWN, "0", AGENCIES)[0].role is Role.UNKNOWN


@pytest.mark.parametrize(
    ("credit", "share", "role"),
    [
        ((K.BYLINE, "Sudpress"), 0.4, Role.EXCERPT),
        ((K.BYLINE, "Sudpress"), 0.6, Role.REPOST),
        ((K.CITED, "Sudpress"), 0.4, Role.REPOST),
        ((K.BYLINE, None), 0.4, Role.REPOST),
    ],
    ids=[
        "mostly another agency's text",
        "mostly this story",
        "the other is cited in passing",
        "credits nobody",
    ],
)
def test_a_part_in_another_agencys_text_is_an_excerpt(
    credit: tuple[AttributionKind, str | None], share: float, role: Role
) -> None:
    copy = story("1", "daily.example", credit)
    found = members([PAGE, copy], [edge("0", "1", 0.3, share, Relation.PARTIAL)], ITS_PAGE, "0", AGENCIES)
    assert found[1].role is role


def test_where_the_origin_is_unknown_nobody_is_said_to_have_copied_without_credit() -> None:
    first = story("0", "daily.example", at="2026-03-01T07:00:00Z")
    later = story("1", "herald.example", at="2026-03-01T09:00:00Z")
    crediting = story("2", "courier.example", (K.CREDIT, "Nordwire"), at="2026-03-01T09:00:00Z")
    edges = [edge("0", "1"), edge("0", "2"), edge("1", "2")]
    found = members([first, later, crediting], edges, UNKNOWN, "0", AGENCIES)
    assert [member.role.value for member in found] == ["unknown", "unknown", "syndicated"]


@pytest.mark.parametrize(
    ("relays", "role"),
    [(("Nordwire",), Role.SYNDICATED), ((), Role.REPOST)],
    ids=["hands on its copy", "does not"],
)
def test_who_credits_an_agency_that_hands_on_the_origins_copy_credits(
    relays: tuple[str, ...], role: Role
) -> None:
    agencies = (AGENCIES[0], replace(AGENCIES[1], relays=relays))
    copy = story("1", "daily.example", (K.CREDIT, "Sudpress"))
    assert members([PAGE, copy], [edge("0", "1")], ITS_PAGE, "0", agencies)[1].role is role


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ((), Role.ORIGIN),
        (((K.DISCLAIMER, None),), Role.SYNDICATED),
        ((CREDITED,), Role.SYNDICATED),
        (((K.CONTRIBUTOR, "Nordwire"),), Role.ORIGIN),
    ],
    ids=["credits nobody", "from agencies", "credits an agency", "with material of an agency"],
)
def test_the_only_page_of_a_story_is_its_origin_unless_it_credits_somebody(
    claims: tuple[tuple[K, str | None], ...], role: Role
) -> None:
    page, roundup = story("0", "daily.example", *claims), story("1", "herald.example")
    heard = hear([page, roundup], AGENCIES)
    found = members_of(heard, [edge("0", "1", 0.9, 0.1)], UNKNOWN, "0", frozenset({"1"}))
    assert [member.role for member in found] == [role, Role.EXCERPT]


def test_a_later_version_that_comes_from_a_feed_tells_that_the_first_one_did() -> None:
    first = story("0", "daily.example", at="2026-03-01T07:00:00Z")
    later = story("1", "daily.example", (K.DISCLAIMER, None), at="2026-03-01T09:00:00Z")
    found = members([first, later], [edge("0", "1", relation=Relation.UPDATE)], UNKNOWN, "0", AGENCIES)
    assert [member.role for member in found] == [Role.UNKNOWN, Role.UPDATE]


@pytest.mark.parametrize(
    ("phrase", "role"),
    [("Kyst Post reports: ", Role.SYNDICATED), ("She told the Kyst Post: ", Role.REPOST)],
    ids=["named as the source", "said to its reporter"],
)
def test_an_outlet_that_is_named_early_as_the_source_is_credited(phrase: str, role: Role) -> None:
    page, copy = story("0", "kystpost.example"), story("1", "daily.example", text=phrase + BODY)
    theirs = Origin("kystpost.example", OriginKind.OUTLET, "0", 0.8, ())
    assert members([page, copy], [edge("0", "1")], theirs, "0", AGENCIES)[1].role is role


@pytest.mark.parametrize(
    ("byline", "claims", "swapped"),
    [
        ("Tom Borrower", (), True),
        ("Daily Desk", (), True),
        ("Daily Desk", (CREDITED,), False),
        ("Tom Borrower", (CREDITED,), False),
        ("Daily Desk", ((K.DATELINE, "Sudpress"),), False),
        ("Agencies", (), False),
        ("Daily staff and agencies", (), False),
        ("Daily Newsroom", (), False),
        ("Web Team", (), False),
        ("агентства", (), False),
        ("وكالات", (), False),
        ("By Ada Penner", (), False),
        ("Ada Penner in Havenmouth", (), False),
        ("Nordwire", ((K.BYLINE, "Nordwire"),), False),
        ("Tom Borrower, Nordwire", ((K.BYLINE, "Nordwire"),), False),
        (None, (), False),
    ],
    ids=[
        "a person",
        "a desk",
        "a desk, credited",
        "a person, credited",
        "a desk, another agency credited",
        "agencies",
        "staff and agencies",
        "newsroom",
        "team",
        "agencies in Russian",
        "agencies in Arabic",
        "its reporter",
        "its reporter and where she is",
        "agency",
        "agency's person",
        "none",
    ],
)
def test_byline_swap(byline: str | None, claims: tuple[tuple[K, str | None], ...], swapped: bool) -> None:
    copy = story("1", "daily.example", *claims, byline=byline)
    assert member(copy).byline_swap is swapped


@pytest.mark.parametrize(("share", "swapped"), [(0.6, True), (0.4, False)], ids=["most", "less than half"])
def test_a_name_over_a_page_that_is_mostly_its_own_is_no_swap(share: float, swapped: bool) -> None:
    copy = story("1", "daily.example", byline="Tom Borrower")
    assert member(copy, pair=edge("0", "1", 0.4, share)).byline_swap is swapped


def test_a_reporter_over_a_credited_copy_is_no_swap_while_the_agencys_reporters_are_unknown() -> None:
    copies = [
        story("0", "a.example", CREDITED, byline="Jan Quill"),
        story("1", "b.example", byline="Tom Borrower"),
    ]
    one, two = members(copies, [edge("0", "1")], NOT_CRAWLED, "0", AGENCIES)
    assert (one.byline_swap, two.byline_swap) == (False, True)


def test_a_reporter_whom_the_sign_off_names_is_no_swap() -> None:
    signed = replace(
        story("0", "a.example"),
        attributions=(Attribution(K.SIGN_OFF, "(Reporting by Jan Quill; Editing by Bo Stet)", "Nordwire"),),
    )
    copy = story("1", "b.example", byline="Jan Quill")
    assert not members([signed, copy], [edge("0", "1")], NOT_CRAWLED, "0", AGENCIES)[1].byline_swap


def test_an_agencys_name_over_somebody_elses_biography_is_a_swap() -> None:
    text = BODY + "\nNordwire\nOla Bello is an editor with a love for harbours and teamwork."
    credit = Attribution(K.CREDIT, "Nordwire", "Nordwire", len(BODY) + 1, len(BODY) + 9)
    copy = replace(story("0", "a.example", text=text), attributions=(credit,))
    found = members([copy], [], NOT_CRAWLED, "0", AGENCIES)[0]
    assert (found.byline_swap, found.credited, found.role) == (True, True, Role.SYNDICATED)


def test_no_byline_is_swapped_while_the_origin_is_unknown() -> None:
    unknown = Origin(None, OriginKind.UNKNOWN, None, 0.3, ())
    copies = [story("0", "a.example", byline="Jan Quill"), story("1", "b.example", byline="Tom Borrower")]
    assert not any(m.byline_swap for m in members(copies, [edge("0", "1")], unknown, "0", AGENCIES))


@pytest.mark.parametrize(
    ("title", "changed"),
    [
        ("Quay closed", False),
        ("QUAY CLOSED!", False),
        ("Quay closed | The Daily", False),
        ("Crack shuts the quay", True),
        (None, None),
    ],
    ids=["same", "case and punctuation", "site name", "other", "none"],
)
def test_headline_changed(title: str | None, changed: bool | None) -> None:
    assert member(story("1", "daily.example", title=title)).headline_changed is changed


def test_a_headline_is_not_compared_with_that_of_a_copy() -> None:
    copies = [story("0", "a.example", title="Quay closed"), story("1", "b.example", title="Crack shuts quay")]
    found = members(copies, [edge("0", "1")], NOT_CRAWLED, "0", AGENCIES)
    assert [each.headline_changed for each in found] == [None, None]


HALF = len(BODY) // 2


@pytest.mark.parametrize(
    ("shared", "resemblance", "copy_text", "edit"),
    [
        (Passage((0, 101), (0, 101)), 1.0, BODY, EditKind.VERBATIM),
        (Passage((0, 101), (0, 101)), 0.7, BODY, EditKind.LOCALISED),
        (Passage((0, HALF), (0, HALF)), 0.5, BODY[:HALF], EditKind.TRIMMED),
        (Passage((0, 101), (0, 101)), 0.6, BODY + " And more." * 5, EditKind.EXTENDED),
        (Passage((0, 101), (0, 101)), 0.2, BODY + " And more." * 30, EditKind.MERGED),
    ],
    ids=["verbatim", "localised", "trimmed", "extended", "merged"],
)
def test_edits(shared: Passage, resemblance: float, copy_text: str, edit: EditKind) -> None:
    copy = story("1", "daily.example", text=copy_text)
    pair = replace(edge("0", "1", passages=(shared,)), resemblance=resemblance)
    assert member(copy, pair=pair).edit is edit


def test_the_share_kept_is_that_of_the_reference_whichever_id_sorts_first() -> None:
    copy = story("1", "daily.example")
    assert member(copy, pair=edge("0", "1", 0.4, 0.9)).share_kept == 0.4
    origin = replace(NOT_CRAWLED, document="1")
    found = members([story("0", "daily.example"), copy], [edge("0", "1", 0.4, 0.9)], origin, "0", AGENCIES)
    assert found[0].share_kept == 0.9


@pytest.mark.parametrize(
    ("at", "delay"),
    [("2026-03-01T06:30:00Z", 1800), ("2026-03-01T05:59:00Z", -60), ("2026-03-01", None), (None, None)],
    ids=["later", "earlier", "a day only", "none"],
)
def test_delay(at: str | None, delay: int | None) -> None:
    assert member(story("1", "daily.example", at=at)).delay == delay


@pytest.mark.parametrize(
    ("at", "of_origin", "of_copy", "delay"),
    [
        ("2026-03-01T05:00:00Z", 0.4, 0.6, -3600),
        ("2026-03-01T07:00:00Z", 0.9, 0.1, 3600),
        ("2026-03-01T05:00:00Z", 0.9, 0.1, None),
        ("2026-03-01T07:00:00Z", 0.4, 0.4, None),
    ],
    ids=["mostly the story", "a longer page", "a longer page that began before", "less than half"],
)
def test_the_time_of_a_page_that_shares_less_than_half_is_no_delay(
    at: str, of_origin: float, of_copy: float, delay: int | None
) -> None:
    assert member(story("1", "daily.example", at=at), pair=edge("0", "1", of_origin, of_copy)).delay == delay


def test_delays_do_not_count_from_a_page_that_shares_less_than_half() -> None:
    copies = [
        story("0", "a.example", at="2026-03-01T07:00:00Z"),
        story("1", "b.example", at="2026-03-01T08:00:00Z"),
        story("2", "live.example", at="2026-02-20T08:00:00Z"),
    ]
    edges = [edge("0", "1"), edge("0", "2", 0.3, 0.1, Relation.PARTIAL)]
    assert [m.delay for m in members(copies, edges, NOT_CRAWLED, "0", AGENCIES)] == [0, 3600, None]


def test_without_the_origins_page_delays_count_from_the_earliest_member() -> None:
    copies = [
        story("0", "a.example", at="2026-03-01T08:00:00Z"),
        story("1", "b.example", at="2026-03-01T07:00:00Z"),
    ]
    assert [m.delay for m in members(copies, [edge("0", "1")], NOT_CRAWLED, "0", AGENCIES)] == [3600, 0]


def parents_of(stories: list[Story], edges: list[Edge], origin: Origin) -> list[str | None]:
    return [found.parent for found in members(stories, edges, origin, "0", AGENCIES)]


def test_copies_of_an_agency_are_taken_from_it_directly() -> None:
    copies = [story(str(n), f"{n}.example", CREDITED, at=f"2026-03-01T0{n}:00:00Z") for n in (1, 2)]
    edges = [edge("0", "1"), edge("0", "2"), edge("1", "2")]
    assert parents_of([PAGE, *copies], edges, ITS_PAGE) == [None, None, None]


def test_a_paragraph_that_an_earlier_copy_added_shows_where_a_copy_was_taken() -> None:
    added = (
        BODY
        + " The ferry company said it would move its berth to the western basin until the summer at least."
    )
    first = story("1", "a.example", at="2026-03-01T07:00:00Z", text=added)
    second = story("2", "b.example", at="2026-03-01T08:00:00Z", text=added)
    end = len(added)
    edges = [
        edge("0", "1", 1.0, 0.5),
        edge("0", "2", 1.0, 0.5),
        edge("1", "2", passages=(Passage((0, end), (0, end)),)),
    ]
    assert parents_of([PAGE, first, second], edges, ITS_PAGE) == [None, None, "1"]


@pytest.mark.parametrize("copy", ["2", "-"], ids=["sorts last", "sorts first"])
def test_added_text_is_looked_for_in_the_copy_and_not_in_its_sender(copy: str) -> None:
    """What both share stands elsewhere in the origin and the sender, and at one place in the copy."""
    sender = story("1", "a.example", at="2026-03-01T07:00:00Z")
    receiver = story(copy, "b.example", at="2026-03-01T08:00:00Z")
    edges = [edge("0", "1")]
    for other, of_copy, elsewhere in (("0", 0.8, (500, 700)), ("1", 1.0, (1000, 1200))):
        here, there = ((0, 200), elsewhere) if copy < other else (elsewhere, (0, 200))
        a, b = sorted((copy, other))
        contained = (of_copy, 1.0) if a == copy else (1.0, of_copy)
        edges.append(edge(a, b, *contained, passages=(Passage(here, there),)))
    taken_from = {m.id: m.parent for m in members([PAGE, sender, receiver], edges, ITS_PAGE, "0", AGENCIES)}
    assert taken_from[copy] is None


def test_a_copy_that_names_another_member_was_taken_from_it() -> None:
    first = story("1", "kystpost.example", at="2026-03-01T09:00:00Z")
    second = story("2", "b.example", (K.CREDIT, "kystpost.example"), at="2026-03-01T10:00:00Z")
    edges = [edge("0", "1"), edge("0", "2"), edge("1", "2")]
    assert parents_of([PAGE, first, second], edges, ITS_PAGE) == [None, None, "1"]


@pytest.mark.parametrize(
    ("of_first", "of_second", "parent"),
    [(0.98, 0.4, "1"), (0.4, 0.98, "2"), (0.02, 0.98, "2"), (0.02, 0.1, None)],
    ids=["the first", "the second", "hardly the first", "neither"],
)
@pytest.mark.parametrize("claims", [(), ((K.CREDIT, "kystpost.example"),)], ids=["versions", "named"])
def test_of_several_senders_it_is_the_one_that_holds_most(
    of_first: float, of_second: float, parent: str | None, claims: tuple[tuple[K, str | None], ...]
) -> None:
    outlet = "b.example" if claims else "kystpost.example"
    first, second = (story(n, "kystpost.example", at=f"2026-03-01T0{n}:00:00Z") for n in "12")
    copy = story("3", outlet, *claims, at="2026-03-01T09:00:00Z")
    edges = [edge("1", "3", 1.0, of_first), edge("2", "3", 1.0, of_second)]
    found = members([PAGE, first, second, copy], edges, NOT_CRAWLED, "1", AGENCIES)
    assert found[3].parent == parent


def test_of_equal_senders_it_is_the_origin_document() -> None:
    origin = Origin("kystpost.example", OriginKind.OUTLET, "2", 0.9, ())
    pages = [story(n, "kystpost.example", at="2026-03-01T06:00:00Z") for n in "12"]
    copy = story("3", "b.example", (K.CREDIT, "kystpost.example"), at="2026-03-01T09:00:00Z")
    edges = [edge("1", "2", 0.2, 0.2), edge("1", "3"), edge("2", "3")]
    assert members([*pages, copy], edges, origin, "2", AGENCIES)[2].parent is None


def test_one_edited_version_that_only_two_share_links_them_where_the_agency_was_not_crawled() -> None:
    stories = [
        story("0", "a.example", CREDITED, at="2026-03-01T06:00:00Z"),
        story("1", "b.example", at="2026-03-01T07:00:00Z"),
        story("2", "c.example", at="2026-03-01T08:00:00Z"),
    ]
    edges = [edge("0", "1", 0.6, 0.7), edge("0", "2", 0.6, 0.7), edge("1", "2", 0.97, 0.97)]
    assert parents_of(stories, edges, NOT_CRAWLED) == [None, None, "1"]


def test_nobody_is_the_ancestor_of_the_one_it_copied_from() -> None:
    stories = [
        story(str(n), f"site{n}.example", (K.CREDIT, f"site{(n + 1) % 4}.example"), at="2026-03-01T06:00:00Z")
        for n in range(4)
    ]
    edges = [edge(str(a), str(b)) for a in range(4) for b in range(a + 1, 4)]
    parent = {m.id: m.parent for m in members(stories, edges, NOT_CRAWLED, "0", AGENCIES)}
    for start in parent:
        seen: set[str] = set()
        at: str | None = start
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = parent[at]


def test_a_member_without_a_tie_to_the_reference_has_neither_edit_nor_share() -> None:
    found = members([PAGE, story("1", "daily.example")], [], ITS_PAGE, "0", AGENCIES)[1]
    assert (found.edit, found.share_kept) == (None, None)
