"""The Spark session: what it needs, how it is set, and how its failures read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dedupe.errors import DedupeError, InputError, MissingExtra

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What the plan relies on, or was measured with. What spark-submit was told wins.
DEFAULTS = {
    "spark.sql.adaptive.enabled": "false",  # partitions are as many as the plan says
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1024",  # texts: some 3 MB
    "spark.sql.files.openCostInBytes": str(1 << 30),  # a file is a partition: none are read together
    "spark.sql.files.maxPartitionBytes": str(1 << 30),  # … and none is parted
    "spark.sql.parquet.compression.codec": "zstd",
    # Level 3 instead of 1 takes a sixth off the texts in a shuffle.
    "spark.io.compression.codec": "zstd",
    "spark.io.compression.zstd.level": "3",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
ON_THIS_MACHINE = {
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}
_JAVA_HINT = "install a JRE 17 or later, or set JAVA_HOME to one"


def open_session(master: str | None) -> SparkSession:
    """A session on ``master``: what spark-submit says where it is None, else all cores of this machine.

    Raises:
        MissingExtra: pyspark is not installed. InputError: there is no Java, or no such master.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra("dedupe spark", "spark") from error
    if not has_java():
        raise InputError("Spark needs Java 17 or later, and there is no java", hint=_JAVA_HINT)
    try:
        settings = _settings(master)
        builder = SparkSession.builder.appName("dedupe")
        for name, value in settings.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise DedupeError(f"Spark does not start: {_first_line(error)}", hint=_JAVA_HINT) from error


def has_java() -> bool:
    """Whether Spark would find a Java, as its own scripts look for it."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which(str(Path(home, "bin", "java")) if home else "java") is not None


@contextmanager
def stopped_clearly(session: SparkSession) -> Iterator[None]:
    """Stops the session at the end, and says in a line why Spark gave a job up.

    Raises:
        DedupeError: it did.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        hint = "--debug shows what Spark says; the output directory holds an unfinished run, remove it"
        raise DedupeError(f"Spark gave up: {_last_line(error)}", hint=hint) from error
    finally:
        session.stop()


def _settings(master: str | None) -> dict[str, str]:
    submitted = _submitted()
    if master is not None:
        submitted.pop("spark.master", None)
    wanted = {**DEFAULTS, "spark.master": master or submitted.get("spark.master") or "local[*]"}
    if wanted["spark.master"].startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        wanted |= ON_THIS_MACHINE
    return {name: value for name, value in wanted.items() if name not in submitted}


def _submitted() -> dict[str, str]:
    """What spark-submit was told: it has started the JVM before Python."""
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        return {}
    from pyspark import SparkConf, SparkContext

    SparkContext._ensure_initialized()
    return dict(SparkConf().getAll())


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _last_line(error: Exception) -> str:
    """Of what a Python worker raised the last line says what it was."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    worker = [
        line for line in lines if not line.startswith((" ", "\t", "JVM stacktrace", "Driver stacktrace"))
    ]
    return (worker or lines or [type(error).__name__])[-1].strip()
