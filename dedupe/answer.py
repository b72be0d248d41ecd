"""Answers as programs read them: the JSON contract of `dedupe query` and `dedupe sources`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dedupe.model import Edge, Story
from dedupe.report.record import Record, origin_record, ratio

if TYPE_CHECKING:
    from dedupe.lookup import Lookup
    from dedupe.store.copies import Copies
    from dedupe.store.flows import Source


def answer_record(found: Lookup, rights: str | None) -> dict[str, Any]:
    """Verdict, origin, what is known of the ``rights`` in its text, cluster and matches.

    A piece of evidence from the query has document null.
    """
    evidence = tuple(replace(e, document=e.document or None) for e in found.origin.evidence)
    return {
        "verdict": found.verdict.value,
        "origin": origin_record(replace(found.origin, evidence=evidence)),
        "rights": rights,
        "cluster_id": found.cluster_id,
        "matches": [
            _match_record(found, edge, story) for edge, story in zip(found.edges, found.stories, strict=True)
        ],
    }


def source_record(source: Source) -> Record:
    """What one organisation wrote, copied, and had taken from it; `origin_unknown` may be either."""
    taken = {f"taken_{key}": value for key, value in copies_record(source.taken, "delay").items()}
    return {
        "name": source.name,
        "kind": source.kind.value,
        "documents": source.documents,
        "originals": source.originals,
        "copies": source.copies.count,
        **copies_record(source.copies, "delay"),
        "origin_unknown": source.open,
        "taken": source.taken.count,
        **taken,
    }


def copies_record(copies: Copies, time: str) -> Record:
    """Figures of some copies; ``time`` says what their median is of."""
    return {
        "uncredited": copies.uncredited,
        "uncredited_share": ratio(copies.uncredited_share),
        "byline_swaps": copies.byline_swaps,
        f"median_{time}_seconds": copies.median_delay,
    }


def _match_record(found: Lookup, edge: Edge, story: Story) -> dict[str, Any]:
    """Side ``a`` of a passage is the query, ``b`` the match; offsets are into their source texts."""
    query_text, text = found.query.document.text, story.document.text
    return {
        "id": edge.b,
        "outlet": story.document.outlet,
        "title": story.document.title,
        "relation": edge.relation.value,
        "resemblance": ratio(edge.resemblance),
        "containment_of_query": ratio(edge.containment_of_a),
        "containment_of_match": ratio(edge.containment_of_b),
        "passages": [
            {"a": [*p.a], "b": [*p.b], "a_text": query_text[slice(*p.a)], "b_text": text[slice(*p.b)]}
            for p in edge.passages
        ],
    }
