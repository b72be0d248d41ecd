"""Pages that mean harm, or look like it; all invented."""

from __future__ import annotations

import random
from collections.abc import Callable

PARAGRAPHS = (
    "The harbour of Port Selma reopened on Monday after a storm closed it for nine days.",
    "Eleven ships that had waited beyond the bar came in with the morning tide, records show.",
    "“We lost a week, but we lost no one,” harbour master Ada Quill told reporters on the quay.",
    "The repair of the eastern mole will take until spring and cost four million crowns, it said.",
)
HEAD = "<!DOCTYPE html><html><head><title>A page</title></head><body>"
STORY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
NOISE = random.Random(5).randbytes(2**20)

PAGES: dict[str, Callable[[], str | bytes]] = {
    "100,000 nested divs": lambda: HEAD + "<div>" * 100_000 + STORY + "</div>" * 100_000,
    "9,000 nested divs": lambda: HEAD + "<div>" * 9_000 + STORY + "</div>" * 9_000,
    "20,000 open b": lambda: HEAD + "<b>" * 20_000 + STORY,
    "20,000 open font": lambda: HEAD + "<font><p>" * 20_000 + STORY,
    "100,000 short paragraphs": lambda: HEAD + "<p>x</p>" * 100_000 + STORY,
    "20 MB of links": lambda: HEAD + '<a href="/a/b/c/d">somewhere else to go</a> ' * 480_000 + STORY,
    "20 MB of prose": lambda: HEAD + STORY * 50_000,
    "100,000 line breaks": lambda: HEAD + "text<br>" * 100_000 + STORY,
    "100,000 table rows": lambda: HEAD + "<table>" + "<tr><td>x</td></tr>" * 100_000 + "</table>" + STORY,
    "100,000 authors": lambda: HEAD + "<span class='author'>By X</span>" * 100_000 + STORY,
    "100,000 metas": lambda: (
        "<html><head>" + "<meta name='author' content='X'>" * 100_000 + "</head><body>" + STORY
    ),
    "100,000 copyrights": lambda: HEAD + "<p>© 2024 Somebody Else</p>" * 100_000 + STORY,
    "100,000 scripts": lambda: HEAD + "<script>a()</script>" * 100_000 + STORY,
    "a 10 MB attribute": lambda: HEAD + f"<div class='{'x' * 10_000_000}'>" + STORY,
    "1 MB of <": lambda: "<" * 2**20,
    "deep JSON-LD": lambda: (
        HEAD + "<script type='application/ld+json'>" + '{"a":' * 100_000 + "</script>" + STORY
    ),
    "much JSON-LD": lambda: (
        HEAD
        + "<script type='application/ld+json'>["
        + '{"@type":"NewsArticle"},' * 100_000
        + "{}]</script>"
        + STORY
    ),
    "an open script": lambda: HEAD + STORY + "<script>" + "x" * 2**21,
    "an open comment": lambda: HEAD + STORY + "<!--" + "x" * 2**21,
    "1 MB of spaces": lambda: HEAD + " " * 2**20 + STORY,
    "one long line": lambda: HEAD + "<p>" + "word " * 1_000_000,
    "random bytes": lambda: NOISE,
    "random bytes in a page": lambda: HEAD.encode() + NOISE,
    "a long date": lambda: f"<html><head><meta name='date' content='{'1' * 10**6}'></head><body>" + STORY,
    "nothing": lambda: "",
}
