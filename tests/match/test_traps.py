"""What looks like a copy and is none, and what is a copy and does not look like one."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from fictional_stories import (
    BRIDGE,
    BRIEF,
    INDEPENDENT,
    LIBRARY,
    OWL,
    QUARRY,
    TRANSLATION,
    UPDATED,
    interleaved,
    paragraphs,
)

from dedupe.model import Edge, Relation

Comparing = Callable[..., Edge | None]

AT_HOME = {"outlet": ("mail.example", "mail.example")}
LOCALISED = str.maketrans({"'": "’"})


def localised(text: str) -> str:
    """As an editor of another country would spell and date it."""
    for here, there in (
        ("harbour", "harbor"),
        ("lorry", "truck"),
        ("about twenty minutes", "around 20 minutes"),
        ("on Tuesday", "Nov. 3"),
        ("parking", "car parking"),
        ("football ground", "soccer field"),
        ("410,000 crowns", "$52,000"),
    ):
        text = text.replace(here, there)
    return text.translate(LOCALISED)


def scanned(text: str) -> str:
    """As optical character recognition reads it: every thirteenth word has a wrong letter."""
    words = text.split(" ")
    words[::13] = [re.sub(r"[aeo]", "c", word, count=1) for word in words[::13]]
    return " ".join(words)


def obituary(name: str, age: int, town: str, day: str, born: str, years: int, service: str) -> str:
    return f"""\
{name}, {age}, of {town}, passed away peacefully on {day} at Saint Brannock's Hospice with family close by.
Born in {town} on {born}, the eldest of {years % 5 + 2} children, {name} worked for {years} years at the \
Marrow Valley Dairy.
A service will be held at {service} at the Chapel of the Tide, with burial to follow at Hask Cemetery. \
In lieu of flowers the family asks for gifts to the lifeboat fund."""


def weather(day: str, low: int, high: int, wind: int, rain: int, sunrise: str, sunset: str) -> str:
    return f"""\
The county weather office expects {rain} millimetres of rain on {day}, with temperatures from {low} degrees \
at dawn to {high} degrees in the afternoon.
Winds will reach {wind} kilometres an hour along the estuary and {wind + 18} kilometres an hour over the \
open sea, so small boats should stay in harbour until {rain} o'clock.
The sun rises at {sunrise} and sets at {sunset}. The water at the Lanmouth gauge stands at {high * 9} \
centimetres, {low} centimetres above the mean for the season."""


def market(points: int, change: str, oats: str, wool: str, volume: int) -> str:
    return f"""\
The Lanmouth exchange closed at {points} points, {change} percent from the day before, as traders waited \
for the harvest report.
Oats for delivery in spring were quoted at {oats} crowns a sack and washed wool at {wool} crowns a stone. \
Turnover was {volume} million crowns, against a mean of {volume + 31} million over the last 30 days.
Of the 25 companies in the index, {points % 17} gained, {points % 13} lost and the others were unchanged."""


def preview(host: str, guest: str, won: str, lost: str, goals: str, ground: str, table: str) -> str:
    return f"""\
{host} receive {guest} on Saturday in what promises to be a close meeting of two sides in good health.
Since the season began the hosts have won {won} of the matches they played, with {goals} goals to show. As \
visitors, {guest} arrive with {lost} defeats and will have to give their all at {ground} to win anything.
The two have met before at {ground}, where {host} prevailed {lost} times and {guest} went away with the \
points on {won} occasions. In the table the hosts stand {table} places above their guests."""


def caption(who: str, what: str) -> str:
    return f"""\
Greater Tolland and Kesterwick played a friendly at the Tannery Field on Saturday afternoon. {who} {what}. \
Picture by the sports desk, kept for the readers of the Marrow Mail and its sister papers, 2 March 2031, \
with the most read stories of the week: the goat that took the ferry, the mayor's third hat, and a recipe \
for tannery soup."""


COLUMN_TAIL = """\
Wilf Arkwright keeps bees at Hask and has written about the hedgerow for this page for thirty years. Letters \
that reach him by Thursday are answered in the Saturday edition, one at a time, in the order of the post."""

COLUMN_ONE = f"""\
The ivy is in flower, and with it come the last wasps of the year, drunk and bad-tempered.
I sat under the churchyard wall for an hour on Sunday and counted eleven kinds of fly on a single branch. My \
grandfather would have called it idleness, and he would have been right.
{COLUMN_TAIL}"""

COLUMN_TWO = f"""\
A reader from Kesterwick asks why her swifts left in July when they used to stay until the fair.
The honest answer is that nobody knows. What can be said is that the tannery chimney, where they used to \
roost, was pulled down in the winter to make room for a depot.
{COLUMN_TAIL}"""

ALONE = """\
The parish gazette reported that talks between the ferry crews and the county had ended without a result.
“We have carried this island on our backs for forty years,” the crews said in a statement. “We will carry it \
for another forty if we must, but we will not do it for wages that were set before our children were born.”
"""

SAME_STATEMENT = """\
There will be no boats after dark from next week, and the island's bakers are already working through the \
afternoon to make up for it.
“We have carried this island on our backs for forty years,” the crews said in a statement. “We will carry it \
for another forty if we must, but we will not do it for wages that were set before our children were born.”
At the slipway some passengers said that they would rather walk across at low water than pay a supplement."""

SQUAD = """\
Keepers: Oddvar Pell (Hask Rovers), Tam Arkwright (Lanmouth Town), Jonas Quill (Corn Street). Defenders: \
Edda Marsh (Tolland United), Ivo Renfrew (Port Ellery), Bram Calloway (Saltmarsh Athletic), Wilf Penhallow \
(Marrow Vale), Nils Ambrose (Kesterwick). Forwards: Otto Brannock (Hask Rovers), Pip Dunmarrow (Lanmouth \
Town), Sol Tollard (Tolland United), Rafe Ellery (Corn Street)."""

CALLED_UP = f"""\
The island has named its eleven for the winter cup, and the surprise is a keeper who mends nets for a living.
Nobody at Hask expected the call. His mother took it, thought that it was the insurance office, and hung up \
twice before somebody came down to the slipway in person to say what it was about.
{SQUAD}"""

LEFT_OUT = f"""\
Seven players who won the cup two years ago will watch this one from the bank, the coach has decided.
He gave no reasons. Supporters gathered outside the ground in the rain to ask for some, and were told to \
come back when the river is lower, which is what he says about most things.
{SQUAD}"""

CONTEST = """\
The Marrow Mail asks its readers to write about a boat they remember. Letters of five hundred to a thousand \
words, with a picture if there is one, may be left at the ferry office until the end of the month, and the \
best three will be read out at the harbour supper by the skipper of the Amity."""

LETTER_ONE = f"{BRIDGE}\n{CONTEST}\n{OWL}"
LETTER_TWO = f"{LIBRARY}\n{CONTEST}\n{QUARRY}\n{INDEPENDENT.split('“')[0]}{COLUMN_ONE.split('Wilf')[0]}"

REUSE = [
    pytest.param(BRIDGE, BRIDGE, {}, {Relation.IDENTICAL}, id="verbatim"),
    pytest.param(
        BRIDGE, BRIEF, {}, {Relation.PARTIAL, Relation.EXCERPT, Relation.EDITED}, id="brief-of-45-words"
    ),
    pytest.param(BRIDGE, paragraphs(BRIDGE, 0, 1, 2, 4, 5), {}, {Relation.EDITED}, id="trimmed"),
    pytest.param(
        BRIDGE,
        BRIDGE.replace("3,100", "3100").replace("1961", "1,961").replace("1998", "19 98"),
        {"published_at": ("2031-03-02", "2031-03-03")},
        {Relation.IDENTICAL},
        id="figures-written-otherwise",
    ),
    pytest.param(BRIDGE, localised(BRIDGE), {}, {Relation.IDENTICAL, Relation.EDITED}, id="localised"),
    pytest.param(BRIDGE, scanned(BRIDGE), {}, {Relation.IDENTICAL, Relation.EDITED}, id="scanned"),
    pytest.param(
        BRIDGE,
        interleaved(BRIDGE, LIBRARY, OWL, QUARRY, COLUMN_ONE, COLUMN_TWO, ALONE, UPDATED),
        {},
        {Relation.EXCERPT, Relation.EDITED, Relation.PARTIAL},
        id="in-a-live-blog",
    ),
    pytest.param(
        QUARRY,
        interleaved(BRIDGE, LIBRARY, OWL, QUARRY, COLUMN_ONE),
        {},
        {Relation.EXCERPT},
        id="in-a-round-up",
    ),
    pytest.param(f"{LIBRARY}\n{OWL}", OWL, {}, {Relation.EDITED, Relation.EXCERPT}, id="two-stories-merged"),
    pytest.param(
        OWL,
        OWL,
        {"title": ("Owls return to court", "Storm shuts ferry")},
        {Relation.IDENTICAL},
        id="body-under-another-title",
    ),
    pytest.param(
        BRIDGE,
        BRIDGE,
        {**AT_HOME, "url": ("https://mail.example/a?x=1",) * 2, "title": ("Bridge falls",) * 2},
        {Relation.IDENTICAL},
        id="same-url-twice",
    ),
    pytest.param(
        BRIDGE,
        f"Islanders were cut off after a collapse.\n{BRIDGE}",
        {"outlet": ("kestermail.example", "tollandmail.example")},
        {Relation.IDENTICAL},
        id="sister-titles",
    ),
    pytest.param(
        BRIDGE,
        UPDATED,
        {**AT_HOME, "title": ("Saltmarsh Bridge collapses", "Judge to lead Saltmarsh Bridge inquiry")},
        {Relation.UPDATE},
        id="updated-at-home",
    ),
    pytest.param(
        BRIDGE,
        f"UPDATE: The county said that another boat would sail on Thursday.\n{BRIDGE}\nThe council meets.",
        {
            **AT_HOME,
            "title": ("Saltmarsh Bridge collapses", "Second boat after Saltmarsh Bridge collapses"),
            "published_at": ("2031-03-02T08:00:00Z", "2031-03-02T12:10:00Z"),
        },
        {Relation.UPDATE},
        id="extended-at-home",
    ),
    pytest.param(BRIDGE, UPDATED, {}, {Relation.EDITED, Relation.PARTIAL}, id="updated-elsewhere"),
    pytest.param(
        ALONE,
        ALONE.replace("The parish gazette", "Our sister paper"),
        {},
        {Relation.IDENTICAL},
        id="statement-printed-whole",
    ),
    pytest.param(
        f"The island has named its eleven.\n{SQUAD}",
        f"Eleven players go to the winter cup.\n{SQUAD}",
        {},
        {Relation.IDENTICAL, Relation.EDITED},
        id="a-list-that-is-the-story",
    ),
]

BACKGROUND = paragraphs(BRIDGE, 1, 2, 3, 4)
FOLLOWED = (f"{LIBRARY}\n{BACKGROUND}", f"{OWL}\n{BACKGROUND}")
REUSE += [
    pytest.param(*FOLLOWED, {}, {Relation.PARTIAL, Relation.EDITED}, id="background-taken-over-elsewhere"),
    pytest.param(
        *FOLLOWED,
        {**AT_HOME, "title": ("Saltmarsh Bridge collapses", "Judge to lead Saltmarsh Bridge inquiry")},
        {Relation.UPDATE},
        id="background-under-like-titles-at-home",
    ),
    pytest.param(
        f"The county opened its inquiry on Thursday.\n{BACKGROUND}",
        f"A second boat sails from Thursday, the county says.\n{BACKGROUND}",
        {**AT_HOME, "title": ("Inquiry opens", "Second boat to sail")},
        {Relation.EDITED, Relation.IDENTICAL},
        id="another-lead-at-home",
    ),
]

NO_REUSE = [
    pytest.param(
        *FOLLOWED,
        {**AT_HOME, "title": ("Library van stuck", "Owls return to court")},
        Relation.BOILERPLATE,
        id="background-of-two-stories-at-home",
    ),
    pytest.param(BRIDGE, INDEPENDENT, {}, Relation.QUOTE_ONLY, id="same-event-same-quotes"),
    pytest.param(ALONE, SAME_STATEMENT, {}, Relation.QUOTE_ONLY, id="same-statement"),
    pytest.param(CALLED_UP, LEFT_OUT, {}, Relation.QUOTE_ONLY, id="same-list-of-names"),
    pytest.param(BRIDGE, LIBRARY, {}, None, id="other-story"),
    pytest.param(BRIDGE, TRANSLATION, {}, None, id="translation"),
    pytest.param(
        COLUMN_ONE,
        COLUMN_TWO,
        {**AT_HOME, "title": ("Ivy in flower", "Where the swifts went")},
        Relation.BOILERPLATE,
        id="recurring-column",
    ),
    pytest.param(
        LETTER_ONE,
        LETTER_TWO,
        {**AT_HOME, "title": ("The boat of my brother", "The boat of my mother")},
        Relation.BOILERPLATE,
        id="rules-of-a-competition-in-two-letters",
    ),
    pytest.param(
        preview("Hask Rovers", "Lanmouth Town", "four", "three", "eleven", "the Quarry Bowl", "six"),
        preview("Corn Street", "Tolland United", "seven", "two", "nineteen", "Fire Station Park", "nine"),
        {
            **AT_HOME,
            "title": (
                "Preview: Hask Rovers against Lanmouth Town",
                "Preview: Corn Street against Tolland United",
            ),
            "published_at": ("2031-03-02", "2031-03-02"),
        },
        Relation.BOILERPLATE,
        id="match-previews-with-names-alone",
    ),
    pytest.param(
        caption("Pell", "reaches for a high ball"),
        caption("Coach Arkwright", "has seen enough"),
        {**AT_HOME, "title": ("[Picture] Pell reaches", "[Picture] Arkwright has seen enough")},
        Relation.BOILERPLATE,
        id="picture-series",
    ),
    pytest.param(
        obituary("Edda Marsh", 91, "Kesterwick", "March 2, 2031", "May 9, 1939", 34, "11 a.m. on March 9"),
        obituary("Jonas Pell", 78, "Lanmouth", "March 4, 2031", "June 21, 1952", 41, "2 p.m. on March 12"),
        {**AT_HOME, "title": ("Edda Marsh", "Jonas Pell")},
        Relation.BOILERPLATE,
        id="obituaries",
    ),
    pytest.param(
        weather("Monday", 4, 11, 35, 7, "6:58", "17:21"),
        weather("Tuesday", 6, 14, 52, 12, "6:56", "17:23"),
        {
            **AT_HOME,
            "title": ("Monday's weather", "Tuesday's weather"),
            "published_at": ("2031-03-02", "2031-03-03"),
        },
        Relation.BOILERPLATE,
        id="weather",
    ),
    pytest.param(
        market(1183, "up 0.4", "31.20", "18.05", 402),
        market(1171, "down 1.0", "30.95", "18.40", 377),
        {
            "outlet": ("mail.example", "post.example"),
            "published_at": ("2031-03-02T17:05:00Z", "2031-03-03T17:04:00Z"),
        },
        Relation.BOILERPLATE,
        id="market-of-another-day",
    ),
]


@pytest.mark.parametrize(("a", "b", "metadata", "expected"), REUSE)
def test_reuse_is_found(
    comparing: Comparing, a: str, b: str, metadata: dict[str, tuple[str, str]], expected: set[Relation]
) -> None:
    edge = comparing(a, b, **metadata)

    assert edge is not None
    assert edge.relation in expected, edge.reasons


@pytest.mark.parametrize(("a", "b", "metadata", "expected"), NO_REUSE)
def test_no_reuse_is_not_joined(
    comparing: Comparing, a: str, b: str, metadata: dict[str, tuple[str, str]], expected: Relation | None
) -> None:
    edge = comparing(a, b, **metadata)

    assert (edge and edge.relation) == expected, edge and edge.reasons


def test_the_market_report_of_two_outlets_on_one_day_is_one_report(comparing: Comparing) -> None:
    noon, close = (
        market(1183, "up 0.4", "31.20", "18.05", 402),
        market(1171, "down 1.0", "30.95", "18.40", 377),
    )

    edge = comparing(noon, close, published_at=("2031-03-02T12:05:00Z", "2031-03-02T17:04:00Z"))

    assert edge is not None
    assert edge.relation.is_reuse, edge.reasons


def test_a_story_number_makes_a_version_of_what_shares_little(comparing: Comparing) -> None:
    numbered = ("https://mail.example/1234567-boat", "https://mail.example/1234567-boats")

    edge = comparing(LETTER_ONE, LETTER_TWO, outlet=AT_HOME["outlet"], url=numbered)

    assert edge is not None
    assert edge.relation is Relation.UPDATE, edge.reasons


def test_a_round_up_shows_each_story_in_its_own_place(comparing: Comparing) -> None:
    page = interleaved(BRIDGE, LIBRARY, OWL, QUARRY)

    places = []
    for story in (BRIDGE, LIBRARY, OWL, QUARRY):
        edge = comparing(story, page)
        assert edge is not None
        places.append((edge.passages[0].b[0], edge.passages[-1].b[1]))

    assert all(before[1] <= after[0] for before, after in pairwise(places))


def test_every_relation_says_why(comparing: Comparing) -> None:
    edges = [comparing(BRIDGE, BRIDGE), comparing(BRIDGE, INDEPENDENT), comparing(BRIDGE, UPDATED)]

    assert all(
        edge is not None and any(re.search(r"\d", reason) for reason in edge.reasons) for edge in edges
    )
