"""Malformed requests by the thousand: the service answers 4xx, and what its contract says, never 5xx.

``DEDUPE_FUZZ`` multiplies the number of examples.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from conftest import TOKEN, Served, served
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MORE = int(os.environ.get("DEDUPE_FUZZ", "1"))
TYPES = [
    "text/plain",
    "text/html",
    "application/json",
    "text/plain; charset=utf-16",
    "text/html; charset=none",
]
relaxed = settings(
    max_examples=170 * MORE, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def fuzzed(samples_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that may be written to, over an index of its own."""
    folder = tmp_path_factory.mktemp("fuzzed")
    db = folder / "news.db"
    db.write_bytes(samples_db.read_bytes())
    with served(db, "--writable", log=folder / "log") as running:
        yield running
        assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="module")
def sender(fuzzed: Served) -> Iterator[httpx.Client]:
    with fuzzed.client() as client:
        yield client


jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from(
    [
        "text",
        "html",
        "title",
        "byline",
        "url",
        "outlet",
        "published_at",
        "language",
        "id",
        "body",
        "status",
        "author",
    ]
)
# What a client in another language may send: lone surrogates, NaN, numbers of any size.
odd_texts = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["\ud800", "a\x00b", "\u202e" * 9, "é" * 50]
)
records = st.dictionaries(field_names, odd_texts | jsons, max_size=6)


@relaxed
@given(body=st.binary(max_size=400), content_type=st.sampled_from(TYPES))
def test_any_bytes_are_an_article_or_refused(sender: httpx.Client, body: bytes, content_type: str) -> None:
    answer = sender.post("/query", content=body, headers={"content-type": content_type})
    assert answer.status_code in (200, 400, 422)


@relaxed
@given(value=records | st.lists(records, max_size=3) | jsons)
def test_any_json_is_an_article_or_refused(sender: httpx.Client, value: Any) -> None:
    answer = sender.post("/query", content=json.dumps(value), headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400, 422)
    assert isinstance(answer.json(), list) == (isinstance(value, list) and answer.status_code == 200)


@relaxed
@given(
    tags=st.lists(
        st.sampled_from(["<p>", "</p>", "<div>", "<!--", "<script>", "]]>", "&#xd800;", "<b", "\x00", "x "]),
        max_size=80,
    ),
    byline=odd_texts.filter(lambda text: text.isascii()),
)
def test_any_markup_is_an_article_or_refused(sender: httpx.Client, tags: list[str], byline: str) -> None:
    page = "<html><body>" + "".join(tags) + "The mill at Harnow stands still, it was said. " * 3
    answer = sender.post(
        "/query", params={"byline": byline}, content=page.encode(), headers={"content-type": "text/html"}
    )
    assert answer.status_code in (200, 422)


@relaxed
@given(body=st.binary(max_size=200), boundary=st.sampled_from([b"x", b"", b"\xff"]), part=odd_texts)
def test_any_form_is_a_page_or_refused(sender: httpx.Client, body: bytes, boundary: bytes, part: str) -> None:
    head = b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\n' + part.encode("utf-8", "replace")
    answer = sender.post(
        "/",
        content=head + b"\r\n--x--\r\n" + body,
        headers={"content-type": b"multipart/form-data; boundary=" + boundary},
    )
    assert answer.status_code in (200, 400, 422)


@relaxed
@given(
    value=records | st.lists(records, min_size=1, max_size=3),
    token=st.sampled_from([TOKEN, TOKEN, "x"]),
)
def test_any_addition_is_taken_or_refused(sender: httpx.Client, value: Any, token: str) -> None:
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    answer = sender.post("/documents", content=json.dumps(value), headers=headers)
    assert answer.status_code in ((202, 400, 422) if token == TOKEN else (401,))


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@relaxed
@given(
    place=st.sampled_from(["documents", "clusters", "outlets", "story/aa", "data", "assets", "outlet"]),
    name=names,
)
def test_any_name_is_found_or_not(sender: httpx.Client, place: str, name: str) -> None:
    assert sender.get(f"/{place}/{quote(name, safe='')}").status_code in (200, 404)


# An article may fit its schema and hold no text; a name may fit and be nobody's.
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "404", "422"]
[auth.openapi.HTTPBearer]
bearer = "{token}"
"""


def test_the_service_keeps_its_contract(fuzzed: Served, tmp_path: Path) -> None:
    """Every check that schemathesis has: what the document of the service promises of itself holds."""
    (tmp_path / "schemathesis.toml").write_text(CONFIG.format(token=TOKEN))
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "--config-file=schemathesis.toml", "run",
            f"{fuzzed.url}/openapi.json", f"--max-examples={25 * MORE}", "--seed=8", "--no-color",
            "--phases=examples,coverage,fuzzing", "--suppress-health-check=all", "--warnings=off",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
