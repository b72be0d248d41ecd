"""What a command that signs one text loads, and where compiled code is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shingle_fiction import permutations

SIGN_ONE = """
import sys
from dedupe.config import SketchConfig
from dedupe.sketch import Permutations, posting_keys, shingle_hashes, sign
from dedupe.text import tokenize

config = SketchConfig()
tokens = tokenize(["One ferry ran aground off Port Sable."], compiled=False)
made = Permutations.from_bytes(bytes.fromhex(sys.argv[1]), 1)
keys, _ = posting_keys(sign(tokens, made, config, compiled=False), config)
shingle_hashes(tokens, config, compiled=False)
assert len(keys) == config.bands + 3  # and all three shingles, fewer than the floor
print(*sys.modules)
"""

HASH_BANDS = """
import numpy as np
from dedupe.config import SketchConfig
from dedupe.sketch import band_keys
from dedupe.sketch.kernels import hash_bands

keys = band_keys(np.arange(128, dtype=np.uint32)[None], SketchConfig(), compiled=True)
stats = hash_bands.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()), stats.cache_path or "-", keys[0, 0])
"""


def run(code: str, *arguments: str, **environment: str) -> list[str]:
    """The words that a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout.split()


def test_signing_one_text_loads_no_compiler() -> None:
    loaded = {name.split(".")[0] for name in run(SIGN_ONE, permutations().to_bytes().hex())}
    assert not loaded & {"numba", "llvmlite", "datasketch", "scipy"}


BY_HOME = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not find its caches by HOME")


@pytest.fixture
def installed(root: Path, tmp_path: Path) -> Path:
    """A copy of the package whose folders for compiled code cannot be made, as under a read-only prefix."""
    package = tmp_path / "site" / "dedupe"
    shutil.copytree(root / "dedupe", package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in (package / "sketch", package / "text"):
        (folder / "__pycache__").write_text("a file where the folder would be")
    return package.parent


@BY_HOME
def test_compiled_code_is_kept_in_the_users_cache_when_the_package_is_read_only(
    installed: Path, tmp_path: Path
) -> None:
    where = {"PYTHONPATH": str(installed), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    first, second = (run(HASH_BANDS, **where, PYTHONDONTWRITEBYTECODE="1") for _ in range(2))
    assert (first[0], second[0], second[1]) == ("0", "1", "0")
    assert Path(second[2]).is_relative_to(tmp_path)
    assert first[3] == second[3]


@BY_HOME
def test_compiles_anew_when_nothing_can_be_written(installed: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    where = {"PYTHONPATH": str(installed), "HOME": str(nowhere), "XDG_CACHE_HOME": str(nowhere)}
    kept = run(HASH_BANDS, **where, PYTHONDONTWRITEBYTECODE="1")
    assert (kept[0], kept[2]) == ("0", "-")
