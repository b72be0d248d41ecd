"""The Python face of an index: what the commands do, as methods.

    with Index.open("news.db") as index:
        index.add("crawl/")
        answer = index.query(text=..., byline=...)

An index that is only asked takes no lock and is read while another process writes it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from dedupe import match
from dedupe.cluster import siblings
from dedupe.config import Config, TextConfig, unpack_agencies
from dedupe.errors import InputError
from dedupe.lookup import Lookup, copies, learned_lines, lookup
from dedupe.model import Document, Edge, MemberOrigin, Origin, Story
from dedupe.origin import rights_hint
from dedupe.owners import Organisations, Owner
from dedupe.parameters import settled_with
from dedupe.profiles import profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, events, flows, pairs, parameters, reposts
from dedupe.store.database import connect_reader, get_meta, identity, open_writer, storage_fault
from dedupe.store.lookups import Known
from dedupe.store.selection import Selection, selected

if TYPE_CHECKING:
    from dedupe.pipeline import Run
    from dedupe.reading import Progress, Reading
    from dedupe.report import ClusterRow
    from dedupe.store.events import Event
    from dedupe.store.flows import Flow, Sisters, Source
    from dedupe.store.reposts import Repost, Text

StrPath = str | os.PathLike[str]


class Index:
    """One index file.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> wire = (
    ...     "The river rose two metres overnight and the old bridge at Harnow was closed to traffic. "
    ...     "Buses will turn at the mill until the water falls, the district said on Monday. "
    ...     "Engineers have found a crack in the second pier and want divers to look at it. "
    ...     "The school on the far bank stays shut and its pupils are taught in the town hall."
    ... )
    >>> _ = Path(folder.name, "wire.txt").write_text(wire)
    >>> with Index.open(Path(folder.name, "news.db")) as index:
    ...     index.add(Path(folder.name, "wire.txt"), workers=0).added
    ...     index.query(text=wire, byline="A. Reporter").verdict.value
    1
    'repost'
    >>> folder.cleanup()
    """

    def __init__(self, path: Path, config: Config | None) -> None:
        self.path = path
        self._given = config
        self.memory = 512 << 20  # bytes for merge buffers while adding; each worker takes some 200 MB on top
        # Whether the kernels are used however little there is to do, and what look-ups learn of the file is
        # kept. Loading both takes each process half a second, which pays after some hundred queries or
        # documents.
        self.compiled = False
        self._reader: sqlite3.Connection | None = None
        self._known: Known | None = None  # of what the reader reads
        self._written: tuple[tuple[int, int] | None, Known] | None = None  # of which file, by the last run

    @classmethod
    def open(cls, path: StrPath, config: Config | None = None) -> Index:
        """The index at ``path``; created by the first :meth:`add` when there is none."""
        return cls(Path(path), config)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.DatabaseError) and (fault := storage_fault(error, self.path)):
            raise fault from error

    def close(self) -> None:
        """Release the file."""
        if self._reader is not None:
            self._reader.close()
            self._reader = self._known = None

    def add(
        self,
        paths: StrPath | Sequence[StrPath],
        *,
        prune: bool = False,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Reading:
        """Read crawl files or directories and bring everything up to date.

        ``prune`` also drops the documents of files that are gone from the directories given.
        ``workers`` is the number of processes, all cores by default, 0 for none.

        Raises:
            InputError: a path is not there. IndexBusy: another process writes the index.
            ConfigMismatch: the index was made with other parameters.
        """
        from dedupe import crawl, pipeline

        several = [Path(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
        crawl.require(several)  # before there is a file, for an index that was never filled
        with self._writing(workers, progress) as run:
            return pipeline.index(run, several, prune=prune)

    def query(
        self,
        text: str,
        *,
        title: str | None = None,
        byline: str | None = None,
        url: str | None = None,
        outlet: str | None = None,
        published_at: str | None = None,
    ) -> Lookup:
        """Is this article a repost? See :class:`dedupe.lookup.Lookup`.

        The lines that stand on most pages of its outlet, told by ``url`` or ``outlet``, are no part of it.
        """
        from dedupe.crawl.outlets import outlet_of

        outlet = outlet_of(url, outlet, "") or None
        return self.query_document(
            Document(
                "", "", text, url=url, outlet=outlet, title=title, byline=byline, published_at=published_at
            )
        )

    def copies(self, found: Lookup) -> list[MemberOrigin]:
        """How a queried article and its matches came by their story; see :func:`dedupe.lookup.copies`."""
        return copies(self.reader, found, self.config)

    def query_document(self, document: Document) -> Lookup:
        """The same for a document that was parsed from a file."""
        packed = get_meta(self.reader, "permutations")
        if packed is None:
            raise InputError(
                f"{self.path} holds no documents yet", hint=f"dedupe index CRAWL_DIR --db {self.path}"
            )
        permutations = _unpacked(packed, self.config.sketch.seed)
        known = self._known if self.compiled else None  # for one question it is too much to learn
        return lookup(self.reader, document, permutations, self.config, self.compiled, known)

    def remove(self, selection: Selection, *, progress: Progress | None = None) -> int:
        """Delete the selected documents and derive the rest as if they had never been there.

        Returns how many were deleted.

        Raises:
            InputError: there is no index. NotFound: one of the ids is not in it. Otherwise as :meth:`add`.
        """
        from dedupe import pipeline

        connect_reader(self.path).close()  # an index that is not there must not be made
        with self._writing(None, progress) as run:
            numbers = selected(run.database.conn, selection)
            pipeline.remove(run, numbers)
            pipeline.settle(run)
        return len(numbers)

    def compare(self, a: str, b: str) -> tuple[Story, Story, Edge | None]:
        """Two stories of the index and what they share, whether they are a stored pair or not.

        Raises:
            NotFound: one of the ids is not in the index.
        """
        numbers = [documents.number_of(self.reader, public_id) for public_id in sorted((a, b))]
        stories = documents.load_stories(self.reader, numbers)
        left, right = profiles(stories, self.config, compiled=False)
        return left.story, right.story, match.verify(left, right, self.config.match)

    def wording(self, a: str, b: str) -> tuple[float, float]:
        """How much of each one's wording, by word pairs, stands in the other; the smaller id comes first.

        A rewrite keeps some of it where no passage survived, see :mod:`dedupe.match.wording`. Raises as
        :meth:`compare`.
        """
        numbers = [documents.number_of(self.reader, public_id) for public_id in sorted((a, b))]
        left, right = profiles(documents.load_stories(self.reader, numbers), self.config, compiled=False)
        return match.wording(left, right), match.wording(right, left)

    def pairs(self) -> Iterator[Edge]:
        """All verified pairs, those that are no reuse included, ordered by ids."""
        return pairs.all_edges(self.reader)

    def clusters(self) -> Iterator[ClusterRow]:
        """All clusters with their documents and origins, ordered by id."""
        from dedupe.report import Filters
        from dedupe.report.stored import StoredSource

        return StoredSource(self.reader).clusters(Filters())

    def rights(self, origin: Origin) -> str | None:
        """What is known of the rights in an origin's text."""
        return rights_hint(origin, self.config.text.agencies)

    def sources(self, owners: Sequence[Owner] = ()) -> list[Source]:
        """What each outlet and agency wrote, copied, and had taken from it; ``owners`` folds outlets."""
        return flows.sources(self.reader, self._organisations(owners))

    def source(self, name: str, owners: Sequence[Owner] = ()) -> Source:
        """The same for one outlet, agency or owner.

        Raises:
            NotFound: the index has no document and no story of it.
        """
        known = self._organisations(owners)
        return flows.source(self.reader, reposts.organisation_named(self.reader, name, known), known)

    def flows(self, owners: Sequence[Owner] = ()) -> list[Flow]:
        """How many copies went from whom to whom, and how late."""
        return flows.flows(self.reader, self._organisations(owners))

    def sisters(self, owners: Sequence[Owner] = ()) -> list[Sisters]:
        """Outlets that nearly always carry the same stories, those of ``owners`` left out."""
        return flows.sisters(self.reader, self._organisations(owners))

    def reposts(self, name: str, owners: Sequence[Owner] = ()) -> Iterator[Repost]:
        """The copies elsewhere of the stories of an outlet, an agency or an owner, by cluster.

        Raises:
            NotFound: the index has no document and no story of it.
        """
        known = self._organisations(owners)
        return reposts.reposts(self.reader, reposts.organisation_named(self.reader, name, known), known)

    def open_stories(self, name: str, owners: Sequence[Owner] = ()) -> int:
        """How many stories of unknown origin an organisation shares with others.

        Raises:
            NotFound: as :meth:`reposts`.
        """
        known = self._organisations(owners)
        return reposts.open_stories(self.reader, reposts.organisation_named(self.reader, name, known), known)

    def independent(self, ids: Sequence[str]) -> list[Text]:
        """The different texts among documents or clusters.

        Raises:
            NotFound: an id is neither a document's nor a cluster's.
        """
        return reposts.independent(self.reader, ids)

    def events(self) -> list[Event]:
        """Independent texts that tell of one event, over the whole index: most texts first.

        Each text is in one event, with the text that it is linked to; texts are not chained.
        """
        linked = events.linked_texts(self.reader)
        sizes = {text: len(numbers) for text, numbers in linked.documents.items()}
        return events.events(self.reader, linked, siblings(linked.links, sizes))

    def furniture(self, outlet: str) -> list[tuple[str, int]]:
        """The lines learned as furniture of an outlet, and the number of documents they stand in."""
        return learned_lines(self.reader, outlet)

    @cached_property
    def config(self) -> Config:
        """The configuration given, else the default one with the agencies that the index was made with."""
        if self._given is not None:
            return self._given
        packed = get_meta(self.reader, "agencies") if self.path.exists() else None
        return Config() if packed is None else Config(text=TextConfig(agencies=unpack_agencies(packed)))

    @property
    def reader(self) -> sqlite3.Connection:
        """A read-only connection; opened when first needed.

        Raises:
            InputError, NotAnIndex, NewerIndex: see :func:`dedupe.store.database.connect_reader`.
        """
        if self._reader is None:
            self._reader = connect_reader(self.path)
            self._known = Known()
        return self._reader

    def _organisations(self, owners: Sequence[Owner]) -> Organisations:
        return Organisations(self.config.text.agencies, owners)

    @contextmanager
    def _writing(self, workers: int | None, progress: Progress | None) -> Iterator[Run]:
        from dedupe import jobs, pipeline
        from dedupe.crawl import WorkerPool, rare_collections

        config = Config() if self._given is None else self._given
        with open_writer(self.path) as database:
            with database.atomic():
                permutations = settled_with(database.conn, config)
                config = _mapped(database.conn, config)
            file, known = identity(self.path), Known() if self.compiled else Known(0, 0)
            if self._written is not None and self._written[0] == file:
                known = self._written[1]
            self._written = None  # of a run that fails, segments are taken back
            if self.compiled:
                jobs.warm_up(jobs.Signing(permutations, config, compiled=True))
            processes = (os.cpu_count() or 1) if workers is None else workers
            with rare_collections(), WorkerPool(processes) as pool:
                yield pipeline.Run(
                    database,
                    self.path,
                    config,
                    permutations,
                    pool,
                    progress=progress or pipeline.silent,
                    memory=self.memory,
                    known=known,
                )
            self._written = file, known


_unpacked = lru_cache(1)(Permutations.from_bytes)  # every question asks for the same


def _mapped(connection: sqlite3.Connection, config: Config) -> Config:
    """The configuration with the names of fields that the index knows, see :func:`parameters.fields`.

    Raises:
        InputError: there is no field of that name.
    """
    from dedupe import crawl
    from dedupe.crawl.files import has_fields

    crawl.check(config.crawl)
    known = parameters.fields(connection, config.crawl.fields, has_fields)
    return replace(config, crawl=replace(config.crawl, fields=known))
