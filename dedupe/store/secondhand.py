"""Pairs that may rest on somebody's words, with the pages that quote what they share."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import orjson

from dedupe.model import Relation, Span
from dedupe.store import rows

# Of pairs that share more of a text the statement is the story: who prints it whole has copied it.
SMALL_SHARE = 0.5
PARTS = (Relation.PARTIAL, Relation.EXCERPT, Relation.EDITED)
MOST_QUOTING = 16  # pages are asked of each pair, those whose ids sort first


class Suspect(NamedTuple):
    """A reuse pair of two outlets, and pages of others that share a part of its passages as a quotation.

    ``a`` and ``b`` are public ids; the numbers are those of documents.
    """

    a: str
    b: str
    numbers: tuple[int, int]
    quoting: tuple[int, ...]


class Reused(NamedTuple):
    """A reuse pair of two outlets that shares less than SMALL_SHARE of both texts."""

    a: str
    b: str
    numbers: tuple[int, int]
    outlets: tuple[str, str]
    passages: str  # as stored


class Quotation(NamedTuple):
    """One page's part of a document: ``spans`` are places in that document's text."""

    id: str
    number: int
    outlet: str
    spans: tuple[Span, ...]


def suspects(connection: sqlite3.Connection, documents: Sequence[int]) -> list[Suspect]:
    """The suspect pairs among documents given by number, by ids."""
    listed = orjson.dumps(documents).decode()
    quotations = _quotations(connection, listed)
    among = "IN (SELECT value FROM json_each(?1))"
    found = connection.execute(
        "SELECT da.id, db.id, a, b, da.outlet, db.outlet, passages FROM pairs"
        " JOIN documents AS da ON da.document = a JOIN documents AS db ON db.document = b"
        f" WHERE a {among} AND +b {among} AND relation IN (?2, ?3, ?4)"
        " AND max(containment_of_a, containment_of_b) < ?5 AND da.outlet <> db.outlet ORDER BY 1, 2",
        [listed, *PARTS, SMALL_SHARE],
    )
    pairs = (Reused(a, b, (at, at_b), (of_a, of_b), packed) for a, b, at, at_b, of_a, of_b, packed in found)
    return [suspect for pair in pairs if (suspect := suspected(pair, quotations)) is not None]


def suspected(pair: Reused, quotations: Mapping[int, Sequence[Quotation]]) -> Suspect | None:
    """The pair as a suspect, where a page of a third outlet quotes a part of what it shares.

    ``quotations`` tells of each of the two documents who shares quotations with it and nothing else.
    """
    passages = rows.unpack_passages(pair.passages)
    sides = zip(pair.numbers, ([p.a for p in passages], [p.b for p in passages]), strict=True)
    quoting = {
        quotation.id: quotation.number
        for number, spans in sides
        for quotation in quotations.get(number, ())
        if quotation.outlet not in pair.outlets and _overlap(spans, quotation.spans)
    }
    first = tuple(number for _, number in sorted(quoting.items())[:MOST_QUOTING])
    return Suspect(pair.a, pair.b, pair.numbers, first) if first else None


def _quotations(connection: sqlite3.Connection, listed: str) -> Mapping[int, Sequence[Quotation]]:
    """By document of a JSON list: who shares quotations with it and nothing else."""
    found: dict[int, list[Quotation]] = defaultdict(list)
    for one, other, side in (("a", "b", 0), ("b", "a", 1)):
        rest_on_quotations = connection.execute(
            f"SELECT {one}, {other}, theirs.id, theirs.outlet, passages FROM pairs"
            f" JOIN documents AS theirs ON theirs.document = {other}"
            f" WHERE {one} IN (SELECT value FROM json_each(?)) AND relation = ?"
            " AND theirs.outlet IS NOT NULL",
            [listed, Relation.QUOTE_ONLY],
        )
        for document, number, public_id, outlet, packed in rest_on_quotations:
            found[document].append(quotation(public_id, number, outlet, packed, side))
    return found


def quotation(public_id: str, number: int, outlet: str, packed: str, side: int) -> Quotation:
    """What a page quotes of the document on side 0 or 1 of a pair with these passages."""
    passages = rows.unpack_passages(packed)
    return Quotation(public_id, number, outlet, tuple(p.b if side else p.a for p in passages))


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)
