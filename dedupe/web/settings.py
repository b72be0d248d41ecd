"""What `dedupe serve` was told, and the limits it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8765


@dataclass(frozen=True, slots=True)
class Settings:
    """One service.

    ``token`` is what a client that adds documents must send, None where nobody may. ``rate`` is how
    many requests a second one address may make over a longer time, None for any number.
    """

    db: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    readers: int = 2  # processes that answer
    token: str | None = None
    rate: float | None = None
    max_body: int = 8 << 20  # bytes of a request
    answer_seconds: float = 10.0  # one question may take a reader this long
    body_seconds: float = 30.0  # a request may take this long to arrive
    stop_seconds: float = 10.0  # requests that are under way may take this long when it stops
    most_waiting: int = 256  # questions that wait for a reader
    most_articles: int = 500  # of one request
    most_queued: int = 5_000  # documents that wait to be added

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False
