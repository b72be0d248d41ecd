"""Commands that ask: query, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli.exits import BELOW_BAR
from dedupe.cli.options import DEFAULT_DB, Db
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.crawl import Record
    from dedupe.model import Document, Skipped


class Answer(StrEnum):
    """Formats of an answer."""

    TEXT = "text"
    JSON = "json"


class Bar(StrEnum):
    """Verdicts that can make the command fail."""

    REPOST = "repost"
    REUSE = "reuse"


def query(
    path: Annotated[
        str, typer.Argument(metavar="PATH|-", help="The article; - reads plain text from stdin.")
    ],
    db: Db = DEFAULT_DB,
    format: Annotated[Answer, typer.Option("--format", help="How to answer.")] = Answer.TEXT,
    byline: Annotated[str | None, typer.Option(help="The byline it appeared under.")] = None,
    outlet: Annotated[str | None, typer.Option(help="The outlet it appeared in.")] = None,
    fail_on: Annotated[
        Bar | None, typer.Option("--fail-on", help="Exit with 3 for a repost, or for any reuse.")
    ] = None,
) -> None:
    """Ask whether an article is a repost: of what, by whom, which passages.

    Example: dedupe query article.html --db news.db --fail-on repost
    """
    from dataclasses import replace

    from dedupe.answer import answer_record
    from dedupe.index import Index
    from dedupe.model import Verdict

    document = _article(path)
    document = replace(document, byline=byline or document.byline, outlet=outlet or document.outlet)
    with Index.open(db) as index:
        found = index.query_document(document)
    if format is Answer.JSON:
        import orjson

        typer.echo(orjson.dumps(answer_record(found)).decode())
    else:
        from dedupe.cli.answers import print_answer

        print_answer(found)
    failing = (
        {Verdict.REPOST} if fail_on is Bar.REPOST else set(Verdict) - {Verdict.NO_MATCH, Verdict.ORIGINAL}
    )
    if fail_on is not None and found.verdict in failing:
        raise typer.Exit(BELOW_BAR)


def explain(
    a: Annotated[str, typer.Argument(metavar="ID", help="One document.")],
    b: Annotated[str, typer.Argument(metavar="ID", help="The other.")],
    db: Db = DEFAULT_DB,
) -> None:
    """Say why two documents are, or are not, copies of one text, and lay one over the other.

    Independent reports of one event have 10 to 20 % of their word pairs in common, for they name the same.

    Example: dedupe explain wire/harbour.txt mirror/harbour.html --db news.db
    """
    from dedupe.cli.answers import print_explanation
    from dedupe.index import Index

    with Index.open(db) as index:
        print_explanation(*index.compare(a, b), index.wording(a, b))


def _article(path: str) -> Document:
    """The one document of a file, or of standard input.

    Raises:
        InputError: the file is not there, holds no article, or holds several.
    """
    from dedupe import crawl
    from dedupe.config import Config
    from dedupe.model import Document, Skipped

    if path == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        if not text.strip():
            raise InputError("nothing came from standard input", hint="pipe an article into the command")
        return Document("-", "", text)
    config = Config().crawl
    documents: list[Document] = []
    faults: list[Skipped] = []
    for record in _records(Path(path)):
        parsed = record if isinstance(record, Skipped) else crawl.parse(record, config)
        (faults if isinstance(parsed, Skipped) else documents).append(parsed)  # type: ignore[arg-type]
        if len(documents) > 1:
            raise InputError(
                f"{path} holds several articles", hint="ask about one at a time, or index the file"
            )
    if not documents:
        detail = f": {faults[0].reason} {faults[0].detail}".rstrip() if faults else ""
        raise InputError(f"{path} holds no article{detail}")
    return documents[0]


def _records(path: Path) -> Sequence[Record | Skipped]:
    from dedupe import crawl
    from dedupe.config import Config
    from dedupe.model import Skipped

    if path.is_dir():
        raise InputError(f"{path} is a directory", hint="name one article, or use dedupe index")
    found: list[Record | Skipped] = []
    for file in crawl.walk([path]):
        found += [file] if isinstance(file, Skipped) else crawl.records(file, Config().crawl)
    return found
