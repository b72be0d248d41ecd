"""Figures over the whole index: by hand on the shipped crawl, against a slow count on generated ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from generated import OUTLETS, WORDS, documents, write_lines

from dedupe import Index
from dedupe.errors import NotFound
from dedupe.model import Role
from dedupe.owners import OrganisationKind, Owner
from dedupe.report import ClusterRow, DocumentRow
from dedupe.store.flows import Flow, FlowKind, Sisters, Source, families

COPIES = (Role.SYNDICATED, Role.REPOST, Role.UNKNOWN)
SAMPLES_OWNER = Owner("Valley Group", ("valleysentinel.example", "northgatecourier.example"))


@pytest.fixture(scope="module")
def index(samples_db: Path) -> Iterator[Index]:
    with Index.open(samples_db) as opened:
        yield opened


@pytest.fixture(scope="module", params=[1, 2, 3])
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("generated")
    crawl = write_lines(folder / "crawl.jsonl", documents(request.param, 60))
    with Index.open(folder / "news.db") as opened:
        opened.add(crawl, workers=0)
        yield opened


def source(index: Index, name: str, *owners: Owner) -> Source:
    (found,) = [each for each in index.sources(owners) if each.name == name]
    return found


# From expected.json. name: kind, documents, originals, (copies, uncredited),
# (copies taken by others, uncredited)
BY_HAND: dict[str, tuple[str, int, int, tuple[int, int], tuple[int, int]]] = {
    "Voice of America": ("agency", 0, 1, (0, 0), (5, 3)),
    "Associated Press": ("agency", 0, 1, (0, 0), (3, 1)),
    "PR Newswire": ("agency", 0, 1, (0, 0), (3, 1)),
    "kestrelbayobserver.example": ("outlet", 1, 1, (0, 0), (2, 1)),
    "valleysentinel.example": ("outlet", 4, 0, (3, 3), (0, 0)),
    "openwire.example": ("outlet", 4, 0, (2, 0), (0, 0)),
    "islanderdispatch.example": ("outlet", 2, 0, (1, 1), (0, 0)),  # its own update is no copy
    "weekinbrief.example": ("outlet", 1, 0, (0, 0), (0, 0)),  # excerpts are none
    "capitalherald.example": ("outlet", 2, 0, (0, 0), (0, 0)),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_source_of_the_samples(index: Index, name: str) -> None:
    found = source(index, name)
    copies, taken = found.copies, found.taken
    assert BY_HAND[name] == (
        found.kind.value,
        found.documents,
        found.originals,
        (copies.count, copies.uncredited),
        (taken.count, taken.uncredited),
    )


def test_a_desk_and_two_reporters_stand_where_the_agency_did(index: Index) -> None:
    assert source(index, "Voice of America").taken.byline_swaps == 3


def test_a_delay_counts_from_the_first_copy_and_that_copy_has_none(index: Index) -> None:
    # 18:40 openwire; the next day 7:10 northgate, 9:30 valley, 14:20 islander; meridian has no time
    assert source(index, "Voice of America").taken.median_delay == 14 * 3600 + 50 * 60
    assert source(index, "openwire.example").copies.median_delay is None


def test_a_flow_of_the_samples(index: Index) -> None:
    ways = {(f.kind, f.source, f.outlet): f.copies for f in index.flows()}
    way = ways[FlowKind.ORIGIN, "kestrelbayobserver.example", "valleysentinel.example"]
    assert (way.count, way.uncredited, way.median_delay) == (1, 1, 92_700)


def test_titles_of_one_owner_are_summed(index: Index) -> None:
    parts = [source(index, name) for name in SAMPLES_OWNER.domains]
    whole = source(index, "Valley Group", SAMPLES_OWNER)
    assert whole.kind is OrganisationKind.OWNER
    assert whole.documents == sum(part.documents for part in parts)
    assert whole.copies.count == sum(part.copies.count for part in parts)
    assert not {*SAMPLES_OWNER.domains} & {each.name for each in index.sources([SAMPLES_OWNER])}


def test_titles_of_one_owner_do_not_copy_from_each_other(index: Index) -> None:
    sisters = Owner("Bay Papers", ("kestrelbayobserver.example", "valleysentinel.example"))
    found = source(index, "Bay Papers", sisters)
    assert (found.originals, found.taken.count, found.copies.count) == (1, 1, 2)
    assert not [f for f in index.flows([sisters]) if f.source == f.outlet]
    assert {r.copy.outlet for r in index.reposts("Bay Papers", [sisters])} == {
        "commonground.example",
        "weekinbrief.example",
    }


def test_a_story_that_one_owner_alone_has_is_open_to_nobody(index: Index) -> None:
    lighthouse = Owner("Hai Group", ("baihe.example", "haimennews.example"))
    assert source(index, "baihe.example").open == 1
    assert source(index, "Hai Group", lighthouse).open == 0


def copies_of(cluster: ClusterRow) -> list[DocumentRow]:
    """The slow count: copies of a known origin or, where it is unknown, documents that others have too."""
    outlets = {row.outlet for row in cluster.documents}
    if cluster.origin.name is None:
        return [row for row in cluster.documents if row.role in COPIES and len(outlets) > 1]
    return [row for row in cluster.documents if row.role in COPIES and row.outlet != cluster.origin.name]


def slow_flows(clusters: list[ClusterRow]) -> Iterator[tuple[FlowKind, str, str, DocumentRow, int | None]]:
    for cluster in clusters:
        by_id = {row.id: row for row in cluster.documents}
        zero = sorted(row.id for row in cluster.documents if row.delay_seconds == 0)
        start = zero[0] if zero and cluster.origin.document is None else None
        for row in copies_of(cluster):
            delay = None if row.id == start else row.delay_seconds
            assert row.outlet is not None
            if cluster.origin.name is not None:
                yield FlowKind.ORIGIN, cluster.origin.name, row.outlet, row, delay
            parent = by_id.get(row.parent or "")
            if parent is not None and parent.outlet not in (None, row.outlet):
                assert parent.outlet is not None
                known = delay is not None and parent.delay_seconds is not None
                lag = (delay or 0) - (parent.delay_seconds or 0) if known else None
                yield FlowKind.PARENT, parent.outlet, row.outlet, row, lag


def figures(copies: list[tuple[DocumentRow, int | None]]) -> tuple[object, ...]:
    lags = [lag for _, lag in copies if lag is not None]
    return (
        len(copies),
        sum(not row.credited for row, _ in copies),
        sum(row.byline_swap for row, _ in copies),
        round(median(lags)) if lags else None,
    )


def counted(flow: Flow) -> tuple[object, ...]:
    copies = flow.copies
    return (copies.count, copies.uncredited, copies.byline_swaps, copies.median_delay)


def test_flows_equal_the_slow_count(generated: Index) -> None:
    expected: dict[tuple[FlowKind, str, str], list[tuple[DocumentRow, int | None]]] = {}
    for kind, origin, outlet, row, lag in slow_flows(list(generated.clusters())):
        expected.setdefault((kind, origin, outlet), []).append((row, lag))
    found = {(flow.kind, flow.source, flow.outlet): counted(flow) for flow in generated.flows()}
    assert found == {way: figures(copies) for way, copies in expected.items()}
    assert any(kind is FlowKind.ORIGIN for kind, *_ in found)


def test_open_documents_equal_the_slow_count(generated: Index) -> None:
    unknown = [cluster for cluster in generated.clusters() if cluster.origin.name is None]
    expected = Counter(row.outlet for cluster in unknown for row in copies_of(cluster))
    assert Counter({each.name: each.open for each in generated.sources() if each.open}) == expected


def test_what_is_copied_is_what_is_taken_and_what_flows(generated: Index) -> None:
    sources = generated.sources()
    copied = sum(each.copies.count for each in sources)
    assert copied == sum(each.taken.count for each in sources)
    assert copied == sum(flow.copies.count for flow in generated.flows() if flow.kind is FlowKind.ORIGIN)
    assert copied > 0


def test_reposts_are_the_copies_taken(generated: Index) -> None:
    for each in generated.sources():
        listed = [repost.copy.origin for repost in generated.reposts(each.name)]
        assert sum(came.role in COPIES for came in listed) == each.taken.count
        assert sum(came.role in COPIES and not came.credited for came in listed) == each.taken.uncredited


def test_a_shared_passage_stands_where_it_says(generated: Index) -> None:
    found = [repost for each in generated.sources() for repost in generated.reposts(each.name)]
    for repost in found:
        copy, against = repost.copy.origin.id, repost.against
        assert against is not None
        one, other, edge = generated.compare(copy, against)
        texts = {story.document.id: story.document.text for story in (one, other)}
        assert edge is not None
        ours, theirs = (edge.a, edge.b) if edge.a == copy else (edge.b, edge.a)
        assert (ours, theirs) == (copy, against)
        assert repost.passages
        for passage in repost.passages:
            assert texts[copy][slice(*passage.copy)] == passage.text
            assert set(passage.text.split()) & set(texts[against][slice(*passage.against)].split())
    assert found


def test_a_copy_is_compared_with_the_original_where_that_was_crawled(index: Index) -> None:
    against = {repost.against for repost in index.reposts("kestrelbayobserver.example")}
    assert against == {"kestrelbayobserver.example/water-meters.html"}


def test_an_agency_of_which_there_is_nothing_has_no_reposts(index: Index) -> None:
    assert list(index.reposts("Bloomberg")) == []


def test_with_one_owner_of_all_nobody_copies_but_from_agencies(generated: Index) -> None:
    everybody = Owner("Everybody", OUTLETS)
    kinds = {each.name: each.kind for each in generated.sources([everybody])}
    assert {kinds[flow.source] for flow in generated.flows([everybody])} <= {OrganisationKind.AGENCY}
    assert source(generated, "Everybody", everybody).open == 0
    assert source(generated, "Everybody", everybody).documents == 60


def test_reposts_of_an_agency_by_any_name_in_any_case(index: Index) -> None:
    names = ["Voice of America", "VOA", "voa", "voanews.com"]
    found = [[repost.copy.origin.id for repost in index.reposts(name)] for name in names]
    assert len(found[0]) == 7
    assert found == [found[0]] * len(names)


def test_reposts_come_in_the_order_of_time_undated_last(index: Index) -> None:
    times = [r.copy.published_at or r.copy.seen_at for r in index.reposts("KestrelBayObserver.example")]
    assert times == sorted(times, key=lambda at: (at is None, at or ""))


def test_reposts_of_nobody(index: Index) -> None:
    with pytest.raises(NotFound, match=r"ghost\.example"):
        index.reposts("ghost.example")


def test_stories_of_unknown_origin_are_counted_apart(index: Index) -> None:
    assert index.open_stories("baihe.example") == 1
    assert index.open_stories("kestrelbayobserver.example") == 0


# documents of the samples: (ids, how many independent texts)
EVENTS: dict[str, tuple[list[str], int]] = {
    "one document": (["ow-1001"], 1),
    "two copies of one story": (["ow-1001", "northgatecourier.example/2025/09/canal-deadlock.html"], 1),
    "a copy and a paper's own report": (["ow-1001", "capitalherald.example/saint-brenn.html"], 2),
    "an excerpt beside its story": (["ow-1001", "weekinbrief.example/2025-09-28.html"], 1),
    "an excerpt beside its other story": (
        ["weekinbrief.example/2025-09-28.html", "commonground.example/republished/water-meters.html"],
        1,
    ),
    "two stories": (["ow-1001", "gw-77", "ow-1002"], 2),
    "one named twice": (["ow-1001", "ow-1001"], 1),
}


@pytest.mark.parametrize(("ids", "count"), EVENTS.values(), ids=EVENTS)
def test_copies_of_one_story_are_one_independent_text(index: Index, ids: list[str], count: int) -> None:
    found = index.independent(ids)
    assert len(found) == count
    assert sorted(id_ for text in found for id_ in text.documents) == sorted(set(ids))
    assert index.independent(ids[::-1]) == found


def test_a_whole_cluster_is_one_text(generated: Index) -> None:
    for cluster in generated.clusters():
        (text,) = generated.independent([cluster.cluster_id])
        assert text.documents == tuple(sorted(row.id for row in cluster.documents))


def test_documents_in_no_cluster_are_texts_of_their_own(generated: Index) -> None:
    clustered = {row.id for cluster in generated.clusters() for row in cluster.documents}
    alone = sorted({f"d{number:03d}" for number in range(60)} - clustered)
    found = generated.independent(alone)
    assert [(text.cluster_id, text.documents) for text in found] == [(None, (each,)) for each in alone]


def test_independent_texts_of_what_is_not_there(index: Index) -> None:
    with pytest.raises(NotFound, match="ghost"):
        index.independent(["ow-1001", "ghost"])


def stories(outlets_of: list[tuple[str, ...]], byline: str | None = None) -> list[dict[str, Any]]:
    """A crawl in which story n stands in the outlets of entry n."""
    draw = random.Random(7)
    records: list[dict[str, Any]] = []
    for number, outlets in enumerate(outlets_of):
        text = " ".join(draw.choices(WORDS, k=120)).capitalize() + "."
        for outlet in outlets:
            url = f"https://{outlet}/{number}"
            records.append({"id": f"{outlet}-{number}", "url": url, "title": text[:40], "text": text})
            if byline:
                records[-1]["byline"] = byline
    return records


def test_outlets_that_always_carry_the_same_are_suggested(tmp_path: Path) -> None:
    together, copied = ("a.example", "b.example"), ("a.example", "c.example")
    crawl = stories([together] * 5 + [copied] * 3 + [("c.example", "d.example")] * 2 + [("b.example",)] * 3)
    assert suggested(tmp_path, crawl) == [Sisters("a.example", "b.example", 5, 5)]


def test_clients_of_one_agency_are_not_suggested(tmp_path: Path) -> None:
    crawl = stories([("a.example", "b.example")] * 6, byline="Associated Press")
    assert suggested(tmp_path, crawl) == []


def test_four_stories_in_common_suggest_nothing(tmp_path: Path) -> None:
    assert suggested(tmp_path, stories([("a.example", "b.example")] * 4)) == []


def suggested(folder: Path, crawl: list[dict[str, Any]]) -> list[Sisters]:
    with Index.open(folder / "news.db") as index:
        index.add(write_lines(folder / "crawl.jsonl", crawl), workers=0)
        return index.sisters()


FAMILIES: dict[str, tuple[list[str], list[list[str]]]] = {
    "a pair": (["ab"], [["a", "b"]]),
    "two pairs": (["ab", "cd"], [["a", "b"], ["c", "d"]]),
    "all of three": (["ab", "bc", "ac"], [["a", "b", "c"]]),
    "a chain keeps its first link": (["ab", "bc"], [["a", "b"]]),
    "none": ([], []),
}


@pytest.mark.parametrize(("pairs", "groups"), FAMILIES.values(), ids=FAMILIES)
def test_a_family_is_a_group_of_which_every_two_are_sisters(
    pairs: list[str], groups: list[list[str]]
) -> None:
    found = families([Sisters(a, b, 9, 9) for a, b in pairs])
    assert [outlets for outlets, _ in found] == groups
    assert [len(inside) for _, inside in found] == [len(g) * (len(g) - 1) // 2 for g in groups]
