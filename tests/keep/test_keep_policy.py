"""Which document of a story stays: one, by the policy; and all documents of no story."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from generated import documents, write_lines

from dedupe import Index
from dedupe.keep import AT_LEAST, Decisions, Policy, choose
from dedupe.model import Role
from dedupe.store import keeping
from dedupe.store.database import connect_reader
from dedupe.store.keeping import Candidate

COPY = Candidate(1, "copy", "copy", Role.SYNDICATED, False, True, 0.9, 100, "2025-03-02T08:00:00Z", 4, 1)
OWN = replace(
    COPY, document=2, id="own", role=Role.ORIGIN, is_origin=True, share_kept=1.0, at="2025-03-02T09:00:00Z"
)
LONG = replace(COPY, document=3, id="long", role=Role.REPOST, credited=False, length=150)
EARLY = replace(LONG, document=4, id="early", length=90, at="2025-03-02T07:00:00Z")
STUB = replace(OWN, document=5, id="stub", length=40)
BARE = replace(COPY, document=6, id="bare", share_kept=0.93, fields=1)
FULL = replace(COPY, document=7, id="full", share_kept=1.0)
DAY = replace(COPY, document=8, id="day", at="2025-03-02")
UNDATED = replace(COPY, document=9, id="undated", at=None)


@pytest.mark.parametrize(
    ("policy", "candidates", "winner"),
    [
        (Policy.ORIGIN, [COPY, OWN, LONG], "own"),
        (Policy.ORIGIN, [STUB, LONG], "stub"),
        (Policy.ORIGIN, [LONG, COPY, FULL], "full"),
        (Policy.ORIGIN, [COPY, BARE], "bare"),
        (Policy.ORIGIN, [EARLY, LONG], "early"),
        (Policy.EARLIEST, [COPY, OWN, EARLY], "early"),
        (Policy.EARLIEST, [DAY, OWN, UNDATED], "own"),
        (Policy.EARLIEST, [DAY, UNDATED], "day"),
        (Policy.LONGEST, [COPY, OWN, LONG], "long"),
        (Policy.BEST, [COPY, OWN, LONG], "own"),
        (Policy.BEST, [STUB, LONG, COPY], "copy"),
        (Policy.BEST, [COPY, BARE], "copy"),
        (Policy.BEST, [LONG, FULL], "full"),
    ],
    ids=["its own page", "its own page, short as it is", "the fullest that credits", "the fuller, barely",
         "nobody credits: the earlier of equals", "the earliest", "a stated hour before a bare day",
         "a day before nothing", "the longest", "best: its own page", "best: no teaser",
         "best: as full and better described", "best: credit before length"],
)  # fmt: skip
def test_one_document_stays(policy: Policy, candidates: list[Candidate], winner: str) -> None:
    assert choose(candidates, policy)[0].id == winner
    assert choose(candidates[::-1], policy)[0].id == winner


@pytest.mark.parametrize("policy", Policy)
def test_equals_are_decided_by_id(policy: Policy) -> None:
    twins = [replace(COPY, id="b"), replace(COPY, id="a"), replace(COPY, id="c")]
    assert choose(twins, policy)[0].id == "a"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of generated stories with copies, cuts, round-ups and pages of their own."""
    folder = tmp_path_factory.mktemp("keep")
    with Index.open(folder / "news.db") as index:
        index.add(write_lines(folder / "crawl.jsonl", documents(5, 60)), workers=0)
    return folder / "news.db"


@pytest.fixture
def connection(db: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect_reader(db)) as reader:
        yield reader


@pytest.mark.parametrize("policy", Policy)
def test_one_of_each_story_and_all_of_none(policy: Policy, connection: sqlite3.Connection) -> None:
    decisions = Decisions(connection, policy, at_least=0)
    gone = [dropped.candidate.id for dropped in decisions.dropped()]
    stay = [kept.id for kept in keeping.kept(connection, decisions.stays)]
    assert len(gone) == len(set(gone)) > 5
    assert sorted(gone + stay) == [f"d{number:03d}" for number in range(60)]
    carriers = connection.execute(
        "SELECT clusters.id, documents.id FROM clusters JOIN members USING (cluster)"
        " JOIN documents USING (document) WHERE role <> 'excerpt'"
    ).fetchall()
    staying = Counter(cluster for cluster, document in carriers if document in stay)
    assert staying == dict.fromkeys({cluster for cluster, _ in carriers}, 1)


@pytest.mark.parametrize("policy", Policy)
def test_nothing_is_lost(policy: Policy, connection: sqlite3.Connection) -> None:
    """Without being asked, what goes stands nearly whole in a document that stays."""
    decisions = Decisions(connection, policy)
    dropped = list(decisions.dropped())
    stay = {kept.id for kept in keeping.kept(connection, decisions.stays)}
    assert len(dropped) > 5
    assert {each.kept for each in dropped} <= stay
    assert all(each.share is not None and each.share >= AT_LEAST for each in dropped)


WIRE = "The harbour bridge was closed at noon after a barge struck its eastern pier, the warden said."
BEFORE = " ".join(f"Quay {n} held {n * 7} crates of lemons for the northern market." for n in range(1, 12))
AFTER = " ".join(f"Ferry {n} will sail {n * 4} minutes late until the divers are done." for n in range(1, 12))


def test_of_what_says_more_one_stays_too(tmp_path: Path) -> None:
    """Two pages share half of their text. What goes is the copy of the second, for that one."""
    shared = " ".join(f"{WIRE} Pier {number} took {number * 3} days to mend." for number in range(6))
    texts = {"first": BEFORE, "second": AFTER, "third": f"{AFTER} So it was."}
    rows = [
        {"id": id_, "url": f"https://{id_}.example/1", "text": f"{shared} {text}"}
        for id_, text in texts.items()
    ]
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", rows), workers=0)
        assert [cluster.size for cluster in index.clusters()] == [3]
        found = list(Decisions(index.reader, Policy.LONGEST).dropped())
    assert [(each.candidate.id, each.kept) for each in found] == [("second", "third")]


def test_what_goes_says_for_what_and_how_alike_they_are(connection: sqlite3.Connection) -> None:
    for dropped in Decisions(connection, Policy.LONGEST).dropped():
        against = _number(connection, dropped.against or dropped.kept)
        pair = keeping.overlap(connection, dropped.candidate.document, against)
        assert pair is not None
        assert pair.relation is dropped.relation
        assert pair.contained <= (dropped.share or 0)
        assert dropped.why == "the longest"
        assert dropped.kept != dropped.candidate.id


def test_small_edits_throughout_are_no_text_of_its_own(tmp_path: Path) -> None:
    """Every ninth word another: no shingle of five is safe, the passages run over it."""
    words = " ".join((WIRE, BEFORE)).split()
    edited = [word if place % 9 else "indeed" for place, word in enumerate(words)]
    rows = [
        {"id": "long", "url": "https://long.example/1", "text": " ".join([*words, AFTER])},
        {"id": "edited", "url": "https://edited.example/1", "text": " ".join(edited)},
    ]
    with Index.open(tmp_path / "news.db") as index:
        index.add(write_lines(tmp_path / "crawl.jsonl", rows), workers=0)
        [gone] = Decisions(index.reader, Policy.LONGEST).dropped()
        pair = keeping.overlap(index.reader, gone.candidate.document, _number(index.reader, gone.kept))
    assert gone.candidate.id == "edited"
    assert pair is not None
    assert pair.contained < AT_LEAST <= (gone.share or 0)


def test_an_excerpt_goes_only_if_it_is_mostly_that_story(db: Path, tmp_path: Path) -> None:
    """Copies of one story alone are made excerpts: what holds less than half of the story stays."""
    made = Path(shutil.copy(db, tmp_path / "news.db"))
    with closing(connect_reader(made)) as reader:
        dropped = Decisions(reader, Policy.BEST, at_least=0).dropped()
        copies = {d.candidate.document: d.share or 0 for d in dropped if d.candidate.stories == 1}
    with closing(sqlite3.connect(made)) as writer, writer:
        writer.executemany("UPDATE members SET role = 'excerpt' WHERE document = ?", [(d,) for d in copies])
    with closing(connect_reader(made)) as reader:
        gone = {d.candidate.document for d in Decisions(reader, Policy.BEST, at_least=0).dropped()}
        gone &= copies.keys()
    assert gone == {document for document, share in copies.items() if share >= 0.5} != set(copies)


def test_a_round_up_of_two_stories_stays(samples_db: Path) -> None:
    with closing(connect_reader(samples_db)) as reader:
        gone = {dropped.candidate.id for dropped in Decisions(reader, Policy.BEST).dropped()}
    assert "weekinbrief.example/2025-09-28.html" not in gone
    assert "valleysentinel.example/articles.jsonl#1" in gone


@pytest.mark.parametrize("at_least", [0.5, 0.8, 1.0])
def test_a_copy_with_more_of_its_own_stays_when_asked(
    at_least: float, connection: sqlite3.Connection
) -> None:
    shares = [dropped.share for dropped in Decisions(connection, Policy.BEST, at_least).dropped()]
    every = [dropped.share for dropped in Decisions(connection, Policy.BEST, at_least=0).dropped()]
    assert all(share is not None and share >= at_least for share in shares)
    assert len(shares) < len(every)


def _number(connection: sqlite3.Connection, public_id: str) -> int:
    (number,) = connection.execute("SELECT document FROM documents WHERE id = ?", [public_id]).fetchone()
    return int(number)
