"""Shared, Kin -> Relation: what a verified pair is, and why, in words.

**What decides.** The tokens that two stories share are sorted by what they say about the writing
(:class:`dedupe.match.measure.Shared`): quoted text is anybody's to print, a line that addresses the
reader belongs to the site, and a phrase out of a sentence that is otherwise different is chance. What
remains is *told*: sentences that one writer made and both pages carry.

Reuse, then, is one question: are at least ``config.told_tokens`` of the shared tokens told, or, between
outlets, ``config.told_share`` of a short story? Stories of one outlet share site text of every kind, and
standing columns, rules of competitions and background besides: they need ``config.told_tokens_at_home`` in
sentences shared for the most part, and must share ``told_share`` of the shorter story, unless they have one
story number. What stands at the end of two such stories, each with an opening and a title of its own, is
their background: of 144 such pairs on a day of news 22 were read, and 20 told of different events. Nothing is
told where a form is filled in with other figures or names, unless two outlets print it and not on different
days: then it is one report in two versions. Two stories that are the same text nearly throughout are reuse
also when all of it is a quotation, unless one outlet has both and no story number says that they are one.

    not reuse   boilerplate    most of what is shared is furniture, notices or a template
                quote_only     otherwise: most of it is quoted, or phrases

    reuse       identical      IDENTICAL of both stories is shared; VERBATIM of a later version
                update         one outlet, and the same story by its number in the URL or its title
                excerpt        EXCERPT_PART of one story is at most EXCERPT_WHOLE of the other
                edited         EDITED_PART of the shorter and EDITED_WHOLE of the longer is shared
                partial        anything else: some of the copy, in another text

The first line that holds wins. Metadata that is missing decides nothing: without outlets there is no
``update``, and every pair is held to ``config.told_tokens``.
"""

from __future__ import annotations

from dedupe.config import MatchConfig
from dedupe.match.kin import Kin
from dedupe.match.measure import Shared
from dedupe.model import Relation

IDENTICAL, VERBATIM = 0.83, 0.95
EXCERPT_PART, EXCERPT_WHOLE = 0.65, 0.18
EDITED_PART, EDITED_WHOLE = 0.62, 0.20
LISTED = 0.6  # of told words are names: a squad, a recall, provinces; sentences stay below a half
NAMES, NAMELESS = 0.04, 4  # a text has names at all; a frame has them this many times more rarely

Answer = tuple[Relation, tuple[str, ...]]


def relate(shared: Shared, kin: Kin, config: MatchConfig) -> Answer:
    """The relation of a pair and the reasons for it."""
    needed = _needed(shared, kin, config)
    template = _is_template(shared, kin)
    listed = shared.names_told >= LISTED and max(shared.covers_a, shared.covers_b) < EDITED_PART
    background = shared.background and kin.strangers_at_home and kin.version is None
    told = 0 if template or listed or background else shared.told
    same = min(shared.covers_a, shared.covers_b) >= IDENTICAL and not kin.strangers_at_home and not template
    in_passing = kin.strangers_at_home and max(shared.covers_a, shared.covers_b) < config.told_share
    if (told < needed and not same) or in_passing:
        told_are = _told_are(needed, template=template, background=background, listed=listed)
        return _no_reuse(shared, kin, template, told_are)
    reason = f"{told} shared words are reporters' own sentences ({needed} make a copy)"
    return _reuse(shared, kin, reason)


def _is_template(shared: Shared, kin: Kin) -> bool:
    """Whether the told text is a form with other figures or names.

    Seen in daily case numbers, quarterly results and exchange rates: every second edit or more puts a
    figure for a figure, one in some 25 to 45 tokens. In copy that is edited, updated or converted to other
    units it is every third at most, or one in more than 80 tokens. On another day less will do. In the
    match reports that a machine writes the frame names nobody, while the stories around it are full of
    names; sentences that two stories of one outlet do share name as many people and places as the rest.
    """
    if kin.same_outlet is False and kin.same_day is not False:
        return False
    if kin.strangers_at_home and shared.names_around >= max(NAMES, NAMELESS * shared.names_told):
        return True
    fewest, tokens_each = (2, 100) if kin.same_day is False else (3, 50)
    often = shared.figure_edits * tokens_each >= shared.told
    return shared.figure_edits >= fewest and shared.figure_edits * 2 >= shared.edits and often


def _needed(shared: Shared, kin: Kin, config: MatchConfig) -> int:
    if kin.strangers_at_home:
        return config.told_tokens_at_home
    if kin.same_outlet is not False:
        return config.told_tokens
    of_the_shorter = round(config.told_share * min(shared.tokens_a, shared.tokens_b))
    return min(config.told_tokens, max(config.told_tokens // 2, of_the_shorter))


def _reuse(shared: Shared, kin: Kin, reason: str) -> Answer:
    whole, part = sorted((shared.covers_a, shared.covers_b))
    covers = f"{shared.covers_a:.0%} and {shared.covers_b:.0%} of the two stories is shared text"
    if whole >= (VERBATIM if kin.version is not None and not kin.same_time else IDENTICAL):
        return Relation.IDENTICAL, (covers, reason)
    if kin.version is not None:
        return Relation.UPDATE, (kin.version, covers, reason)
    if part >= EXCERPT_PART and whole <= EXCERPT_WHOLE:
        return Relation.EXCERPT, (f"{part:.0%} of one story is {whole:.0%} of the other", reason)
    if part >= EDITED_PART and whole >= EDITED_WHOLE:
        return Relation.EDITED, (covers, reason)
    return Relation.PARTIAL, (covers, reason)


def _told_are(needed: int, *, template: bool, background: bool, listed: bool) -> str:
    """What the told words are where they make no copy."""
    if template:
        return "a form filled in with other figures or names"
    if background:
        return "background at the end of two stories of one outlet"
    return "a list of names" if listed else f"own sentences ({needed} make a copy)"


def _no_reuse(shared: Shared, kin: Kin, template: bool, told_are: str) -> Answer:
    kinds = (
        (shared.quoted, "quoted"),
        (shared.furniture, "lines that address the reader"),
        (shared.end, "a notice at the end of both"),
        (shared.phrases, "phrases of sentences that differ"),
        (shared.told, told_are),
    )
    reasons = tuple(f"{count} shared words: {kind}" for count, kind in kinds if count)
    site = shared.furniture + shared.end + (shared.told if template or kin.strangers_at_home else 0)
    boilerplate = site > shared.quoted + shared.phrases
    return Relation.BOILERPLATE if boilerplate else Relation.QUOTE_ONLY, reasons
