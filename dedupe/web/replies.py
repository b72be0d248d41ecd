"""What a reader sends back, and how an error becomes a status."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from dedupe.errors import DedupeError, IndexBusy, InputError, NotFound

JSON, HTML, SCRIPT = "application/json", "text/html; charset=utf-8", "text/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """A response without its frame. ``verdicts`` are those it holds, to be counted."""

    body: bytes
    kind: str = JSON
    status: int = 200
    verdicts: tuple[str, ...] = ()


class Refusal(DedupeError):
    """A request that is answered with a status of its own."""

    def __init__(self, status: int, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


def reply(value: object, verdicts: tuple[str, ...] = ()) -> Reply:
    """JSON as the command line writes it."""
    return Reply(orjson.dumps(value), verdicts=verdicts)


def problem(message: str, hint: str | None = None) -> dict[str, str | None]:
    """An error as programs read it: the two lines of the command line."""
    return {"error": message, "hint": hint}


def refused(error: DedupeError) -> Reply:
    """The reply for an error that was raised on purpose."""
    return Reply(orjson.dumps(problem(error.message, error.hint)), status=status_of(error))


def status_of(error: DedupeError) -> int:
    """Ours where it says so; else by what happened: not there, not usable, not now."""
    if isinstance(error, Refusal):
        return error.status
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, InputError):
        return 422
    return 503 if isinstance(error, IndexBusy) else 500
