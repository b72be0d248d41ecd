"""Hosts and registered domains: which outlet a URL belongs to."""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_WRAPPED = re.compile(
    r"^https?://(?:web\.archive\.org/web/\d+[a-z_]*/(?P<archived>https?:/{1,2}.+)"
    r"|(?:www\.)?google\.[a-z.]{2,6}/amp/(?:s/)?(?P<amp>.+)"
    r"|[\w-]+\.cdn\.ampproject\.org/[cv]/(?:s/)?(?P<cache>.+))",
    re.IGNORECASE,
)

# The host of most addresses: what urlsplit finds, at a sixth of its price.
_PLAIN = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")
_WRAPPERS = ("archive.org", "google.", "ampproject.org")


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def registered_domain(url: str | None) -> str | None:
    """The registered domain of an absolute URL, in ASCII; a bare IP address or ``localhost`` is itself.

    Private suffixes count: two blogs of one blog host are two outlets.

    >>> registered_domain("https://www.daily.example.co.uk/news/1?x=2")
    'example.co.uk'
    >>> registered_domain("https://web.archive.org/web/20190101000000/http://news.example.com/a")
    'example.com'
    >>> registered_domain("/news/1") is None
    True
    """
    host = _host(url) if url else None
    return _domain_of_host(host) if host else None


def _host(url: str) -> str | None:
    plain = _PLAIN.match(url)
    if plain and not any(map(plain[1].lower().__contains__, _WRAPPERS)):
        return plain[1].lower()
    wrapped = _WRAPPED.match(url)
    if wrapped:
        url = wrapped["archived"] or "https://" + (wrapped["amp"] or wrapped["cache"])
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def _domain_of_host(host: str) -> str | None:
    host = host.strip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if ".." in host or not re.fullmatch(r"[a-z0-9._-]+", host):
        return None
    found = _suffixes().privatesuffix(host)
    return str(found) if found else (host if "." not in host else None)


@lru_cache(maxsize=4096)
def domain_of_name(name: str) -> str | None:
    """The registered domain of what may be a bare host, under a suffix that exists; else None.

    >>> domain_of_name("www.example.com"), domain_of_name("v1.2"), domain_of_name("The Example")
    ('example.com', None, None)
    """
    name = name.strip()
    if "." not in name or " " in name:
        return None
    domain = registered_domain(name if "://" in name else f"https://{name}")
    known = domain and _suffixes().publicsuffix(domain, accept_unknown=False)
    return domain if known else None


def absolute(url: str | None, base: str | None) -> str | None:
    """``url`` made absolute, or None where it is no web address."""
    if not url:
        return None
    url = url.strip()
    try:
        if base and not url.lower().startswith(("http://", "https://")):
            url = urljoin(base, url)
        parts = urlsplit(url)
        return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
