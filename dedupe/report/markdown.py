"""A report to read as text or to paste into a ticket: GitHub's Markdown, a section a story.

Text from pages is escaped so that it can neither format, nor link, nor carry HTML; control
characters are taken out because the report may be printed on a terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from dedupe.model import Origin, OriginKind
from dedupe.report.data import ClusterRow, DocumentRow
from dedupe.report.wording import duration, moment, percent, plural, web_address

#: What formats, links or is HTML inside a line, GitHub's bare links (http://, www.) among it.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_HEADER = "| role | outlet | title | byline | published | delay | kept | credited |"
_RULE = "|---|---|---|---|---|--:|--:|---|"


def write_markdown(clusters: Iterable[ClusterRow], stream: BinaryIO) -> None:
    stream.write(b"# Stories\n")
    for cluster in clusters:
        stream.write("\n".join(("", *story_lines(cluster), "")).encode())


def escaped(text: str | None) -> str:
    r"""One line of plain text, with every sign of Markdown and HTML escaped.

    >>> escaped("<b>A|B</b>")
    '\\<b\\>A\\|B\\</b\\>'
    """
    if text is None:
        return "–"
    line = "".join(c for c in " ".join(text.split()) if not unicodedata.category(c).startswith("C"))
    return _SPECIAL.sub(r"\\\1", line)


def story_lines(cluster: ClusterRow) -> Iterator[str]:
    headline = cluster.headline
    yield f"## {escaped(headline.title or headline.id)}"
    yield ""
    size = plural(cluster.size, "document")
    yield f"{size}, cluster {escaped(cluster.cluster_id)}. {origin_sentence(cluster.origin)}"
    yield ""
    if cluster.origin.evidence:
        yield "Evidence, in log-odds:"
        yield ""
    for reason in cluster.origin.evidence:
        where = "" if reason.document is None else f", in {escaped(reason.document)}"
        yield f"- {reason.weight:+.1f} {escaped(reason.kind)}{where}: {escaped(reason.text)}"
    if cluster.origin.evidence:
        yield ""
    yield _HEADER
    yield _RULE
    yield from (document_line(document) for document in cluster.documents)


def origin_sentence(origin: Origin) -> str:
    if origin.kind is OriginKind.UNKNOWN or origin.name is None:
        return "Origin unknown."
    where = "not in this crawl" if origin.document is None else f"document {escaped(origin.document)}"
    return (
        f"Likely origin: **{escaped(origin.name)}** ({origin.kind.value}, {where}), "
        f"confidence {percent(origin.confidence)}."
    )


def document_line(document: DocumentRow) -> str:
    title = escaped(document.title or document.id)
    address = web_address(document.url)
    if address is not None:
        title = f"[{title}](<{address.replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')}>)"
    cells = (
        document.role.value,
        escaped(document.outlet),
        title + (" (headline changed)" if document.headline_changed else ""),
        escaped(document.byline) + (" (byline swap)" if document.byline_swap else ""),
        moment(document.published_at),
        duration(document.delay_seconds),
        percent(document.kept),
        "yes" if document.credited else "no",
    )
    return f"| {' | '.join(cells)} |"
