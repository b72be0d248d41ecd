"""GraphML and GEXF, of documents or of outlets.

Documents: a node is a document (``kind=document``) or an origin that was not crawled (``kind=agency``
or ``outlet``). An arc runs from the parent, or from the origin where no parent is known, to the copy. A
document that belongs to several stories is one node: ``clusters`` are the ids of all of them, ``cluster``
and ``role`` those of the one that it is more than an excerpt of.

Outlets: a node is an outlet or an agency, an arc the copies that an outlet ran of its stories. ``weight`` is
their number, the name that programs which draw graphs look for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

from dedupe.errors import MissingExtra
from dedupe.model import Origin, OriginKind, Role
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.record import ratio
from dedupe.report.site.tally import Source, Tally

if TYPE_CHECKING:
    import networkx as nx

NODES = ("documents", "outlets")

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(clusters: Iterable[ClusterRow], stream: BinaryIO, nodes: str = "documents") -> None:
    """Raises: MissingExtra: networkx is not installed."""
    networkx = _networkx()
    networkx.write_graphml_xml(_graph(clusters, nodes), stream)


def write_gexf(clusters: Iterable[ClusterRow], stream: BinaryIO, nodes: str = "documents") -> None:
    """Raises: MissingExtra: networkx is not installed."""
    networkx = _networkx()
    writer = networkx.readwrite.gexf.GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    _forget_the_day(writer)
    writer.add_graph(_graph(clusters, nodes))
    writer.write(stream)


def _graph(clusters: Iterable[ClusterRow], nodes: str) -> nx.DiGraph[str]:
    return outlet_graph(clusters) if nodes == "outlets" else graph_of(clusters)


def graph_of(clusters: Iterable[ClusterRow]) -> nx.DiGraph[str]:
    """Documents, and who took from whom."""
    graph: nx.DiGraph[str] = _networkx().DiGraph()
    for cluster in clusters:
        source = _origin_node(graph, cluster.origin)
        for document in cluster.documents:
            _add_document(graph, cluster, document)
        for document in cluster.documents:
            parent = source if document.parent is None else _xml(document.parent)
            if parent is not None and parent != _xml(document.id) and document.role is not Role.ORIGIN:
                graph.add_edge(parent, _xml(document.id), **_arc(cluster, document))
    return graph


def outlet_graph(clusters: Iterable[ClusterRow]) -> nx.DiGraph[str]:
    """Outlets and agencies, and who ran how many copies of whose stories: the figures of the site."""
    graph: nx.DiGraph[str] = _networkx().DiGraph()
    tally = Tally()
    for cluster in clusters:
        tally.add(cluster)
    outlets = {Source(name, OriginKind.OUTLET) for name in tally.outlets}
    for source in sorted({*outlets, *tally.origins, *(source for source, _ in tally.flows)}):
        graph.add_node(_organisation(source), **_outlet_node(source, tally))
    for (source, outlet), flow in sorted(tally.flows.items(), key=lambda item: item[0]):
        figures = _known(
            weight=flow.count,
            copies=flow.count,
            uncredited=flow.uncredited,
            byline_swaps=flow.byline_swaps,
            median_delay_seconds=flow.median_delay,
        )
        graph.add_edge(_organisation(source), _organisation(Source(outlet, OriginKind.OUTLET)), **figures)
    return graph


def _organisation(source: Source) -> str:
    """An outlet is named as it is; an agency may have the name of one, and is told apart."""
    name = _xml(source.name)
    return name if source.kind is OriginKind.OUTLET else f"{source.kind.value}:{name}"


def _outlet_node(source: Source, tally: Tally) -> dict[str, Any]:
    is_outlet = source.kind is OriginKind.OUTLET and source.name in tally.outlets
    ran = tally.outlets[source.name] if is_outlet else None
    return _known(
        label=source.name,
        kind=source.kind.value,
        originals=tally.origins[source],
        stories=None if ran is None else ran.stories,
        copies=None if ran is None else ran.ran.count,
    )


def _add_document(graph: nx.DiGraph[str], cluster: ClusterRow, document: DocumentRow) -> None:
    id_, node = _xml(document.id), _document_node(cluster, document)
    before = graph.nodes[id_] if id_ in graph else {}
    clusters = f"{before['clusters']} {node['cluster']}" if "clusters" in before else node["cluster"]
    is_visit = "clusters" in before and document.role is Role.EXCERPT
    graph.add_node(id_, **(before if is_visit else node) | {"clusters": clusters})


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
