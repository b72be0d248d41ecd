"""Crawl files -> documents.

    walk(paths)          -> CrawlFile…   which files there are
    records(file)        -> Record…      opened, decompressed, split; streaming, in the main process
    parse(record)        -> Document     decoded, extracted, with its claims; pure, in worker processes

What cannot be read becomes a :class:`~dedupe.model.Skipped` with its reason at every step.
"""

from __future__ import annotations

from dedupe.crawl.document import check, parse, parse_batch
from dedupe.crawl.files import CrawlFile, require, root_of, walk
from dedupe.crawl.pace import Pace
from dedupe.crawl.pieces import Piece, file_hash, piece_records, pieces
from dedupe.crawl.record import Kind, Record
from dedupe.crawl.serving import rare_collections
from dedupe.crawl.split import records
from dedupe.crawl.workers import FLYING, Job, WorkerPool, watched

__all__ = [
    "FLYING",
    "CrawlFile",
    "Job",
    "Kind",
    "Pace",
    "Piece",
    "Record",
    "WorkerPool",
    "check",
    "file_hash",
    "parse",
    "parse_batch",
    "piece_records",
    "pieces",
    "rare_collections",
    "records",
    "require",
    "root_of",
    "walk",
    "watched",
]
