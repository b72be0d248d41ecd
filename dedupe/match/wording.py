"""How much of one story's wording stands in another, where sentences were rewritten and no passage survived.

The measure is the share of a story's word pairs, at most two places apart, that the other has too: one
inserted or exchanged word breaks one pair in two, not five shingles. It is no ground for joining stories:
independent reports of one event reach 0.1 to 0.2 of it (they name the same people and places), and so does
a rewrite in another newspaper's words. It helps whoever compares two stories that are known to belong to
one event, a newspaper's and an agency's.
"""

from __future__ import annotations

from dedupe.match.profiles import Profile

REACH = 2


def wording(story: Profile, other: Profile) -> float:
    """The share of the distinct word pairs of ``story`` that ``other`` has; 0 for less than two words."""
    own = _word_pairs(story)
    return len(own & _word_pairs(other)) / len(own) if own else 0.0


def _word_pairs(story: Profile) -> set[tuple[str, str]]:
    text = story.story.text
    spans = zip(story.char_begin.tolist(), story.char_end.tolist(), strict=True)
    words = [text[begin:end].casefold() for begin, end in spans]
    return {pair for apart in range(1, REACH + 1) for pair in zip(words, words[apart:], strict=False)}
