"""The outlet of an address is that of its host, however the address is written."""

from __future__ import annotations

import string
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedupe.crawl.urls import registered_domain

WRITTEN = {
    "plain": ("https://www.harbour.example/news/1", "harbour.example"),
    "no path": ("https://harbour.example", "harbour.example"),
    "a query behind the host": ("https://harbour.example?p=1", "harbour.example"),
    "capitals": ("HTTPS://WWW.Harbour.Example/", "harbour.example"),
    "a port": ("http://harbour.example:8080/1", "harbour.example"),
    "a name and a password": ("http://ida:mole@harbour.example/1", "harbour.example"),
    "a name that looks like a host": ("http://other.example@harbour.example/", "harbour.example"),
    "a line break in the host": ("https://har\nbour.example/1", "harbour.example"),
    "white space before it": (" https://harbour.example/1", "harbour.example"),
    "an archive": ("https://web.archive.org/web/2019/http://harbour.example/1", "harbour.example"),
    "an archive in capitals": (
        "https://WEB.ARCHIVE.ORG/web/2019/http://harbour.example/1",
        "harbour.example",
    ),
    "a cache of pages": (
        "https://harbour-example.cdn.ampproject.org/c/s/harbour.example/1",
        "harbour.example",
    ),
    "a search engine's copy": ("https://www.google.com/amp/s/harbour.example/1", "harbour.example"),
    "an archive's own page": ("https://archive.org/about", "archive.org"),
    "a bare number": ("http://127.0.0.1/1", "127.0.0.1"),
    "no host": ("https:///news/1", None),
    "no address": ("news/1", None),
}
LETTERS = st.text(string.ascii_letters + string.digits + ".-:@/?#%_ \n\\é", max_size=24)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_host_says_whose_it_is(name: str) -> None:
    url, domain = WRITTEN[name]
    assert registered_domain(url) == domain


@given(st.sampled_from(["http://", "https://"]), LETTERS, LETTERS)
@example("https://", "a.example", "\\@b.example")
@example("https://", "a.example", "#@b.example")
def test_the_short_way_to_the_host_is_the_same(scheme: str, begin: str, end: str) -> None:
    url = scheme + begin + end
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    assert registered_domain(url) == (registered_domain(f"ftp://{host}/") if host else None)
