"""The command that measures: evaluate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli.options import DEFAULT_DB, Db
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.evaluate import OriginScores, PairScores, Scores
    from dedupe.index import Index
    from dedupe.model import Origin

MOST_ERRORS = 50

Gold = Annotated[Path | None, typer.Option(metavar="FILE", help="Judgements, JSON lines, may be gzipped.")]


def evaluate(
    db: Db = DEFAULT_DB,
    pairs: Gold = None,
    clusters: Gold = None,
    origins: Gold = None,
    errors: Annotated[
        int, typer.Option(min=0, metavar="N", help="Errors of each kind to list.")
    ] = MOST_ERRORS,
) -> None:
    """Compare an index with judgements: pairs by relation, clusters, origins; the errors are listed.

    Example: dedupe evaluate --db news.db --pairs gold-pairs.jsonl --origins gold-origins.jsonl
    """
    from dedupe import evaluate as measures
    from dedupe.index import Index

    if pairs is None and clusters is None and origins is None:
        raise InputError("nothing to compare with", hint="name --pairs, --clusters or --origins")
    with Index.open(db) as index:
        if pairs is not None:
            found = {(edge.a, edge.b): edge.relation for edge in index.pairs()}
            _say(_pair_lines(measures.evaluate_pairs(found, measures.read_pairs(pairs)), errors))
        if clusters is not None:
            gold = measures.read_clusters(clusters)
            found_clusters = _assignments(index)
            _say(
                [
                    f"clusters: adjusted Rand {measures.adjusted_rand_index(found_clusters, gold):.3f}",
                    _score_line("  B-cubed", measures.b_cubed(found_clusters, gold)),
                    _score_line("  pairwise", measures.pairwise(found_clusters, gold)),
                ]
            )
        if origins is not None:
            scores = measures.evaluate_origins(
                _origins(index), measures.read_origins(origins), index.config.text.agencies
            )
            _say(_origin_lines(scores, errors))


def _say(lines: list[str] | Iterator[str]) -> None:
    typer.echo("\n".join(lines))


def _assignments(index: Index) -> dict[str, str]:
    """Document -> cluster; an excerpt is a guest in its clusters and is assigned to none."""
    from dedupe.model import Role

    return {
        document.id: cluster.cluster_id
        for cluster in index.clusters()
        for document in cluster.documents
        if document.role is not Role.EXCERPT
    }


def _origins(index: Index) -> dict[str, Origin]:
    return {document.id: cluster.origin for cluster in index.clusters() for document in cluster.documents}


def _score_line(name: str, scores: Scores) -> str:
    return f"{name}: precision {scores.precision:.3f}, recall {scores.recall:.3f}, F1 {scores.f1:.3f}"


def _pair_lines(scores: PairScores, most: int) -> Iterator[str]:
    yield _score_line(f"pairs: {scores.pairs} judged, reuse", scores.reuse)
    if scores.relation_right is not None:
        yield f"  relation right in {scores.relation_right:.3f} of the reuse pairs"
    for (gold, found), count in sorted(scores.confusion.items()):
        yield f"  {count:>5}  {gold} -> {found}"
    for name, listed in (
        ("joined wrongly", scores.joined_wrongly),
        ("missed", scores.missed),
        ("other relation", scores.other_relation),
    ):
        for error in listed[:most]:
            yield f"  {name}: {error.a} {error.b} {error.gold} -> {error.found or 'none'}"


def _origin_lines(scores: OriginScores, most: int) -> Iterator[str]:
    yield (
        f"origins: {scores.clusters} judged, named {scores.coverage:.3f}, right {scores.accuracy:.3f}, "
        f"document right {scores.document_accuracy:.3f}"
    )
    for bin in scores.reliability:
        if bin.answers:
            yield (
                f"  confidence {bin.low:.1f}-{bin.high:.1f}: {bin.answers:>4} answers, "
                f"mean {bin.confidence:.3f}, right {bin.right:.3f}"
            )
    for error in scores.wrong[:most]:
        yield f"  wrong: {error.cluster} {error.gold} -> {error.found} ({error.confidence:.2f})"
