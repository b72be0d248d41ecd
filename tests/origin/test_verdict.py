"""One word for one article."""

from __future__ import annotations

import pytest
from newsroom import AGENCIES, edge, story

from dedupe.model import AttributionKind, Edge, Origin, OriginKind, Relation, Story, Verdict
from dedupe.origin import lookup_verdict

K = AttributionKind
AGENCY = Origin("Nordwire", OriginKind.AGENCY, None, 0.95, ())
OUTLET = Origin("a.example", OriginKind.OUTLET, "a", 0.7, ())
UNKNOWN = Origin(None, OriginKind.UNKNOWN, None, 0.3, ())
MATCH = story("a", "a.example", at="2026-03-01T12:00:00Z")


def query(*claims: tuple[K, str | None], outlet: str = "q.example", at: str | None = None) -> Story:
    return story("q", outlet, *claims, at=at)


@pytest.mark.parametrize(
    ("asked", "pairs", "origin", "verdict"),
    [
        (query(), [], AGENCY, Verdict.NO_MATCH),
        (query(), [edge("a", "q", relation=Relation.QUOTE_ONLY)], AGENCY, Verdict.NO_MATCH),
        (query(), [edge("a", "q", relation=Relation.BOILERPLATE)], OUTLET, Verdict.NO_MATCH),
        (query(), [edge("a", "q")], AGENCY, Verdict.REPOST),
        (query((K.DATELINE, "Nordwire")), [edge("a", "q")], AGENCY, Verdict.SYNDICATED),
        (query((K.CREDIT, "a.example")), [edge("a", "q")], OUTLET, Verdict.SYNDICATED),
        (query((K.DISCLAIMER, None)), [edge("a", "q")], UNKNOWN, Verdict.SYNDICATED),
        (query((K.CITED, "Nordwire")), [edge("a", "q")], AGENCY, Verdict.REPOST),
        (query(), [edge("a", "q", 0.9, 0.3, Relation.PARTIAL)], OUTLET, Verdict.PARTIAL),
        (query(), [edge("a", "q", 0.1, 0.9, Relation.EXCERPT)], OUTLET, Verdict.REPOST),
        (query(outlet="nordwire.example"), [edge("a", "q")], AGENCY, Verdict.ORIGINAL),
        (
            query(outlet="a.example", at="2026-03-02"),
            [edge("a", "q", relation=Relation.UPDATE)],
            OUTLET,
            Verdict.UPDATE,
        ),
        (
            query(outlet="a.example", at="2026-02-02"),
            [edge("a", "q", relation=Relation.UPDATE)],
            OUTLET,
            Verdict.ORIGINAL,
        ),
        (query(at="2026-02-02T12:00:00Z"), [edge("a", "q")], UNKNOWN, Verdict.ORIGINAL),
        (query(at="2026-03-03T12:00:00Z"), [edge("a", "q")], UNKNOWN, Verdict.REPOST),
    ],
    ids=[
        "nothing shared",
        "a quotation",
        "boilerplate",
        "uncredited",
        "credited to the agency",
        "credited to the outlet",
        "a syndicated feed",
        "cited only",
        "mostly its own text",
        "a short piece of it",
        "the agency itself",
        "a later version",
        "an earlier version",
        "unknown, first",
        "unknown, later",
    ],
)
def test_verdict(asked: Story, pairs: list[Edge], origin: Origin, verdict: Verdict) -> None:
    assert lookup_verdict(asked, [MATCH], pairs, origin, AGENCIES) is verdict
