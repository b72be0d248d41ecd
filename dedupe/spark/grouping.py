"""Edges -> clusters, origins, members: whole components at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from dedupe import jobs
from dedupe.config import Config
from dedupe.jobs import Copies, Grouped, Verifying
from dedupe.model import Edge, MemberOrigin, Relation
from dedupe.profiles import Shelf
from dedupe.spark import tables
from dedupe.spark.texts import Files, fetched
from dedupe.spark.verifying import fetched_rows
from dedupe.store import rows, secondhand
from dedupe.store.pairs import REUSE, edge_of
from dedupe.store.secondhand import PARTS, SMALL_SHARE, Quotation, Reused, Suspect

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CLUSTERS: tables.Columns = {
    "cluster_id": "string", "anchor": "string", "size": "int", "origin_name": "string",
    "origin_kind": "string", "origin_document": "string", "confidence": "double", "evidence": "string",
}  # fmt: skip
MEMBERS: tables.Columns = {
    "cluster_id": "string", "document_id": "string", "role": "string", "credited": "boolean",
    "byline_swap": "boolean", "headline_changed": "boolean", "edit": "string", "share_kept": "double",
    "delay": "long", "parent": "string",
}  # fmt: skip
# A row is a cluster, or one of its members, with the id of the cluster: one pass makes both.
GROUPED: tables.Columns = {**CLUSTERS, **MEMBERS}

_EDGE = ("a", "b", "relation", "resemblance", "containment_of_a", "containment_of_b", "passages")
_QUOTED: tables.Columns = {"a_document": "long", "b_document": "long", "quoting": "string"}


def reuse(edges: DataFrame) -> DataFrame:
    """The edges that join components."""
    return edges.where(f"relation IN ({REUSE})")


def group(
    edges: DataFrame, components: DataFrame, files: Files, groups: int, config: Config, compiled: bool
) -> DataFrame:
    """The GROUPED rows of all components, in ``groups`` groups of whole components."""
    homes = components.selectExpr("document", "component", f"int(pmod(hash(component), {groups})) AS bucket")
    told = _among(edges, homes).join(_quoted(edges), ["a_document", "b_document"], "left")
    quoting = told.where("quoting IS NOT NULL").selectExpr("bucket", "explode(split(quoting, ' ')) AS number")
    wanted = homes.select("bucket", "document").union(quoting.selectExpr("bucket", "bigint(number)"))
    stories = fetched(wanted, files, {**tables.STORIES, "shingles": "int"}).groupBy("bucket")
    work = partial(_grouped, config=config, compiled=compiled)
    return told.groupBy("bucket").cogroup(stories).applyInArrow(work, tables.ddl(GROUPED))


def _among(edges: DataFrame, homes: DataFrame) -> DataFrame:
    """The edges within components, with the bucket of theirs."""
    one = homes.selectExpr("document AS a_document", "component", "bucket")
    two = homes.selectExpr("document AS b_document", "component AS other")
    both = edges.join(one, "a_document").join(two, "b_document").where("component = other")
    return both.select("bucket", "a_document", "b_document", *_EDGE)


def _quoted(edges: DataFrame) -> DataFrame:
    """`quoting`: the pages that a suspect pair's check asks, by numbers, for the pairs that are suspects."""
    parts = ", ".join(f"'{relation}'" for relation in PARTS)
    suspicious = edges.where(
        f"relation IN ({parts}) AND greatest(containment_of_a, containment_of_b) < {SMALL_SHARE}"
        " AND a_outlet <> b_outlet"
    )
    quotes = edges.where(f"relation = '{Relation.QUOTE_ONLY}'")
    sides = [
        quotes.where(f"{two}_outlet IS NOT NULL").selectExpr(
            f"{one}_document AS document", f"{two}_document AS number", f"{two} AS id",
            f"{two}_outlet AS outlet", "passages AS quoted", f"{side} AS side",
        )
        for side, (one, two) in enumerate((("a", "b"), ("b", "a")))
    ]  # fmt: skip
    both = sides[0].union(sides[1])
    told = suspicious.join(both, suspicious.a_document == both.document).union(
        suspicious.join(both, suspicious.b_document == both.document)
    )
    return told.groupBy("a_document", "b_document").applyInArrow(_suspected, tables.ddl(_QUOTED))


def _suspected(told: pa.Table) -> pa.Table:
    columns = ("document", "id", "number", "outlet", "quoted", "side")
    quotations: dict[int, list[Quotation]] = defaultdict(list)
    for document, *quoted in tables.rows_of(told, columns):
        quotations[document].append(secondhand.quotation(*quoted))
    names = ("a_document", "b_document", "a", "b", "a_outlet", "b_outlet", "passages")
    at, at_b, a, b, of_a, of_b, packed = next(tables.rows_of(told, names))
    suspect = secondhand.suspected(Reused(a, b, (at, at_b), (of_a, of_b), packed), quotations)
    found = [] if suspect is None else [(at, at_b, " ".join(map(str, suspect.quoting)))]
    return tables.table(_QUOTED, found)


def _grouped(told: pa.Table, fetched: pa.Table, config: Config, compiled: bool) -> pa.Table:
    source = fetched_rows(fetched)
    apart = jobs.secondhand_pairs(list(_suspects(told)), Verifying(source, Shelf(), config, compiled))
    found = jobs.grouped(_copies(told, fetched), apart, config)
    return tables.table(GROUPED, [row for each in found for row in _rows(each)])


def _suspects(told: pa.Table) -> Iterator[Suspect]:
    names = ("a", "b", "a_document", "b_document", "quoting")
    for a, b, at, at_b, quoting in tables.rows_of(told, names):
        if quoting is not None:
            yield Suspect(a, b, (at, at_b), tuple(map(int, quoting.split())))


def _copies(told: pa.Table, fetched: pa.Table) -> Copies:
    """What the components of a bucket consist of: its quoting pages have no part in them."""
    edges = sorted(map(edge_of, tables.rows_of(told, _EDGE)), key=_ends)
    ids = {name for edge in edges for name in _ends(edge)}
    named = {n: (i, s) for n, i, s in tables.rows_of(fetched, ("document", "id", "shingles")) if i in ids}
    stories = fetched_rows(fetched).stories(list(named))
    return Copies(
        {story.document.id: story for story in stories},
        {name: number for number, (name, _) in named.items()},
        dict(named.values()),
        edges,
    )


def _ends(edge: Edge) -> tuple[str, str]:
    return edge.a, edge.b


def _rows(found: Grouped) -> Iterator[tuple[Any, ...]]:
    cluster, origin, members, _ = found
    nothing = [None] * (len(MEMBERS) - 1), [None] * (len(CLUSTERS) - 1)
    yield (
        cluster.id, cluster.anchor, len(members), origin.name, origin.kind, origin.document,
        origin.confidence, rows.pack_evidence(origin.evidence), *nothing[0],
    )  # fmt: skip
    for member in members:
        yield cluster.id, *nothing[1], *_member(member)


def _member(m: MemberOrigin) -> Sequence[Any]:
    return (
        m.id, m.role, m.credited, m.byline_swap, m.headline_changed, m.edit, m.share_kept, m.delay,
        m.parent,
    )  # fmt: skip
