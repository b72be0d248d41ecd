"""The order, on Spark: read, learn furniture, name, sign, match, verify, connect, group."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from dedupe import crawl, jobs
from dedupe.config import Config, pack_agencies
from dedupe.errors import InputError
from dedupe.jobs import Signing
from dedupe.sketch import make_permutations
from dedupe.spark import components, tables
from dedupe.spark.candidates import candidates
from dedupe.spark.grouping import CLUSTERS, MEMBERS, group, reuse
from dedupe.spark.importing import MANIFEST
from dedupe.spark.learning import FURNITURE, learn
from dedupe.spark.naming import renamed
from dedupe.spark.plan import FILES, SKIPPED, Plan, plan
from dedupe.spark.reading import read_parts
from dedupe.spark.signing import sign
from dedupe.spark.texts import files_of
from dedupe.spark.verifying import verify
from dedupe.text import fold_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PART_DOCUMENTS = 250_000  # whose postings a task holds at once: some 17 million, 16 bytes each
GROUP_DOCUMENTS = 60_000  # … whose candidates it verifies, and whose components it groups, by all documents
WORK = "_work"

Progress = Callable[[str, float], None]  # step, seconds it took


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is dealt out. What comes out does not depend on it.

    ``part_bytes`` of input make a part; ``key_parts`` partitions hold the postings and ``groups`` the
    candidates and clusters; None leaves them to the size of the crawl.
    """

    part_bytes: int | None = None
    key_parts: int | None = None
    groups: int | None = None
    held_links: int = components.HELD  # more than so many are connected by joins


@dataclass(frozen=True, slots=True)
class Result:
    """What a run counted."""

    files: int
    documents: int
    skipped: int
    pairs: int
    clusters: int
    seconds: dict[str, float]


class Run:
    """One run: its tables below ``output``, what is in between below ``output/_work``."""

    def __init__(self, session: SparkSession, output: Path, config: Config, settings: Settings) -> None:
        self.session = session
        self.output = output
        self.config = config
        self.settings = settings
        self.seconds: dict[str, float] = {}

    def index(self, paths: Sequence[Path], progress: Progress | None = None) -> Result:
        """All steps, from the crawl below ``paths`` to the tables.

        Raises:
            InputError: a path is not there, a setting cannot be used, or the output exists.
        """
        step = partial(self._step, progress=progress or _silent)
        refuse(paths, self.output, self.config)
        self._shuffled_in(2 * self.session.sparkContext.defaultParallelism)
        with step("plan"):
            planned = self._plan(paths)
        with step("read"):
            parsed = self._read(planned)
        with step("learn"):
            self._learn(parsed)
        with step("sign"):
            documents = self._sign(parsed)
        with step("candidates"):
            found = self._candidates(documents)
        with step("verify"):
            pairs = self._verify(found, documents)
        with step("components"):
            labels = components.components(reuse(pairs), self._checkpoint, self.settings.held_links)
        with step("group"):
            self._group(pairs, labels, documents)
        return self._finish()

    def _plan(self, paths: Sequence[Path]) -> Plan:
        work = self.output / WORK
        part_bytes = self.settings.part_bytes
        planned = plan(self.session, paths, work, self.config.crawl, part_bytes)
        self._put(FILES, planned.files, "files")
        return planned

    def _read(self, planned: Plan) -> DataFrame:
        numbers = self.session.range(0, planned.parts, 1, max(1, planned.parts))
        read = partial(read_parts, folder=self.output / WORK, config=self.config)
        found = self._checkpoint(numbers.mapInArrow(read, tables.ddl(tables.PARSED)), "parsed")
        columns = list(SKIPPED)
        left_out = self.session.createDataFrame(planned.skipped, tables.ddl(SKIPPED))
        self._write(found.where("reason IS NOT NULL").select(*columns).union(left_out), "skipped")
        return found.where("reason IS NULL").drop("reason", "detail")

    def _learn(self, parsed: DataFrame) -> None:
        lines = learn(parsed, self._key_parts(parsed.count()), self.config.text)
        self._put(FURNITURE, lines, "furniture")

    def _sign(self, parsed: DataFrame) -> DataFrame:
        from pyspark.sql.functions import coalesce

        others = renamed(parsed, self._table("files"))
        if others is not None:
            named = parsed.join(others, "document", "left")
            parsed = named.withColumn("id", coalesce("name", "id")).drop("name")
        signing = self._signing(parsed.count())
        work = partial(sign, furniture=self.output / "furniture", signing=signing)
        self._write(parsed.mapInArrow(work, tables.ddl(tables.DOCUMENTS)), "documents")
        return self._table("documents")

    def _signing(self, documents: int) -> Signing:
        config = self.config.sketch
        permutations = make_permutations(config.num_perm, config.seed)
        signing = Signing(permutations, self.config, jobs.worth_compiling(documents))
        if signing.compiled:
            jobs.warm_up(signing)
        return signing

    def _candidates(self, documents: DataFrame) -> DataFrame:
        count = documents.count()
        found = candidates(documents, self._key_parts(count), self._groups(count), self.config.match)
        return self._checkpoint(found, "candidates")

    def _verify(self, found: DataFrame, documents: DataFrame) -> DataFrame:
        count = documents.count()
        self._shuffled_in(self._groups(count))
        edges = verify(found, files_of(documents), self.config, jobs.worth_compiling(count))
        self._write(edges, "pairs")
        return self._table("pairs")

    def _group(self, pairs: DataFrame, labels: DataFrame, documents: DataFrame) -> None:
        count = documents.count()
        compiled = jobs.worth_compiling(count)
        found = group(pairs, labels, files_of(documents), self._groups(count), self.config, compiled)
        rows = self._checkpoint(found, "grouped")
        clusters = rows.where("anchor IS NOT NULL")
        self._write(clusters.select("cluster_id", "anchor", "size"), "clusters")
        origins = [name for name in CLUSTERS if name not in ("anchor", "size")]
        self._write(clusters.select(*origins), "origins")
        self._write(rows.where("anchor IS NULL").select(*MEMBERS), "members")

    def _finish(self) -> Result:
        counts = {name: self._table(name).count() for name in ("documents", "skipped", "pairs", "clusters")}
        result = Result(self._table("files").count(), **counts, seconds=self.seconds)
        parameters = {**self.config.parameters(), "fold_table": fold_table().fingerprint}
        agencies = pack_agencies(self.config.text.agencies).decode()
        settings = {"parameters": parameters, "agencies": agencies, "fields": self.config.crawl.fields}
        manifest = {**settings, **counts, "seconds": self.seconds}
        shutil.rmtree(self.output / WORK)
        (self.output / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        return result

    def _key_parts(self, documents: int) -> int:
        cores = self.session.sparkContext.defaultParallelism
        return self.settings.key_parts or max(cores, -(-documents // PART_DOCUMENTS))

    def _groups(self, documents: int) -> int:
        cores = self.session.sparkContext.defaultParallelism
        return self.settings.groups or max(2 * cores, -(-documents // GROUP_DOCUMENTS))

    def _shuffled_in(self, partitions: int) -> None:
        self.session.conf.set("spark.sql.shuffle.partitions", partitions)

    def _checkpoint(self, frame: DataFrame, name: str) -> DataFrame:
        """A table that only this run reads: what is derived from it does not make it again."""
        path = str(self.output / WORK / "tables" / name)
        frame.write.mode("overwrite").parquet(path)
        return self.session.read.schema(frame.schema).parquet(path)

    def _write(self, frame: DataFrame, name: str) -> None:
        frame.write.parquet(str(self.output / name))

    def _table(self, name: str) -> DataFrame:
        return self.session.read.parquet(str(self.output / name))

    def _put(self, columns: tables.Columns, rows: Sequence[Sequence[object]], name: str) -> None:
        """A small table, written here."""
        folder = self.output / name
        folder.mkdir(parents=True)
        found: pa.Table = tables.table(columns, rows)
        pq.write_table(found, folder / "part-00000.parquet", compression="zstd")

    @contextmanager
    def _step(self, name: str, progress: Progress) -> Iterator[None]:
        """Names what Spark does meanwhile, in its pages and its event log, and takes the time."""
        context = self.session.sparkContext
        context.setJobDescription(name)
        context.setLocalProperty("dedupe.step", name)
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)
        progress(name, self.seconds[name])


def refuse(paths: Sequence[Path], output: Path, config: Config) -> None:
    """What can be known before a session is opened.

    Raises:
        InputError: a path is not there, a setting cannot be used, or there is something at ``output``:
            results are never mixed.
    """
    crawl.check(config.crawl)
    crawl.require(paths)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise InputError(f"{output} exists already", hint="choose another --output, or remove it")


def _silent(step: str, seconds: float) -> None:
    """Shows nothing."""
