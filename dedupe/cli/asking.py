"""Commands that ask: query, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedupe.cli import completing
from dedupe.cli.exits import BELOW_BAR
from dedupe.cli.options import DEFAULT_DB, Answer, AnswerFormat, Db
from dedupe.errors import InputError

if TYPE_CHECKING:
    from dedupe.crawl import Record
    from dedupe.model import Skipped


class Bar(StrEnum):
    """Verdicts that can make the command fail."""

    REPOST = "repost"
    REUSE = "reuse"


def query(
    path: Annotated[
        str, typer.Argument(metavar="PATH|-", help="The article; - reads plain text from stdin.")
    ],
    db: Db = DEFAULT_DB,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask a running dedupe serve instead of a file.")
    ] = None,
    format: AnswerFormat = Answer.TEXT,
    byline: Annotated[str | None, typer.Option(metavar="NAME", help="The byline it appeared under.")] = None,
    outlet: Annotated[
        str | None,
        typer.Option(metavar="OUTLET", help="The outlet it appeared in.", autocompletion=completing.outlets),
    ] = None,
    fail_on: Annotated[
        Bar | None, typer.Option("--fail-on", help="Exit with 3 for a repost, or for any reuse.")
    ] = None,
) -> None:
    """Ask whether an article is a repost: of what, by whom, which passages.

    Example: dedupe query article.html --db news.db --fail-on repost
    """
    import orjson

    from dedupe.model import Verdict

    record = _record(path)
    if server is None:
        packed = _asked_here(path, record, db, byline, outlet)
    else:
        from dedupe.cli.remote import ask

        packed = ask(server, record, {"byline": byline, "outlet": outlet})
    answer = orjson.loads(packed)
    if format is Answer.JSON:
        typer.echo(packed.decode())
    else:
        from dedupe.cli.answers import print_answer

        print_answer(answer)
    failing = (
        {Verdict.REPOST} if fail_on is Bar.REPOST else set(Verdict) - {Verdict.NO_MATCH, Verdict.ORIGINAL}
    )
    if fail_on is not None and answer["verdict"] in failing:
        raise typer.Exit(BELOW_BAR)


def explain(
    a: Annotated[
        str, typer.Argument(metavar="ID", help="One document.", autocompletion=completing.documents)
    ],
    b: Annotated[
        str, typer.Argument(metavar="OTHER", help="The other.", autocompletion=completing.documents)
    ],
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


def _asked_here(path: str, record: Record, db: Path, byline: str | None, outlet: str | None) -> bytes:
    """The answer as JSON.

    Raises:
        InputError: the record holds no article.
    """
    from dataclasses import replace

    import orjson

    from dedupe.answer import answer_record
    from dedupe.article import of_record
    from dedupe.config import Config
    from dedupe.index import Index
    from dedupe.model import Skipped

    document = of_record(record, Config().crawl)
    if isinstance(document, Skipped):
        raise InputError(f"{path} holds no article: {document.reason} {document.detail}".rstrip())
    document = replace(document, byline=byline or document.byline, outlet=outlet or document.outlet)
    with Index.open(db) as index:
        found = index.query_document(document)
        return orjson.dumps(answer_record(found, index.rights(found.origin)))


def _record(path: str) -> Record:
    """The one record of a file, or of standard input.

    Raises:
        InputError: the file is not there, holds none, or holds several.
    """
    from dedupe.article import from_stdin
    from dedupe.model import Skipped

    if path == "-":
        text = sys.stdin.buffer.read()
        if not text.strip():
            raise InputError("nothing came from standard input", hint="pipe an article into the command")
        return from_stdin(text)
    found = _records(Path(path))
    records = [record for record in found if not isinstance(record, Skipped)]
    faults = [record for record in found if isinstance(record, Skipped)]
    if len(records) > 1:
        raise InputError(f"{path} holds several articles", hint="ask about one at a time, or index the file")
    if not records:
        detail = f": {faults[0].reason} {faults[0].detail}".rstrip() if faults else ""
        raise InputError(f"{path} holds no article{detail}")
    return records[0]


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
