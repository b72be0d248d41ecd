"""What the package is made of: pinned, few, with no way to run what was stored, and no network.

The lock file is made by

    uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \\
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SOURCES = sorted((ROOT / "dedupe").rglob("*.py"))

# Everything outside the standard library that the package imports, and what asks for it.
IMPORTED = {
    "ahocorasick_rs", "backports", "chardet", "datasketch", "fastwarc", "jinja2", "markupsafe", "numba",
    "llvmlite", "numpy", "orjson", "publicsuffixlist", "rapidfuzz", "resiliparse", "rich", "sqlite_utils",
    "typer", "xxhash", "zstandard",
    "fastapi", "prometheus_client", "pydantic", "starlette", "uvicorn", "watchfiles",
    "networkx", "py4j", "pyarrow", "pyspark", "trafilatura",
}  # fmt: skip
# Modules that make objects or code out of bytes, and who may: they talk to processes that they started.
MAKERS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "multiprocessing", "code", "codeop"}
MAY_PICKLE = {
    "crawl/serving.py",
    "crawl/workers.py",
    "web/reader.py",
    "web/readers.py",
}
# Modules that open connections, and who may: the service, and `query --server`.
NETWORK = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio", "requests", "httpx"}
MAY_CONNECT = ("web/", "cli/remote.py", "cli/serving.py")


def imported(path: Path) -> set[str]:
    """The absolute modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def pinned() -> dict[str, list[str]]:
    """Name -> versions of the lock file; a package may differ by platform."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def wanted() -> list[Requirement]:
    extras = [each for group in PROJECT["optional-dependencies"].values() for each in group]
    return [Requirement(each) for each in [*PROJECT["dependencies"], *extras]]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_the_lock_holds_what_the_project_asks_for(requirement: Requirement) -> None:
    if requirement.name == PROJECT["name"]:
        return
    versions = pinned().get(canonicalize_name(requirement.name), [])
    assert any(requirement.specifier.contains(version) for version in versions), versions


def test_the_readme_has_every_dependency_with_its_licence() -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition("## Dependencies")[2].partition("\n\n`req")[0]
    rows = [row.split("|")[1:3] for row in table.splitlines() if row.startswith("| ")][1:]
    listed = {
        canonicalize_name(name.strip())
        for names, _ in rows
        for name in re.sub(r"\([^)]*\)", "", names).split(",")
    }
    groups = {name: each for name, each in PROJECT["optional-dependencies"].items() if name != "dev"}
    asked = [*PROJECT["dependencies"], *(each for group in groups.values() for each in group)]
    assert listed == {canonicalize_name(Requirement(each).name) for each in asked}
    assert all(licence.strip() for _, licence in rows)


def test_everything_in_the_lock_has_hashes_and_no_address() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == sum(map(len, pinned().values()))
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?:|file:|--(?:extra-)?index|--find-links| @ ", LOCK)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "dedupe")))
def test_a_module_imports_only_what_is_listed(path: Path) -> None:
    own = path.relative_to(ROOT / "dedupe").as_posix()
    modules = imported(path)
    tops = {module.partition(".")[0] for module in modules}
    assert tops - set(sys.stdlib_module_names) - {"dedupe", "compression"} <= IMPORTED
    assert not tops & MAKERS or own in MAY_PICKLE, tops & MAKERS
    reached = {module for module in modules if module in NETWORK or module.partition(".")[0] in NETWORK}
    assert not reached or own.startswith(MAY_CONNECT), reached


def test_every_import_that_is_allowed_is_made() -> None:
    tops = {module.partition(".")[0] for path in SOURCES for module in imported(path)}
    assert tops | {"markupsafe"} >= IMPORTED


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "dedupe")))
def test_nothing_runs_text(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    names = {func.id for func in calls if isinstance(func, ast.Name)}
    assert not names & {"eval", "exec", "__import__"}
    loads = [func for func in calls if isinstance(func, ast.Attribute) and func.attr == "load"]
    if any(isinstance(func.value, ast.Name) and func.value.id == "np" for func in loads):
        assert "allow_pickle=True" not in path.read_text("utf-8")  # numpy refuses them unless asked


# Put into every interpreter below, those of workers too: a connection is a fault, and ends the process.
WATCH = """
import os, sys
def watch(event, arguments):
    if event.startswith(("socket.connect", "socket.bind", "socket.getaddr", "socket.gethost", "socket.send")):
        with open(os.environ["WATCH_LOG"], "a") as log:
            log.write(f"{event} {arguments!r}\\n")
        os._exit(99)
with open(os.environ["WATCH_LOG"] + ".started", "a") as log:
    log.write(f"{os.getpid()}\\n")
sys.addaudithook(watch)
"""


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of what every Python process started from here on did to reach the network."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WATCH)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("WATCH_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from dedupe.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_no_process_reaches_for_the_network(watched: Path, tmp_path: Path, samples: Path) -> None:
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    calling = (
        '<!DOCTYPE r [<!ENTITY x SYSTEM "http://reach.example/x">]><rss><item><title>&x;</title></item></rss>'
    )
    (crawl / "a.xml").write_text(calling)
    db = str(tmp_path / "news.db")
    asked = [
        ("index", str(samples / "crawl"), str(crawl), "--workers", "2"),
        ("query", str(samples / "query" / "repost.html")),
        ("report", "--format", "html", "--output", str(tmp_path / "site-out")),
        ("stats",),
    ]
    for each in asked:
        done = run(*each, "--db", db)
        assert done.returncode == 0, done.stderr
    assert not watched.exists(), watched.read_text()
    started = (watched.parent / "log.started").read_text().split()
    assert len(set(started)) >= len(asked) + 1  # the workers too


def test_the_watch_sees_a_connection(watched: Path) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 99
    assert "socket." in watched.read_text()
