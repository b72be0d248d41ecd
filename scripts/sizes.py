"""Prints the size figures of a package, and fails when one of them is over its bar.

    python scripts/sizes.py dedupe

A function's length runs from ``def`` to its last line, its docstring apart: the measure that gives
9 / 64 / 460 (median / p90 / max) for sqlite-utils 4 and 4 / 19 / 68 for datasketch 2. Median and p90
are aims and only printed; the largest function, module and parameter list, a missing annotation and
code that stands twice fail.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MAX_FUNCTION_LINES = 50
MAX_MODULE_LINES = 350
MAX_PARAMETERS = 6
MAX_OPTIONS = 10  # of a command, whose parameters are what a user may type
TWICE_STATEMENTS = 3
TWICE_LINES = 6

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Function:
    """One function: where it is, how long, how many parameters (self and cls apart)."""

    place: str
    lines: int
    parameters: int
    annotated: bool


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    path: Path
    lines: int
    tree: ast.Module


def read(package: Path) -> list[Module]:
    """Every module of the package, by path."""
    texts = ((path, path.read_text("utf-8")) for path in sorted(package.rglob("*.py")))
    return [Module(path, text.count("\n"), ast.parse(text, str(path))) for path, text in texts]


def functions(module: Module) -> Iterator[Function]:
    """The module's functions, methods and nested functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, FunctionNode):
            named = _parameters(node)
            yield Function(
                place=f"{module.path}:{node.lineno} {node.name}",
                lines=_end(node) - node.lineno + 1 - _docstring_lines(node),
                parameters=len(named),
                annotated=node.returns is not None and all(arg.annotation for arg in named),
            )


def _most_parameters(function: Function) -> int:
    return MAX_OPTIONS if function.place.startswith("dedupe/cli/") else MAX_PARAMETERS


def _parameters(node: FunctionNode) -> list[ast.arg]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    return [arg for arg in every if arg.arg not in ("self", "cls")]


def _docstring_lines(node: FunctionNode) -> int:
    first = node.body[0]
    return _end(first) - first.lineno + 1 if ast.get_docstring(node) is not None else 0


def _end(node: ast.stmt) -> int:
    return node.lineno if node.end_lineno is None else node.end_lineno


def twice(modules: list[Module]) -> list[str]:
    """Places where the same run of statements stands again, word for word, docstrings apart."""
    seen: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        for run in _runs(module.tree):
            text = "\n".join(ast.dump(statement) for statement in run)
            seen[text].append(f"{module.path}:{run[0].lineno}")
    return sorted({" ~ ".join(places) for places in seen.values() if len(places) > 1})


def _runs(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield from _windows([line for line in block if not _is_declaration(line)])


def _windows(block: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    for begin in range(len(block) - TWICE_STATEMENTS + 1):
        window = block[begin : begin + TWICE_STATEMENTS]
        if _end(window[-1]) - window[0].lineno + 1 >= TWICE_LINES:
            yield window


def _is_declaration(node: ast.stmt) -> bool:
    """Imports, fields and docstrings: alike in many places without being logic."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.AnnAssign) and (node.value is None or isinstance(node.value, ast.Constant))
    )


def faults(modules: list[Module], found: list[Function]) -> list[str]:
    """What is over its bar, one line each."""
    long = [
        f"{f.place}: {f.lines} lines, bar {MAX_FUNCTION_LINES}" for f in found if f.lines > MAX_FUNCTION_LINES
    ]
    large = [
        f"{m.path}: {m.lines} lines, bar {MAX_MODULE_LINES}" for m in modules if m.lines > MAX_MODULE_LINES
    ]
    wide = [
        f"{f.place}: {f.parameters} parameters, bar {_most_parameters(f)}"
        for f in found
        if f.parameters > _most_parameters(f)
    ]
    bare = [f"{f.place}: an annotation is missing" for f in found if not f.annotated]
    return [*long, *large, *wide, *bare, *(f"{places}: the same statements" for places in twice(modules))]


def table(modules: list[Module], found: list[Function]) -> str:
    """The figures, one a line."""
    lines = sorted(f.lines for f in found)
    sizes = sorted(m.lines for m in modules)
    return "\n".join(
        [
            f"modules          {len(modules)}, {sum(sizes):,} lines; "
            f"largest {sizes[-1]} (bar {MAX_MODULE_LINES})",
            f"functions        {len(found)}",
            f"function lines   median {median(lines):g} (aim 8), p90 {lines[len(lines) * 9 // 10]} (aim 25), "
            f"max {lines[-1]} (bar {MAX_FUNCTION_LINES})",
            f"parameters       max {max(f.parameters for f in found)} (bar {MAX_PARAMETERS})",
            f"annotations      {sum(not f.annotated for f in found)} functions lack one",
            f"repeated code    {len(twice(modules))} runs of {TWICE_STATEMENTS} statements over "
            f"{TWICE_LINES} lines stand twice",
        ]
    )


def main(arguments: list[str]) -> int:
    """Prints the table of the package named, then what is over its bar."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: scripts/sizes.py PACKAGE_FOLDER", file=sys.stderr)
        return 2
    modules = read(Path(arguments[0]))
    found = [function for module in modules for function in functions(module)]
    if not found:
        print(f"error: no functions below {arguments[0]}", file=sys.stderr)
        return 2
    print(table(modules, found))
    wrong = faults(modules, found)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
