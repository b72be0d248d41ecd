"""The addresses that answer pages: the form and its answer, and the report's pages, made when asked for."""

from __future__ import annotations

import re
from contextlib import suppress
from importlib.resources import files

from fastapi import APIRouter, BackgroundTasks, Request, Response
from starlette.datastructures import FormData, UploadFile

from dedupe.article import Form
from dedupe.errors import DedupeError
from dedupe.web import lists, live
from dedupe.web.api import response
from dedupe.web.bodies import FORMS, Article
from dedupe.web.readers import Broken
from dedupe.web.replies import Refusal
from dedupe.web.service import Service

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_PAGE = re.compile(r"\s*<(?:!doctype|html)\b", re.IGNORECASE)
_SUFFIX_FORMS = {"html": Form.PAGE, "htm": Form.PAGE, "json": Form.JSON}
_FIELD_BYTES = 1 << 12  # of a byline


def router(service: Service) -> APIRouter:
    """All of them. None reads a file by a name that was asked for."""
    router = APIRouter(include_in_schema=False)
    kept = assets()

    async def begin_lists() -> None:
        with suppress(DedupeError, Broken):  # who asks for them is told
            await service.count(lists.begin, "")

    @router.get("/")
    async def ask(background: BackgroundTasks) -> Response:
        background.add_task(begin_lists)
        return response(live.ask())

    @router.post("/")
    async def answer(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=4, max_part_size=service.settings.max_body) as form:
            article = await _article(form)
            named = [str(form.get(name) or "")[:_FIELD_BYTES] for name in ("byline", "outlet")]
        try:
            return response(await service.readers.ask(live.answer, article, *named))
        except Broken as broken:
            raise Refusal(422, f"reading this article {broken.reason}") from broken

    @router.get("/story/{folder}/{name}")
    async def story(folder: str, name: str) -> Response:
        return response(await service.readers.ask(live.story, f"story/{folder}/{name}"))

    @router.get("/assets/{name}")
    async def asset(name: str) -> Response:
        if name not in kept:
            raise Refusal(404, f"there is no {name!r}")
        return Response(kept[name], media_type=TYPES[name.rpartition(".")[2]])

    async def counted(request: Request) -> Response:
        return response(await service.count(lists.page, request.url.path.removeprefix("/")))

    for path in ("/{name}.html", "/outlet/{name}.html", "/agency/{name}.html", "/data/{name}.js"):
        router.add_api_route(path, counted)
    return router


def assets() -> dict[str, bytes]:
    """The style sheets and scripts of the report's pages and of ours."""
    found = {}
    for package in ("dedupe.report.site", "dedupe.web"):
        for asset in files(package).joinpath("assets").iterdir():
            if asset.name.rpartition(".")[2] in TYPES:
                found[asset.name] = asset.read_bytes()
    return found


async def _article(form: FormData) -> Article:
    """What was dropped, else what was pasted.

    Raises:
        Refusal: neither.
    """
    file, text = form.get("file"), form.get("text")
    if isinstance(file, UploadFile) and file.size:
        name = (file.filename or "").lower()
        kind = (file.content_type or "").partition(";")[0]
        return Article(
            _SUFFIX_FORMS.get(name.rpartition(".")[2]) or FORMS.get(kind, Form.TEXT), await file.read()
        )
    if isinstance(text, str) and text.strip():
        return Article(Form.PAGE if _PAGE.match(text) else Form.TEXT, text.encode(), "utf-8")
    raise Refusal(
        422, "nothing was pasted and no file was chosen", hint="paste an article, or choose its file"
    )
