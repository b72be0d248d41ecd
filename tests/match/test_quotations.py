"""Where a text quotes, in the marks of several languages."""

from __future__ import annotations

import pytest

from dedupe.match.quotations import quotations

CASES = [
    pytest.param("He said: “Not on my bridge.” Then he left.", ["“Not on my bridge.”"], id="english"),
    pytest.param('She said "no, never" twice.', ['"no, never"'], id="straight"),
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
