"""One process that speaks HTTP: the application put together, and run until it is told to stop."""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from dedupe import __version__
from dedupe.errors import DedupeError, InputError
from dedupe.web import api, live, site
from dedupe.web.figures import Measured
from dedupe.web.heads import protocol_of
from dedupe.web.limits import Bounded, Headed, Rate
from dedupe.web.readers import Broken
from dedupe.web.replies import problem, status_of
from dedupe.web.service import Service
from dedupe.web.settings import Settings

LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
RETRY_SECONDS = {429: "2", 503: "1"}
FAULT = "the service failed at this; its log says why"

_log = logging.getLogger("dedupe.web")


def application(settings: Settings) -> FastAPI:
    """The service as an ASGI application."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="dedupe", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        redirect_slashes=False,
        description="Ask an index of news articles: reposts, clusters, origins, with the evidence.",
    )  # fmt: skip
    app.include_router(api.query_router(service))
    app.include_router(api.looking_router(service))
    app.include_router(api.clusters_router(service))
    app.include_router(api.state_router(service))
    if settings.token is not None:
        app.include_router(api.additions_router(service))
    app.include_router(site.router(service))
    _handle_errors(app)
    if settings.rate is not None:
        app.add_middleware(_Limited, rate=Rate(settings.rate))
    app.add_middleware(Bounded, settings=settings)
    if settings.is_local:  # a page elsewhere must not reach us under a name of its own
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOCAL_NAMES)
    app.add_middleware(Headed)
    app.add_middleware(Measured, figures=service.figures)
    return app


def _handle_errors(app: FastAPI) -> None:
    """Every error is a problem in JSON, or a page for who asked for one; none holds a stack trace."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, DedupeError)
        return _failed(request, status_of(error), error.message, error.hint)

    async def broken(request: Request, error: Exception) -> Response:
        return _failed(request, 503, f"answering this {error}", "ask again")

    async def theirs(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _failed(request, error.status_code, str(error.detail), None, dict(error.headers or {}))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first: dict[str, Any] = error.errors()[0]
        return _failed(request, 422, f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}", None)

    async def unforeseen(request: Request, _: Exception) -> Response:
        return _failed(request, 500, FAULT, None)

    for kind, handler in {
        DedupeError: ours, Broken: broken, HTTPException: theirs, RequestValidationError: invalid,
        Exception: unforeseen,
    }.items():  # fmt: skip
        app.add_exception_handler(kind, handler)


def _failed(
    request: Request, status: int, message: str, hint: str | None, headers: dict[str, str] | None = None
) -> Response:
    headers = dict(headers or {})
    if status in RETRY_SECONDS:
        headers.setdefault("Retry-After", RETRY_SECONDS[status])
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "text/html" in request.headers.get("accept", ""):
        page = live.html(
            request.url.path.lstrip("/"), "error.html", status=status, message=message, hint=hint
        )
        if status in RETRY_SECONDS and request.method == "GET":
            headers["Refresh"] = headers["Retry-After"]  # who looks at a page that is not ready sees it come
        return Response(page.body, status, headers, page.kind)
    return Response(orjson.dumps(problem(message, hint)), status, headers, "application/json")


class _Limited:
    """Refuses who asks too often."""

    def __init__(self, app: ASGIApp, rate: Rate) -> None:
        self._app = app
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = (scope.get("client") or ("",))[0]
        wait = self._rate.wait(client, time.monotonic()) if scope["type"] == "http" else 0.0
        if wait > 0:
            headers = {"Retry-After": str(int(wait) + 1)}
            refused = _failed(Request(scope), 429, "too many requests", "ask more slowly", headers)
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def run(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. ``ready`` is told the address once requests are taken.

    Raises:
        InputError: the address cannot be bound, or requests could not be served.
    """
    listening = _listen(settings)
    config = uvicorn.Config(
        application(settings), log_config=None, access_log=False, server_header=False, proxy_headers=False,
        lifespan="on", timeout_graceful_shutdown=int(settings.stop_seconds), ws="none",
        http=protocol_of(settings.body_seconds),
    )  # fmt: skip
    host, port = listening.getsockname()[:2]
    server = _Server(config, lambda: ready(f"http://{f'[{host}]' if ':' in host else host}:{port}"))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn raises what it caught again when it has stopped
    with listening:
        server.run([listening])
    if not server.started:
        raise InputError("the service could not be started", hint="its log says why")


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        place = f"{settings.host}:{settings.port}"
        raise InputError(
            f"cannot listen on {place}: {error.strerror}",
            hint=f"choose another --{'host' if isinstance(error, socket.gaierror) else 'port'}",
        ) from error
    return listening
