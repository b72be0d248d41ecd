"""What every request has to keep, before anything looks at it, and what every response carries."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dedupe.web.replies import Refusal
from dedupe.web.settings import Settings

DRAINED = 16  # times the largest body
MOST_CLIENTS = 10_000  # whose rate is remembered

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Headed:
    """Gives every response the headers that keep a page from being turned against its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, headed if scope["type"] == "http" else send)


class Bounded:
    """Ends the reading of a body that is too large, or takes too long to arrive.

    What is too large is still read for a while and thrown away: a client that is cut off while it sends
    does not get to see why.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._most = settings.max_body
        self._seconds = settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        got = 0
        ends = asyncio.get_running_loop().time() + self._seconds

        async def bounded() -> Message:
            nonlocal got
            try:
                async with asyncio.timeout_at(ends):
                    message = await receive()
                    got += len(message.get("body", b""))
                    while self._most < got < DRAINED * self._most and message.get("more_body"):
                        message = await receive()
                        got += len(message.get("body", b""))
            except TimeoutError as error:
                raise Refusal(408, f"the request took longer than {self._seconds:g} s to arrive") from error
            if got > self._most:
                raise Refusal(
                    413, f"the request is larger than {self._most} bytes", hint="send fewer articles"
                )
            return message

        await self._app(scope, bounded, send)


class Rate:
    """So many requests a second for each address over a longer time, and some more at once: a bucket of
    tokens a client, the least recently seen clients forgotten first."""

    def __init__(self, a_second: float) -> None:
        self._a_second = a_second
        self._room = max(1.0, 2 * a_second)
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, since when

    def wait(self, client: str, now: float) -> float:
        """Seconds until this client may ask; 0 takes a token.

        >>> rate = Rate(1)
        >>> [rate.wait("a", now) for now in (0, 0, 0, 1)], rate.wait("b", 1)
        ([0.0, 0.0, 1.0, 0.0], 0.0)
        """
        tokens, since = self._clients.pop(client, (self._room, now))
        tokens = min(self._room, tokens + (now - since) * self._a_second)
        missing = 1.0 - tokens
        self._clients[client] = (tokens if missing > 0 else tokens - 1.0, now)
        if len(self._clients) > MOST_CLIENTS:
            self._clients.popitem(last=False)
        return max(0.0, missing / self._a_second)
