"""Nothing that a crawl holds can speak to the terminal of whoever looks at it, whichever the command."""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

import pytest

from dedupe import Index
from dedupe.cli import main

# A title of the window, colours, an eight-bit introducer, text that runs backwards, a bell, a link.
SPEAKING = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202egnp.exe\u2066\u200e\x07\x1b]8;;http://x\x1b\\\x08\x7f"
SENTENCES = (
    f"The ferry {SPEAKING} was late for the third time in a week, the harbour master of Harnow said. "
    "A rope had come loose in the night and lay across the slip when the first cars arrived there. "
    "Nobody was hurt, and the boat left at noon with all of the mail and two thirds of the passengers. "
    "The council will look at the slip again in the spring, when the new engineer has come to town.\n"
    "Source: Reuters"
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    crawl = tmp_path_factory.mktemp("crawl")
    records = [
        {
            "id": f"{host}{SPEAKING}",
            "url": f"https://{host}.example/{SPEAKING}",
            "outlet": f"{host} {SPEAKING}",
            "title": f"Ferry {SPEAKING} late",
            "author": f"Ida {SPEAKING} Mole",
            "published": f"2024-02-0{day}",
            "text": SENTENCES,
        }
        for day, host in enumerate("ab", 1)
    ]
    (crawl / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    (crawl / f"bad{SPEAKING.replace('/', '')}.json").write_text("{", "utf-8")
    (crawl / "file.jsonl").write_text(json.dumps({SPEAKING: 1}), "utf-8")
    path = tmp_path_factory.mktemp("index") / "news.db"
    with Index.open(path) as index:
        index.add(crawl, workers=0)
    return path


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """All that a command writes."""
    monkeypatch.setattr(sys, "argv", ["dedupe", *arguments])
    with pytest.raises(SystemExit):
        main()
    return "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "command",
    [
        ("index", "{crawl}"), ("stats",), ("skipped",), ("show", "{id}"), ("show", "{cluster}"),
        ("show", "--furniture", "{outlet}"), ("sources",), ("sources", "--flows"), ("reposts", "{outlet}"),
        ("independent",), ("independent", "{id}"), ("explain", "{id}", "{other}"), ("query", "{article}"),
        ("show", "no {id}"), ("reposts", "no {id}"), ("remove", "no {id}"), ("query", "no {id}"),
        ("report", "--format", "{id}", "--output", "-"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_control_character_reaches_the_terminal(
    command: tuple[str, ...],
    db: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Index.open(db) as index:
        (row,) = index.clusters()
        known = {
            "id": row.documents[0].id,
            "other": row.documents[1].id,
            "cluster": row.cluster_id,
            "outlet": row.documents[0].outlet,
        }
        assert "\x1b" in known["id"]
    crawl, article = tmp_path / "crawl", tmp_path / "article.json"
    crawl.mkdir()
    (crawl / f"{SPEAKING.replace('/', '')}.txt").write_bytes(b"\x00\x01\x02")
    article.write_text(
        json.dumps({"text": SENTENCES, "author": SPEAKING, "outlet": f"c {SPEAKING}"}), "utf-8"
    )
    asked = [part.format(**known, crawl=crawl, article=article) for part in command]
    target = tmp_path / "other.db" if command[0] == "index" else db
    shown = said(capsys, monkeypatch, *asked, "--db", str(target))
    assert shown
    assert [c for c in shown if c not in "\n\t\r" and unicodedata.category(c) in ("Cc", "Cf")] == []
