"""Files in archives: whose they are, and when they were seen."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from crawl_fiction import PARAGRAPHS, documents, tar_of, write, zip_of

STORY = "\n\n".join(PARAGRAPHS).encode()
SEEN = 1_707_123_600  # 2024-02-05T09:00:00Z


def undated_zip() -> bytes:
    """As tools write it that make the same bytes twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), STORY)
    return buffer.getvalue()


UNDATED_TAR, UNDATED_ZIP = tar_of({"a.txt": STORY}, mtime=0), undated_zip()


@pytest.mark.parametrize("pack", [tar_of, zip_of])
@pytest.mark.parametrize(
    ("member", "outlet"),
    [
        ("holm-herald.example/quay.txt", "holm-herald.example"),
        ("quay.txt", "crawl"),
        ("2024/02/quay.txt", "quay"),
    ],
    ids=["a folder that is a domain", "no folder", "folders that name nobody"],
)
def test_a_folder_in_an_archive_names_the_outlet(
    pack: Callable[[dict[str, bytes]], bytes], member: str, outlet: str, tmp_path: Path
) -> None:
    suffix = "tar" if pack is tar_of else "zip"
    (document,) = documents(write(tmp_path / f"crawl.{suffix}", pack({member: STORY})))
    assert document.outlet == outlet


@pytest.mark.parametrize(("name", "content"), [("a.tar", UNDATED_TAR), ("a.zip", UNDATED_ZIP)])
def test_a_member_without_a_time_was_seen_when_its_archive_was(
    name: str, content: bytes, tmp_path: Path
) -> None:
    path = write(tmp_path / name, content)
    os.utime(path, (SEEN, SEEN))
    (document,) = documents(path)
    assert document.seen_at == "2024-02-05T09:00:00Z"
