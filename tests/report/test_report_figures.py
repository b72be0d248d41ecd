"""What the pages count and draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import report_fiction
from generated import documents, write_lines
from report_fiction import MemorySource

from dedupe import Index
from dedupe.model import OriginKind, Role
from dedupe.report.data import ClusterRow, Filters
from dedupe.report.site.charts import DELAYS, HEIGHT, delays, timeline
from dedupe.report.site.flow import OUTLETS, SOURCES, picture
from dedupe.report.site.lineage import Tree, tree
from dedupe.report.site.spread import LONGEST, TICKS, position, spread_of, ticks
from dedupe.report.site.tally import Credit, Source, Tally, credit_of, measured_from
from dedupe.report.stored import StoredSource
from dedupe.store.copies import Copies
from dedupe.store.flows import FlowKind


def tallied(source: MemorySource) -> Tally:
    tally = Tally()
    for story in source.rows:
        tally.add(story)
    return tally


def depths(story: ClusterRow) -> list[tuple[int, str]]:
    return [(branch.x // 22, branch.label) for branch in tree(story).branches]


def reparented(story: ClusterRow, parents: dict[str, str | None]) -> ClusterRow:
    documents = [replace(d, parent=parents.get(d.id, d.parent)) for d in story.documents]
    return replace(story, documents=tuple(documents))


def test_copies_are_counted_by_their_origin(source: MemorySource) -> None:
    flows = {(s.name, outlet): flow.count for (s, outlet), flow in tallied(source).flows.items()}
    assert flows == {
        ("Meridian Press", "calder-times.example"): 1,
        ("Meridian Press", "inland.example"): 1,
        ("Meridian Press", "harbour-post.example"): 1,
        ("Meridian Press", "anse-daily.example"): 1,
        ("venn-gazette.example", "rural-wire.example"): 1,
        ("venn-gazette.example", "anse-daily.example"): 1,
        ("Meridian Press", "sahil.example"): 1,
        ("Meridian Press", "lehr.example"): 1,
        ("minato.example", "umi.example"): 1,
    }


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Stories that many outlets carry, some of one outlet alone and of unknown origin."""
    folder = tmp_path_factory.mktemp("generated")
    write_lines(folder / "crawl.jsonl", documents(11, 300))
    with Index.open(folder / "news.db") as index:
        index.add(folder / "crawl.jsonl", workers=0)
        yield index


@pytest.fixture(scope="module")
def shipped(samples_db: Path) -> Iterator[Index]:
    with Index.open(samples_db) as index:
        yield index


def in_any_order(copies: Copies) -> tuple[object, ...]:
    """Its figures; the two read the stories in different orders."""
    return (copies.count, copies.judged, copies.uncredited, copies.byline_swaps, sorted(copies.delays))


@pytest.mark.parametrize("name", ["shipped", "generated"])
def test_the_pages_count_what_the_commands_count(name: str, request: pytest.FixtureRequest) -> None:
    index: Index = request.getfixturevalue(name)
    tally = Tally()
    for cluster in StoredSource(index.reader).clusters(Filters()):
        tally.add(cluster)
    sources = {source.name: source for source in index.sources()}
    assert any(source.open for source in sources.values())
    assert tally.all_copies.count == sum(each.copies.count + each.open for each in sources.values())
    for outlet, counted in tally.outlets.items():
        assert counted.open == sources[outlet].open
        assert in_any_order(counted.ran) == in_any_order(sources[outlet].copies)
    for source, taken in tally.taken.items():
        assert in_any_order(taken) == in_any_order(sources[source.name].taken)
    ways = {(f.source, f.outlet): in_any_order(f.copies) for f in index.flows() if f.kind is FlowKind.ORIGIN}
    drawn = tally.flows.items()
    assert {(source.name, outlet): in_any_order(copies) for (source, outlet), copies in drawn} == ways


def test_an_update_and_an_excerpt_are_no_copies(source: MemorySource) -> None:
    tally = tallied(source)
    assert tally.roles[Role.UPDATE] == tally.roles[Role.EXCERPT] == 1
    assert tally.all_copies.count == sum(tally.roles[role] for role in Role if role.is_copy)


def test_a_document_in_two_stories_is_counted_once() -> None:
    tally = tallied(report_fiction.visited())
    assert (tally.documents, tally.roles[Role.EXCERPT]) == (15, 2)


def test_nobody_can_say_whether_a_copy_credits_an_unknown_origin(source: MemorySource) -> None:
    unknown = source.rows[4]
    assert {credit_of(unknown, document) for document in unknown.documents} == {Credit.UNKNOWN}
    assert tallied(source).all_copies.judged == tallied(source).all_copies.count - 2


def test_the_copy_that_delays_are_measured_from_has_none_of_its_own(source: MemorySource) -> None:
    first, *rest = source.rows[0].documents
    story = replace(source.rows[0], documents=(replace(first, delay_seconds=0), *rest))
    assert measured_from(story) == first.id
    assert 0 not in tallied(replace(source, rows=[story])).all_copies.delays


def test_parts_of_a_bar_stand_on_each_other() -> None:
    chart = delays({Credit.GIVEN: [5] * 3, Credit.NONE: [5] * 2, Credit.UNKNOWN: [5]})
    parts = chart.bars[1].parts
    assert [part.y for part in parts] == sorted((part.y for part in parts), reverse=True)
    assert sum(part.height for part in parts) == pytest.approx(HEIGHT, abs=0.2)
    assert parts[-1].y == 0


def test_an_outlet_is_in_a_story_once_however_often_it_ran_it(source: MemorySource) -> None:
    anse = tallied(source).outlets["anse-daily.example"]
    assert (anse.stories, anse.ran.count) == (2, 2)


def test_lineage_hangs_from_an_agency_that_was_not_crawled(source: MemorySource) -> None:
    assert depths(source.rows[0]) == [
        (0, "Meridian Press (not in this crawl)"),
        (1, "calder-times.example"),
        (2, "harbour-post.example"),
        (2, "anse-daily.example"),
        (3, "anse-daily.example"),
        (1, "inland.example"),
        (1, "coast-week.example"),
    ]


def test_lineage_hangs_from_the_document_of_the_origin(source: MemorySource) -> None:
    assert depths(source.rows[1]) == [
        (0, "venn-gazette.example"),
        (1, "rural-wire.example"),
        (2, "anse-daily.example"),
    ]


@pytest.mark.parametrize(
    "parents",
    [
        {"rural#8": "mirror#3"},
        {"venn#1": "mirror#3"},
        {"rural#8": "rural#8"},
        {"mirror#3": "not in the story"},
        {"rural#8": None, "mirror#3": None},
    ],
    ids=["a ring", "a ring through the origin", "its own parent", "a stranger", "no parents"],
)
def test_every_document_is_in_the_tree_once(parents: dict[str, str | None], source: MemorySource) -> None:
    found: Tree = tree(reparented(source.rows[1], parents))
    assert Counter(branch.label for branch in found.branches) == Counter(
        d.outlet for d in source.rows[1].documents
    )


def test_stems_start_at_the_parent(source: MemorySource) -> None:
    branches = tree(source.rows[0]).branches
    tops = {branch.y: branch for branch in branches}
    for branch in branches[1:]:
        assert branch.stem is not None
        assert tops[branch.stem].x == branch.x - 22


def test_a_story_is_placed_from_its_first_document(source: MemorySource) -> None:
    spread = spread_of(source.rows[0])
    assert [one.seconds for one in spread.placed] == [0, 240, 4510, 20_400, 80_400]
    assert (spread.first_at, spread.unplaced) == ("2026-03-03T08:40:00Z", 1)


def test_a_story_has_spread_when_most_outlets_have_it(source: MemorySource) -> None:
    """Its update and the round-up that quotes it do not count, nor does who states no time of day."""
    spread = spread_of(source.rows[0])
    assert (spread.reached, spread.half) == ((0, 240, 4510, 20_400), 4510)
    alone = replace(source.rows[0], documents=source.rows[0].documents[:1])
    assert (spread_of(alone).half, spread_of(alone).pace) == (None, 0.0)


def test_bare_dates_are_not_placed(source: MemorySource) -> None:
    spread = spread_of(source.rows[3])
    assert (spread.placed, spread.unplaced, spread.seconds, spread.pace) == ((), 2, None, 0.0)


def test_midnight_is_a_day_without_a_time(source: MemorySource) -> None:
    documents = [replace(d, published_at="2026-03-03T00:00:00Z") for d in source.rows[1].documents]
    assert spread_of(replace(source.rows[1], documents=tuple(documents))).unplaced == 3


def test_marks_are_few_and_hold_the_first_and_the_last() -> None:
    story = max(report_fiction.many(60).rows, key=lambda row: row.size)
    placed = spread_of(story).placed * 9
    marks = ticks(sorted(placed, key=lambda one: one.seconds))
    assert len(marks) <= TICKS
    assert (marks[0].x, marks[-1].x) == (0, position(placed[-1].seconds))


def test_the_axis_grows_with_time() -> None:
    places = [position(seconds) for seconds in (0, 60, 600, 3600, 86_400, LONGEST)]
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("keys", "unit", "bars"),
    [
        (["2026-03-01T05", "2026-03-01T07"], "hour", 3),
        (["2026-03-01T05", "2026-03-02", "2026-03-02"], "day", 2),
        (["2026-02-27T05", "2026-03-10T07"], "day", 12),
        (["2025-01-01T05", "2026-03-10T07"], "month", 15),
        (["1999-01-01", "2025-12-31"], "year", 27),
    ],
    ids=["hours", "a bare date", "days", "months", "years"],
)
def test_a_timeline_is_as_fine_as_its_bars_allow(keys: list[str], unit: str, bars: int) -> None:
    chart = timeline({Credit.GIVEN: Counter(keys)})
    assert chart is not None
    assert (chart.unit, len(chart.bars), chart.outside) == (unit, bars, 0)
    assert sum(bar.count for bar in chart.bars) == len(keys)


def test_a_few_absurd_dates_do_not_flatten_the_timeline() -> None:
    hours = Counter({f"2026-03-01T{hour:02}": 20 for hour in range(24)})
    chart = timeline(
        {Credit.GIVEN: hours, Credit.NONE: Counter(["1970-01-01T00", "2099-12-31T23", "soon", "9999-12-31"])}
    )
    assert chart is not None
    assert (chart.unit, len(chart.bars), chart.outside) == ("hour", 24, 4)


def test_days_without_an_hour_do_not_hide_the_hours_of_most() -> None:
    chart = timeline({Credit.NONE: Counter({"2026-03-01T05": 3, "2026-03-01T07": 2, "2026-03-01": 4})})
    assert chart is not None
    assert (chart.unit, len(chart.bars), chart.outside) == ("hour", 3, 4)


def test_there_is_no_timeline_without_times() -> None:
    assert timeline({}) is None


def test_delays_fall_into_their_bins() -> None:
    chart = delays({Credit.GIVEN: [-5, 0, 599, 600], Credit.NONE: [10**9, 599]})
    counts = {bar.label: [(part.credit, part.count) for part in bar.parts] for bar in chart.bars if bar.count}
    assert counts == {
        "earlier": [(Credit.GIVEN, 1)],
        "< 10 min": [(Credit.NONE, 1), (Credit.GIVEN, 2)],
        "30 min": [(Credit.GIVEN, 1)],
        "later": [(Credit.NONE, 1)],
    }
    assert len(chart.bars) == len(DELAYS)


def test_ribbons_fill_their_nodes() -> None:
    shown = picture(tallied(report_fiction.many(200)).flows)
    assert shown is not None
    assert len(shown.sources) <= SOURCES
    assert len(shown.outlets) <= OUTLETS
    for number, node in enumerate(shown.sources):
        assert sum(r.copies for r in shown.ribbons if r.source == number) == node.copies
    assert shown.drawn == sum(node.copies for node in shown.outlets)


def test_a_flow_picture_leaves_no_copy_uncounted() -> None:
    flows = tallied(report_fiction.many(200)).flows
    shown = picture(flows)
    assert shown is not None
    assert shown.drawn + shown.others == sum(flow.count for flow in flows.values())


def test_a_node_has_the_figure_of_all_its_copies() -> None:
    tally = tallied(report_fiction.many(200))
    shown = picture(tally.flows)
    assert shown is not None
    assert any(node.copies < node.total for node in (*shown.sources, *shown.outlets))
    for node in shown.sources:
        assert node.total == tally.taken[Source(node.name, node.kind)].count
    for node in shown.outlets:
        assert node.total == tally.outlets[node.name].ran.count


def test_no_flow_no_picture() -> None:
    assert picture({}) is None


def test_an_agency_and_an_outlet_of_one_name_are_two_sources() -> None:
    flows = {
        (Source("Tide", kind), "x.example"): Copies(count=3)
        for kind in (OriginKind.AGENCY, OriginKind.OUTLET)
    }
    shown = picture(flows)
    assert shown is not None
    assert sorted(ribbon.source for ribbon in shown.ribbons) == [0, 1]
