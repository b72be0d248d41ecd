"""What a page's JSON-LD says of its article: schema.org, by @id, in a @graph, or in a broken block."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

MAX_NODES = 400
MAX_DEPTH = 8
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Story|Critique)$", re.IGNORECASE)
_PAGE = frozenset(("WebPage", "ItemPage", "VideoObject", "AudioObject", "CreativeWork"))
_WRAPPER = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)+|(?://\s*)?(?:-->|\]\]>)+\s*;?\s*$")
_STRING = r'"((?:[^"\\\n]|\\.){1,300})"'
_BROKEN = {
    key: re.compile(rf'"{key}"\s*:\s*(?:\[?\s*\{{[^{{}}]{{0,300}}?"name"\s*:\s*)?{_STRING}')
    for key in ("headline", "datePublished", "author", "publisher")
}
Node = Mapping[str, Any]


class Linked:
    """The nodes of all blocks of one page, with references resolved."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self._nodes: list[Node] = []
        for block in blocks:
            self._nodes.extend(_nodes(_value(block)))
        self.article = self._article()
        self._by_id = {
            str(node["@id"]): node for node in reversed(self._nodes) if "@id" in node and len(node) > 1
        }

    def _article(self) -> Node:
        """The node of the page's article: the most telling one of an article's type, else of a page's."""
        articles = [node for node in self._nodes if any(_ARTICLE.search(kind) for kind in _types(node))]
        found = articles or [node for node in self._nodes if _PAGE.intersection(_types(node))]
        return max(found, key=_weight, default={})

    def resolved(self, value: Any) -> Any:
        """``value``, or what it refers to by @id."""
        if isinstance(value, Mapping) and "@id" in value and "name" not in value:
            return self._by_id.get(str(value["@id"]), value)
        return value

    def names(self, value: Any, depth: int = 0) -> list[str]:
        """The names of persons and organisations in ``value``: a string, a node, a list of them."""
        if depth > 3 or value is None:
            return []
        if isinstance(value, str):
            return [value] if value.strip() else []
        if isinstance(value, list):
            return [name for item in value[:20] for name in self.names(item, depth + 1)]
        node = self.resolved(value)
        if not isinstance(node, Mapping):
            return []
        own = node.get("name") or " ".join(
            filter(None, map(_string, (node.get("givenName"), node.get("familyName"))))
        )
        return self.names(own, depth + 1)


def _value(block: str) -> Any:
    """The block's value; out of a block that is not JSON, the fields that can still be read."""
    text = block.strip()
    if text[:1] not in ("{", "["):
        text = _WRAPPER.sub("", text).strip()
    try:
        return orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        pass
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return _salvaged(text)


def _salvaged(text: str) -> Node:
    found = {key: match[1] for key, pattern in _BROKEN.items() if (match := pattern.search(text))}
    return {"@type": "Article", **found} if "headline" in found or "datePublished" in found else {}


def _nodes(value: Any) -> Iterator[Node]:
    """All objects in ``value``, from the outside in."""
    stack = [(value, 0)]
    count = 0
    while stack and count < MAX_NODES:
        item, depth = stack.pop()
        if isinstance(item, Mapping):
            count += 1
            yield item
            children: Iterable[Any] = item.values()
        else:
            children = item if isinstance(item, list) else ()
        if depth < MAX_DEPTH:
            stack.extend((c, depth + 1) for c in reversed(list(children)) if isinstance(c, Mapping | list))


def _types(node: Node) -> list[str]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [k.rpartition("/")[2] for k in kinds if isinstance(k, str)]


def _weight(node: Node) -> int:
    telling = (
        "headline",
        "datePublished",
        "author",
        "publisher",
        "articleBody",
        "mainEntityOfPage",
        "description",
    )
    return sum(key in node for key in telling)


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None
