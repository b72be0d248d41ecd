"""A lookup as programs read it: the JSON contract of `dedupe query --format json`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dedupe.lookup import Lookup
from dedupe.model import Edge, Story
from dedupe.report.record import origin_record, ratio


def answer_record(found: Lookup) -> dict[str, Any]:
    """Verdict, origin, cluster and matches. A piece of evidence from the query has document null."""
    evidence = tuple(replace(e, document=e.document or None) for e in found.origin.evidence)
    return {
        "verdict": found.verdict.value,
        "origin": origin_record(replace(found.origin, evidence=evidence)),
        "cluster_id": found.cluster_id,
        "matches": [
            _match_record(found, edge, story) for edge, story in zip(found.edges, found.stories, strict=True)
        ],
    }


def _match_record(found: Lookup, edge: Edge, story: Story) -> dict[str, Any]:
    """Side ``a`` of a passage is the query, ``b`` the match; offsets are into their source texts."""
    query_text, text = found.query.document.text, story.document.text
    return {
        "id": edge.b,
        "relation": edge.relation.value,
        "resemblance": ratio(edge.resemblance),
        "containment_of_query": ratio(edge.containment_of_a),
        "containment_of_match": ratio(edge.containment_of_b),
        "passages": [
            {"a": [*p.a], "b": [*p.b], "a_text": query_text[slice(*p.a)], "b_text": text[slice(*p.b)]}
            for p in edge.passages
        ],
    }
