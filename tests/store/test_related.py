"""Related stories: counted as the slow way counts them, and never through round-ups or templates."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

import pytest
from generated import documents
from store_fiction import indexed

from dedupe import Index
from dedupe.cli import showing
from dedupe.report.stored import StoredSource
from dedupe.store import clusters
from dedupe.store.database import connect_reader


@pytest.fixture
def changeable(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of the index in memory."""
    copy = sqlite3.connect(":memory:")
    connection.backup(copy)
    return copy


def cluster_of(connection: sqlite3.Connection, document: str) -> str:
    (found,) = connection.execute(
        "SELECT cluster_id FROM copies WHERE document_id = ? ORDER BY cluster_id LIMIT 1", [document]
    ).fetchone()
    return str(found)


def slowly_related(connection: sqlite3.Connection) -> dict[str, list[tuple[str, int]]]:
    """Every pair against every two clusters it links."""
    clusters_of: defaultdict[int, set[str]] = defaultdict(set)
    for document, cluster in connection.execute(
        "SELECT document, id FROM members JOIN clusters USING (cluster)"
    ):
        clusters_of[document].add(cluster)
    counts: Counter[tuple[str, str]] = Counter()
    for a, b in connection.execute("SELECT a, b FROM pairs WHERE relation <> 'boilerplate'"):
        for here in clusters_of[a] - clusters_of[b]:
            for there in clusters_of[b] - clusters_of[a]:
                counts[here, there] += 1
                counts[there, here] += 1
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for (here, there), count in counts.items():
        found[here].append((there, count))
    return {here: sorted(each, key=lambda pair: (-pair[1], pair[0])) for here, each in found.items()}


@pytest.mark.parametrize("seed", range(3))
def test_related_stories_are_those_of_the_slow_way(tmp_path: Path, seed: int) -> None:
    with closing(connect_reader(indexed(tmp_path, documents(seed, 80)))) as reader:
        expected = slowly_related(reader)
        assert expected
        for (cluster,) in reader.execute("SELECT id FROM clusters"):
            assert clusters.related(reader, cluster) == expected.get(cluster, [])[: clusters.MOST_RELATED]


def test_a_shared_quotation_relates_two_stories(connection: sqlite3.Connection) -> None:
    flood, lock = cluster_of(connection, "flood-1"), cluster_of(connection, "lock-1")
    assert clusters.related(connection, flood) == [(lock, 4)]
    assert clusters.related(connection, lock) == [(flood, 4)]


def test_a_shared_template_relates_nothing(changeable: sqlite3.Connection) -> None:
    changeable.execute("UPDATE pairs SET relation = 'boilerplate' WHERE relation = 'quote_only'")
    assert clusters.related(changeable, cluster_of(changeable, "flood-1")) == []


def test_a_round_up_in_both_stories_does_not_relate_them(changeable: sqlite3.Connection) -> None:
    flood, lock = cluster_of(changeable, "flood-1"), cluster_of(changeable, "lock-1")
    changeable.execute(
        "INSERT INTO members SELECT (SELECT cluster FROM clusters WHERE id = ?), document, 'excerpt', 0, 0,"
        " NULL, NULL, NULL, NULL, NULL FROM documents WHERE id = 'flood-1'",
        [lock],
    )
    # What flood-1 shares with the members of either story it shares as a member of that story.
    assert clusters.related(changeable, flood) == [(lock, 2)]
    changeable.execute("DELETE FROM pairs WHERE 2 IN (a, b)")  # flood-2, the other member
    assert clusters.related(changeable, flood) == []


def test_the_most_related_come_first_and_no_more_than_ten(changeable: sqlite3.Connection) -> None:
    for number in range(12):
        cluster = changeable.execute(
            "INSERT INTO clusters SELECT NULL, ?, anchor, 2, NULL, 'unknown', NULL, 0, '[]'"
            " FROM clusters LIMIT 1",
            [f"{number:016x}"],
        ).lastrowid
        changeable.execute(
            "INSERT INTO members SELECT ?, document, 'repost', 0, 0, 0, NULL, NULL, NULL, NULL FROM documents"
            " WHERE id IN ('lock-1', ?)",
            [cluster, "lock-2" if number == 7 else "lock-1"],
        )
    found = clusters.related(changeable, cluster_of(changeable, "flood-1"))
    assert [count for _, count in found] == [4, 4] + [2] * 8
    assert found[0][0] == f"{7:016x}"
    assert [other for other, _ in found[2:]] == [f"{number:016x}" for number in (0, 1, 2, 3, 4, 5, 6, 8)]


def test_a_report_knows_the_related_stories(db: Path, connection: sqlite3.Connection) -> None:
    flood, lock = cluster_of(connection, "flood-1"), cluster_of(connection, "lock-1")
    with Index.open(db) as index:
        related = {cluster.cluster_id: cluster.related for cluster in index.clusters()}
    assert (related[flood], related[lock]) == ((lock,), (flood,))


def test_show_names_the_related_stories(
    connection: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    flood, lock = cluster_of(connection, "flood-1"), cluster_of(connection, "lock-1")
    stored = clusters.cluster(connection, flood)
    assert stored is not None
    showing.print_cluster(StoredSource(connection).cluster_row(stored))
    assert capsys.readouterr().out.splitlines()[-1] == f"related  {lock}"
