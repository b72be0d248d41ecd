"""The addresses that answer JSON."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from dedupe.model import Role
from dedupe.report.data import Filters
from dedupe.web import contract, questions
from dedupe.web.bodies import articles_of
from dedupe.web.contract import problems
from dedupe.web.figures import CONTENT_TYPE
from dedupe.web.inbox import Posted
from dedupe.web.readers import Broken
from dedupe.web.replies import JSON, Refusal, Reply
from dedupe.web.service import Service

MOST_CLUSTERS = 500
Name = Annotated[str | None, Query(max_length=500)]
_bearer = Depends(HTTPBearer(auto_error=False, description="The token of `dedupe serve --writable`."))


def response(reply: Reply) -> Response:
    """A reply in its frame.

    Raises:
        Refusal: it is a problem; who asked gets it in the form that suits them.
    """
    if reply.status >= 400 and reply.kind == JSON:
        told = orjson.loads(reply.body)
        raise Refusal(reply.status, told["error"], hint=told["hint"])
    return Response(reply.body, reply.status, media_type=reply.kind)


def query_router(service: Service) -> APIRouter:
    """The question that it is all about."""
    router = APIRouter()
    most = service.settings.most_articles

    @router.post(
        "/query",
        summary="Is this article a repost: of what, by whom, which passages?",
        description="One article is answered by one answer, a list by a list of answers and problems.",
        openapi_extra=contract.article_body(most),
        responses={
            200: {"model": contract.Answer | list[contract.Answer | contract.Problem]},
            **problems(400, 408, 413, 415, 422, 429, 503),
        },
    )
    async def query(request: Request, byline: Name = None, outlet: Name = None) -> Response:
        body = await request.body()
        asked = articles_of(request.headers.get("content-type", ""), body, most)
        ask = service.query_all if asked.several else service.query
        reply = await ask(asked.each, byline, outlet)
        service.figures.count(reply.verdicts)
        return response(reply)

    return router


def looking_router(service: Service) -> APIRouter:
    """What is in the index, by name."""
    router = APIRouter()

    @router.get(
        "/documents/{id:path}",
        summary="A document, its text and its clusters",
        responses={200: {"model": contract.Document}, **problems(404, 429, 503)},
    )
    async def document(id: str) -> Response:
        return response(await service.readers.ask(questions.document, id))

    @router.get(
        "/clusters/{id:path}",
        summary="A story with its copies and its origin",
        responses={200: {"model": contract.Cluster}, **problems(404, 429, 503)},
    )
    async def cluster(id: str) -> Response:
        return response(await service.readers.ask(questions.cluster, id))

    @router.get(
        "/outlets/{name:path}",
        summary="What an outlet or an agency wrote, copied, and had taken from it",
        responses={200: {"model": contract.Outlet}, **problems(404, 429, 503)},
    )
    async def outlet_figures(name: str) -> Response:
        return response(await service.readers.ask(questions.outlet, name))

    @router.get(
        "/pairs",
        summary="The verified pairs of a document",
        responses={200: {"model": contract.Pairs}, **problems(404, 422, 429, 503)},
    )
    async def pairs(document: str) -> Response:
        return response(await service.readers.ask(questions.pairs_of, document))

    return router


def clusters_router(service: Service) -> APIRouter:
    """The list of clusters."""
    router = APIRouter()

    @router.get(
        "/clusters",
        summary="The stories that pass the filters of `dedupe report`, a page at a time",
        responses={200: {"model": contract.Clusters}, **problems(422, 429, 503)},
    )
    async def clusters(
        filters: Annotated[Filters, Depends(_filters)],
        limit: Annotated[int, Query(ge=1, le=MOST_CLUSTERS)] = 100,
        cursor: Annotated[str, Query(max_length=100, description="`next` of the page before")] = "",
    ) -> Response:
        return response(await service.readers.ask(questions.listed, filters, cursor, limit))

    return router


def _filters(
    since: Annotated[str | None, Query(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}", max_length=30)] = None,
    outlet: Name = None,
    agency: Name = None,
    min_size: Annotated[int, Query(ge=1, le=10**9)] = 1,
    role: Role | None = None,
) -> Filters:
    return Filters(since=since, outlet=outlet, agency=agency, min_size=min_size, role=role)


def state_router(service: Service) -> APIRouter:
    """How the service is."""
    router = APIRouter()

    @router.get(
        "/healthz",
        summary="Whether it can answer",
        responses={200: {"model": contract.Health}, **problems(429), 503: {"model": contract.Health}},
    )
    async def health() -> Response:
        readers, fault = service.readers.alive, service.keeper.fault if service.keeper else None
        status = "ok" if readers else "failing"
        body = {"status": status, "readers": readers, "queued": service.queued, "fault": fault}
        return Response(orjson.dumps(body), 200 if readers else 503, media_type="application/json")

    @router.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(429)},
    )
    async def metrics() -> Response:
        return Response(service.figures.text(), media_type=CONTENT_TYPE)

    return router


def additions_router(service: Service) -> APIRouter:
    """What only the holder of the token may do."""
    router = APIRouter()
    most = service.settings.most_articles

    @router.post(
        "/documents",
        status_code=202,
        summary="Add documents; one that is sent again replaces what was sent under its id before",
        description="Each names its `url` or its `outlet`. Where one of a list cannot be read none is added.",
        openapi_extra=contract.json_body(most),
        responses={202: {"model": contract.Accepted}, **problems(400, 401, 408, 413, 415, 422, 429, 503)},
    )
    async def add(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, _bearer]
    ) -> Response:
        _authorise(service, given)
        assert service.inbox is not None
        assert service.keeper is not None
        content_type = request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, f"no document comes as {content_type!r}", hint="send application/json")
        asked = articles_of(content_type, await request.body(), most)
        try:
            checked = await service.readers.ask(questions.check, asked.each)
        except Broken as broken:
            raise Refusal(
                422, f"reading these articles {broken.reason}", hint="nothing was added"
            ) from broken
        if checked.status != 200:
            return response(checked)
        posted = [Posted(*each) for each in orjson.loads(checked.body)]
        await asyncio.to_thread(service.inbox.put, posted)
        service.keeper.wake()
        accepted: dict[str, Any] = {"accepted": len(posted), "ids": [each.id for each in posted]}
        return Response(orjson.dumps(accepted), 202, media_type="application/json")

    return router


def _authorise(service: Service, given: HTTPAuthorizationCredentials | None) -> None:
    """
    Raises:
        Refusal: the token is missing or wrong.
    """
    token = service.settings.token or ""
    sent = "" if given is None else given.credentials
    if not token or not secrets.compare_digest(sent.encode(), token.encode()):
        raise Refusal(401, "adding documents needs the token", hint="send it as Authorization: Bearer …")
