"""The commands as a shell runs them: what they say, what they return, what they leave behind."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from generated import documents, write_lines

MAIN = "from dedupe.cli import main; main()"
STORY = (
    "The harbour council voted on Tuesday to rebuild the northern breakwater after two winters of damage. "
    "Engineers told the meeting that the granite blocks had shifted by almost a metre since January. "
    "Work is due to begin in spring and will close the fishing quay for about eleven weeks.\n"
)


def dedupe(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command; never on a terminal."""
    return subprocess.run(
        [sys.executable, "-c", MAIN, *map(str, arguments)],
        input=stdin, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two copies of a story and one article of its own."""
    folder = tmp_path_factory.mktemp("crawl")
    for name, text in {
        "wire.txt": STORY * 2,
        "mirror.txt": STORY * 2 + "Reporting by our staff.\n",
        "own.txt": "The library opens on Sundays from now on, the town said in a short note on Friday. " * 3,
    }.items():
        (folder / name).write_text(text, "utf-8")
    made = folder.parent / "news.db"
    done = dedupe("index", folder, "--db", made)
    assert done.returncode == 0, done.stderr
    return made


FAULTS: dict[str, tuple[list[str], int, str]] = {
    "a crawl that is not there": (["index", "nowhere", "--db", "new.db"], 2, "nowhere"),
    "no index": (["stats", "--db", "missing.db"], 2, "missing.db"),
    "no such document": (["show", "ghost.txt"], 1, "ghost.txt"),
    "no such pair": (["explain", "ghost.txt", "wire.txt"], 1, "ghost.txt"),
    "nothing to show": (["show"], 2, "nothing was named"),
    "nothing to remove": (["remove"], 2, "nothing was named"),
    "nothing to compare with": (["evaluate"], 2, "nothing to compare"),
    "an article that is not there": (["query", "nowhere.txt"], 2, "nowhere.txt"),
    "nothing on stdin": (["query", "-"], 2, "standard input"),
    "a field without a name": (["index", ".", "--field", "text"], 2, "text"),
    "an extractor we do not have": (["index", ".", "--extractor", "magic"], 2, "magic"),
    "a date that is none": (["report", "--since", "yesterday"], 2, "yesterday"),
    "a day that there is not": (["report", "--since", "2024-02-31"], 2, "2024-02-31"),
    "an age that is no date": (["remove", "--before", "tomorrow"], 2, "tomorrow"),
    "a command that there is not": (["indx"], 2, "indx"),
    "no crawl at all": (["index"], 2, "PATH"),
    "a word for a number": (["index", ".", "--workers", "two"], 2, "two"),
    "a number out of range": (["keep", "--at-least", "2"], 2, "2.0"),
    "an option that there is not": (["stats", "--frmat", "json"], 2, "--frmat"),
    "an option after its place": (["stats", "--debug"], 2, "--debug"),
    "a format that there is not": (["report", "--format", "docx"], 2, "docx"),
    "a word too many": (["stats", "more"], 2, "more"),
    "an argument that is no UTF-8": (["show", "gh\udcffst"], 2, "gh\\xffst"),
    "a directory as an index": (["stats", "--db", "."], 2, "."),
    "a directory to write an index to": (["index", ".", "--db", "."], 2, "."),
    "nothing to remove from": (["remove", "ghost.txt", "--db", "missing.db"], 2, "missing.db"),
    "agencies that are not there": (["index", ".", "--agencies", "none.toml"], 2, "none.toml: No such"),
    "owners that are not there": (["sources", "--owners", "none.toml"], 2, "none.toml: No such"),
    "judgements that are not there": (["evaluate", "--pairs", "none.jsonl"], 2, "none.jsonl: No such"),
    "a place that cannot be written": (["keep", "--output", "no/where.txt"], 2, "no/where.txt"),
    "a token without a use": (["serve", "--token-file", "token.txt"], 2, "token.txt"),
    "a folder of no run": (["import", ".", "--db", "new.db"], 2, "run.json"),
    "a condition that is none": (["report", "--where", "colour = 1"], 2, "colour"),
}


@pytest.mark.parametrize(("arguments", "code", "named"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line_that_names_the_value_and_one_with_the_next_step(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = arguments if "--db" in arguments else [*arguments, "--db", str(db)]
    done = dedupe(*given)
    assert done.returncode == code
    first, second = done.stderr.splitlines()
    assert first.startswith("error: ")
    assert named in first
    assert second.startswith("hint: ")
    assert not list(tmp_path.iterdir())


def test_a_date_that_is_none_removes_nothing(db: Path) -> None:
    assert dedupe("remove", "--before", "9", "--db", db).returncode == 2
    assert json.loads(dedupe("stats", "--format", "json", "--db", db).stdout)["documents"] == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", ["stats", "pairs", "keep", "report"])
def test_a_full_disk_is_told_with_the_next_step(db: Path, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, command, "--db", db],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2:] == [
        "error: No space left on device",
        "hint: make room, and run the command again",
    ]


def test_a_reader_that_goes_is_no_fault_to_tell(db: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "pairs", "--db", db],
            stdout=pipe, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")


def test_a_list_of_agencies_with_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    (tmp_path / "mine.toml").write_text('[[agencies]]\nname = "Harnow Wire"\n', "utf-8")
    done = dedupe(
        "index", tmp_path / "a.txt", "--db", tmp_path / "news.db", "--agencies", tmp_path / "mine.toml"
    )
    assert (done.returncode, "unknown key 'agencies'" in done.stderr) == (2, True)


def test_debug_shows_the_traceback() -> None:
    done = dedupe("--debug", "stats", "--db", "missing.db")
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA application_id = 1684305264")
        connection.execute("PRAGMA user_version = 999")


def test_a_file_whose_first_writer_was_killed_at_once_is_filled_by_the_next(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "news.db") as connection:
        connection.execute("PRAGMA application_id = 1684305264")
    assert "never filled" in dedupe("stats", "--db", tmp_path / "news.db").stderr
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    assert dedupe("index", tmp_path / "a.txt", "--db", tmp_path / "news.db").returncode == 0


def no_database(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


@pytest.mark.parametrize("make", [foreign, newer, no_database], ids=lambda make: make.__name__)
@pytest.mark.parametrize("command", ["index", "stats"])
def test_a_file_that_is_not_ours_is_left_untouched(tmp_path: Path, make: object, command: str) -> None:
    path = tmp_path / "other.db"
    make(path)  # type: ignore[operator]
    before = path.read_bytes()
    (tmp_path / "crawl").mkdir()
    done = dedupe(command, *([tmp_path / "crawl"] if command == "index" else []), "--db", path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {path}")
    assert path.read_bytes() == before


def bad_crawl(folder: Path) -> Iterator[tuple[str, str]]:
    """Fills a folder with what a crawl may hold by mistake; (name, the reason it is skipped for)."""
    made: dict[str, tuple[bytes, str]] = {
        "empty.txt": (b"", "empty"),
        "cut.jsonl.gz": (gzip.compress(json.dumps({"text": STORY}).encode() * 300)[:-200], "truncated"),
        "broken.jsonl": (b'{"text": "unclosed\n', "malformed"),
        "textless.jsonl": (b'{"title": "No text here"}\n', "no text"),
        "menu.html": (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
        "picture.png": (b"\x89PNG", "unknown format"),
    }
    for name, (content, reason) in made.items():
        (folder / name).write_bytes(content)
        yield name, reason


def test_bad_files_are_counted_by_reason_and_the_run_goes_on(tmp_path: Path) -> None:
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    expected = dict(bad_crawl(crawl))
    (crawl / "good.txt").write_text(STORY, "utf-8")
    (crawl / "latin.txt").write_bytes(("Café Müller öffnet früher. " * 10).encode("latin-1"))
    (crawl / "loop").symlink_to(crawl, target_is_directory=True)
    with (crawl / "huge.txt").open("wb") as huge:
        huge.truncate(200 << 20)
    done = dedupe("index", crawl, "--db", tmp_path / "news.db")
    assert done.returncode == 0
    listed = dedupe("skipped", "--db", tmp_path / "news.db").stdout
    skipped = {line.split("\t")[0].split("#")[0]: line.split("\t")[1] for line in listed.splitlines()}
    assert set(skipped) == {*expected, "huge.txt"}
    assert "2 documents: 2 new" in done.stdout
    assert f"{len(skipped)} skipped" in done.stdout
    again = dedupe("index", crawl, "--db", tmp_path / "news.db")
    assert "0 new, 0 changed, 0 removed" in again.stdout


def test_a_malformed_line_is_named_with_its_number(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "text": STORY}),
        '{"id": "b", "text": ',
        json.dumps({"id": "c", "text": STORY}),
    ]
    (tmp_path / "crawl.jsonl").write_text("\n".join(lines), "utf-8")
    assert "2 documents" in dedupe("index", tmp_path / "crawl.jsonl", "--db", tmp_path / "news.db").stdout
    (listed,) = dedupe("skipped", "--db", tmp_path / "news.db").stdout.splitlines()
    assert listed.startswith("crawl.jsonl")
    assert "line 2" in listed


def two_texts(tmp_path: Path) -> Path:
    """A crawl of a.txt and b.txt, indexed."""
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    for name in ("a.txt", "b.txt"):
        (crawl / name).write_text(STORY, "utf-8")
    dedupe("index", crawl, "--db", tmp_path / "news.db")
    return crawl


def test_prune_drops_what_is_gone(tmp_path: Path) -> None:
    crawl = two_texts(tmp_path)
    (crawl / "b.txt").unlink()
    kept = dedupe("index", crawl, "--db", tmp_path / "news.db")
    assert kept.stdout.splitlines()[1].startswith("2 documents")
    pruned = dedupe("index", crawl, "--db", tmp_path / "news.db", "--prune")
    assert pruned.stdout.splitlines()[1].startswith("1 document:")
    assert "0 clusters" in pruned.stdout


@pytest.mark.parametrize("named", [("a.jsonl", "a.jsonl"), ("a.jsonl", "."), (".", "a.jsonl")], ids=" ".join)
def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path, named: tuple[str, str]) -> None:
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    (crawl / "a.jsonl").write_text(json.dumps({"id": "a", "text": STORY}), "utf-8")
    done = dedupe("index", *(crawl / name for name in named), "--db", tmp_path / "news.db")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "1 file read, 0 unchanged")


def test_a_file_alone_prunes_nothing_beside_it(tmp_path: Path) -> None:
    crawl = two_texts(tmp_path)
    pruned = dedupe("index", crawl / "a.txt", "--db", tmp_path / "news.db", "--prune")
    assert pruned.stdout.splitlines()[1].startswith("2 documents")


def test_query_answers_by_the_contract(db: Path) -> None:
    done = dedupe("query", "-", "--db", db, "--format", "json", "--byline", "Somebody Else", stdin=STORY * 2)
    answer = json.loads(done.stdout)
    assert list(answer) == ["verdict", "origin", "rights", "cluster_id", "matches"]
    assert answer["verdict"] == "repost"
    match = answer["matches"][0]
    assert {
        "id",
        "outlet",
        "title",
        "relation",
        "resemblance",
        "containment_of_query",
        "containment_of_match",
        "passages",
    } == set(match)
    passage = match["passages"][0]
    assert (STORY * 2)[slice(*passage["a"])] == passage["a_text"]


@pytest.mark.parametrize(("text", "code"), [(STORY * 2, 3), ("Nothing like it was ever written. " * 9, 0)])
def test_fail_on_repost_exits_with_3(db: Path, text: str, code: int) -> None:
    assert dedupe("query", "-", "--db", db, "--fail-on", "repost", stdin=text).returncode == code


def test_query_does_not_write(db: Path) -> None:
    before = db.read_bytes()
    dedupe("query", "-", "--db", db, stdin=STORY)
    assert db.read_bytes() == before


def test_two_writers_at_once(tmp_path: Path) -> None:
    from dedupe.store.database import open_writer

    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    with open_writer(tmp_path / "news.db"):
        done = dedupe("index", tmp_path / "a.txt", "--db", tmp_path / "news.db")
    assert done.returncode == 1
    assert "another process is writing" in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)
def test_an_interrupted_run_exits_with_130_and_is_continued(tmp_path: Path, sent: signal.Signals) -> None:
    crawl = write_lines(tmp_path / "crawl.jsonl", documents(3, 1500))
    running = subprocess.Popen(
        [sys.executable, "-c", MAIN, "index", crawl, "--db", tmp_path / "news.db"],
        stderr=subprocess.PIPE, text=True,
        # A job in the background ignores it.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while not (tmp_path / "news.db-wal").exists():
        time.sleep(0.05)
    running.send_signal(sent)
    _, errors = running.communicate()
    assert running.returncode == 130
    assert [line.partition(":")[0] for line in errors.splitlines()] == ["error", "hint"]
    assert dedupe("index", crawl, "--db", tmp_path / "news.db").returncode == 0


def test_check_says_what_is_damaged_and_repairs_it(db: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy2(db, tmp_path / "news.db"))
    assert "is whole: 3 documents, 3 derived anew" in dedupe("check", "--db", copy).stdout
    with sqlite3.connect(copy) as connection:
        connection.execute("DELETE FROM pairs")
    found = dedupe("check", "--db", copy)
    assert (found.returncode, found.stderr) == (3, "")
    assert "clusters: a member shares text with no other (2: " in found.stdout
    listed = json.loads(dedupe("check", "--db", copy, "--format", "json").stdout)
    assert (listed["whole"], listed["findings"][0]["part"], listed["repaired"]) == (False, "clusters", None)
    repaired = dedupe("check", "--db", copy, "--repair")
    assert (repaired.returncode, f"the damaged file is {copy}.damaged" in repaired.stdout) == (0, True)
    assert dedupe("check", "--db", copy, "--full").returncode == 0
    assert dedupe("pairs", "--db", copy).stdout == dedupe("pairs", "--db", db).stdout != ""
    with sqlite3.connect(copy) as connection:
        connection.execute("DELETE FROM texts WHERE document = 1")
    lost = dedupe("check", "--db", copy, "--repair")
    assert (lost.returncode, "lost: documents: a document is lost" in lost.stdout) == (3, True)
