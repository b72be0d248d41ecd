"""How names of organisations are compared: in every stage, in filters and on the command line alike."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """A name without what writers of it differ in: case, width and spaces.

    >>> folded(" Agence  France-Presse") == folded("AGENCE FRANCE-PRESSE"), folded("ＡＦＰ")
    (True, 'afp')
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
