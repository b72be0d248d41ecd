"""Who may import whom, and what must not be loaded before it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "dedupe"

GROUND = {"errors", "model", "config", "compiled", "sets"}
STAGES = {"crawl", "text", "sketch", "match", "cluster", "origin"}
ORDER = {
    "profiles",
    "jobs",
    "neighbours",
    "reading",
    "pipeline",
    "lookup",
    "parameters",
    "index",
    "checking",
    "answer",
    "article",
    "evaluate",
}
BELOW_CLI = GROUND | STAGES | ORDER | {"owners", "store", "report", "keep", "web", "spark"}

# The rooms of the package, and which other rooms each may import.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "compiled": set(),
    "sets": set(),
    "model": {"errors"},
    "config": {"errors", "model"},
    **dict.fromkeys(STAGES, GROUND),
    "owners": {"errors", "model"},
    "store": GROUND | {"owners"},
    "evaluate": GROUND,
    "report": GROUND | {"store"},
    "keep": GROUND | {"crawl", "origin", "store", "report"},
    "profiles": GROUND | {"text", "sketch", "match"},
    "jobs": GROUND | STAGES | {"store", "profiles"},
    "reading": GROUND | STAGES | {"store", "jobs"},
    "neighbours": GROUND | {"sketch", "store", "jobs"},
    "pipeline": GROUND | STAGES | {"store", "profiles", "jobs", "neighbours", "reading"},
    "lookup": GROUND | STAGES | {"store", "profiles"},
    "parameters": GROUND | STAGES | {"store"},
    "index": GROUND
    | STAGES
    | {"store", "profiles", "jobs", "reading", "pipeline", "lookup", "parameters", "report", "owners"},
    "checking": GROUND | STAGES | {"store", "jobs", "reading", "pipeline", "parameters"},
    "answer": GROUND | {"lookup", "report", "store"},
    "article": GROUND | {"crawl"},
    "spark": GROUND | STAGES | {"store", "profiles", "jobs"},
    "web": GROUND | {"store", "reading", "report", "pipeline", "lookup", "index", "answer", "article"},
    "cli": BELOW_CLI,
    "__init__": BELOW_CLI,
    "__main__": {"cli"},
}
NAMELESS = {"utils", "util", "common", "helpers", "helper", "core", "misc", "shared"}

# `import dedupe` and `dedupe --help` answer at once; each of these takes from 50 ms to seconds to load.
HEAVY = {
    "datasketch", "fastapi", "fastwarc", "jinja2", "llvmlite", "numba", "numpy", "pandas", "pyarrow",
    "pyspark", "resiliparse", "rich", "scipy", "selectolax", "sklearn", "sqlite_utils", "starlette",
    "trafilatura", "uvicorn", "watchfiles",
}  # fmt: skip


def modules() -> dict[str, Path]:
    """Dotted name -> file, for every module of the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("dedupe", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """The modules of the package that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "dedupe")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from _imported_from(node)


def _imported_from(node: ast.ImportFrom) -> Iterator[str]:
    module = node.module or ""
    if module.split(".")[0] != "dedupe":
        return
    for alias in node.names:
        if f"{module}.{alias.name}" in MODULES:
            yield f"{module}.{alias.name}"
        elif (module, alias.name) != ("dedupe", "__version__"):
            yield module


def room(module: str) -> str:
    """``dedupe.sketch.kernels`` -> ``sketch``; the package itself -> ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_the_layers_below(module: str) -> None:
    own = room(module)
    assert own in MAY_IMPORT, f"{own} has no place in the layers"
    reached = {room(name) for name in imports(MODULES[module])} - {own}
    assert reached <= MAY_IMPORT[own]


def test_no_import_cycle() -> None:
    graph = {module: set(imports(path)) - {module} for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_module_has_a_name_that_says_what_it_holds() -> None:
    parts = {part for module in MODULES for part in module.split(".")}
    assert not parts & NAMELESS


def loaded_after(code: str) -> set[str]:
    """The top-level packages in ``sys.modules`` once the code has run in a fresh interpreter."""
    report = "import sys; print('loaded', *{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_import_dedupe_loads_nothing_heavy() -> None:
    assert not loaded_after("import dedupe") & HEAVY


def test_help_loads_nothing_heavy() -> None:
    code = """
import sys
from dedupe.cli import main
sys.argv = ["dedupe", "--help"]
try:
    code = main()
except SystemExit as stop:
    code = stop.code
assert not code, code
"""
    assert not loaded_after(code) & HEAVY - {"rich"}  # typer draws the help with it
