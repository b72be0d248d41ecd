"""How names of organisations are compared: in every stage, in filters and on the command line alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def folded(name: str) -> str:
    """A name without what writers of it differ in: case, width and spaces.

    >>> folded(" Agence  France-Presse") == folded("AGENCE FRANCE-PRESSE"), folded("ＡＦＰ")
    (True, 'afp')
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def meant(name: str, known: Iterable[str]) -> str | None:
    """A question for somebody who wrote a name that is none of those that are known, if some are like it.

    >>> meant("harbor-post.example", ["harbour-post.example", "inland.example"])
    'did you mean harbour-post.example?'
    """
    called = {folded(each): each for each in sorted(known, reverse=True)}
    near = get_close_matches(folded(name), called, n=3, cutoff=0.75)
    near += [each for each in sorted(called) if folded(name) in each and each not in near][: 3 - len(near)]
    return f"did you mean {' or '.join(called[each] for each in near)}?" if near else None
