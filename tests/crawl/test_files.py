"""Walking: which files are found, in which order, under which names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from crawl_fiction import write

from dedupe.crawl import CrawlFile, walk
from dedupe.errors import InputError
from dedupe.model import Skipped


def names(*paths: Path) -> list[str]:
    return [each.name for each in walk(paths) if isinstance(each, CrawlFile)]


def test_names_are_relative_to_the_root_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.html", "a.jsonl"):
        write(tmp_path / name, "x")
    assert names(tmp_path) == ["a/b/c.html", "a/z.txt", "a.jsonl", "b.txt"]


def test_a_given_file_is_its_own_root(tmp_path: Path) -> None:
    assert names(write(tmp_path / "deep" / "a.txt", "x")) == ["a.txt"]


def test_hidden_files_and_folders_are_left_out_silently(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "seen.txt"):
        write(tmp_path / name, "x")
    assert [each.name if isinstance(each, CrawlFile) else each for each in walk([tmp_path])] == ["seen.txt"]


def test_a_link_to_an_ancestor_ends_there(tmp_path: Path) -> None:
    write(tmp_path / "a" / "one.txt", "x")
    (tmp_path / "a" / "back").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path) == ["a/one.txt"]


def test_a_linked_folder_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "crawl" / "a" / "one.txt", "x")
    (tmp_path / "crawl" / "b").symlink_to(tmp_path / "crawl" / "a", target_is_directory=True)
    assert names(tmp_path / "crawl") == ["a/one.txt"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("logo.png", b"x", "unknown format"),
        ("noname", b"x", "unknown format"),
        ("a.txt", b"", "empty"),
    ],
    ids=["picture", "no suffix", "empty"],
)
def test_what_cannot_be_read_is_skipped_with_a_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    write(tmp_path / name, content)
    (found,) = walk([tmp_path])
    assert isinstance(found, Skipped)
    assert (found.path, found.reason) == (name, reason)


def test_a_broken_link_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (found,) = walk([tmp_path])
    assert isinstance(found, Skipped)
    assert found.reason == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (found,) = walk([tmp_path])
    assert isinstance(found, Skipped)
    assert found.reason == "not a regular file"


def test_a_path_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file") as caught:
        list(walk([tmp_path / "missing"]))
    assert caught.value.exit_code == 2
