"""Over the whole index: who publishes whose copy, how often, how late, with credit or without.

What a copy is says :mod:`dedupe.store.copies`. Outlets that ``known`` folds into one organisation do not
copy from each other. One pass over the members, a cluster at a time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, groupby
from operator import itemgetter
from typing import NamedTuple

import orjson

from dedupe.model import OriginKind, Role
from dedupe.owners import OrganisationKind, Organisations
from dedupe.store.copies import Copies, is_copy

LEAST_SHARED = 5  # stories two titles must have in common to be suggested as one owner's
LEAST_SHARE = 0.8  # … and of all that the smaller one shares with anybody
MOST_OUTLETS = 64  # a story in more outlets says nothing about any two of them


@dataclass(slots=True)
class Source:
    """One organisation. ``originals`` are the stories whose origin it is, crawled or not; ``copies`` it
    published of others' stories, ``taken`` are the copies that others published of its own. ``open`` are
    its documents that others have too and whose origin is unknown: copies, or the original."""

    name: str
    kind: OrganisationKind
    documents: int = 0
    originals: int = 0
    copies: Copies = field(default_factory=Copies)
    taken: Copies = field(default_factory=Copies)
    open: int = 0


class _Sources(dict[str, Source]):
    """Organisation -> what is counted of it, begun when it is first asked for."""

    def __init__(self, known: Organisations) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, name: str) -> Source:
        self[name] = Source(name, self._known.kind(name))
        return self[name]


class FlowKind(StrEnum):
    """What a flow starts from."""

    ORIGIN = "origin"  # the organisation that wrote the story
    PARENT = "parent"  # the organisation whose copy it was taken from, where that is known


@dataclass(frozen=True, slots=True)
class Flow:
    """Copies that went from one organisation to another; delays are lags behind the source."""

    kind: FlowKind
    source: str
    outlet: str
    copies: Copies


@dataclass(frozen=True, slots=True)
class Sisters:
    """Two outlets that nearly always carry the same stories: ``shared`` of the ``stories`` that the smaller
    one has in common with anybody."""

    a: str
    b: str
    shared: int
    stories: int


class _Member(NamedTuple):
    """One row of :func:`_clusters`; names are organisations."""

    id: str
    name: str
    role: Role
    credited: bool
    byline_swap: bool
    delay: int | None
    parent: str | None
    parent_delay: int | None


class _Story(NamedTuple):
    origin: str | None
    members: list[_Member]


def sources(connection: sqlite3.Connection, known: Organisations) -> list[Source]:
    """Every organisation with a document or a story, those with most copies, taken or made, first."""
    found = _Sources(known)
    for outlet, documents in connection.execute(
        "SELECT outlet, count(*) FROM documents WHERE outlet IS NOT NULL GROUP BY outlet"
    ):
        found[known.of(outlet)].documents += documents
    for story in _stories(connection, known):
        _count(story, found)
    return sorted(found.values(), key=lambda s: (-s.taken.count - s.copies.count, -s.open, s.name))


def source(connection: sqlite3.Connection, organisation: str, known: Organisations) -> Source:
    """The same for one organisation: only the stories that it has a part in are read."""
    found = _Sources(known)
    counted = connection.execute(
        "SELECT outlet, count(*) FROM documents WHERE outlet IS NOT NULL GROUP BY outlet"
    )
    own = {outlet: documents for outlet, documents in counted if known.of(outlet) == organisation}
    found[organisation].documents = sum(own.values())
    for story in _stories(connection, known, _clusters_with(connection, organisation, list(own), known)):
        _count(story, found)
    return found[organisation]


def flows(connection: sqlite3.Connection, known: Organisations) -> list[Flow]:
    """From every origin, and from every parent, to the outlets of the copies; the largest first."""
    found: defaultdict[tuple[FlowKind, str, str], Copies] = defaultdict(Copies)
    for story in _stories(connection, known):
        for copy in _copies(story):
            if story.origin is not None:
                _add(found[FlowKind.ORIGIN, story.origin, copy.name], story, copy, copy.delay)
            if copy.parent is not None and copy.parent != copy.name:
                lag = _difference(copy.delay, copy.parent_delay)
                _add(found[FlowKind.PARENT, copy.parent, copy.name], story, copy, lag)
    listed = [Flow(*way, copies) for way, copies in found.items()]
    return sorted(listed, key=lambda flow: (flow.kind, -flow.copies.count, flow.source, flow.outlet))


def sisters(connection: sqlite3.Connection, known: Organisations) -> list[Sisters]:
    """Pairs of outlets that look like one owner's, most shared stories first.

    Stories of an agency are left out, and so are its sites: to carry the same agency is no kinship.
    """
    shared: Counter[tuple[str, str]] = Counter()
    stories: Counter[str] = Counter()
    rows = connection.execute(
        "SELECT DISTINCT cluster, outlet FROM clusters JOIN members USING (cluster) JOIN documents"
        " USING (document) WHERE outlet IS NOT NULL AND role <> ? AND origin_kind <> ? ORDER BY cluster",
        [Role.EXCERPT, OriginKind.AGENCY],
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        outlets = sorted(outlet for _, outlet in group if known.of(outlet) == outlet)
        if 2 <= len(outlets) <= MOST_OUTLETS:
            stories.update(outlets)
            shared.update(combinations(outlets, 2))
    found = [Sisters(a, b, count, min(stories[a], stories[b])) for (a, b), count in shared.items()]
    kept = [pair for pair in found if _is_kinship(pair)]
    return sorted(kept, key=lambda pair: (-pair.shared, pair.a, pair.b))


def families(pairs: Sequence[Sisters]) -> list[tuple[list[str], list[Sisters]]]:
    """Groups of outlets of which every two are sisters, with these pairs; each outlet in one group.

    Strongest pair first; a pair that would join two groups not all of whose outlets are sisters, as a
    page that copies from several titles does, is left out.
    """
    known = {(pair.a, pair.b): pair for pair in pairs}
    groups: dict[str, list[str]] = {}
    for pair in pairs:
        a, b = groups.get(pair.a, [pair.a]), groups.get(pair.b, [pair.b])
        if a is not b and all((min(x, y), max(x, y)) in known for x in a for y in b):
            joined = sorted([*a, *b])
            groups |= dict.fromkeys(joined, joined)
    distinct = {tuple(group): None for group in groups.values()}
    return [([*group], [known[two] for two in combinations(group, 2)]) for group in distinct]


def _is_kinship(pair: Sisters) -> bool:
    return pair.shared >= LEAST_SHARED and pair.shared >= LEAST_SHARE * pair.stories


def _count(story: _Story, found: _Sources) -> None:
    if story.origin is not None:
        found[story.origin].originals += 1
    for copy in _copies(story):
        source = found[copy.name]
        if story.origin is None:
            source.open += 1
        else:
            _add(source.copies, story, copy, copy.delay)
            _add(found[story.origin].taken, story, copy, copy.delay)


def _add(copies: Copies, story: _Story, copy: _Member, delay: int | None) -> None:
    copies.add(None if story.origin is None else copy.credited, copy.byline_swap, delay)


def _difference(later: int | None, earlier: int | None) -> int | None:
    return None if later is None or earlier is None else later - earlier


def _copies(story: _Story) -> Iterator[_Member]:
    carriers = {member.name for member in story.members}
    return (each for each in story.members if is_copy(each.role, each.name, story.origin, carriers))


def _clusters_with(
    connection: sqlite3.Connection, organisation: str, outlets: Sequence[str], known: Organisations
) -> list[int]:
    """The clusters that one of these outlets is in, or whose origin is the organisation."""
    members = connection.execute(
        "SELECT DISTINCT cluster FROM documents JOIN members USING (document)"
        " WHERE outlet IN (SELECT value FROM json_each(?))",
        [orjson.dumps(outlets).decode()],
    )
    origins = connection.execute("SELECT cluster, origin_name FROM clusters WHERE origin_name IS NOT NULL")
    found = {cluster for cluster, origin in origins if known.of(origin) == organisation}
    return sorted(found.union(cluster for (cluster,) in members))


def _stories(
    connection: sqlite3.Connection, known: Organisations, only: Sequence[int] | None = None
) -> Iterator[_Story]:
    """One cluster at a time. A document without an outlet speaks for itself, under its id."""
    chosen = "" if only is None else " WHERE cluster IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        "SELECT cluster, origin_name, origin_document, documents.id, coalesce(outlet, documents.id),"
        " own.role, own.credited, own.byline_swap, own.delay,"
        " (SELECT coalesce(outlet, id) FROM documents WHERE document = own.parent),"
        " (SELECT delay FROM members WHERE cluster = own.cluster AND document = own.parent)"
        " FROM clusters JOIN members AS own USING (cluster)"
        f" JOIN documents ON documents.document = own.document{chosen} ORDER BY cluster",
        [] if only is None else [orjson.dumps(only).decode()],
    )
    for (_, origin, crawled), group in groupby(rows, key=itemgetter(0, 1, 2)):
        members = [
            _Member(
                id, known.of(outlet), Role(role), credited, swap, delay, parent and known.of(parent), before
            )
            for *_, id, outlet, role, credited, swap, delay, parent, before in group
        ]
        yield _Story(origin and known.of(origin), members if crawled is not None else _timed(members))


def _timed(members: list[_Member]) -> list[_Member]:
    """Where the origin was not crawled delays count from the first copy, whose own says nothing."""
    first = min((member.id for member in members if member.delay == 0), default=None)
    return [member._replace(delay=None) if member.id == first else member for member in members]
