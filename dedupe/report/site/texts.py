"""The data file of a story: its texts once each, and for each copy the rows against the anchor.

Offsets are turned from code points into the UTF-16 units that a browser counts in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping

from dedupe.report.data import ClusterRow, DocumentRow, TextRow
from dedupe.report.site.align import Row, Run, align
from dedupe.report.wording import language_tag

Units = Callable[[int], int]


def story_data(cluster: ClusterRow, texts: Mapping[str, TextRow]) -> dict[str, object]:
    """``rows`` are pairs of flat lists begin, end, label, begin, end, label…; labels as in align."""
    anchor = next((i for i, d in enumerate(cluster.documents) if d.id == cluster.anchor), 0)
    base = texts[cluster.documents[anchor].id]
    units = {id_: utf16(row.text) for id_, row in texts.items()}

    def described(document: DocumentRow) -> dict[str, object]:
        text = texts[document.id]
        rows = align(base, text, document.passages)
        left, right = units[cluster.documents[anchor].id], units[document.id]
        return {
            "label": document.outlet or document.id,
            "title": document.title or "",
            "language": language_tag(document.language),
            "text": text.text,
            "passages": len(document.passages),
            "rows": [_flat(row, left, right) for row in rows],
        }

    return {"anchor": anchor, "documents": [described(document) for document in cluster.documents]}


def _flat(row: Row, left: Units, right: Units) -> list[list[int]]:
    return [_runs(row.left, left), _runs(row.right, right)]


def _runs(runs: tuple[Run, ...], units: Units) -> list[int]:
    return [value for run in runs for value in (units(run.begin), units(run.end), run.label)]


def utf16(text: str) -> Units:
    """From code points to UTF-16 units of one text.

    >>> utf16("a\\U0001f600b")(2)
    3
    """
    wide = [i for i, character in enumerate(text) if character > "\uffff"] if not _narrow(text) else []
    return (lambda offset: offset + bisect_left(wide, offset)) if wide else (lambda offset: offset)


def _narrow(text: str) -> bool:
    return text.isascii() or max(text) <= "\uffff"
