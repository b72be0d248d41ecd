"""The order in which the site is made: stories while they pass by, then what was counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dedupe.report.data import ClusterRow, ReportSource
from dedupe.report.sink import MARKER
from dedupe.report.site import listing, pages
from dedupe.report.site.names import story_path
from dedupe.report.site.render import Renderer
from dedupe.report.site.tables import agency_table, outlet_table
from dedupe.report.site.tally import Tally
from dedupe.report.site.texts import story_data


def build(source: ReportSource, clusters: Iterable[ClusterRow], folder: Path) -> None:
    """Fills ``folder``, which exists and is empty.

    Memory holds a row for each story and the counts, never the texts of more than one story.
    """
    renderer = Renderer(folder)
    tally, found, related = Tally(), [], {}
    for cluster in clusters:
        tally.add(cluster)
        found.append(listing.list_row(cluster))
        _write_story(source, cluster, renderer)
        if cluster.related:
            related[cluster.cluster_id] = cluster.related
    rows = listing.in_order(found)
    _link_related(related, rows, renderer)
    listing.write_pieces(rows, folder / "data")
    _write_lists(source, tally, rows, renderer)
    renderer.copy_assets()
    marker = {"made_by": "dedupe report --format html", "stories": tally.stories}
    (folder / MARKER).write_text(json.dumps(marker) + "\n", "utf-8")


def _write_story(source: ReportSource, cluster: ClusterRow, renderer: Renderer) -> None:
    path = story_path(cluster.cluster_id)
    texts = {document.id: source.text(document.id) for document in cluster.documents}
    renderer.page(path, "story.html", page=pages.story(cluster), data=Path(path).stem + ".js")
    data = listing.script("story", story_data(cluster, texts))
    (renderer.folder / path).with_suffix(".js").write_bytes(data)


def _link_related(
    related: Mapping[str, Sequence[str]], rows: Iterable[listing.ListRow], renderer: Renderer
) -> None:
    """Put the related stories into their places, once it is known which stories the report holds."""
    row_of = {row.cluster_id: row for row in rows}
    for cluster_id, others in related.items():
        known = [row_of[other] for other in others if other in row_of]
        renderer.fill(story_path(cluster_id), "related.html", rows=known)


def _write_lists(source: ReportSource, tally: Tally, rows: list[listing.ListRow], renderer: Renderer) -> None:
    first = pages.Stories(rows[: pages.FIRST_PAGE], len(rows))
    renderer.page("index.html", "overview.html", page=pages.overview(tally, rows, source.totals()))
    renderer.page("stories.html", "stories.html", page=first)
    outlets = list(pages.outlet_pages(tally, rows, source.outlets()))
    agencies = list(pages.agency_pages(tally, rows, source.agencies()))
    for table in (outlet_table(outlets), agency_table(agencies)):
        renderer.page(f"{table.name}.html", f"{table.name}.html", table=table.first_page())
        listing.write_piece(renderer.folder / "data", table.name, table.data())
    for outlet in outlets:
        renderer.page(outlet.path, "outlet.html", page=outlet)
    for agency in agencies:
        renderer.page(agency.path, "agency.html", page=agency)
