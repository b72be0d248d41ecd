"""``metadata.yaml`` for Datasette: what the tables and views are, and questions to begin with."""

from __future__ import annotations

from importlib.resources import files

import orjson

from dedupe.errors import InputError
from dedupe.report.data import Filters


def metadata(database: str) -> bytes:
    """YAML for an index that Datasette will know as ``database``: its file's name without a suffix."""
    template = (files("dedupe.report") / "datasette.yaml").read_text("utf-8")
    head, _, body = template.partition("databases:\n  DATABASE:")
    name = orjson.dumps(database).decode()  # a JSON string is a YAML string
    return f"{head.replace('DATABASE', f'{database}.db')}databases:\n  {name}:{body}".encode()


def refuse_filters(filters: Filters) -> None:
    """Datasette shows the index itself, whole.

    Raises:
        InputError: a filter was given.
    """
    if filters != Filters():
        raise InputError("datasette shows the whole index", hint="filter in Datasette, or choose a format")
