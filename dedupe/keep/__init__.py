"""One document of each story, what says more, and all of no story: the crawl without its copies.

Decisions(connection, policy)    which documents go, and why
write_jsonl, write_parquet       what stays, as the crawl holds it: its own lines and rows, read again
write_warc                       and its own records
"""

from dedupe.keep.archives import write_warc
from dedupe.keep.lines import write_jsonl
from dedupe.keep.policy import AT_LEAST, DROPPED_COLUMNS, Decisions, Dropped, Policy, choose, dropped_record
from dedupe.keep.rows import write_parquet

__all__ = [
    "AT_LEAST",
    "DROPPED_COLUMNS",
    "Decisions",
    "Dropped",
    "Policy",
    "choose",
    "dropped_record",
    "write_jsonl",
    "write_parquet",
    "write_warc",
]
