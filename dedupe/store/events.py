"""Events over the whole index: texts that different people wrote, and that quote the same ones.

A text is a story with its copies, or a document that has none. Two texts are linked by every pair of
documents at two outlets that shares more than a template: reports of one event share a quotation, a line of
an agency, a passage of background. Round-ups, which are guests in the stories they hold, link nothing.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedupe.model import Relation, Role
from dedupe.store.headlines import Titled, headline
from dedupe.store.reposts import Text

Links = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Linked:
    """``links``: text -> text -> number of pairs; ``documents`` of each text, by number.

    A text is named by its cluster's id or, alone, by its document's.
    """

    links: Links
    documents: Mapping[str, Sequence[int]]
    clustered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Event:
    """Independent texts that are linked to the first one. ``outlets`` is how many carry any of them."""

    headline: str | None
    texts: tuple[Text, ...]
    outlets: int


def linked_texts(connection: sqlite3.Connection) -> Linked:
    """All texts that share something with another."""
    home: dict[int, str] = {}
    for document, cluster in connection.execute(
        "SELECT document, id FROM members JOIN clusters USING (cluster) WHERE role <> ?", [Role.EXCERPT]
    ):
        home[document] = cluster
    clustered = frozenset(home.values())
    guests = {number for (number,) in connection.execute("SELECT document FROM members")} - home.keys()
    links: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for a, b, id_a, id_b in connection.execute(
        "SELECT a, b, da.id, db.id FROM pairs JOIN documents AS da ON da.document = a"
        " JOIN documents AS db ON db.document = b WHERE relation <> ? AND da.outlet <> db.outlet",
        [Relation.BOILERPLATE],
    ):
        one, other = home.setdefault(a, id_a), home.setdefault(b, id_b)
        if one != other and not guests & {a, b}:
            links[one][other] += 1
            links[other][one] += 1
    documents: dict[str, list[int]] = defaultdict(list)
    for number, text in home.items():
        if text in links:
            documents[text].append(number)
    return Linked(links, documents, clustered)


def events(connection: sqlite3.Connection, linked: Linked, groups: Iterable[Iterable[str]]) -> list[Event]:
    """Describe groups of linked texts: most texts first, and in each the text with most documents first."""
    found = [_event(connection, linked, group) for group in groups]
    return sorted(found, key=lambda event: (-len(event.texts), -event.outlets, event.texts[0].documents))


def _event(connection: sqlite3.Connection, linked: Linked, group: Iterable[str]) -> Event:
    ordered = sorted(group, key=lambda text: (-len(linked.documents[text]), text))
    outlets: set[str] = set()
    texts = []
    for name in ordered:
        rows = [_document(connection, number) for number in linked.documents[name]]
        outlets |= {outlet or id_ for id_, outlet in rows}
        cluster, origin = (name, _origin(connection, name)) if name in linked.clustered else (None, None)
        texts.append(Text(cluster, origin, tuple(sorted(id_ for id_, _ in rows))))
    return Event(_headline(connection, texts[0]), tuple(texts), len(outlets))


def _document(connection: sqlite3.Connection, number: int) -> tuple[str, str | None]:
    """Id and outlet."""
    found: tuple[str, str | None] = connection.execute(
        "SELECT id, outlet FROM documents WHERE document = ?", [number]
    ).fetchone()
    return found


def _origin(connection: sqlite3.Connection, cluster: str) -> str | None:
    (found,) = connection.execute("SELECT origin_name FROM clusters WHERE id = ?", [cluster]).fetchone()
    return None if found is None else str(found)


def _headline(connection: sqlite3.Connection, text: Text) -> str | None:
    """That of a story, or of the document that is alone."""
    named = text.documents[0]
    if text.cluster_id is not None:
        members = connection.execute(
            "SELECT documents.id, title, role, coalesce(published_at, seen_at) FROM clusters"
            " JOIN members USING (cluster) JOIN documents USING (document) WHERE clusters.id = ?",
            [text.cluster_id],
        )
        told = [Titled(id_, title, Role(role), at) for id_, title, role, at in members]
        ends = connection.execute(
            "SELECT (SELECT id FROM documents WHERE document = origin_document),"
            " (SELECT id FROM documents WHERE document = anchor) FROM clusters WHERE id = ?",
            [text.cluster_id],
        ).fetchone()
        named = headline(told, *ends)
    (found,) = connection.execute("SELECT title FROM documents WHERE id = ?", [named]).fetchone()
    return None if found is None else str(found)
