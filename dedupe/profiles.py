"""Stories -> profiles: the one place where text, sketch and match meet."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence

from dedupe import match, sketch, text
from dedupe.config import Config
from dedupe.match import Profile
from dedupe.model import Story

ROOM = 1 << 20  # tokens of all profiles on a shelf; one takes some 65 bytes with its text


class Shelf:
    """Profiles by what they were made of. Those asked for longest ago give way."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._made: OrderedDict[Hashable, Profile] = OrderedDict()

    def get(self, key: Hashable) -> Profile | None:
        """The profile made of this, if it is still there."""
        made = self._made.get(key)
        if made is not None:
            self._made.move_to_end(key)
        return made

    def put(self, key: Hashable, made: Profile) -> None:
        """Keep a profile that is not there."""
        self._made[key] = made
        self.room -= made.tokens
        while self.room < 0:
            self.room += self._made.popitem(last=False)[1].tokens


def profiles(stories: Sequence[Story], config: Config, compiled: bool = True) -> list[Profile]:
    """What verification needs of each story; ``compiled=False`` for a few, without loading a compiler."""
    tokens = text.tokenize([story.text for story in stories], compiled)
    hashes, first_hash = sketch.shingle_hashes(tokens, config.sketch, compiled)
    return match.make_profiles(stories, tokens, hashes, first_hash, compiled)
