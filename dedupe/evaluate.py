"""Figures: what was found against what people judged. Pure functions over plain data, and their readers.

Pairs are unordered and compared by relation; documents in clusters by adjusted Rand index, B-cubed and
pairwise figures; origins with abstention, because "unknown" is an answer that costs coverage and not
accuracy. Nothing here opens an index: the caller says what was found.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

from dedupe.errors import InputError
from dedupe.model import Agency, Origin, Relation

Pair = tuple[str, str]

_NOT_REUSE = {"ND", "BAD"}
_REUSE = {"WD", "PD"}
_LINES = "judgements are JSON lines: one object a line"


@dataclass(frozen=True, slots=True)
class GoldPair:
    """A judged pair, ``a < b``. ``label`` is the judge's own word (a :class:`Relation`, ``same_event``,
    ``WD``, ``BAD``…); ``reuse`` is None where the judgement says nothing about copying."""

    a: str
    b: str
    label: str
    reuse: bool | None


@dataclass(frozen=True, slots=True)
class GoldOrigin:
    """Who wrote the copy of a cluster, None for "cannot be told"; ``document`` is the member of theirs."""

    cluster: str
    members: tuple[str, ...]
    name: str | None
    document: str | None


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean; 1 where there is nothing to be wrong about."""

    precision: float
    recall: float
    f1: float


class PairError(NamedTuple):
    """A pair that was joined or left out against the judgement. ``found`` is None for "no edge"."""

    a: str
    b: str
    gold: str
    found: Relation | None


@dataclass(frozen=True, slots=True)
class PairScores:
    """Reuse over the pairs whose judgement says; ``relation_right`` is the share of the reuse pairs that
    have their very relation. ``confusion`` counts (gold label, found or "none") over all pairs."""

    pairs: int
    reuse: Scores
    relation_right: float | None
    confusion: Mapping[tuple[str, str], int]
    joined_wrongly: tuple[PairError, ...]
    missed: tuple[PairError, ...]
    other_relation: tuple[PairError, ...]


class Bin(NamedTuple):
    """Answers whose confidence is in ``[low, high)``: how many, their mean confidence, the share right."""

    low: float
    high: float
    answers: int
    confidence: float
    right: float


class OriginError(NamedTuple):
    """A cluster whose origin was named wrongly."""

    cluster: str
    gold: str | None
    found: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class OriginScores:
    """``accuracy`` over the clusters that got a name, ``coverage`` how many did, ``document_accuracy``
    over the clusters in which a page of the origin is present and a document was named."""

    clusters: int
    accuracy: float
    coverage: float
    document_accuracy: float
    reliability: tuple[Bin, ...]
    wrong: tuple[OriginError, ...]


def evaluate_pairs(found: Mapping[Pair, Relation], gold: Iterable[GoldPair]) -> PairScores:
    """Compare found edges with judged pairs. A judged pair that is not in ``found`` was not joined."""
    relation_of = {_ordered(*pair): relation for pair, relation in found.items()}
    judged = [
        (pair, PairError(pair.a, pair.b, pair.label, relation_of.get((pair.a, pair.b)))) for pair in gold
    ]
    said = [(pair, row) for pair, row in judged if pair.reuse is not None]
    right = [row for pair, row in said if pair.reuse and _joined(row)]
    wrong = [row for pair, row in said if not pair.reuse and _joined(row)]
    missed = [row for pair, row in said if pair.reuse and not _joined(row)]
    related = [row for pair, row in said if pair.reuse and pair.label in set(Relation)]
    return PairScores(
        pairs=len(judged),
        reuse=_scores(len(right), len(wrong), len(missed)),
        relation_right=_ratio(sum(row.found == row.gold for row in related), len(related))
        if related
        else None,
        confusion=Counter((row.gold, row.found or "none") for _, row in judged),
        joined_wrongly=tuple(wrong),
        missed=tuple(missed),
        other_relation=tuple(row for row in right if row.gold in set(Relation) and row.found != row.gold),
    )


def _joined(row: PairError) -> bool:
    return row.found is not None and row.found.is_reuse


def adjusted_rand_index(found: Mapping[str, Hashable], gold: Mapping[str, Hashable]) -> float:
    """The Rand index of two clusterings corrected for chance (Hubert and Arabie 1985), over gold's items.

    1 for equal clusterings, about 0 for independent ones. Items that ``found`` does not have stand alone.
    """
    table = _contingency(found, gold)
    together = sum(comb(count, 2) for count in table.values())
    in_found = sum(comb(count, 2) for count in _marginal(table, 0).values())
    in_gold = sum(comb(count, 2) for count in _marginal(table, 1).values())
    expected = in_found * in_gold / comb(len(gold), 2) if len(gold) > 1 else 0.0
    highest = (in_found + in_gold) / 2
    return 1.0 if highest == expected else (together - expected) / (highest - expected)


def b_cubed(found: Mapping[str, Hashable], gold: Mapping[str, Hashable]) -> Scores:
    """B-cubed (Bagga and Baldwin 1998): per item, the part of its found cluster that belongs with it, and
    the part of its gold cluster that was found with it; the mean over gold's items."""
    table = _contingency(found, gold)
    of_found, of_gold = _marginal(table, 0), _marginal(table, 1)
    precision = sum(count * count / of_found[one] for (one, _), count in table.items())
    recall = sum(count * count / of_gold[other] for (_, other), count in table.items())
    return _with_f1(_ratio(precision, len(gold)), _ratio(recall, len(gold)))


def pairwise(found: Mapping[str, Hashable], gold: Mapping[str, Hashable]) -> Scores:
    """Precision and recall of "these two are in one cluster", over all pairs of gold's items."""
    table = _contingency(found, gold)
    together = sum(comb(count, 2) for count in table.values())
    in_found = sum(comb(count, 2) for count in _marginal(table, 0).values())
    in_gold = sum(comb(count, 2) for count in _marginal(table, 1).values())
    return _scores(together, in_found - together, in_gold - together)


def evaluate_origins(
    found: Mapping[str, Origin], gold: Iterable[GoldOrigin], agencies: Sequence[Agency] = (), bins: int = 10
) -> OriginScores:
    """Compare the origins of clusters with judged ones. ``found`` maps a document to its cluster's origin.

    A judged cluster gets the origin that most of its members have (the most confident one among equals);
    one with no name is an abstention, and so is a cluster that was not found. Names are compared as the
    agencies' names, short names and domains are interchangeable, without case.
    """
    same = _Synonyms(agencies)
    judged = [(cluster, _origin_of(cluster, found)) for cluster in gold if cluster.name is not None]
    named = [
        (cluster, origin) for cluster, origin in judged if origin is not None and origin.name is not None
    ]
    right = [same(origin.name) == same(cluster.name) for cluster, origin in named]
    pages = [(c.document, o.document) for c, o in named if c.document is not None and o.document is not None]
    return OriginScores(
        clusters=len(judged),
        accuracy=_ratio(sum(right), len(right)),
        coverage=_ratio(len(named), len(judged)),
        document_accuracy=_ratio(sum(one == other for one, other in pages), len(pages)),
        reliability=tuple(_bins([(o.confidence, r) for (_, o), r in zip(named, right, strict=True)], bins)),
        wrong=tuple(
            OriginError(cluster.cluster, cluster.name, origin.name, origin.confidence)
            for (cluster, origin), is_right in zip(named, right, strict=True)
            if not is_right
        ),
    )


def read_pairs(path: Path) -> list[GoldPair]:
    """Judged pairs: JSON lines with ``a``, ``b`` and ``relation`` and/or ``reuse``; or ``source``,
    ``derived`` and a label WD, PD or ND; or ``a``, ``b`` and a label OK or BAD (OK: the same news, which
    says nothing about copying); or ``a``, ``b`` and ``overall`` (story similarity, likewise).

    Raises:
        InputError: the file cannot be read, or a line is none of these.
    """
    return [_gold_pair(row, where) for where, row in _rows(path)]


def read_clusters(path: Path) -> dict[str, str]:
    """Document -> cluster, from JSON lines with ``id`` or ``cluster`` and ``members``.

    ``bad_members`` are left out. Raises :class:`InputError` as :func:`read_pairs` does.
    """
    return {
        member: str(_field(row, where, "id", "cluster"))
        for where, row in _rows(path)
        for member in _members(row, where)
    }


def read_origins(path: Path) -> list[GoldOrigin]:
    """Judged origins: JSON lines with ``cluster``, ``members``, ``origin_name`` and ``origin_doc``; a row
    whose ``confidence`` is "unknown" has no name. Raises :class:`InputError` as :func:`read_pairs` does.
    """
    return [
        GoldOrigin(
            cluster=str(_field(row, where, "cluster", "id")),
            members=tuple(_members(row, where)),
            name=None if row.get("confidence") == "unknown" else row.get("origin_name"),
            document=row.get("origin_doc"),
        )
        for where, row in _rows(path)
    ]


def _ordered(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _with_f1(precision: float, recall: float) -> Scores:
    both = precision + recall
    return Scores(precision, recall, 2 * precision * recall / both if both else 0.0)


def _scores(right: int, wrong: int, missed: int) -> Scores:
    return _with_f1(_ratio(right, right + wrong), _ratio(right, right + missed))


def _contingency(
    found: Mapping[str, Hashable], gold: Mapping[str, Hashable]
) -> Counter[tuple[Hashable, Hashable]]:
    """How many of gold's items are in each (found cluster, gold cluster)."""
    return Counter(
        (("in", found[item]) if item in found else ("alone", item), of) for item, of in gold.items()
    )


def _marginal(table: Counter[tuple[Hashable, Hashable]], side: int) -> Counter[Hashable]:
    totals: Counter[Hashable] = Counter()
    for key, count in table.items():
        totals[key[side]] += count
    return totals


def _origin_of(cluster: GoldOrigin, found: Mapping[str, Origin]) -> Origin | None:
    votes = Counter(found[member] for member in cluster.members if member in found)
    return max(votes, key=lambda origin: (votes[origin], origin.confidence), default=None)


def _bins(answers: list[tuple[float, bool]], bins: int) -> Iterator[Bin]:
    """The bins that have answers, by rising confidence; the last one holds 1 as well."""
    groups = defaultdict(list)
    for confidence, right in answers:
        groups[min(int(confidence * bins), bins - 1)].append((confidence, right))
    for number, group in sorted(groups.items()):
        confidences, rights = zip(*group, strict=True)
        mean = sum(confidences) / len(group)
        yield Bin(number / bins, (number + 1) / bins, len(group), mean, sum(rights) / len(group))


class _Synonyms:
    """Any of an agency's names -> one key; other names -> themselves, without case."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        self.key_of = {
            name.casefold(): agency.name
            for agency in reversed(agencies)
            for name in (*agency.domains, *agency.names, agency.short, agency.name)
        }

    def __call__(self, name: str | None) -> str | None:
        return None if name is None else self.key_of.get(name.casefold(), name.casefold())


def _gold_pair(row: dict[str, Any], where: str) -> GoldPair:
    one, other = _field(row, where, "a", "source"), _field(row, where, "b", "derived")
    label = str(_field(row, where, "relation", "label", "overall", "reuse"))
    reuse = row.get("reuse")
    if reuse is None and label in _REUSE | _NOT_REUSE:
        reuse = label in _REUSE
    if reuse is None and label in set(Relation):
        reuse = Relation(label).is_reuse
    return GoldPair(*_ordered(str(one), str(other)), label, reuse)


def _members(row: dict[str, Any], where: str) -> list[str]:
    bad = set(row.get("bad_members", ()))
    return [str(member) for member in _field(row, where, "members") if member not in bad]


def _field(row: dict[str, Any], where: str, *names: str) -> Any:
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise InputError(f"{where} has no {' or '.join(map(repr, names))}", hint="see `dedupe evaluate --help`")


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) for each line; ``.gz`` is unpacked."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            lines = [line.strip() for line in file]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError.unreadable(str(path), error) from error
    for number, line in enumerate(lines, 1):
        if line:
            yield f"{path}:{number}", _object(line, f"{path}:{number}")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where} is not JSON: {error}", hint=_LINES) from error
    if not isinstance(row, dict):
        raise InputError(f"{where} is not a JSON object", hint=_LINES)
    return row
