"""Edges -> clusters: components that resist chaining."""

from dedupe.cluster.anchors import cluster, cluster_id
from dedupe.cluster.components import components, together
from dedupe.cluster.siblings import siblings

__all__ = ["cluster", "cluster_id", "components", "siblings", "together"]
