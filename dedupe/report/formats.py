"""The formats by name, and the two ways in: :func:`write` for stories, :func:`write_pairs` for pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from dedupe.errors import InputError
from dedupe.model import Edge
from dedupe.report import graph, jsonl, markdown, parquet, sink, table
from dedupe.report.data import ClusterRow, Filters, ReportSource, matching
from dedupe.report.record import COLUMNS, PAIR_COLUMNS, Record, cluster_record, pair_record, table_row


@dataclass(frozen=True, slots=True)
class Written:
    """What a report holds; a document that is part of several stories counts once."""

    clusters: int
    documents: int


class _Counted:
    """Passes stories on and counts them, so that the summary costs no second reading."""

    def __init__(self, clusters: Iterable[ClusterRow]) -> None:
        self._clusters = clusters
        self._ids: set[str] = set()
        self.clusters = 0

    def __iter__(self) -> Iterator[ClusterRow]:
        for cluster in self._clusters:
            self.clusters += 1
            self._ids.update(document.id for document in cluster.documents)
            yield cluster

    @property
    def documents(self) -> int:
        return len(self._ids)


Writer = Callable[[Iterable[ClusterRow], BinaryIO], None]


def _records(clusters: Iterable[ClusterRow]) -> Iterator[Record]:
    return (cluster_record(cluster) for cluster in clusters)


def _rows(clusters: Iterable[ClusterRow]) -> Iterator[Record]:
    return (table_row(cluster, document) for cluster in clusters for document in cluster.documents)


_WRITERS: dict[str, Writer] = {
    "json": lambda clusters, stream: jsonl.write_array(_records(clusters), stream),
    "jsonl": lambda clusters, stream: jsonl.write_lines(_records(clusters), stream),
    "csv": lambda clusters, stream: table.write_table(_rows(clusters), COLUMNS, stream),
    "markdown": markdown.write_markdown,
    "parquet": lambda clusters, stream: parquet.write_parquet(_rows(clusters), stream),
    "graphml": graph.write_graphml,
    "gexf": graph.write_gexf,
}
_OUTLET_WRITERS: dict[str, Writer] = {
    "graphml": partial(graph.write_graphml, nodes="outlets"),
    "gexf": partial(graph.write_gexf, nodes="outlets"),
}

FORMATS = ("html", *_WRITERS)
PAIR_FORMATS = ("jsonl", "csv")


def write(
    source: ReportSource,
    format: str,
    output: str | Path,
    filters: Filters | None = None,
    nodes: str = "documents",
) -> Written:
    """Writes the stories that pass the filters; every format holds the same ones.

    Args:
        source: where the rows come from.
        format: one of :data:`FORMATS`; ``html`` makes a directory, the others a file.
        output: the file or directory; ``-`` is standard output.
        filters: all stories if left out.
        nodes: what a graph is of, one of :data:`~dedupe.report.graph.NODES`.

    Raises:
        InputError: no such format, a format that has no such nodes, or the output cannot be written.
        MissingExtra: the format needs a package that is not installed.
    """
    chosen = Filters() if filters is None else filters
    _check(format, FORMATS)
    writers = _writers(format, nodes)
    clusters = _Counted(matching(source, chosen))
    if format == "html":
        from dedupe.report.site.build import build  # pages need jinja2, data does not

        with sink.directory(output) as folder:
            build(source, clusters, folder)
    else:
        with sink.file(output) as stream:
            writers[format](clusters, stream)
    return Written(clusters.clusters, clusters.documents)


def write_pairs(edges: Iterable[Edge], format: str, output: str | Path) -> int:
    """Writes verified pairs and returns how many.

    Raises:
        InputError: the format is not one of :data:`PAIR_FORMATS`, or the output cannot be written.
    """
    _check(format, PAIR_FORMATS)
    count = 0

    def records() -> Iterator[Record]:
        nonlocal count
        for edge in edges:
            count += 1
            yield pair_record(edge)

    with sink.file(output) as stream:
        if format == "jsonl":
            jsonl.write_lines(records(), stream)
        else:
            table.write_table(records(), PAIR_COLUMNS, stream)
    return count


def _writers(format: str, nodes: str) -> dict[str, Writer]:
    if nodes not in graph.NODES:
        raise InputError(f"no nodes {nodes!r}", hint=f"one of {', '.join(graph.NODES)}")
    if nodes == "documents":
        return _WRITERS
    if format not in _OUTLET_WRITERS:
        raise InputError(f"{format} has no {nodes} as nodes", hint="--format graphml, or gexf")
    return _OUTLET_WRITERS


def _check(format: str, known: tuple[str, ...]) -> None:
    if format not in known:
        raise InputError(f"no format {format!r}", hint=f"one of {', '.join(known)}")
