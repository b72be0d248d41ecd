"""Where a text quotes, in the marks of several languages."""

from __future__ import annotations

import re

import pytest

from dedupe.match.quotations import first_persons, quotations

CASES = [
    pytest.param("He said: “Not on my bridge.” Then he left.", ["“Not on my bridge.”"], id="english"),
    pytest.param('She said "no, never" twice.', ['"no, never"'], id="straight"),
    pytest.param(
        'He wrote: "I read: "No boats today." And I wept." It rained.',
        ['"I read: "No boats today."'],
        id="straight-in-straight",
    ),
    pytest.param("„Das hält“, sagte sie.", ["„Das hält“"], id="german"),
    pytest.param("Elle a dit : « jamais », puis rien.", ["« jamais »"], id="french"),
    pytest.param("Hun sagde: »aldrig igen« og gik.", ["»aldrig igen«"], id="danish"),
    pytest.param("Hon sade ”aldrig mer” och gick.", ["”aldrig mer”"], id="swedish"),
    pytest.param("市長は「橋は安全だ」と述べた。", ["「橋は安全だ」"], id="japanese"),
    pytest.param(
        "‘We were told it would hold,’ she said.", ["‘We were told it would hold,’"], id="single-curly"
    ),
    pytest.param("'It won't hold for long,' she said.", ["'It won't hold for long,'"], id="single-straight"),
    pytest.param("“First paragraph\n“and second,” he said.", ["“First paragraph", "“and second,”"], id="two"),
    pytest.param(
        "“Unclosed to the end of its line\nNot quoted.", ["“Unclosed to the end of its line"], id="open"
    ),
    pytest.param("The crews' boats and the county's ferry don't meet.", [], id="apostrophes"),
    pytest.param("A plank of 6'2\" and one of 5'9\".", [], id="feet-and-inches"),
    pytest.param("Plain words.", [], id="none"),
    pytest.param(
        "Before.\nBoats are running! — Port Office (@portoffice) 3 March\nAfter.",
        ["Boats are running! — Port Office (@portoffice) 3 March"],
        id="embedded-post",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_quotations(text: str, expected: list[str]) -> None:
    assert [text[begin:end] for begin, end in quotations(text)] == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Then we closed it. Our men went home.", ["we", "Our"], id="english"),
        pytest.param("On that day I said so, and I’ll say it again.", ["I", "I"], id="i"),
        pytest.param("I ministri della US Navy. World War I ended.", [], id="no-pronouns"),
        pytest.param("Wir haben geschlossen,\nunsere Leute gingen.", ["Wir", "unsere"], id="german"),
        pytest.param("Nas ruas e nos portos.", [], id="portuguese-articles"),
        pytest.param("Мы закрыли мост.", ["Мы"], id="russian"),
        pytest.param("\ud800 and we closed it", ["we"], id="lone-surrogate"),
    ],
)
def test_first_persons(text: str, words: list[str]) -> None:
    assert [re.split(r"\W", text[at:])[0] for at in sorted(first_persons(text))] == words
