"""The size figures: a planted fault is found, and what is within its bar is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import sizes

LONG = "def long() -> None:\n    '''Docs\n\n    do not count.\n    '''\n" + "    pass\n" * 49
TOO_LONG = LONG + "    pass\n"
RUN = "    first(\n        1,\n    )\n    second(2)\n    third(\n        3\n    )\n"


def read(folder: Path, **texts: str) -> list[sizes.Module]:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return sizes.read(folder)


def faults(folder: Path, **texts: str) -> list[str]:
    modules = read(folder, **texts)
    return sizes.faults(modules, [found for module in modules for found in sizes.functions(module)])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LONG, id="fifty-lines-and-a-docstring"),
        pytest.param(
            "class A:\n    def f(self, a: int, b: int, c: int, d: int, e: int, g: int) -> None: ...\n",
            id="six",
        ),
        pytest.param("x = 1\n" * 350, id="350-lines"),
        pytest.param(f"def a() -> None:\n{RUN}", id="once"),
    ],
)
def test_within_the_bar(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, one=text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(TOO_LONG, "51 lines", id="function"),
        pytest.param("x = 1\n" * 351, "351 lines", id="module"),
        pytest.param(
            "def f(a: int, *, b: int, c: int, d: int, e: int, f: int, **g: int) -> None: ...\n",
            "7 parameters",
            id="parameters",
        ),
        pytest.param("def f(a) -> None: ...\n", "annotation", id="argument"),
        pytest.param("async def f(a: int): ...\n", "annotation", id="return"),
        pytest.param(f"def a() -> None:\n{RUN}\ndef b() -> None:\n{RUN}", "same statements", id="twice"),
    ],
)
def test_over_the_bar(tmp_path: Path, text: str, said: str) -> None:
    (fault,) = faults(tmp_path, one=text)
    assert said in fault


def test_the_table_gives_median_p90_and_largest(tmp_path: Path) -> None:
    texts = {f"m{lines}": "def f() -> None:\n" + "    pass\n" * (lines - 1) for lines in range(2, 12)}
    modules = read(tmp_path, **texts)
    found = [function for module in modules for function in sizes.functions(module)]
    assert "median 6.5 (aim 8), p90 11 (aim 25), max 11" in sizes.table(modules, found)


def test_a_folder_without_functions_is_refused(tmp_path: Path) -> None:
    assert sizes.main([str(tmp_path)]) == 2
