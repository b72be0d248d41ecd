"""Edges -> clusters: components that resist chaining."""

from dedupe.cluster.anchors import cluster, cluster_id

__all__ = ["cluster", "cluster_id"]
