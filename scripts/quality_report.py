"""Everything judged, in one page: pairs, clusters and origins with their floors and pictures.

    scripts/quality report --db news.db --output build/quality
    scripts/quality report --pin
    scripts/quality report --lower "index: reuse recall" --because "two judgements were corrected"

Runs the measures of ``quality_pairs.py`` and ``quality_origins.py`` on the halves that nothing was chosen on,
and ``dedupe evaluate``'s on an index of ``crawl-day`` (made anew unless one is given), where clusters and
origins are those that the product found itself. Writes ``quality.html`` with the precision and recall of
reuse over its threshold and the reliability of confidences. Exits 3 when a figure is below its floor, and 2
when a floor was lowered without a reason (``floors.py``).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import floors
import jinja2
import quality_origins
import quality_pairs
from commandline import parser
from judged import data
from scratch import scratch

from dedupe import Index, evaluate
from dedupe.config import Config
from dedupe.model import Origin, Relation, Role

LARGE = 30  # documents; a larger cluster is to be read
PAGE = """\
<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Quality of dedupe</title>
<style>body{font:15px/1.5 sans-serif;max-width:62em;margin:2em auto;padding:0 1em}
td,th{padding:.15em 1em .15em 0;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
.below{color:#b00}figure{margin:1em 0}</style>
<h1>Quality on the measuring data</h1>
<p>Rules and weights were chosen on one half of the judged pairs and clusters; figures are of the other half,
but for those of the index, which are of all.</p>
<table><tr><th>figure<th>value<th>floor<th></tr>
{% for row in rows %}<tr{% if row.below %} class="below"{% endif %}><td>{{ row.name }}<td class="n">{{
"%.4f" | format(row.value) }}<td class="n">{{ "" if row.floor is none else row.floor }}<td>{{ row.note }}</tr>
{% endfor %}</table>
{% for title, picture, text in pictures %}<figure><figcaption><b>{{ title }}</b> {{ text }}</figcaption>
{{ picture | safe }}</figure>
{% endfor %}
<p>Clusters of more than {{ large_size }} documents, to be read: {{ large | join(", ") or "none" }}.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its floor, if it has one."""

    name: str
    value: float
    floor: float | None
    note: str

    @property
    def below(self) -> bool:
        return self.floor is not None and self.value < self.floor


def measure_index(index: Index) -> tuple[dict[str, float], list[str]]:
    """The figures of ``dedupe evaluate``, and the clusters that are large."""
    folder = data() / "crawl-day"
    relations: dict[tuple[str, str], Relation] = {(e.a, e.b): e.relation for e in index.pairs()}
    clusters = list(index.clusters())
    homes = {
        document.id: cluster.cluster_id
        for cluster in clusters
        for document in cluster.documents
        if document.role is not Role.EXCERPT
    }
    origin_of: dict[str, Origin] = {d.id: c.origin for c in clusters for d in c.documents}
    pairs = evaluate.evaluate_pairs(relations, evaluate.read_pairs(folder / "gold-pairs.jsonl"))
    silver = evaluate.read_clusters(folder / "clusters_silver.jsonl.gz")
    gold = evaluate.read_origins(folder / "gold-origins.jsonl")
    origins = evaluate.evaluate_origins(origin_of, gold, index.config.text.agencies)
    b_cubed = evaluate.b_cubed(homes, silver)
    figures = {
        "index: reuse f1": pairs.reuse.f1,
        "index: reuse precision": pairs.reuse.precision,
        "index: reuse recall": pairs.reuse.recall,
        "index: relation right": pairs.relation_right or 0.0,
        "index: clusters, adjusted rand": evaluate.adjusted_rand_index(homes, silver),
        "index: clusters, b-cubed precision": b_cubed.precision,
        "index: clusters, b-cubed recall": b_cubed.recall,
        "index: origins answered": origins.coverage,
        "index: origins right, of the answers": origins.accuracy,
        "index: origin's own page found, where one is named": origins.document_accuracy,
    }
    return figures, [f"{c.cluster_id} ({c.size})" for c in clusters if c.size > LARGE]


def indexed(db: Path | None, folder: Path) -> Index:
    """The index given, or a new one of the day."""
    index = Index.open(db or folder / "news.db")
    if db is None:
        index.add(data() / "crawl-day" / "docs.jsonl.gz")
    return index


def page(
    figures: Mapping[str, float],
    held: Mapping[str, floors.Floor],
    pictures: Sequence[tuple[str, str, str]],
    large: Sequence[str],
) -> str:
    """The report; pictures are SVG, everything else is escaped."""
    rows = [
        Row(
            name,
            value,
            held[name].value if name in held else None,
            (held[name].because or "") if name in held else "",
        )
        for name, value in sorted(figures.items())
    ]
    template = jinja2.Environment(autoescape=True).from_string(PAGE)
    return template.render(rows=rows, pictures=pictures, large=large, large_size=LARGE)


def measured(db: Path | None) -> tuple[dict[str, float], list[tuple[str, str, str]], list[str]]:
    """All figures, the pictures with their captions, and the large clusters."""
    config = Config()
    figures = quality_pairs.measure()
    origins = quality_origins.measure()
    quality_origins.table(origins)
    figures |= quality_origins.pinned(origins)
    with scratch("quality") as folder, indexed(db, folder) as index:
        found, large = measure_index(index)
    pairs = quality_pairs.judged("crawl-day", "gold-pairs.jsonl", config)
    pictures = [
        (
            "Precision and recall of reuse.",
            quality_pairs.trade_off(pairs, config),
            "Each point is a value of told_tokens, all else in proportion; the large one is the default.",
        ),
        (
            "Reliability of confidences.",
            quality_origins.reliability_picture(origins),
            "A point on the dashed line is as often right as it says; its number counts its answers.",
        ),
    ]
    return figures | found, pictures, large


def changed_floors(options: argparse.Namespace, figures: Mapping[str, float]) -> dict[str, floors.Floor]:
    """The floors after what was asked, which is written down."""
    held = floors.read()
    if options.lower:
        held = floors.lowered(held, options.lower, figures, options.because)
    if options.pin:
        held = floors.raised(held, figures)
    if options.lower or options.pin:
        floors.write(held)
    return held


def main() -> int:
    command = parser(__doc__)
    command.add_argument("--db", type=Path, metavar="FILE", help="an index of crawl-day/docs.jsonl.gz")
    command.add_argument("--output", type=Path, metavar="DIR", default=Path(), help="where quality.html goes")
    command.add_argument("--pin", action="store_true", help="raise the floors to what was measured")
    command.add_argument("--lower", metavar="NAME", help="lower one floor to what was measured …")
    command.add_argument("--because", metavar="REASON", default="", help="… for a reason that is kept")
    options = command.parse_args()
    if not (data() / "crawl-day").is_dir():
        print(f"skipped: no measuring data at {data()} (DEDUPE_DATA names another place)", file=sys.stderr)
        return 0
    try:
        floors.read()
        figures, pictures, large = measured(options.db)
        held = changed_floors(options, figures)
    except floors.FloorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "quality.html").write_text(page(figures, held, pictures, large), encoding="utf-8")
    print(json.dumps({"quality": "report", **{name: round(value, 4) for name, value in figures.items()}}))
    print(f"written: {options.output / 'quality.html'}", file=sys.stderr)
    return floors.exit_code(figures, held)


if __name__ == "__main__":
    sys.exit(main())
