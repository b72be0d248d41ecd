"""Find republished news copy, group the copies into clusters, name the likely original source.

The data path is the layout:

    crawl    crawl files -> Document                    what the crawler left, whatever its format
    text     Document -> Story -> Tokens                furniture and credits out, offsets kept
    sketch   Tokens -> Sketches                         MinHash signatures, FracMinHash samples
    match    postings -> candidates -> Edge             verified pairs with their shared passages
    cluster  Edge -> Cluster                            anchors, never chains
    origin   Cluster -> Origin, MemberOrigin            evidence, confidence, lineage
    store    all of it in one SQLite file
    pipeline the order;  lookup: one article against the index;  report: clusters -> files

>>> from dedupe import Index
>>> Index.open("news.db").path.name
'news.db'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedupe.config import Config
    from dedupe.errors import DedupeError
    from dedupe.index import Index
    from dedupe.lookup import Lookup

__version__ = "0.1.0"
__all__ = ["Config", "DedupeError", "Index", "Lookup", "__version__"]

_HOMES = {
    "Config": "dedupe.config",
    "DedupeError": "dedupe.errors",
    "Index": "dedupe.index",
    "Lookup": "dedupe.lookup",
}


def __getattr__(name: str) -> Any:
    """Import a public noun when it is first used: `import dedupe` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dedupe' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
