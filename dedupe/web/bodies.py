"""The body of a request -> articles, one or several, not parsed yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

import orjson

from dedupe.article import Form, json_value
from dedupe.errors import InputError
from dedupe.web.replies import Refusal

FORMS = {"text/plain": Form.TEXT, "text/html": Form.PAGE, "application/json": Form.JSON}

#: Fields of a JSON article whose type is promised; others are read as well as they can be.
STRINGS = ("text", "html", "title", "byline", "url", "outlet", "published_at", "language")


@dataclass(frozen=True, slots=True)
class Article:
    """What one article came as."""

    form: Form
    body: bytes
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Articles:
    """``several`` is whether a list was sent, which is answered by a list."""

    each: tuple[Article, ...]
    several: bool


def articles_of(content_type: str, body: bytes, most: int) -> Articles:
    """The articles of a request.

    Raises:
        Refusal: the type is not one of :data:`FORMS`, the JSON is none, or there are none or too many.
    """
    header = Message()
    header["content-type"] = content_type
    form = FORMS.get(header.get_content_type())
    if form is None or not content_type:
        raise Refusal(415, f"no article comes as {content_type!r}", hint=f"send {', '.join(FORMS)}")
    if not body.strip():
        raise Refusal(422, "the request is empty", hint="send an article")
    if form is not Form.JSON:
        charset = header.get_param("charset")
        return Articles((Article(form, body, charset if isinstance(charset, str) else None),), False)
    return _of_json(body, most)


def _of_json(body: bytes, most: int) -> Articles:
    try:
        value = json_value(body)
    except InputError as error:
        raise Refusal(400, error.message) from error
    if not isinstance(value, list):
        check_fields(value, "the article")
        return Articles((Article(Form.JSON, body),), False)
    if not 1 <= len(value) <= most:
        raise Refusal(422, f"{len(value)} articles in one request", hint=f"send 1 to {most} at a time")
    for number, each in enumerate(value, 1):
        check_fields(each, f"article {number}")
    return Articles(tuple(Article(Form.JSON, _packed(each)) for each in value), True)


def check_fields(value: Any, name: str) -> None:
    """
    Raises:
        Refusal: the value is no object, or a field whose type is promised has another one.
    """
    if not isinstance(value, Mapping):
        raise Refusal(422, f"{name} is {_kind(value)}", hint='send an object such as {"text": "…"}')
    for field in STRINGS:
        if not isinstance(value.get(field), str | None):
            raise Refusal(422, f"{field!r} of {name} is {_kind(value[field])}", hint="send a string")
    if not isinstance(value.get("id"), str | int | None) or isinstance(value.get("id"), bool):
        raise Refusal(422, f"'id' of {name} is {_kind(value['id'])}", hint="send a string")


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "a truth value", list: "a list", dict: "an object", str: "a string"}
    return names.get(type(value), "a number")


def _packed(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # a lone surrogate, a number beyond 64 bits
        try:
            return json.dumps(value).encode()
        except RecursionError as error:
            raise Refusal(422, "an article nests too deep") from error
