"""The Spark session: what it needs, and how it is set."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dedupe.errors import DedupeError, InputError, MissingExtra

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What the plan relies on, or was measured with. Whatever spark-submit or spark-defaults.conf set wins.
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
}
ON_THIS_MACHINE = {
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


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
    builder = SparkSession.builder.appName("dedupe")
    if master is not None:
        builder = builder.master(master)
    local = master is None or master.startswith("local")
    if local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    set_before = _submitted()
    for name, value in {**DEFAULTS, **(ON_THIS_MACHINE if local else {})}.items():
        if name not in set_before:
            builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise DedupeError(f"Spark does not start: {_first_line(error)}", hint=_JAVA_HINT) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def has_java() -> bool:
    """Whether Spark would find a Java, as its own scripts look for it."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which(str(Path(home, "bin", "java")) if home else "java") is not None


_JAVA_HINT = "install a JRE 17 or later, or set JAVA_HOME to one"


def _submitted() -> set[str]:
    """What spark-submit was told, which has started the JVM already."""
    from pyspark import SparkConf, SparkContext

    return {name for name, _ in SparkConf().getAll()} if SparkContext._jvm is not None else set()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
