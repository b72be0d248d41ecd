"""The rows as exports show them: the JSON contract, and the flat columns of the tables.

Keys stand in the contract's order, ratios have four decimals and nothing depends on the clock, so
an export of the same index has the same bytes.
"""

from __future__ import annotations

from dataclasses import asdict

from dedupe.model import Attribution, Edge, Evidence, Origin
from dedupe.report.data import ClusterRow, DocumentRow

DECIMALS = 4

Record = dict[str, object]

#: Columns of a table with one row a document: the contract's fields, then what the pages add.
COLUMNS = {
    "cluster_id": "the story; stable under re-runs",
    "size": "documents in the story",
    "origin_name": "who likely wrote it; empty if unknown",
    "origin_kind": "agency, outlet or unknown",
    "origin_document": "id of the origin's own document; empty if it was not crawled",
    "origin_confidence": "0..1",
    "id": "the document: its own id in the crawl, else its path",
    "path": "relative to the crawl root",
    "url": "as the crawl has it",
    "outlet": "the publication that carried it",
    "title": "as the page has it",
    "byline": "as the page has it",
    "published_at": "what the page claims, UTC ISO-8601, or a date alone",
    "first_seen_at": "when the crawl saw it, UTC ISO-8601",
    "role": "origin, syndicated, repost, unknown, update or excerpt",
    "attribution": "what the page claims of its authorship: a list of kind, text, name, begin, end, source",
    "language": "tag of its language",
    "relation": "to the story's anchor: identical, edited, excerpt, partial, update",
    "kept": "share of the anchor's story that it carries, 0..1",
    "credited": "whether it names the origin",
    "byline_swap": "whether it carries another byline than the origin's",
    "headline_changed": "whether its headline differs from the origin's; unknown without its page",
    "edit": "kind of change to the text",
    "delay_seconds": "after the origin's document, or after the earliest; may be negative",
    "parent": "id of the document it was likely taken from; empty for the origin itself or unknown",
}

PAIR_COLUMNS = ("a", "b", "relation", "resemblance", "containment_of_a", "containment_of_b", "passages")


def ratio(value: float | None) -> float | None:
    """
    >>> ratio(2 / 3)
    0.6667
    """
    return None if value is None else round(float(value), DECIMALS)


def cluster_record(cluster: ClusterRow) -> Record:
    return {
        "cluster_id": cluster.cluster_id,
        "size": cluster.size,
        "documents": [document_record(document) for document in cluster.documents],
        "origin": origin_record(cluster.origin),
    }


def document_record(document: DocumentRow) -> Record:
    return {
        "id": document.id,
        "path": document.path,
        "url": document.url,
        "outlet": document.outlet,
        "title": document.title,
        "byline": document.byline,
        "published_at": document.published_at,
        "first_seen_at": document.first_seen_at,
        "role": document.role.value,
        "attribution": [attribution_record(claim) for claim in document.attribution],
    }


def attribution_record(claim: Attribution) -> Record:
    return {**asdict(claim), "kind": claim.kind.value}


def origin_record(origin: Origin) -> Record:
    return {
        "name": origin.name,
        "kind": origin.kind.value,
        "document": origin.document,
        "confidence": ratio(origin.confidence),
        "evidence": [evidence_record(reason) for reason in origin.evidence],
    }


def evidence_record(reason: Evidence) -> Record:
    return {**asdict(reason), "weight": ratio(reason.weight)}


def pair_record(edge: Edge) -> Record:
    return {
        "a": edge.a,
        "b": edge.b,
        "relation": edge.relation.value,
        "resemblance": ratio(edge.resemblance),
        "containment_of_a": ratio(edge.containment_of_a),
        "containment_of_b": ratio(edge.containment_of_b),
        "passages": [{"a": list(passage.a), "b": list(passage.b)} for passage in edge.passages],
    }


def table_row(cluster: ClusterRow, document: DocumentRow) -> Record:
    """One document with its cluster's figures, keys as in :data:`COLUMNS`."""
    origin = cluster.origin
    return {
        "cluster_id": cluster.cluster_id,
        "size": cluster.size,
        "origin_name": origin.name,
        "origin_kind": origin.kind.value,
        "origin_document": origin.document,
        "origin_confidence": ratio(origin.confidence),
        **document_record(document),
        "language": document.language,
        "relation": None if document.relation is None else document.relation.value,
        "kept": ratio(document.kept),
        "credited": document.credited,
        "byline_swap": document.byline_swap,
        "headline_changed": document.headline_changed,
        "edit": document.edit,
        "delay_seconds": document.delay_seconds,
        "parent": document.parent,
    }
