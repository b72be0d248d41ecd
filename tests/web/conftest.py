"""A real service on a real socket, over the index of the shipped crawl, or over one of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest

MAIN = [sys.executable, "-c", "from dedupe.cli import main; main()"]
TOKEN = "a token of the tests, long enough"


@dataclass(frozen=True, slots=True)
class Served:
    """A running service. What it logs goes to ``log``."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False)


@contextmanager
def served(db: Path, *options: str, log: Path) -> Iterator[Served]:
    """`dedupe serve` on a free port, stopped afterwards; it has to stop by itself, and without a fault."""
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*MAIN, "serve", "--db", str(db), "--port", "0", "--readers", "2", *options],
            stdout=subprocess.PIPE, stderr=stream, text=True,
            env={**os.environ, "DEDUPE_TOKEN": TOKEN},
        )  # fmt: skip
    try:
        yield Served(_address(process), process, log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _address(process: subprocess.Popen[str]) -> str:
    stream: IO[str] | None = process.stdout
    assert stream is not None
    with stream:
        line = stream.readline()
    assert "serving" in line, line
    return line.split()[-1]


@pytest.fixture(scope="session")
def service(samples_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Read-only, over the shipped crawl."""
    with served(samples_db, log=tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def client(service: Served) -> Iterator[httpx.Client]:
    """Talks to :func:`service`."""
    with service.client() as made:
        yield made


def dedupe(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command."""
    return subprocess.run([*MAIN, *map(str, arguments)], input=stdin, capture_output=True, check=False)
