"""What a crawler drops is noticed, whatever its name."""

from __future__ import annotations

import os
import sys
from itertools import islice
from pathlib import Path

import pytest

from dedupe.web.watch import changes

NAMES = {"plain": b"a.txt", "no UTF-8": b"a\xff.txt"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names of files are Unicode")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_is_noticed_by_any_name_and_so_is_the_next(tmp_path: Path, name: bytes) -> None:
    noticed = changes(tmp_path)
    assert not next(noticed)
    for each in (name, b"behind.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + each)).write_text("A ferry stayed in port.")
        assert any(islice(noticed, 10))
