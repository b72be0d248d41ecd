"""What readers answer as JSON: one function a question, each over one snapshot of the index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache

import orjson
import xxhash

from dedupe.answer import answer_record, source_record
from dedupe.article import json_value, of_bytes
from dedupe.config import Config, CrawlConfig
from dedupe.errors import NotFound
from dedupe.index import Index
from dedupe.model import Document, Skipped
from dedupe.report.data import ClusterRow, Filters, matching
from dedupe.report.record import attribution_record, cluster_record, pair_record
from dedupe.report.stored import StoredSource
from dedupe.store import clusters, documents, pairs
from dedupe.store.pages import Wanted, cluster_ids
from dedupe.web.bodies import Article
from dedupe.web.reader import Reader
from dedupe.web.replies import Refusal, Reply, problem, reply


def query(reader: Reader, articles: Sequence[Article], byline: str | None, outlet: str | None) -> Reply:
    """The answers of `dedupe query --format json`, separated by commas.

    An article that cannot be read has a problem in its place, whose status is that of the reply.
    """
    asked = [parsed(article) for article in articles]
    bodies, verdicts, status = [], [], 200
    with reader.snapshot() as index:
        for article in asked:
            if isinstance(article, Skipped):
                bodies.append(orjson.dumps(unreadable(article)))
                status = 422
                continue
            given = replace(article, byline=byline or article.byline, outlet=outlet or article.outlet)
            found = index.query_document(given)
            bodies.append(orjson.dumps(answer_record(found, index.rights(found.origin))))
            verdicts.append(found.verdict.value)
    return Reply(b",".join(bodies), status=status, verdicts=tuple(verdicts))


def check(_: Reader, articles: Sequence[Article]) -> Reply:
    """Articles that are to be added: [[id, record], …], a record being a line of a crawl file.

    The id is the article's own, else its address, so that what is sent again replaces what was sent before.

    Raises:
        Refusal: one of them cannot be read, or names neither its address nor its outlet.
    """
    named = []
    for number, article in enumerate(articles, 1):
        read = parsed(article)
        if isinstance(read, Skipped):
            raise Refusal(422, f"article {number}: {unreadable(read)['error']}", hint="nothing was added")
        if read.outlet is None:
            raise Refusal(422, f"article {number} has neither a url nor an outlet", hint="nothing was added")
        public_id = read.source_id or read.url or xxhash.xxh3_64_hexdigest(article.body)
        record = {**json_value(article.body), "id": public_id}
        named.append([public_id, json.dumps(record)])
    return reply(named)


def document(reader: Reader, public_id: str) -> Reply:
    """One document: what it claims, its text, what of it is no story, the clusters it is in."""
    with reader.snapshot() as index:
        number = documents.number_of(index.reader, public_id)
        (story,) = documents.load_stories(index.reader, [number])
        found = story.document
        return reply(
            {
                "id": found.id,
                "path": found.path,
                "url": found.url,
                "outlet": found.outlet,
                "title": found.title,
                "byline": found.byline,
                "published_at": found.published_at,
                "first_seen_at": found.seen_at,
                "language": found.language,
                "attribution": [attribution_record(claim) for claim in story.attributions],
                "text": found.text,
                "removed": [asdict(part) for part in story.removed],
                "clusters": clusters.clusters_of(index.reader, number),
            }
        )


def cluster(reader: Reader, public_id: str) -> Reply:
    """One cluster, as a line of `dedupe report --format jsonl`."""
    with reader.snapshot() as index:
        return reply(cluster_record(cluster_row(index, public_id)))


def cluster_row(index: Index, public_id: str) -> ClusterRow:
    """
    Raises:
        NotFound: no cluster has this id.
    """
    stored = clusters.cluster(index.reader, public_id)
    if stored is None:
        raise NotFound(f"no cluster has the id {public_id!r}")
    return StoredSource(index.reader).cluster_row(stored)


def listed(reader: Reader, filters: Filters, after: str, most: int) -> Reply:
    """The clusters that `dedupe report` with these filters writes, from one behind ``after`` on."""
    with reader.snapshot() as index:
        page = _Page(index, after, most)
        rows: list[ClusterRow] = []
        for row in matching(page, filters):
            if len(rows) == most:
                return reply(_paged(rows, rows[-1].cluster_id))
            rows.append(row)
        return reply(_paged(rows, None))


def _paged(rows: Sequence[ClusterRow], cursor: str | None) -> dict[str, object]:
    return {"clusters": [cluster_record(row) for row in rows], "next": cursor}


def outlet(reader: Reader, name: str) -> Reply:
    """One organisation, as in `dedupe sources --format json`."""
    with reader.snapshot() as index:
        return reply(source_record(index.source(name)))


def pairs_of(reader: Reader, public_id: str) -> Reply:
    """The verified pairs of one document, as lines of `dedupe pairs`."""
    with reader.snapshot() as index:
        documents.number_of(index.reader, public_id)
        found = pairs.edges_of(index.reader, public_id).values()
        return reply({"pairs": [pair_record(edge) for edge in sorted(found, key=lambda e: (e.a, e.b))]})


def parsed(article: Article) -> Document | Skipped:
    """The article as a document, read as the command line reads one."""
    return of_bytes(article.form, article.body, article.charset, _crawl_config())


def unreadable(skipped: Skipped) -> dict[str, str | None]:
    """The problem with an article that is none."""
    return problem(f"this holds no article: {skipped.reason}", skipped.detail or None)


class _Page(StoredSource):
    """The clusters behind one, read in stretches of the size of a page."""

    def __init__(self, index: Index, after: str, most: int) -> None:
        super().__init__(index.reader)
        self._index = index
        self._after = after
        self._most = most

    def clusters(self, filters: Filters) -> Iterator[ClusterRow]:
        wanted = Wanted(filters.min_size, filters.agency, filters.outlet, filters.role, filters.since)
        after = self._after
        while ids := cluster_ids(self._index.reader, wanted, after, self._most + 1):
            for public_id in ids:
                yield cluster_row(self._index, public_id)
            after = ids[-1]


@cache
def _crawl_config() -> CrawlConfig:
    return Config().crawl
