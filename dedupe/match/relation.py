"""Shared -> Relation: what a verified pair is, and why, in words.

**What decides.** The tokens that two stories share are sorted by what they say about the writing
(:class:`dedupe.match.measure.Shared`): quoted text is anybody's to print, a line that addresses the
reader belongs to the site, a phrase out of a sentence that is otherwise different is chance, and a form
filled in with other figures or names is a template. What remains is ``own``: sentences that one writer
made and both pages carry.

Reuse, then, is one question: are at least ``config.own_tokens`` of the shared tokens own? Stories of one
outlet under unlike titles share site text of every kind, so they need ``config.own_tokens_at_home``.
Two stories that are the same text nearly throughout are reuse whatever the text is.

    not reuse   quote_only     most of what is shared is quoted, or phrases
                boilerplate    most of it is furniture or a template

    reuse       identical      IDENTICAL of both stories is shared
                update         one outlet, and the same story by its number in the URL or its title
                excerpt        EXCERPT_PART of one story is at most EXCERPT_WHOLE of the other
                edited         EDITED_PART of the shorter and EDITED_WHOLE of the longer is shared
                partial        anything else: some of the copy, in another text

The first line that holds wins. The values were chosen by reading the fit half of the judged pairs
(``scripts/quality_pairs.py`` prints both halves and the precision and recall over ``own_tokens``).
"""

from __future__ import annotations

from dedupe.config import MatchConfig
from dedupe.match.measure import Shared
from dedupe.model import Relation

IDENTICAL = 0.83
EXCERPT_PART, EXCERPT_WHOLE = 0.65, 0.18
EDITED_PART, EDITED_WHOLE = 0.62, 0.20

Verdict = tuple[Relation, tuple[str, ...]]


def relate(shared: Shared, config: MatchConfig) -> Verdict:
    """The relation of a pair and the reasons for it."""
    own, needed = _own(shared), _needed(shared, config)
    same = min(shared.covers_a, shared.covers_b) >= IDENTICAL
    if same and not shared.template and (own >= needed or needed == config.own_tokens):
        return Relation.IDENTICAL, (_covers(shared, "the same text"),)
    if own < needed:
        return _no_reuse(shared, own, needed)
    relation, reason = _reuse(shared)
    return relation, (reason, f"{own} shared words are reporters' own text ({needed} decide)")


def _own(shared: Shared) -> int:
    return 0 if shared.template else shared.own + shared.changed


def _needed(shared: Shared, config: MatchConfig) -> int:
    return config.own_tokens_at_home if shared.same_outlet and not shared.version else config.own_tokens


def _no_reuse(shared: Shared, own: int, needed: int) -> Verdict:
    template = shared.own + shared.changed if shared.template else 0
    kinds = (
        (shared.quoted, "quoted"),
        (shared.furniture, "text that addresses the site's readers"),
        (shared.edge, "a notice or a bio at the end of both"),
        (template, "a template with other figures or names"),
        (shared.fragments, "phrases in sentences that differ"),
    )
    reasons = [f"{own} shared words are reporters' own text ({needed} decide)"]
    reasons += [f"{count} shared words are {kind}" for count, kind in kinds if count]
    at_home = own if shared.same_outlet and not shared.version else 0
    site = shared.furniture + shared.edge + template + at_home
    boilerplate = site > shared.quoted + shared.fragments
    return Relation.BOILERPLATE if boilerplate else Relation.QUOTE_ONLY, tuple(reasons)


def _reuse(shared: Shared) -> tuple[Relation, str]:
    whole, part = sorted((shared.covers_a, shared.covers_b))
    if shared.version:
        return Relation.UPDATE, shared.version
    if part >= EXCERPT_PART and whole <= EXCERPT_WHOLE:
        return Relation.EXCERPT, f"{part:.0%} of one story is {whole:.0%} of the other"
    if part >= EDITED_PART and whole >= EDITED_WHOLE:
        return Relation.EDITED, _covers(shared, "the same text")
    return Relation.PARTIAL, _covers(shared, "the same text, the rest is not")


def _covers(shared: Shared, what: str) -> str:
    return f"{shared.covers_a:.0%} and {shared.covers_b:.0%} of the two stories is {what}"
