"""What an index was made with: kept in it, and compared whenever it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

import orjson

from dedupe.store import documents, stages
from dedupe.store.database import get_meta, put_meta, require_meta


def settle(
    connection: sqlite3.Connection, parameters: Mapping[str, str], agencies: bytes, make: Callable[[], bytes]
) -> bytes:
    """The permutations of an index, once its parameters are known to be these; ``make`` makes those of a
    new one, which gets the parameters.

    Other agencies only mean that every story is cleaned anew.

    Raises:
        ConfigMismatch: the index was made with other parameters.
    """
    for name, value in parameters.items():
        require_meta(connection, name, value.encode())
    if get_meta(connection, "agencies") != agencies:
        put_meta(connection, "agencies", agencies)
        stages.send_all(connection, stages.Stage.SIGN)
    packed = get_meta(connection, "permutations")
    if packed is None:
        packed = make()
        put_meta(connection, "permutations", packed)
    return packed


Fields = tuple[tuple[str, str], ...]


def fields(connection: sqlite3.Connection, given: Fields, concerned: Callable[[str], bool]) -> Fields:
    """The names of fields that are ``given``, else those given last.

    Other names than last time let the next run read those files again whose paths are ``concerned``.
    """
    stored = get_meta(connection, "fields")
    if not given:
        return () if stored is None else tuple((ours, theirs) for ours, theirs in orjson.loads(stored))
    packed = orjson.dumps(given)
    if packed != stored:
        put_meta(connection, "fields", packed)
        documents.read_again(connection, concerned)
    return given
