"""What the report counts over the whole index, live: overview, stories, outlets, agencies.

A count reads every cluster, so it is made by a reader of its own, when a page is first asked for and
again when the index has changed; until it is done the last one is shown. Stories and answers never wait
for a count. What a list loads piece by piece is of one count, unless a new one comes in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Thread
from typing import IO

from dedupe.errors import NotFound
from dedupe.report.site import listing, pages
from dedupe.report.site.tables import Table, agency_table, outlet_table
from dedupe.report.site.tally import Tally
from dedupe.report.stored import StoredSource, listed_row
from dedupe.store import clusters
from dedupe.web.live import html
from dedupe.web.reader import Reader
from dedupe.web.replies import SCRIPT, Refusal, Reply

WAIT_SECONDS = 5.0  # for the first count
REST = 4.0  # times as long as a count took nothing is counted again


def page(reader: Reader, path: str) -> Reply:
    """The page or the piece at ``path``.

    Raises:
        NotFound: there is none. Refusal: the first count is not done yet.
    """
    counted = _lists_of(reader).current()
    name = path.removeprefix("data/").removesuffix(".js")
    if path.startswith("data/") and name in counted.pieces:
        return Reply(counted.pieces[name].read(), SCRIPT)
    if path not in counted.pages:
        raise NotFound(f"there is no page {path!r}")
    return counted.pages[path]()


def begin(reader: Reader, _: str) -> Reply:
    """Begin the first count, where nobody has: who opens the form may ask for the lists next."""
    _lists_of(reader).begin()
    return Reply(b"")


@dataclass(frozen=True, slots=True)
class Piece:
    """What a list loads at once: so many bytes of a file that it shares with the other pieces."""

    file: IO[bytes]
    begin: int
    size: int

    def read(self) -> bytes:
        self.file.seek(self.begin)
        return self.file.read(self.size)


@dataclass(frozen=True, slots=True)
class Counted:
    """One count. ``version`` is of the index; ``pages`` and ``pieces`` by their names."""

    version: int
    seconds: float
    pages: Mapping[str, Callable[[], Reply]]
    pieces: Mapping[str, Piece]


@dataclass(slots=True)
class Lists:
    """The last count, and the next one under way."""

    reader: Reader
    _counted: Counted | None = None
    _counting: Thread | None = None
    _ended: float = field(default=0.0)

    def current(self) -> Counted:
        """The last count; begins another where the index has changed.

        Raises:
            Refusal: the first one takes longer.
        """
        self.begin()
        if self._counted is None and self._counting is not None:
            self._counting.join(WAIT_SECONDS)
        if self._counted is None:
            raise Refusal(503, "the index is being counted", hint="this page comes as soon as that is done")
        return self._counted

    def begin(self) -> None:
        """Count, if that is due."""
        if self._is_due():
            self._counting = Thread(target=self._count, args=[version_of(self.reader)], daemon=True)
            self._counting.start()

    def _is_due(self) -> bool:
        if self._counting is not None and self._counting.is_alive():
            return False
        last = self._counted
        if last is None:
            return True
        rested = time.monotonic() - self._ended > REST * last.seconds
        return rested and version_of(self.reader) != last.version

    def _count(self, version: int) -> None:
        self._counted = count(self.reader.db, version)
        self._ended = time.monotonic()


def version_of(reader: Reader) -> int:
    """Another number after each commit of another process."""
    with reader.snapshot() as index:
        (version,) = index.reader.execute("PRAGMA data_version").fetchone()
        return int(version)


def count(db: Path, version: int) -> Counted:
    """Read every cluster once, with a connection of its own: the reader answers meanwhile."""
    began = time.monotonic()
    tally = Tally()
    found = []
    reader = Reader(db)
    with reader.snapshot() as index:
        source = StoredSource(index.reader)
        for cluster in map(listed_row, clusters.clusters(index.reader)):
            tally.add(cluster)
            found.append(listing.list_row(cluster))
        totals, outlet_rows = source.totals(), list(source.outlets())
        agency_rows = index.config.text.agencies
    reader.close()
    rows = listing.in_order(found)
    outlets = list(pages.outlet_pages(tally, rows, outlet_rows))
    agencies = list(pages.agency_pages(tally, rows, agency_rows))
    tables = [outlet_table(outlets), agency_table(agencies)]
    first = pages.Stories(rows[: pages.FIRST_PAGE], len(rows))
    made = {
        "index.html": _page("index.html", "overview.html", page=pages.overview(tally, rows, totals)),
        "stories.html": _page("stories.html", "stories.html", page=first),
        **{f"{t.name}.html": _page(f"{t.name}.html", f"{t.name}.html", table=t.first_page()) for t in tables},
        **{each.path: _page(each.path, "outlet.html", page=each) for each in outlets},
        **{each.path: _page(each.path, "agency.html", page=each) for each in agencies},
    }
    pieces = _pieces(rows, tables)
    return Counted(version, time.monotonic() - began, made, pieces)


def _page(path: str, template: str, **data: object) -> Callable[[], Reply]:
    return partial(html, path, template, **data)


def _pieces(rows: list[listing.ListRow], tables: Sequence[Table]) -> dict[str, Piece]:
    """What the lists load, in a file without a name: it goes with the process, however that ends."""
    file = TemporaryFile()  # noqa: SIM115  closed with the last piece
    pieces = {}
    with TemporaryDirectory(prefix="dedupe-lists-") as folder:
        data = Path(folder) / "data"
        listing.write_pieces(rows, data)
        for table in tables:
            listing.write_piece(data, table.name, table.data())
        for path in data.iterdir():
            begin = file.tell()
            pieces[path.stem] = Piece(file, begin, file.write(path.read_bytes()))
    return pieces


@cache
def _lists_of(reader: Reader) -> Lists:
    return Lists(reader)
