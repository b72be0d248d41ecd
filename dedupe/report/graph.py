"""GraphML and GEXF: documents as nodes, an arc from each document's source to it.

A node is a document (``kind=document``) or an origin that was not crawled (``kind=agency`` or
``outlet``). An arc runs from the parent, or from the origin where no parent is known, to the copy.
A document that belongs to several stories is one node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

from dedupe.errors import MissingExtra
from dedupe.model import Origin, OriginKind, Role
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.record import ratio

if TYPE_CHECKING:
    import networkx as nx

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(clusters: Iterable[ClusterRow], stream: BinaryIO) -> None:
    """Raises: MissingExtra: networkx is not installed."""
    networkx = _networkx()
    networkx.write_graphml_xml(graph_of(clusters), stream, named_key_ids=True)


def write_gexf(clusters: Iterable[ClusterRow], stream: BinaryIO) -> None:
    """Raises: MissingExtra: networkx is not installed."""
    networkx = _networkx()
    writer = networkx.readwrite.gexf.GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    _forget_the_day(writer)
    writer.add_graph(graph_of(clusters))
    writer.write(stream)


def graph_of(clusters: Iterable[ClusterRow]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = _networkx().DiGraph()
    for cluster in clusters:
        source = _origin_node(graph, cluster.origin)
        for document in cluster.documents:
            graph.add_node(_xml(document.id), **_document_node(cluster, document))
        for document in cluster.documents:
            parent = source if document.parent is None else _xml(document.parent)
            if parent is not None and parent != _xml(document.id) and document.role is not Role.ORIGIN:
                graph.add_edge(parent, _xml(document.id), **_arc(cluster, document))
    return graph


def _origin_node(graph: nx.DiGraph[str], origin: Origin) -> str | None:
    if origin.document is not None:
        return _xml(origin.document)
    if origin.kind is OriginKind.UNKNOWN or origin.name is None:
        return None
    node = f"{origin.kind.value}:{_xml(origin.name)}"
    graph.add_node(node, label=_xml(origin.name), kind=origin.kind.value)
    return node


def _document_node(cluster: ClusterRow, document: DocumentRow) -> dict[str, Any]:
    return _known(
        label=document.title or document.id,
        kind="document",
        cluster=cluster.cluster_id,
        outlet=document.outlet,
        url=document.url,
        byline=document.byline,
        published_at=document.published_at,
        role=document.role.value,
        language=document.language,
    )


def _arc(cluster: ClusterRow, document: DocumentRow) -> dict[str, Any]:
    return _known(
        cluster=cluster.cluster_id,
        credited=document.credited,
        kept=ratio(document.kept),
        delay_seconds=document.delay_seconds,
    )


def _known(**values: str | float | bool | None) -> dict[str, Any]:
    """XML attributes of what is known; graph formats have no null."""
    return {
        key: _xml(value) if isinstance(value, str) else value
        for key, value in values.items()
        if value is not None
    }


def _xml(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return _NOT_XML.sub("\ufffd", text)


def _forget_the_day(writer: Any) -> None:
    """networkx stamps GEXF with today's date; the same index must give the same bytes."""
    for meta in writer.xml.findall("meta"):
        meta.attrib.pop("lastmodifieddate", None)


def _networkx() -> Any:
    try:
        import networkx
    except ImportError as error:
        raise MissingExtra("a graph file", "graph") from error
    return networkx
