"""Makes the archive that is shipped, out of the pages that are: samples/archive/islands.warc.gz.

    python scripts/make_archive.py samples/archive/islands.warc.gz

A crawler visits a paper three times: the page is new, has changed, and is the same again (a revisit, which
holds no page). It also finds the story at another paper. The same pages always give the same bytes.
"""

from __future__ import annotations

import gzip
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from commandline import parser

CRAWL = Path(__file__).resolve().parent.parent / "samples" / "crawl"
ISLANDER = "https://islanderdispatch.example/news/48213/canal-flour/"
COURIER = "https://northgatecourier.example/world/canal-deadlock"
FIRST, SECOND, THIRD = "2025-09-27T15:00:00Z", "2025-09-28T21:00:00Z", "2025-09-30T15:00:00Z"


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch of ``url``; ``same_as`` is when the page was stored that was found again."""

    url: str
    at: str
    page: str
    same_as: str | None = None


VISITS = (
    Visit(ISLANDER, FIRST, "islanderdispatch.example/canal-flour.html"),
    Visit(COURIER, "2025-09-27T15:00:04Z", "northgatecourier.example/2025/09/canal-deadlock.html"),
    Visit(ISLANDER, SECOND, "islanderdispatch.example/canal-flour-update.html"),
    Visit(ISLANDER, THIRD, "islanderdispatch.example/canal-flour-update.html", same_as=SECOND),
)


def record(visit: Visit) -> bytes:
    """The visit as a WARC record."""
    page = (CRAWL / visit.page).read_bytes()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    block = http if visit.same_as else http + page
    head = {
        "WARC-Type": "revisit" if visit.same_as else "response",
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{visit.url} {visit.at}')}>",
        "WARC-Target-URI": visit.url,
        "WARC-Date": visit.at,
        "WARC-Payload-Digest": f"sha1:{b32encode(sha1(page, usedforsecurity=False).digest()).decode()}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    if visit.same_as:
        head |= {
            "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            "WARC-Refers-To-Target-URI": visit.url,
            "WARC-Refers-To-Date": visit.same_as,
        }
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.1\r\n" + fields.encode() + b"\r\n" + block + b"\r\n\r\n"


def archive() -> bytes:
    """All of them, a gzip member each, as archives are kept."""
    return b"".join(gzip.compress(record(visit), mtime=0) for visit in VISITS)


def main() -> None:
    """Write the archive."""
    command = parser(__doc__)
    command.add_argument("output", type=Path, metavar="FILE")
    command.parse_args().output.write_bytes(archive())


if __name__ == "__main__":
    main()
