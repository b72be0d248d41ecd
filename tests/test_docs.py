"""The documents say what is true: every command has help and an example, every README command runs."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import dedupe
from dedupe.cli.app import app

COMMANDS = [command.name for command in app.registered_commands if command.name]
BLOCKS = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """`dedupe ARGUMENTS` as a user's shell would run it, 100 columns wide, both streams together."""
    return subprocess.run(
        [sys.executable, "-c", "from dedupe.cli import main; main()", *arguments],
        cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"},
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    done = run([command, "--help"], tmp_path)
    assert done.returncode == 0
    assert f"Example: dedupe {command}" in " ".join(done.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_in_the_readme(command: str, root: Path) -> None:
    assert f"dedupe {command}" in (root / "README.md").read_text("utf-8")


def test_the_commands_of_the_readme_give_what_it_shows(root: Path, tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(root / "samples")
    blocks = BLOCKS.findall((root / "README.md").read_text("utf-8"))
    assert {language for language, _ in blocks} == {"console", "python"}
    for language, block in blocks:
        if language == "python":
            subprocess.run([sys.executable, "-c", block], cwd=tmp_path, check=True)
            continue
        for shown in block.removeprefix("$ ").split("\n$ "):
            command, _, output = shown.partition("\n")
            done = run(shlex.split(command)[1:], tmp_path)
            assert done.returncode == 0, done.stdout
            assert like(output.strip(), done.stdout.strip()), f"{command}\n{done.stdout}"


def like(shown: str, real: str) -> bool:
    """Whether ``real`` is what was shown, ``...`` standing for anything."""
    pattern = ".*".join(re.escape(part) for part in shown.split("..."))
    return re.fullmatch(pattern, real, re.DOTALL) is not None


def test_doctests() -> None:
    package = Path(dedupe.__file__).parent
    failed = attempted = 0
    for path in sorted(package.rglob("*.py")):
        if ">>>" in path.read_text("utf-8"):
            name = ".".join(("dedupe", *path.relative_to(package).with_suffix("").parts)).removesuffix(
                ".__init__"
            )
            module = __import__(name, fromlist=["_"])
            result = doctest.testmod(module)
            failed, attempted = failed + result.failed, attempted + result.attempted
    assert (failed, attempted > 10) == (0, True)
