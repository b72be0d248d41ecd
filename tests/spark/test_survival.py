"""A standalone master with workers on loopback: one is killed while it signs, one among the joins."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from generated import documents, write_lines

pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")

import pyspark
from spark_parity import differing, rows_of_index, rows_of_run

from dedupe import Index
from dedupe.spark.session import has_java

pytestmark = [
    pytest.mark.skipif(not has_java(), reason="there is no Java"),
    pytest.mark.skipif(sys.platform == "win32", reason="Spark's scripts are for a shell"),
]
SECONDS = 240.0
CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
SETTINGS = {
    "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "512m", "spark.driver.memory": "512m", "spark.excludeOnFailure.enabled": "false",
}  # fmt: skip
ENVIRONMENT = {
    **os.environ,
    "SPARK_LOCAL_IP": "127.0.0.1",
    "PYSPARK_PYTHON": sys.executable,
    "PYSPARK_SUBMIT_ARGS": " ".join(f"--conf {k}={v}" for k, v in SETTINGS.items()) + " pyspark-shell",
}
# Many small parts, and components by joins, which a crawl of this size would not need.
DRIVER = """
import sys
from pathlib import Path
from dedupe import Config
from dedupe.spark.run import Run, Settings
from dedupe.spark.session import open_session

master, crawl, output = sys.argv[1:]
settings = Settings(part_bytes=1 << 16, key_parts=3, groups=4, held_links=0)
run = Run(open_session(master), Path(output), Config(), settings)
run.index([Path(crawl)], lambda step, seconds: print(step, flush=True))
"""


class Process:
    """A process in a group of its own, and the lines it has printed."""

    def __init__(self, *command: str) -> None:
        self._running = subprocess.Popen(
            command, env=ENVIRONMENT, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._running.stdout is not None
        with self._running.stdout as lines:
            self.lines.extend(lines)

    def wait_for(self, what: str, happened: Callable[[], object]) -> None:
        """Look a few times a second whether something has happened, as long as the process lives."""
        for _ in range(int(SECONDS / 0.05)):
            if happened():
                return
            try:
                self._running.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            self._reader.join()
            assert happened(), f"ended without {what}:\n{''.join(self.lines[-40:])}"
        pytest.fail(f"no {what} in time:\n{''.join(self.lines[-40:])}")

    def said(self, pattern: str) -> re.Match[str] | None:
        return next((found for line in [*self.lines] if (found := re.search(pattern, line))), None)

    def kill(self) -> None:
        """Kill the process and all that it has started."""
        if self._running.poll() is None:
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait()
        self._reader.join()

    def end(self) -> int:
        return self._running.wait(SECONDS)


@contextmanager
def started(*command: str) -> Iterator[Process]:
    process = Process(*command)
    try:
        yield process
    finally:
        process.kill()


def serving(what: str, *arguments: str) -> tuple[str, ...]:
    return (
        str(CLASS),
        f"org.apache.spark.deploy.{what}",
        "--host",
        "127.0.0.1",
        "--webui-port",
        "0",
        *arguments,
    )


def written(folder: Path) -> bool:
    """Has a task written a file there? Spark moves it when all are."""
    return any(folder.rglob("part-*.parquet"))


def test_killed_workers_change_nothing(tmp_path: Path) -> None:
    crawl, output = write_lines(tmp_path / "crawl.jsonl", documents(31, 600)), tmp_path / "tables"
    with ExitStack() as stack:
        master = stack.enter_context(started(*serving("master.Master", "--port", "0")))
        master.wait_for("master", lambda: master.said(r"Starting Spark master at (\S+)"))
        url = master.said(r"Starting Spark master at (\S+)")[1]

        def worker(name: str) -> Process:
            place = ("--cores", "1", "--memory", "768m", "--work-dir", str(tmp_path / name), url)
            process = stack.enter_context(started(*serving("worker.Worker", *place)))
            process.wait_for("worker", lambda: process.said("Successfully registered with master"))
            return process

        first, _ = worker("first"), worker("second")
        driver = stack.enter_context(started(sys.executable, "-c", DRIVER, url, str(crawl), str(output)))
        driver.wait_for("signing", lambda: driver.said("^learn") and written(output / "documents"))
        assert not driver.said("^sign"), "it is in the middle of signing"
        third = worker("third")
        first.kill()
        driver.wait_for("joins", lambda: driver.said("^verify") and written(output / "_work/tables/links-1"))
        assert not driver.said("^components"), "it is in the middle of the rounds"
        third.kill()
        assert driver.end() == 0, "".join(driver.lines[-40:])
    for name in ("first", "third"):
        assert any((tmp_path / name).glob("app-*/*")), f"the {name} worker took part"
    with Index.open(tmp_path / "news.db") as index:
        index.add(crawl, workers=0)
    assert differing(rows_of_run(output), rows_of_index(tmp_path / "news.db")) == []
