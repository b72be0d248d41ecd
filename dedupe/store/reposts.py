"""Who republishes one organisation, copy by copy; and how many independent texts a set of documents is."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import orjson

from dedupe.errors import NotFound
from dedupe.model import Edge, Origin, Passage, Role, Span
from dedupe.names import folded, meant
from dedupe.owners import OrganisationKind, Organisations
from dedupe.store import clusters, documents, pairs, rows
from dedupe.store.clusters import StoredCluster, StoredMember
from dedupe.store.headlines import Titled, headline


@dataclass(frozen=True, slots=True)
class SharedText:
    """A passage of a copy: its place in the text it was compared with, in the copy, and its words there."""

    against: Span
    copy: Span
    text: str


@dataclass(frozen=True, slots=True)
class Repost:
    """One copy of a story. ``against`` is the document its passages are shared with: the origin's, else
    the cluster's anchor, else (for the anchor itself, and for guests) the member most like it."""

    cluster_id: str
    story: str | None  # its headline
    origin: Origin
    copy: StoredMember
    against: str | None
    passages: tuple[SharedText, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Documents of one cluster, or one document that is in none: one text, however often it was printed."""

    cluster_id: str | None
    origin: str | None
    documents: tuple[str, ...]


def reposts(connection: sqlite3.Connection, organisation: str, known: Organisations) -> Iterator[Repost]:
    """The documents at other organisations of every story whose origin is this one, excerpts and later
    versions too, by cluster and time."""
    for public_id in _clusters_from(connection, organisation, known):
        cluster = clusters.cluster(connection, public_id)
        assert cluster is not None
        copies = [member for member in cluster.members if known.of(_outlet(member)) != organisation]
        if copies:
            yield from _reposts(connection, cluster, sorted(copies, key=_in_time))


def open_stories(connection: sqlite3.Connection, organisation: str, known: Organisations) -> int:
    """How many stories of unknown origin this organisation shares with another."""
    members = connection.execute(
        "SELECT cluster, coalesce(outlet, documents.id) FROM clusters JOIN members USING (cluster)"
        " JOIN documents USING (document) WHERE origin_name IS NULL AND role <> ? ORDER BY cluster",
        [Role.EXCERPT],
    )
    stories = ({known.of(outlet) for _, outlet in group} for _, group in groupby(members, key=itemgetter(0)))
    return sum(organisation in names and len(names) > 1 for names in stories)


def organisation_named(connection: sqlite3.Connection, name: str, known: Organisations) -> str:
    """The organisation of this name, in any case: an agency, an owner, or what the index has something of.

    Raises:
        NotFound: there is none.
    """
    wanted = known.of(name)
    if known.kind(wanted) is not OrganisationKind.OUTLET:
        return wanted
    names = connection.execute(
        "SELECT DISTINCT outlet FROM documents WHERE outlet IS NOT NULL"
        " UNION SELECT origin_name FROM clusters WHERE origin_name IS NOT NULL"
    )
    organisations = {known.of(each) for (each,) in names}
    found = {each for each in organisations if folded(each) == folded(wanted)}
    if not found:
        hint = meant(name, organisations) or "dedupe sources lists the names"
        raise NotFound(f"the index holds nothing of {name!r}", hint=hint)
    return wanted if wanted in found else min(found)


def independent(connection: sqlite3.Connection, ids: Sequence[str]) -> list[Text]:
    """The different texts among documents, or whole clusters, that are named: largest first.

    Copies of one story are one text, and an excerpt is none of its own. A document in several clusters
    counts in the one that most of the documents asked for are in.

    Raises:
        NotFound: an id is neither a document's nor a cluster's.
    """
    asked = {document for public_id in ids for document in _documents_named(connection, public_id)}
    groups: defaultdict[str | None, list[str]] = defaultdict(list)
    origins: dict[str | None, str | None] = {}
    homes = _homes(connection, asked)
    for public_id, number in sorted((_public_id(connection, number), number) for number in asked):
        cluster, origin = homes.get(number, (None, None))
        groups[cluster].append(public_id)
        origins[cluster] = origin
    alone = [Text(None, None, (public_id,)) for public_id in groups.pop(None, [])]
    texts = [Text(cluster, origins[cluster], tuple(members)) for cluster, members in groups.items()]
    return sorted(texts, key=lambda text: (-len(text.documents), text.cluster_id)) + alone


def _clusters_from(connection: sqlite3.Connection, organisation: str, known: Organisations) -> list[str]:
    named = connection.execute("SELECT DISTINCT origin_name FROM clusters WHERE origin_name IS NOT NULL")
    names = [name for (name,) in named if known.of(name) == organisation]
    found = connection.execute(
        "SELECT id FROM clusters WHERE origin_name IN (SELECT value FROM json_each(?)) ORDER BY id",
        [orjson.dumps(names).decode()],
    )
    return [public_id for (public_id,) in found]


def _in_time(member: StoredMember) -> tuple[bool, str, str]:
    """What is undated comes last."""
    at = member.published_at or member.seen_at
    return at is None, at or "", member.origin.id


def _outlet(member: StoredMember) -> str:
    """A document without an outlet speaks for itself, under its id."""
    return member.outlet or member.origin.id


def _reposts(
    connection: sqlite3.Connection, cluster: StoredCluster, copies: Sequence[StoredMember]
) -> Iterator[Repost]:
    titles = {member.origin.id: member.title for member in cluster.members}
    members = cluster.members
    told = [Titled(m.origin.id, m.title, m.origin.role, m.published_at or m.seen_at) for m in members]
    story = titles[headline(told, cluster.origin.document, cluster.anchor)]
    references = dict.fromkeys([cluster.origin.document or cluster.anchor, cluster.anchor])
    edges = {reference: pairs.edges_of(connection, reference) for reference in references}
    for copy in copies:
        edge, against = _compared(connection, copy.origin.id, edges, titles)
        yield Repost(
            cluster_id=cluster.id,
            story=story,
            origin=cluster.origin,
            copy=copy,
            against=against,
            passages=() if edge is None else tuple(_passages(connection, copy, edge)),
        )


def _compared(
    connection: sqlite3.Connection,
    copy: str,
    references: Mapping[str, Mapping[str, Edge]],
    members: Container[str],
) -> tuple[Edge | None, str | None]:
    """The pair to show for a copy, and the other document of it."""
    for reference, edges in references.items():
        if copy in edges:
            return edges[copy], reference
    mine = {other: edge for other, edge in pairs.edges_of(connection, copy).items() if other in members}
    if not mine:
        return None, None
    closest = min(
        mine, key=lambda other: (not mine[other].relation.is_reuse, -mine[other].resemblance, other)
    )
    return mine[closest], closest


def _passages(connection: sqlite3.Connection, copy: StoredMember, edge: Edge) -> Iterator[SharedText]:
    """In the order of the copy's text."""
    (packed,) = connection.execute("SELECT text FROM texts WHERE document = ?", [copy.document]).fetchone()
    text = rows.unpack_text(packed)
    turned = [p if edge.b == copy.origin.id else Passage(p.b, p.a) for p in edge.passages]
    for passage in sorted(turned, key=lambda passage: passage.b):
        yield SharedText(passage.a, passage.b, text[slice(*passage.b)])


def _documents_named(connection: sqlite3.Connection, public_id: str) -> list[int]:
    members = connection.execute(
        "SELECT document FROM members JOIN clusters USING (cluster) WHERE clusters.id = ?", [public_id]
    ).fetchall()
    if members:
        return [document for (document,) in members]
    try:
        return [documents.number_of(connection, public_id)]
    except NotFound as error:
        raise NotFound(f"no document or cluster has the id {public_id!r}", hint=error.hint) from error


def _public_id(connection: sqlite3.Connection, number: int) -> str:
    (public_id,) = connection.execute("SELECT id FROM documents WHERE document = ?", [number]).fetchone()
    return str(public_id)


def _homes(connection: sqlite3.Connection, asked: set[int]) -> dict[int, tuple[str, str | None]]:
    """document -> (cluster, its origin), the cluster with most of the documents asked for."""
    found = connection.execute(
        "SELECT document, clusters.id, origin_name FROM members JOIN clusters USING (cluster)"
        " WHERE document IN (SELECT value FROM json_each(?))",
        [orjson.dumps(sorted(asked)).decode()],
    ).fetchall()
    common = Counter(cluster for _, cluster, _ in found)
    homes: dict[int, tuple[str, str | None]] = {}
    for document, cluster, origin in sorted(found, key=lambda row: (common[row[1]], row[1])):
        homes[document] = (cluster, origin)
    return homes
