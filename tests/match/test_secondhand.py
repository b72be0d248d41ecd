"""Words that a third page quotes are nobody's copy; a reporter's own sentences stay one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fictional_stories import BRIDGE, LIBRARY, OWL, QUARRY, paragraphs

from dedupe import Index, match
from dedupe.config import Config
from dedupe.match import Profile
from dedupe.model import Edge

Profiled = Callable[..., Profile]
Comparing = Callable[..., Edge | None]

WORDS = """\
The pilot boats of the Marrow estuary have gone back to their stations and the second buoy at Hask has \
been lit again. Skippers who find drift timber between the bar and the tannery canal are asked to report it \
to the watch on channel nine before they touch it."""
ONE = f"{paragraphs(QUARRY, 0)}\n{WORDS}\nThe harbour office said so in its evening notice.\n{OWL}"
TWO = f"Lanmouth had a quiet night after the storm, the harbour office says.\n{WORDS}\n{LIBRARY}"
QUOTING = f"The storm is over, and the boats are back.\n“{WORDS}” the harbour office said.\n{BRIDGE}"
TELLING = f"The storm is over, and the boats are back.\n{WORDS}\n{BRIDGE}"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([QUOTING], True, id="quoted-by-a-third"),
        pytest.param([TELLING, QUOTING], True, id="quoted-by-one-of-several"),
        pytest.param([TELLING], False, id="told-by-a-third"),
        pytest.param([f"“{OWL}”"], False, id="something-else-is-quoted"),
    ],
)
def test_what_others_quote_counts_as_quoted(
    profiled: Profiled, comparing: Comparing, others: list[str], expected: bool
) -> None:
    edge = comparing(ONE, TWO)
    assert edge is not None
    assert edge.relation.is_reuse, "the two alone look like copies"
    one, two = (profiled(text, id_, outlet=f"{id_}.example") for text, id_ in ((ONE, "a"), (TWO, "b")))

    found = match.is_secondhand(
        one, two, [profiled(text, "c", outlet="c.example") for text in others], Config().match
    )

    assert found is expected


def test_a_copy_stays_one_though_others_quote_a_sentence_of_it(profiled: Profiled) -> None:
    one, two = profiled(BRIDGE, "a", outlet="a.example"), profiled(BRIDGE, "b", outlet="b.example")
    quoting = profiled(f"“{paragraphs(BRIDGE, 6)}” the gazette wrote.", "c", outlet="c.example")

    assert not match.is_secondhand(one, two, [quoting], Config().match)


@pytest.mark.parametrize(
    ("third", "joined"),
    [
        pytest.param(None, True, id="two-alone"),
        pytest.param(("c.example", QUOTING), False, id="another-outlet-quotes"),
        pytest.param(("a.example", QUOTING), True, id="one-of-their-own-outlets-quotes"),
    ],
)
def test_the_index_joins_nobody_by_words_that_another_outlet_quotes(
    tmp_path: Path, third: tuple[str, str] | None, joined: bool
) -> None:
    pages = [("a.example", ONE), ("b.example", TWO), *([third] if third else [])]
    for number, (outlet, text) in enumerate(pages):
        (tmp_path / f"{number}.md").write_text(
            f"---\nurl: https://{outlet}/{number}\ntitle: Page {number}\n---\n{text}", "utf-8"
        )
    db = tmp_path / "news.db"
    with Index.open(db) as index:
        index.add(sorted(tmp_path.glob("*.md")), workers=0)
        clusters = [{document.id for document in cluster.documents} for cluster in index.clusters()]

    assert any({"0.md", "1.md"} <= cluster for cluster in clusters) is joined
