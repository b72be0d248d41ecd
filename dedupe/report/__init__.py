"""Clusters -> files: data for programs, pages for people.

    write(source, "jsonl", "stories.jsonl")          stories, in any of FORMATS
    write_pairs(edges, "csv", "-")                   verified pairs, in any of PAIR_FORMATS

A report reads :mod:`dedupe.report.data` rows and nothing else.
"""

from dedupe.report.data import (
    ClusterRow,
    DocumentRow,
    Filters,
    OutletRow,
    ReportSource,
    TextRow,
    Totals,
)
from dedupe.report.formats import FORMATS, PAIR_FORMATS, Written, write, write_pairs
from dedupe.report.where import Condition

__all__ = [
    "FORMATS",
    "PAIR_FORMATS",
    "ClusterRow",
    "Condition",
    "DocumentRow",
    "Filters",
    "OutletRow",
    "ReportSource",
    "TextRow",
    "Totals",
    "Written",
    "write",
    "write_pairs",
]
