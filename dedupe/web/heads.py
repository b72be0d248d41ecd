"""What uvicorn leaves open: how long and how large the head of a request may be.

Its ``httptools`` protocol waits for the rest of a head without end, and keeps whatever comes.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES = 64 << 10
_REFUSED = {
    408: b"HTTP/1.1 408 Request Timeout\r\n",
    431: b"HTTP/1.1 431 Request Header Fields Too Large\r\n",
}


def protocol_of(seconds: float) -> type[HttpToolsProtocol]:
    """The protocol for connections whose heads have ``seconds`` to arrive, each from its first byte, the
    first of a connection from its opening."""
    return type("Punctual", (_Punctual,), {"head_seconds": seconds})


class _Punctual(HttpToolsProtocol):
    head_seconds: float
    _ends: asyncio.TimerHandle | None = None
    _got = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._got += len(data)
        if self._ends is not None and self._got > MOST_BYTES:
            self._refuse(431)

    def _await_head(self) -> None:
        if self._ends is None:
            self._got = 0
            self._ends = self.loop.call_later(self.head_seconds, self._refuse, 408)

    def _stop_waiting(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _refuse(self, status: int) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(_REFUSED[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()
