"""File names and links inside the site. Nothing a page says of itself becomes part of a path."""

from __future__ import annotations

import hashlib
import re

_HEX = re.compile(r"[0-9a-f]{6,64}")
_UNSAFE = re.compile(r"[^a-z0-9]+")


def story_path(cluster_id: str) -> str:
    """Relative to the site; an id that is not hexadecimal is replaced by its hash.

    >>> story_path("9f3c2a77d01b"), story_path("../../etc/passwd")
    ('story/9f/9f3c2a77d01b.html', 'story/37/3754d6cb3a38e118.html')
    """
    name = cluster_id if _HEX.fullmatch(cluster_id) else _hash(cluster_id, 16)
    return f"story/{name[:2]}/{name}.html"


def entity_path(folder: str, name: str) -> str:
    """The page of an outlet or agency: its name where that is ASCII, and a hash that keeps it unique.

    >>> entity_path("outlet", "harbour-post.example")
    'outlet/harbour-post-example-fe34de6d.html'
    """
    slug = _UNSAFE.sub("-", name.casefold())[:40].strip("-")
    return f"{folder}/{slug}{'-' if slug else ''}{_hash(name, 8)}.html"


def _hash(name: str, digits: int) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
