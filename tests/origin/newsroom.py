"""Invented outlets, agencies and stories, and the edges between them, for the tests of origins."""

from __future__ import annotations

from dedupe.model import (
    Agency,
    Attribution,
    AttributionKind,
    Document,
    Edge,
    Passage,
    Relation,
    Story,
)

AGENCIES = (
    Agency("Nordwire", "NW", ("Nordwire News",), ("NW",), ("nordwire.example",), (), "public domain"),
    Agency("Sudpress", "SP", (), ("SP",), ("sudpress.example",), (), None),
)
BODY = "The harbour master closed the eastern quay on Tuesday after divers found a crack below the waterline."


def story(
    id_: str,
    outlet: str,
    *claims: tuple[AttributionKind, str | None],
    at: str | None = None,
    text: str = BODY,
    byline: str | None = None,
    title: str | None = "Quay closed",
) -> Story:
    document = Document(
        f"{id_}.txt", "", text, source_id=id_, outlet=outlet, published_at=at, byline=byline, title=title
    )
    attributions = tuple(Attribution(kind, f"{kind}: {name}", name) for kind, name in claims)
    return Story(document, text, attributions=attributions)


def edge(
    a: str,
    b: str,
    of_a: float = 1.0,
    of_b: float = 1.0,
    relation: Relation = Relation.EDITED,
    passages: tuple[Passage, ...] = (Passage((0, len(BODY)), (0, len(BODY))),),
) -> Edge:
    return Edge(a, b, relation, min(of_a, of_b), of_a, of_b, passages)
