"""The parameters that an index is made with: settled when it is new, compared ever after.

Everything that changes what is stored is among them: those of the stages, the table by which letters are
folded, the permutations of the signatures, the agencies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from dedupe.config import Config, pack_agencies, unpack_agencies
from dedupe.errors import Damaged, DedupeError
from dedupe.sketch import Permutations, make_permutations
from dedupe.store import documents, parameters
from dedupe.store.database import get_meta
from dedupe.store.findings import Finding, Part, finding
from dedupe.text import fold_table


def settled_with(connection: sqlite3.Connection, config: Config) -> Permutations:
    """The permutations of an index, once its parameters are known to be those of ``config``.

    A new index gets the parameters. Other agencies only mean that every story is cleaned anew.

    Raises:
        ConfigMismatch: the index was made with other parameters. Damaged: they are not what was written.
    """
    made = partial(_permutations, config)
    packed = parameters.settle(connection, _named(config), pack_agencies(config.text.agencies), made)
    return Permutations.from_bytes(packed, config.sketch.seed)


def _permutations(config: Config) -> bytes:
    return make_permutations(config.sketch.num_perm, config.sketch.seed).to_bytes()


def stored_config(connection: sqlite3.Connection) -> Config:
    """The configuration that an index was made with.

    Raises:
        Damaged: it cannot be read.
    """
    try:
        named = {key: get_meta(connection, key) for key in Config().parameters()}
        given = {key: value.decode() for key, value in named.items() if value is not None}
        agencies = get_meta(connection, "agencies")
        return Config.of(given, () if agencies is None else unpack_agencies(agencies))
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"the parameters of the index cannot be read: {error}") from error


def salvaged_config(connection: sqlite3.Connection, given: Config | None) -> tuple[Config, bool]:
    """The same where they may be damaged, and whether it is known to be the same.

    It is where they are as they were sealed, or were the default ones; else those ``given`` are taken.

    Raises:
        Damaged: none are given.
    """
    default = Config()
    with suppress(sqlite3.DatabaseError, Damaged):
        if parameters.is_sealed(connection):
            return stored_config(connection), True
    with suppress(sqlite3.DatabaseError):
        if parameters.is_seal_of(connection, _sealed(default)):
            return default, True
    if given is None:
        raise Damaged(
            "the parameters that the index was made with are lost",
            hint="name them: --extractor resiliparse, --agencies FILE",
        )
    return given, False


def faults(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Parameters that are not what was written, or that this version cannot work with."""
    if not parameters.is_sealed(connection):
        yield Finding(Part.PARAMETERS, "they are not what was written", 1, ("meta",))
        return
    # What is missing below a seal that holds was no parameter when the index was made: the default was used.
    if documents.count(connection) and get_meta(connection, parameters.SEAL) is None:
        wanted = (key for key in _sealed(Config()) if get_meta(connection, key) is None)
        yield from finding(Part.PARAMETERS, "it is not there", wanted)
    if (packed := get_meta(connection, "permutations")) is None:
        return
    try:
        config = stored_config(connection)
        if packed != _permutations(config):
            yield Finding(Part.PARAMETERS, "they are not those of num_perm and seed", 1, ("permutations",))
    except DedupeError as error:
        yield Finding(Part.PARAMETERS, "they cannot be read", 1, (error.message,))
    if get_meta(connection, "fold_table") != fold_table().fingerprint.encode():
        yield Finding(Part.PARAMETERS, "it is another one than this version's", 1, ("fold_table",))


def _named(config: Config) -> dict[str, str]:
    return {**config.parameters(), "fold_table": fold_table().fingerprint}


def _sealed(config: Config) -> dict[str, bytes]:
    """All that is sealed of an index that is made with ``config``."""
    return {
        **{name: value.encode() for name, value in _named(config).items()},
        "agencies": pack_agencies(config.text.agencies),
        "permutations": _permutations(config),
    }
