"""Which publication carried a document."""

from __future__ import annotations

import re
from functools import lru_cache

from dedupe.crawl.files import stem_of
from dedupe.crawl.urls import domain_of_name, registered_domain

# Folders that say when, or how, and not who: 2024, 09, 2024-09-30, 20240930, html, part-0003.
_UNTELLING = re.compile(
    r"\d[\d._-]*|(?:html?|json|jsonl|te?xts?|raw|pages?|docs?|articles?|data|crawls?|news|output|warcs?)"
    r"|(?:part|chunk|batch|shard|page|day|week|month|vol)[\W_]*\d+",
    re.IGNORECASE,
)


def outlet_of(url: str | None, name: str | None, place: str) -> str:
    """The registered domain of ``url``, else what the crawl calls the outlet, else its folder.

    ``place`` is the path of the file in the crawl.

    >>> outlet_of("https://www.example.com/1", "The Example", "a.jsonl")
    'example.com'
    >>> outlet_of(None, "The Example", "a.jsonl")
    'The Example'
    >>> outlet_of(None, None, "the-example/2024/09/story.txt"), outlet_of(None, None, "story.txt.gz")
    ('the-example', 'story')
    """
    found = registered_domain(url)
    if found is None and name:
        found = domain_of_name(name) or name
    return found or _outlet_of_place(place)


@lru_cache(maxsize=4096)
def _outlet_of_place(place: str) -> str:
    """The deepest folder that names somebody; a folder that is a domain first; else the file's stem."""
    *folders, file_name = place.split("/")
    for folder in folders:
        if domain := domain_of_name(folder):
            return domain
    telling = [folder for folder in folders if not _UNTELLING.fullmatch(folder)]
    return telling[-1] if telling else stem_of(file_name)
