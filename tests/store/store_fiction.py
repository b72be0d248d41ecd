"""An index of a few invented stories, made once, for the tests that only read it."""

from __future__ import annotations

import json
from pathlib import Path

from dedupe import Index

FLOOD = (
    "SENN (VOA) — The river Anse rose two metres in one night and closed both bridges of Lower Venn.",
    "The district moved four hundred people to the tram sheds and asked the rest to boil their water.",
    "Engineers found a crack in the second pier and sent for divers who will look at it on Friday.",
    "The grain market stayed shut and the ferry to Port Calder ran every hour, full each time.",
)
QUOTED = (
    "\N{LEFT DOUBLE QUOTATION MARK}I have kept this lock for thirty years and I have never seen the water"
    " stand above the third step of the stair, not once in all that time,"
    "\N{RIGHT DOUBLE QUOTATION MARK} said Ilse Maren, who keeps the lock house on the western bank.",
)
LOCK = (
    "A woman who lives beside the lock at Tarn Cross has become the most wanted voice in the valley.",
    "Reporters have come to her door since dawn and she has sent most of them on to the town hall.",
    "Her cat, she told them, was the first to notice, and sat on the stove until the lamps were lit.",
    "Visitors brought cake, a pair of dry boots, and the offer of a room in a house on the hill.",
)
ORCHARD = (
    "The old orchard behind the station of Holm will not be felled after all, the parish has decided.",
    "Forty trees had been marked with red paint in autumn to make room for eleven parking bays.",
    "Schoolchildren counted the birds for a month and read the list aloud at the meeting on Monday.",
    "The bays will be built behind the cattle ramp, where nothing grows and no one had thought to look.",
)
LIBRARY = (
    "The library of Holm opens on Sundays from now on, the parish said in a short note on Friday.",
    "Volunteers will run the desk, and the reading room keeps its stove, its clock and its silence.",
    "Books may be returned through the hatch beside the door at any hour of the day or the night.",
)


def article(
    id_: str, outlet: str, hour: int, paragraphs: tuple[str, ...], **more: object
) -> dict[str, object]:
    """One record of a crawl."""
    return {
        "id": id_,
        "url": f"https://{outlet}/{id_}",
        "title": f"{id_.capitalize()} at {outlet}",
        "published": f"2026-03-03T{hour:02}:00:00Z",
        "fetched_at": "2026-03-04T00:00:00Z",
        "text": "\n".join(paragraphs),
        **more,
    }


ARTICLES = [
    article("flood-1", "senn-times.example", 6, FLOOD + QUOTED, author="Voice of America"),
    article("flood-2", "calder-post.example", 9, FLOOD + QUOTED, author="Ada Quill"),
    article("lock-1", "tarn-daily.example", 10, LOCK + QUOTED, author="Pell Horrocks"),
    article("lock-2", "holm-herald.example", 12, LOCK + QUOTED, author="R. Tansy"),
    article("orchard-1", "holm-herald.example", 7, ORCHARD, author="R. Tansy"),
    article(
        "orchard-2",
        "tarn-daily.example",
        15,
        (*ORCHARD, "This article first appeared in the Holm Herald (holm-herald.example)."),
    ),
    article("library", "holm-herald.example", 8, LIBRARY, author="R. Tansy"),
]


def indexed(folder: Path, articles: list[dict[str, object]]) -> Path:
    """An index of these articles."""
    crawl, db = folder / "articles.jsonl", folder / "news.db"
    crawl.write_text("".join(json.dumps(each) + "\n" for each in articles), "utf-8")
    with Index.open(db) as index:
        index.add(crawl, workers=0)
    return db
