"""What is fuzzed: each target takes any bytes and raises if the package does what it may not.

A target says what must hold for all input: nothing raises but what is promised, what comes out can be
stored, and fast code equals the slow oracle of ``tests/reference.py``. :mod:`fuzz` feeds them by coverage,
the tests feed them the seeds of :mod:`fuzz_seeds` and what was found before.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from pathlib import Path

import fuzz_seeds as seeds
import orjson
from fuzz_seeds import ARCHIVE_FILES, COLUMN_FILES, RECORD_FILES

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the oracle

from dedupe import Index, crawl, text  # noqa: E402
from dedupe.answer import answer_record  # noqa: E402
from dedupe.config import CrawlConfig, SketchConfig, TextConfig, load_agencies  # noqa: E402
from dedupe.crawl import CrawlFile, Kind, Record, columns  # noqa: E402
from dedupe.crawl.files import Format, name_parts  # noqa: E402
from dedupe.crawl.record import Source  # noqa: E402
from dedupe.model import Document, Skipped, Story  # noqa: E402
from dedupe.store import rows  # noqa: E402
from dedupe.store.rows import SignedStory  # noqa: E402

SMALL = CrawlConfig(max_document_bytes=1 << 14)  # so that limits are met by small inputs
TEXT = TextConfig(agencies=load_agencies())
SKETCH = SketchConfig(shingle_size=2, num_perm=16, seed=1, bands=4, rows=4, sample_one_in=2, sample_floor=4)
CONTENT_TYPES = ("text/plain", "text/html; charset=iso-8859-5", "application/json")


@dataclass(frozen=True)
class Target:
    """``check`` raises on a fault; ``seeds`` are where the search begins."""

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    longest: int = 4096  # bytes of an input
    memory: int | None = None  # bytes that its process is bound to in earnest, and so while it is fuzzed


def check_document(found: Document | Skipped) -> None:
    """What a worker sends to the writer can be packed and stored; a story's spans lie in its text."""
    if isinstance(found, Skipped):
        assert found.reason != "failed", found  # by what nobody had foreseen
        for told in (found.path, found.member, found.reason, found.detail):
            told.encode()
        return
    assert "\0" not in found.text
    story = text.clean(found, frozenset((1,)), TEXT)
    assert len(story.text) == len(found.text)
    check_spans(story)
    keys = text.line_keys(found).tobytes()
    signed = SignedStory(
        1, rows.pack_removed(story.removed), rows.pack_attributions(story.attributions), 0, b""
    )
    stored = rows.read_document(found, text.title_key(found), keys, signed)
    for value in (stored.id, stored.member, *stored.columns):
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, int):
            assert abs(value) < 2**63
    assert rows.unpack_text(stored.text) == found.text


def check_spans(story: Story) -> None:
    """Offsets lie in the text, and what a claim of the text quotes stands there."""
    size = len(story.document.text)
    assert all(0 <= part.begin <= part.end <= size for part in story.removed)
    for claim in story.attributions:
        if claim.begin is not None and claim.end is not None:
            assert 0 <= claim.begin <= claim.end <= size
            assert claim.text == story.document.text[claim.begin : claim.end]


Read = Callable[[CrawlFile, CrawlConfig], Iterable[Record | Skipped]]


def read_as(names: tuple[str, ...], read: Read = crawl.records) -> Callable[[bytes], None]:
    """The check that reads a file of one of these names, through the door that ``dedupe index`` uses."""

    def check(data: bytes) -> None:
        if not data:
            return
        name = names[data[0] % len(names)]
        file = _folder() / name
        file.write_bytes(data[1:])
        for record in read(CrawlFile(file, name, len(data) - 1, 10**18), SMALL):
            if isinstance(record, Record) and isinstance(record.payload, bytes):
                assert len(record.payload) <= 2 * SMALL.max_document_bytes
            check_document(crawl.parse(record, SMALL) if isinstance(record, Record) else record)

    return check


@cache
def _folder() -> Path:
    """Where inputs become files, while this process lives."""
    folder = Path(tempfile.mkdtemp(prefix="dedupe-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def rows_here(file: CrawlFile, config: CrawlConfig) -> Iterator[Record | Skipped]:
    """What the process that decodes columns does, in this one: as far as a small file may go."""
    source = Source(file.name, "", "2024-02-05T08:30:00Z")
    is_parquet = name_parts(file.name)[0] is Format.PARQUET
    return islice(columns.rows(columns.Columns(file.path, is_parquet, source, config)), 1000)


def check_page(data: bytes) -> None:
    """A page: the first byte chooses what the server said of it."""
    if data:
        charset, coding = ((None, None), ("windows-1251", None), ("utf-16", None), (None, "gzip, chunked"))[
            data[0] % 4
        ]
        url = "https://www.harbour.example/2024/02/05/a" if data[0] & 4 else None
        record = Record("a.html", "", Kind.HTML, data[1:], charset=charset, coding=coding, url=url)
        check_document(crawl.parse(record, SMALL))


def check_story(data: bytes) -> None:
    """A document's text, title, byline and outlet, between form feeds."""
    parts = data.decode("utf-8", "replace").replace("\0", " ").split("\f", 3)
    told, title, byline, outlet = (*parts, *("",) * (4 - len(parts)))
    document = Document("a.txt", "", told, title=title or None, byline=byline or None, outlet=outlet or None)
    check_document(document)


def check_kernels(data: bytes) -> None:
    """The tokeniser and the signing of a batch: compiled, plain and by definition."""
    import numpy as np
    import reference

    from dedupe.sketch import make_permutations, sign

    form = "utf-16-le" if data[:1] > b"\x7f" else "utf-8"
    texts = [
        _known(part.decode(form, "replace" if form == "utf-8" else "surrogatepass")) for part in _parts(data)
    ]
    made = [text.tokenize(texts, compiled) for compiled in (True, False)]
    for one, other in zip(*([getattr(t, f.name) for f in fields(t)] for t in made), strict=True):
        np.testing.assert_array_equal(one, other)
    tokens = made[0]
    folded = tokens.folded.tobytes()
    for i, each in enumerate(texts):
        span = range(int(tokens.first[i]), int(tokens.first[i + 1]))
        found = [
            (
                folded[tokens.byte_begin[t] : tokens.byte_end[t]].decode(),
                int(tokens.char_begin[t]),
                int(tokens.char_end[t]),
            )
            for t in span
        ]
        assert found == reference.tokens(each)
    sketches = sign(tokens, make_permutations(SKETCH.num_perm, SKETCH.seed), SKETCH, compiled=True)
    for i, each in enumerate(texts):
        shingles = reference.shingles(each, SKETCH.shingle_size)
        sample = sketches.samples[sketches.first[i] : sketches.first[i + 1]].tolist()
        assert sample == reference.sample(shingles, SKETCH.sample_one_in, SKETCH.sample_floor)
        assert sketches.signatures[i].tolist() == reference.signature(shingles, SKETCH.num_perm, SKETCH.seed)


def _parts(data: bytes) -> list[bytes]:
    """Up to four texts, of an even number of bytes each."""
    size = max(2, (len(data) - 1) // 4 // 2 * 2)
    return [
        part[: len(part) // 2 * 2] for part in (data[1 + i : 1 + i + size] for i in range(0, 4 * size, size))
    ]


def _known(found: str) -> str:
    """Without code points that this Python's Unicode may know differently than the fold table's."""
    if text.fold_table().unicode_version == unicodedata.unidata_version:
        return found
    return "".join(c for c in found if unicodedata.ucd_3_2_0.category(c) not in {"Cn", "Co"})


def check_body(data: bytes) -> None:
    """A request of the service: its type, and its body, to the answer."""
    from dedupe.web.bodies import articles_of
    from dedupe.web.questions import parsed, unreadable
    from dedupe.web.replies import Refusal

    if not data:
        return
    named, _, rest = data[1:].partition(b"\n") if data[0] > 0xF0 else (b"", b"", data[1:])
    content_type = named.decode("latin-1") or CONTENT_TYPES[data[0] % len(CONTENT_TYPES)]
    try:
        articles = articles_of(content_type, rest, 4)
    except Refusal as refusal:
        if not 400 <= refusal.status < 500:
            raise
        orjson.dumps([refusal.message, refusal.hint])
        return
    for article in articles.each:
        found = parsed(article)
        if isinstance(found, Skipped):
            orjson.dumps(unreadable(found))
        else:
            orjson.dumps(answer_record(_index().query_document(found), None))


@cache
def _index() -> Index:
    """An index of the shipped crawl, for questions."""
    index = Index.open(_folder() / "news.db")
    index.add(ROOT / "samples" / "crawl", workers=0)
    return index


TARGETS = {
    "records": Target(read_as(RECORD_FILES), seeds.record_seeds),
    "archives": Target(read_as(ARCHIVE_FILES), seeds.archive_seeds, 16384),
    "columns": Target(read_as(COLUMN_FILES, rows_here), seeds.column_seeds, 16384, columns.MEMORY),
    "pages": Target(check_page, seeds.page_seeds, 8192),
    "stories": Target(check_story, seeds.story_seeds),
    "kernels": Target(check_kernels, seeds.kernel_seeds, 2048),
    "bodies": Target(check_body, seeds.body_seeds),
}
