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
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from dedupe import match
from dedupe.config import Config
from dedupe.errors import InputError
from dedupe.lookup import Lookup, learned_lines, lookup
from dedupe.model import Document, Edge, Story
from dedupe.profiles import profiles
from dedupe.sketch import Permutations
from dedupe.store import documents, pairs
from dedupe.store.database import connect_reader, get_meta, open_writer, put_meta, require_meta
from dedupe.store.selection import Selection, selected
from dedupe.text import fold_table

if TYPE_CHECKING:
    from dedupe.pipeline import Run
    from dedupe.reading import Progress, Reading
    from dedupe.report import ClusterRow

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

    def __init__(self, path: Path, config: Config) -> None:
        self.path = path
        self.config = config
        self.memory = 512 << 20  # bytes for merge buffers while adding; each worker takes some 200 MB on top
        self._reader: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: StrPath, config: Config | None = None) -> Index:
        """The index at ``path``; created by the first :meth:`add` when there is none."""
        return cls(Path(path), Config() if config is None else config)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

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
        from dedupe import pipeline

        several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        with self._writing(workers, progress) as run:
            return pipeline.index(run, [Path(path) for path in several], prune=prune)

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
        """Is this article a repost? See :class:`dedupe.lookup.Lookup`."""
        return self.query_document(
            Document(
                "", "", text, url=url, outlet=outlet, title=title, byline=byline, published_at=published_at
            )
        )

    def query_document(self, document: Document) -> Lookup:
        """The same for a document that was parsed from a file."""
        packed = get_meta(self.reader, "permutations")
        if packed is None:
            raise InputError(
                f"{self.path} holds no documents yet", hint=f"dedupe index CRAWL_DIR --db {self.path}"
            )
        return lookup(
            self.reader, document, Permutations.from_bytes(packed, self.config.sketch.seed), self.config
        )

    def remove(self, selection: Selection, *, progress: Progress | None = None) -> int:
        """Delete the selected documents and derive the rest as if they had never been there.

        Returns how many were deleted.
        """
        from dedupe import pipeline

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

    def pairs(self) -> Iterator[Edge]:
        """All verified pairs, those that are no reuse included, ordered by ids."""
        return pairs.all_edges(self.reader)

    def clusters(self) -> Iterator[ClusterRow]:
        """All clusters with their documents and origins, ordered by id."""
        from dedupe.report import Filters
        from dedupe.report.stored import StoredSource

        return StoredSource(self.reader).clusters(Filters())

    def furniture(self, outlet: str) -> list[tuple[str, int]]:
        """The lines learned as furniture of an outlet, and the number of titles they stood under."""
        return learned_lines(self.reader, outlet)

    @property
    def reader(self) -> sqlite3.Connection:
        """A read-only connection; opened when first needed."""
        if self._reader is None:
            self._reader = connect_reader(self.path)
        return self._reader

    @contextmanager
    def _writing(self, workers: int | None, progress: Progress | None) -> Iterator[Run]:
        from dedupe import pipeline
        from dedupe.sketch import make_permutations

        with open_writer(self.path) as database:
            with database.atomic():
                parameters = {**self.config.parameters(), "fold_table": fold_table().fingerprint}
                for name, value in parameters.items():
                    require_meta(database.conn, name, value.encode())
                packed = get_meta(database.conn, "permutations")
                if packed is None:
                    made = make_permutations(self.config.sketch.num_perm, self.config.sketch.seed)
                    packed = made.to_bytes()
                    put_meta(database.conn, "permutations", packed)
            permutations = Permutations.from_bytes(packed, self.config.sketch.seed)
            yield pipeline.Run(
                database,
                self.path,
                self.config,
                permutations,
                workers=(os.cpu_count() or 1) if workers is None else workers,
                progress=progress or pipeline.silent,
                memory=self.memory,
            )
