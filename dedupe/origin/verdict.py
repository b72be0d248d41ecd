"""Is this article a repost? One word for one article, from its edges and the origin."""

from __future__ import annotations

from collections.abc import Sequence

from dedupe.model import Agency, Edge, Origin, Story, Verdict
from dedupe.origin.claims import claims_of, outlet_of, registry
from dedupe.origin.clock import lead, moment_of
from dedupe.origin.lineage import is_version
from dedupe.origin.members import is_credited

_MOSTLY = 0.5  # below this share of the query, most of it is its own


def lookup_verdict(
    query: Story, matches: Sequence[Story], edges: Sequence[Edge], origin: Origin, agencies: Sequence[Agency]
) -> Verdict:
    """What the query is. ``edges`` run between it and ``matches``; ``origin`` is that of all of them.

    The first rule that holds:

    1. ``no match``: no edge is reuse (a shared quotation or boilerplate is none).
    2. ``update``: a match is an earlier version by the same outlet.
    3. ``original``: the query is the origin's own page; or the origin is unknown, the query credits
       nobody and it is surely earlier than every match.
    4. ``partial``: no match holds half of the query; most of it is its own.
    5. ``syndicated``: it credits the origin, links to a source or says that it is syndicated.
    6. ``repost``.
    """
    id_ = query.document.id
    reused = {edge.other(id_): edge for edge in edges if edge.relation.is_reuse}
    if not reused:
        return Verdict.NO_MATCH
    found = [story for story in matches if story.document.id in reused]
    if any(_is_updated(query, story, reused[story.document.id]) for story in found):
        return Verdict.UPDATE
    known = registry([query, *found], agencies)
    credited = is_credited(claims_of(query, known), query, origin, known)
    if _is_original(query, known.organisation(outlet_of(query)), found, origin, credited):
        return Verdict.ORIGINAL
    if max(edge.containment_of(id_) for edge in reused.values()) < _MOSTLY:
        return Verdict.PARTIAL
    return Verdict.SYNDICATED if credited else Verdict.REPOST


def _is_updated(query: Story, match: Story, edge: Edge) -> bool:
    is_later = lead(moment_of(query.document), moment_of(match.document)) <= 0
    return outlet_of(query) == outlet_of(match) and is_version(edge) and is_later


def _is_original(
    query: Story, organisation: str, matches: Sequence[Story], origin: Origin, credited: bool
) -> bool:
    if origin.name is not None:
        return organisation == origin.name
    moment = moment_of(query.document)
    return not credited and all(lead(moment, moment_of(match.document)) >= 1 for match in matches)
