"""A page's DOM, parsed once: the main text, the metadata and the credits are all read from one tree."""

from __future__ import annotations

import html
import re
from typing import Any

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import ElementNode, HTMLTree

# The serialiser quotes every value with ", so a > inside one does not end a tag.
_TAG = re.compile(r'<!--.*?-->|<(?:[^<>"]|"[^"]*")*>', re.DOTALL)


def select(tree: HTMLTree, selectors: str) -> list[ElementNode]:
    """The elements that match, in the order of the page."""
    document = tree.document
    # Iterating over the collection itself walks the page again for every element: twenty times slower.
    return [] if document is None else document.query_selector_all(selectors).values()


def text_of(node: ElementNode) -> str:
    """The text of a small element on one line, with a space wherever a tag stands.

    >>> text_of(select(HTMLTree.parse("<p>By<b>Ida Mole</b></p>"), "p")[0])
    'By Ida Mole'
    """
    text = node.text or ""
    if node.child_element_count and text:
        text = html.unescape(_TAG.sub(" ", node.inner_html))
    return " ".join(text.split())


def attribute(node: ElementNode, name: str) -> str:
    """The value of an attribute, empty where there is none."""
    return node.getattr(name) or ""


def visible_text(page: HTMLTree | str, **options: Any) -> str:
    """What a reader sees, block by block on lines of its own; linear in the size of the page.

    ``options`` are those of resiliparse: ``main_content``, ``skip_elements``…
    """
    text = extract_plain_text(page, preserve_formatting=True, list_bullets=False, alt_texts=False, **options)
    return str(text)
