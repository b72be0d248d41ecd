"""What readers answer as pages: an article that is asked about, and the stories of the report, live.

The templates are those of the static report; ``templates/`` here adds the form, the answer and the way
between both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from dedupe.errors import NotFound
from dedupe.index import Index
from dedupe.lookup import QUERY_ID, Lookup
from dedupe.model import Document, Edge, MemberOrigin, Skipped, Story
from dedupe.report.data import ClusterRow, DocumentRow, TextRow
from dedupe.report.site import listing, pages
from dedupe.report.site.names import story_path
from dedupe.report.site.render import PLACE, environment
from dedupe.report.site.texts import story_data
from dedupe.report.stored import StoredSource
from dedupe.web.bodies import Article
from dedupe.web.questions import cluster_row, parsed, unreadable
from dedupe.web.reader import Reader
from dedupe.web.replies import HTML, SCRIPT, Reply

if TYPE_CHECKING:
    from jinja2 import Environment

NAME = "your article"  # of the article that is asked about, among the ids of documents


def html(path: str, template: str, **data: object) -> Reply:
    """A page; ``path`` is where it is, relative to the service, without a slash before it."""
    root = "../" * path.count("/")
    return Reply(_templates().get_template(template).render(root=root, path=path, **data).encode(), HTML)


def ask() -> Reply:
    """The form."""
    return html("", "ask.html", byline="", outlet="")


def answer(reader: Reader, article: Article, byline: str, outlet: str) -> Reply:
    """The form with the answer below it: verdict, origin, timeline, texts side by side."""
    asked = parsed(article)
    if isinstance(asked, Skipped):
        form = html("", "ask.html", byline=byline, outlet=outlet, problem=unreadable(asked))
        return replace(form, status=422)
    asked = replace(asked, byline=byline or asked.byline, outlet=outlet or asked.outlet)
    with reader.snapshot() as index:
        found = index.query_document(asked)
        row = answer_row(found, index.copies(found))
    others = [
        story for edge, story in zip(found.edges, found.stories, strict=True) if not edge.relation.is_reuse
    ]
    page = pages.story(row)
    texts = {NAME: TextRow(found.query.document.text, found.query.removed)}
    texts |= {story.document.id: TextRow(story.document.text, story.removed) for story in found.stories}
    return html(
        "", "answer.html", found=found, page=page, others=others, byline=byline, outlet=outlet,
        story=None if found.cluster_id is None else story_path(found.cluster_id),
        texts=_in_script(story_data(row, texts)),
    )  # fmt: skip


def answer_row(found: Lookup, came: Sequence[MemberOrigin]) -> ClusterRow:
    """The query with its matches as one story, measured against the query."""
    edges = {edge.b: (edge, story) for edge, story in zip(found.edges, found.stories, strict=True)}
    rows = []
    for member in came:
        edge, story = edges.get(member.id, (None, found.query))
        rows.append(_document_row(story, edge, member))
    origin = replace(
        found.origin,
        document=_named(found.origin.document),
        evidence=tuple(replace(reason, document=_named(reason.document)) for reason in found.origin.evidence),
    )
    return ClusterRow(found.cluster_id or "", NAME, tuple(rows), origin)


def _document_row(story: Story, edge: Edge | None, came: MemberOrigin) -> DocumentRow:
    document: Document = story.document
    return DocumentRow(
        id=_named(document.id) or NAME,
        path=document.path,
        url=document.url,
        outlet=document.outlet,
        title=document.title,
        byline=document.byline,
        published_at=document.published_at,
        first_seen_at=document.seen_at,
        role=came.role,
        attribution=story.attributions,
        language=document.language,
        relation=None if edge is None else edge.relation,
        kept=None if edge is None else edge.containment_of_a,
        credited=came.credited,
        byline_swap=came.byline_swap,
        headline_changed=came.headline_changed,
        edit=came.edit,
        delay_seconds=came.delay,
        parent=_named(came.parent),
        passages=() if edge is None else edge.passages,
    )


def _named(public_id: str | None) -> str | None:
    return NAME if public_id == QUERY_ID else public_id


def story(reader: Reader, path: str) -> Reply:
    """The page of a cluster, or its texts, by the path that the report gives them."""
    place = PurePosixPath(path)
    with reader.snapshot() as index:
        row = cluster_row(index, place.stem)
        if story_path(row.cluster_id) != str(place.with_suffix(".html")):
            raise NotFound(f"there is no page {path!r}")
        if place.suffix == ".js":
            return Reply(listing.script("story", story_data(row, _texts(index, row))), SCRIPT)
        related = [listing.list_row(cluster_row(index, other)) for other in row.related]
    page = html(path, "story.html", page=pages.story(row), data=f"{place.stem}.js")
    beside = html(path, "related.html", rows=related)
    return replace(page, body=page.body.replace(PLACE, beside.body, 1))


def _texts(index: Index, row: ClusterRow) -> dict[str, TextRow]:
    source = StoredSource(index.reader)
    return {document.id: source.text(document.id) for document in row.documents}


def _in_script(value: object) -> str:
    """JSON that may stand in a script element, which nothing in it can end."""
    return json.dumps(value).replace("<", "\\u003c")


@cache
def _templates() -> Environment:
    return environment("dedupe.web")
