"""The head of a request: slow or endless ones end, the others are answered, on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from dedupe.web.heads import MOST_BYTES, protocol_of

HEAD = b"GET / HTTP/1.1\r\nhost: here\r\n"


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """An application with nothing to say."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(answering, http=protocol_of(0.5), lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join()
    listening.close()


def answered(address: tuple[str, int], *pieces: bytes) -> list[bytes]:
    """The status lines of a connection that sends each piece after an answer to the one before."""
    lines = []
    with closing(socket.create_connection(address, timeout=30)) as connection:
        for piece in pieces:
            connection.sendall(piece)
            lines.append(connection.recv(4096).split(b"\r\n", 1)[0])
    return lines


@pytest.mark.parametrize("begun", [b"", b"GET", HEAD], ids=["nothing", "three letters", "half a head"])
def test_a_head_that_does_not_end_is_refused(address: tuple[str, int], begun: bytes) -> None:
    assert answered(address, begun) == [b"HTTP/1.1 408 Request Timeout"]


def test_a_head_that_stops_on_a_used_connection_is_refused(address: tuple[str, int]) -> None:
    first, second = answered(address, HEAD + b"\r\n", HEAD)
    assert (first, second) == (b"HTTP/1.1 204 No Content", b"HTTP/1.1 408 Request Timeout")


def test_a_head_without_end_is_not_kept(address: tuple[str, int]) -> None:
    endless = HEAD + b"x-much: " + b"a" * MOST_BYTES
    assert answered(address, endless) == [b"HTTP/1.1 431 Request Header Fields Too Large"]


def test_a_whole_head_is_answered(address: tuple[str, int]) -> None:
    assert answered(address, HEAD + b"\r\n") == [b"HTTP/1.1 204 No Content"]
