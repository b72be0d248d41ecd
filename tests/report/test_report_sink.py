"""A report appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_fiction import MemorySource

from dedupe.errors import InputError
from dedupe.report import sink, write


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_report_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), sink.file(target) as stream:
        stream.write(b"half of the n" * (1 // 0))
    assert target.read_text() == "old"
    assert names(tmp_path) == ["report.csv"]


def test_a_reader_of_the_old_report_reads_it_to_its_end(source: MemorySource, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")
    with target.open() as reader:
        write(source, "csv", target)
        assert reader.read() == "old"
    assert target.read_text("utf-8").startswith("cluster_id,")


def test_a_site_that_fails_leaves_the_old_site_and_nothing_else(source: MemorySource, tmp_path: Path) -> None:
    write(source, "html", tmp_path / "site")
    with pytest.raises(ZeroDivisionError), sink.directory(tmp_path / "site") as folder:
        (folder / "index.html").write_text("half" * (1 // 0))
    assert "told more than once" in (tmp_path / "site" / "index.html").read_text("utf-8")
    assert names(tmp_path) == ["site"]


def test_a_new_site_takes_the_place_of_the_old_one(source: MemorySource, tmp_path: Path) -> None:
    write(source, "html", tmp_path / "site")
    (tmp_path / "site" / "story" / "left-over").mkdir()
    write(source, "html", tmp_path / "site")
    assert not (tmp_path / "site" / "story" / "left-over").exists()
    assert names(tmp_path) == ["site"]


def test_an_empty_directory_is_filled(source: MemorySource, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write(source, "html", tmp_path / "site")
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_directory_with_other_files_is_refused(source: MemorySource, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    with pytest.raises(InputError, match="not a report"):
        write(source, "html", tmp_path / "photos")
    assert names(tmp_path / "photos") == ["cat.jpg"]


def test_a_link_is_not_followed(source: MemorySource, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(InputError, match="not a directory"):
        write(source, "html", tmp_path / "link")


@pytest.mark.parametrize(
    ("format", "output"),
    [("html", "-"), ("csv", "."), ("csv", "missing/report.csv"), ("html", "missing/site"), ("html", "file")],
    ids=["html to a stream", "a file to a directory", "no such folder", "no such folder for a site",
         "a site over a file"],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_refused(
    format: str, output: str, source: MemorySource, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError):
        write(source, format, output if output == "-" else tmp_path / output)
    assert names(tmp_path) == ["file"]


def test_a_dash_is_standard_output(source: MemorySource, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write(source, "jsonl", "-")
    assert capfdbinary.readouterr().out.count(b"\n") == len(source.rows)
