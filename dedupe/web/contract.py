"""What the API takes and gives, as /openapi.json tells it. The keys are those of the command line's JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dedupe.model import AttributionKind, OriginKind, Relation, Role, Verdict
from dedupe.web.bodies import STRINGS

Ratio = Annotated[float, Field(ge=0, le=1)]
Offsets = Annotated[list[int], Field(min_length=2, max_length=2, description="[begin, end) in code points")]
Time = Annotated[str, Field(description="UTC, ISO-8601")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_Record):
    """What is wrong with a request, and the next step."""

    error: str
    hint: str | None


class Evidence(_Record):
    """A reason for an origin; ``weight`` is in log-odds, ``document`` null for the article asked about."""

    kind: str
    document: str | None
    text: str
    weight: float


class Origin(_Record):
    """Who likely wrote the text; ``document`` is null where that page is not in the index."""

    name: str | None
    kind: OriginKind
    document: str | None
    confidence: Ratio
    evidence: list[Evidence]


class MatchPassage(_Record):
    """Shared text: ``a`` in the article asked about, ``b`` in the match."""

    a: Offsets
    b: Offsets
    a_text: str
    b_text: str


class Match(_Record):
    """A document of the index that shares text with the article."""

    id: str
    outlet: str | None
    title: str | None
    relation: Relation
    resemblance: Ratio
    containment_of_query: Ratio
    containment_of_match: Ratio
    passages: list[MatchPassage]


class Answer(_Record):
    """`dedupe query --format json`."""

    verdict: Verdict
    origin: Origin
    rights: str | None  # a note on reuse of the origin's text
    cluster_id: str | None
    matches: list[Match]


class Attribution(_Record):
    """A claim of a page about who wrote it; without offsets where it stands in the page's metadata."""

    kind: AttributionKind
    text: str
    name: str | None
    begin: int | None
    end: int | None
    source: str


class _Described(_Record):
    id: str
    path: str
    url: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    published_at: Time | None
    first_seen_at: Time | None


class Copy(_Described):
    """A document of a cluster."""

    role: Role
    attribution: list[Attribution]


class Cluster(_Record):
    """A line of `dedupe report --format jsonl`."""

    cluster_id: str
    size: int
    documents: list[Copy]
    origin: Origin


class Clusters(_Record):
    """A page of clusters, in the order of their ids; ``next`` is the cursor of the next page."""

    clusters: list[Cluster]
    next: str | None


class Removed(_Record):
    """A part of a text that is not its story."""

    begin: int
    end: int
    reason: str


class Document(_Described):
    """A document with its text."""

    language: str | None
    attribution: list[Attribution]
    text: str
    removed: list[Removed]
    clusters: list[str]


class Passage(_Record):
    a: Offsets
    b: Offsets


class Pair(_Record):
    """A line of `dedupe pairs`."""

    a: str
    b: str
    relation: Relation
    resemblance: Ratio
    containment_of_a: Ratio
    containment_of_b: Ratio
    passages: list[Passage]


class Pairs(_Record):
    """The pairs of one document, in the order of their ids."""

    pairs: list[Pair]


class Outlet(_Record):
    """A record of `dedupe sources --format json`."""

    name: str
    kind: Literal["owner", "agency", "outlet"]
    documents: int
    originals: int
    copies: int
    uncredited: int
    uncredited_share: Ratio | None
    byline_swaps: int
    median_delay_seconds: int | None
    origin_unknown: int
    taken: int
    taken_uncredited: int
    taken_uncredited_share: Ratio | None
    taken_byline_swaps: int
    taken_median_delay_seconds: int | None


class Health(_Record):
    """``fault`` is why documents that were posted are not in the index yet; null where all is well."""

    status: Literal["ok", "failing"]
    readers: int
    queued: int
    fault: str | None


class Accepted(_Record):
    """Documents that were taken in, under these ids; they are in the index a moment later."""

    accepted: int
    ids: list[str]


ARTICLE: dict[str, Any] = {
    "type": "object",
    "description": "An article with its text, or its page as html; further fields as in a crawl.",
    "properties": {
        **{name: {"type": ["string", "null"]} for name in STRINGS},
        "id": {"type": ["string", "integer", "null"]},
    },
    "anyOf": [{"required": ["text"]}, {"required": ["html"]}],
    "example": {
        "title": "Ferry to Kestrel Bay is back",
        "outlet": "kestrelbayobserver.example",
        "text": "The ferry sails again after nine days of storm, the harbour office said on Monday.",
    },
}


def article_body(most: int) -> dict[str, Any]:
    """The body of a question, for ``openapi_extra``; in a list, what has no text is answered too."""
    each = {name: value for name, value in ARTICLE.items() if name != "anyOf"}
    content: dict[str, Any] = {"application/json": {"schema": _one_or_several(each, most)}}
    for text in ("text/plain", "text/html"):
        content[text] = {"schema": {"type": "string", "minLength": 1}}
    return {"requestBody": {"required": True, "content": content}}


def json_body(most: int) -> dict[str, Any]:
    """The body of an addition."""
    content = {"application/json": {"schema": _one_or_several(ARTICLE, most)}}
    return {"requestBody": {"required": True, "content": content}}


def _one_or_several(each: dict[str, Any], most: int) -> dict[str, Any]:
    return {"oneOf": [ARTICLE, {"type": "array", "items": each, "minItems": 1, "maxItems": most}]}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses that hold a :class:`Problem`."""
    return {status: {"model": Problem} for status in statuses}
