"""Who wrote the copy: the candidates' log-odds against each other and against somebody unseen.

    P(candidate) = exp(score) / (1 + sum of exp(score) over all candidates)

is a conditional logit (McFadden 1974) whose outside option, with score 0, is "none of these". It
gives what the evidence asks for without special cases: several outlets add up, two agencies that are
credited alike share the probability and neither is named, and no clues at all mean "unknown". The
weights of the evidence on an answer add up to the log-odds of its confidence.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from dedupe.config import OriginConfig
from dedupe.model import (
    Agency,
    Cluster,
    Edge,
    Evidence,
    MemberOrigin,
    Origin,
    OriginKind,
    Story,
)
from dedupe.origin.hearing import hear, hear_only
from dedupe.origin.members import members_of
from dedupe.origin.signals import Candidate, candidates, candidates_of

_MAX_TEXT = 160  # characters of a page's claim that are shown


def attribute(
    stories: Sequence[Story], edges: Sequence[Edge], config: OriginConfig, agencies: Sequence[Agency]
) -> Origin:
    """The likely author of the copy that ``stories`` (one cluster, or one document) carry.

    Below ``config.min_confidence`` the answer is unknown: no name, no document, the confidence of the
    strongest candidate, and the evidence for the two strongest, so that a conflict can be read.
    """
    return decide(candidates(stories, edges, agencies), config, weights())


def infer(
    cluster: Cluster,
    stories: Sequence[Story],
    edges: Sequence[Edge],
    config: OriginConfig,
    agencies: Sequence[Agency],
) -> tuple[Origin, list[MemberOrigin]]:
    """The origin of a cluster, and how each of its members and excerpts came by the story, by id.

    ``stories`` are those of both, in any order. The members alone decide the origin: a guest's page
    speaks for itself, and a round-up's byline says nothing about the stories in it.
    """
    hearing = hear(stories, agencies)
    hosts = hear_only(hearing, frozenset(cluster.members), agencies) if cluster.excerpts else hearing
    found = decide(candidates_of(hosts, edges), config, weights())
    return found, members_of(hearing, edges, found, cluster.anchor, frozenset(cluster.excerpts))


def decide(found: Sequence[Candidate], config: OriginConfig, weight_of: Mapping[str, float]) -> Origin:
    """The strongest candidate if it is strong enough; ties go to the name that sorts first."""
    scores = {candidate.name: score(candidate, weight_of) for candidate in found}
    ranked = sorted(found, key=lambda candidate: (-scores[candidate.name], candidate.name))
    if not ranked:
        return Origin(None, OriginKind.UNKNOWN, None, 0.0, ())
    best, rest = ranked[0], ranked[1:]
    against = _log_sum([0.0, *(scores[candidate.name] for candidate in rest)])
    confidence = 1 / (1 + math.exp(against - scores[best.name]))
    if confidence < config.min_confidence:
        clues = [item for candidate in ranked[:2] for item in _evidence(candidate, weight_of, named=True)]
        return Origin(None, OriginKind.UNKNOWN, None, confidence, tuple(clues))
    names = ", ".join(candidate.name for candidate in rest[:3]) or "somebody unseen"
    rivals = Evidence("rivals", None, f"or {names}", -against)
    evidence = _evidence(best, weight_of, named=False)
    document = best.documents[0] if best.documents else None
    return Origin(best.name, best.kind, document, confidence, (*evidence, rivals))


def score(candidate: Candidate, weight_of: Mapping[str, float]) -> float:
    """A candidate's log-odds against somebody unseen."""
    return math.fsum(weight_of[signal.kind] * signal.amount for signal in candidate.signals)


@cache
def weights() -> Mapping[str, float]:
    """The fitted weight of every signal."""
    return {kind: float(entry["weight"]) for kind, entry in table().items()}


@cache
def table() -> Mapping[str, Mapping[str, float]]:
    """``weights.toml`` as ``scripts/fit_origin.py`` wrote it: weight, prior and cases of every signal."""
    text = (files("dedupe.origin") / "weights.toml").read_text("utf-8")
    signals: Mapping[str, Mapping[str, float]] = tomllib.loads(text)["signals"]
    return signals


def rights_hint(origin: Origin, agencies: Sequence[Agency]) -> str | None:
    """What the agency data says about reuse of the origin's text; None where nothing is known."""
    return next((agency.licence for agency in agencies if agency.name == origin.name), None)


def _evidence(candidate: Candidate, weight_of: Mapping[str, float], *, named: bool) -> list[Evidence]:
    """The signals, strongest first; with the candidate's name where several are listed together."""
    prefix = f"{candidate.name}: " if named else ""
    listed = [
        Evidence(s.kind, s.document, (prefix + s.text)[:_MAX_TEXT], weight_of[s.kind] * s.amount)
        for s in candidate.signals
    ]
    return sorted(listed, key=lambda item: (-abs(item.weight), item.kind, item.document or ""))


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(math.fsum(math.exp(value - top) for value in values))
