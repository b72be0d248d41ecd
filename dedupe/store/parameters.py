"""The parameters an index was made with, and the seal over them.

What is stored depends on them, so a value that has changed by itself must not be taken for what was asked
for: the seal is a hash of all of them, made when they are written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

import orjson
import xxhash

from dedupe.config import Config
from dedupe.errors import Damaged
from dedupe.store import documents, stages
from dedupe.store.database import get_meta, put_meta, require_meta

SEAL = "seal"
SEALED = (*Config().parameters(), "fold_table", "agencies", "permutations")


def settle(
    connection: sqlite3.Connection, parameters: Mapping[str, str], agencies: bytes, make: Callable[[], bytes]
) -> bytes:
    """The permutations of an index, once its parameters are known to be these; ``make`` makes those of a
    new one, which gets the parameters.

    Other agencies only mean that every story is cleaned anew.

    Raises:
        ConfigMismatch: the index was made with other parameters. Damaged: they are not what was written.
    """
    require_seal(connection)
    for name, value in parameters.items():
        require_meta(connection, name, value.encode())
    if get_meta(connection, "agencies") != agencies:
        put_meta(connection, "agencies", agencies)
        stages.send_all(connection, stages.Stage.SIGN)
    packed = get_meta(connection, "permutations")
    if packed is None:
        packed = make()
        put_meta(connection, "permutations", packed)
    seal(connection)
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
        paths = connection.execute("SELECT file, path FROM files").fetchall()
        documents.read_again(connection, [file for file, path in paths if concerned(path)])
    return given


def seal(connection: sqlite3.Connection) -> None:
    """Seal the parameters as they are now. The caller holds the transaction."""
    made = _hash(_stored(connection))
    if get_meta(connection, SEAL) != made:
        put_meta(connection, SEAL, made)


def is_sealed(connection: sqlite3.Connection) -> bool:
    """Whether the parameters are those that were sealed; those of an index without a seal always are."""
    return get_meta(connection, SEAL) in (None, _hash(_stored(connection)))


def require_seal(connection: sqlite3.Connection) -> None:
    """Refuse to go on with parameters that are not those that were written.

    Raises:
        Damaged: they are not.
    """
    if not is_sealed(connection):
        raise Damaged(
            "the parameters in this index are not those that were written",
            hint="dedupe check --repair --db FILE",
        )


def is_seal_of(connection: sqlite3.Connection, values: Mapping[str, bytes]) -> bool:
    """Whether the seal is the one over these parameters, or all that is stored of them agrees with them."""
    stored = _stored(connection)
    return get_meta(connection, SEAL) == _hash(values) or stored.items() <= values.items()


def _stored(connection: sqlite3.Connection) -> dict[str, bytes]:
    marks = ", ".join("?" * len(SEALED))
    found = connection.execute(f"SELECT key, value FROM meta WHERE key IN ({marks})", SEALED)
    return {key: value if isinstance(value, bytes) else str(value).encode() for key, value in found}


def _hash(values: Mapping[str, bytes]) -> bytes:
    digest = xxhash.xxh3_128()
    for key, value in sorted(values.items()):
        digest.update(f"{key} {len(value)} ".encode() + value)
    return digest.hexdigest().encode()
