"""Stories -> profiles: the one place where text, sketch and match meet."""

from __future__ import annotations

from collections.abc import Sequence

from dedupe import match, sketch, text
from dedupe.config import Config
from dedupe.match import Profile
from dedupe.model import Story


def profiles(stories: Sequence[Story], config: Config, compiled: bool = True) -> list[Profile]:
    """What verification needs of each story; ``compiled=False`` for a few, without loading a compiler."""
    tokens = text.tokenize([story.text for story in stories], compiled)
    hashes, first_hash = sketch.shingle_hashes(tokens, config.sketch, compiled)
    return match.profiles(stories, tokens, hashes, first_hash)
