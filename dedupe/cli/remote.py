"""Asking a running service, with nothing but the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from dedupe.errors import DedupeError, InputError

if TYPE_CHECKING:
    from dedupe.crawl import Record

SECONDS = 60.0


def ask(server: str, record: Record, named: Mapping[str, str | None]) -> bytes:
    """The service's answer about a record, as JSON. ``named`` becomes parameters.

    Raises:
        InputError: the address is none, or the service refuses the article. DedupeError: it does not
            answer, or is no service of ours.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.parse import urlencode, urlsplit
    from urllib.request import Request, urlopen

    from dedupe.article import sendable
    from dedupe.config import Config

    if urlsplit(server).scheme not in ("http", "https"):
        raise InputError(f"--server {server!r} is no address", hint="for example http://127.0.0.1:8765")
    content_type, body = sendable(record, Config().crawl)
    given = urlencode({name: value for name, value in named.items() if value})
    request = Request(f"{server.rstrip('/')}/query?{given}", body, {"Content-Type": content_type})
    try:
        with urlopen(request, timeout=SECONDS) as response:
            packed: bytes = response.read()
        if "verdict" not in orjson.loads(packed):
            raise ValueError
    except HTTPError as error:
        raise _refusal(server, error.code, error.read()) from error
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise DedupeError(f"{server} does not answer: {reason}", hint="dedupe serve --db FILE") from error
    except (ValueError, TypeError) as error:
        raise DedupeError(f"{server} answers something else", hint="name a running dedupe serve") from error
    return packed


def _refusal(server: str, status: int, body: bytes) -> DedupeError:
    """The service's own two lines, where it sent them."""
    try:
        problem = orjson.loads(body)
        message, hint = str(problem["error"]), problem["hint"]
    except (ValueError, TypeError, KeyError):
        return DedupeError(f"{server} answers with status {status}", hint="name a running dedupe serve")
    kind = InputError if status < 500 else DedupeError
    return kind(f"{server}: {message}", hint=hint)
