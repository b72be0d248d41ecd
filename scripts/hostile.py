"""A crawl that means harm: makes it, indexes it, and says what that took.

    python scripts/hostile.py /tmp/hostile          make the files, some 480 MB of them
    python scripts/hostile.py /tmp/hostile --run    and index them, watching every process

Nothing in it is real. What must hold: the run ends, every file is a document or is listed with its
reason, and no process takes more than a gigabyte. ``--run`` exits with 1 where it does not.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import struct
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from commandline import DEDUPE, parser
from hostile_columns import bombs as column_bombs
from hostile_pages import PAGES
from scratch import scratch

MB = 2**20
LIMIT = 2**30  # bytes of one process
BOMB_MB = 1024
COLUMN_MB = 500
SPOKEN = 990_000  # characters: a text just short of the limit


def prose(seed: int, chars: int, paragraphs: bool = True) -> str:
    """Invented words that hardly ever come twice in the same order."""
    draw = random.Random(seed)
    words = ["".join(draw.choices("bdklmnrst", k=2)) + draw.choice("aeiou") * 2 for _ in range(4000)]
    made, size = [], 0
    while size < chars:
        sentence = " ".join(draw.choices(words, k=14)).capitalize() + ".\n" * paragraphs
        made.append(sentence)
        size += len(sentence)
    return "".join(made)[:chars]


def near_copies(base: str, count: int, seed: int = 3) -> Iterable[str]:
    """``base`` with a few words changed, another few each time."""
    draw = random.Random(seed)
    for _ in range(count):
        words = base.split(" ")
        for _ in range(20):
            words[draw.randrange(len(words))] = "other"
        yield " ".join(words)


def long_texts() -> dict[str, bytes]:
    """Texts at the limit and beyond it, each with copies, so that long ones are compared with long ones."""
    draw = random.Random(4)
    han = "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(SPOKEN - 1000))
    letters = " ".join(draw.choices("abcdefghij", k=SPOKEN // 2 - 100))
    bases = {
        "huge": (prose(1, 20 * MB), 4),
        "words": (prose(2, SPOKEN), 24),
        "lines": ("\n".join(f"{i} line of {i * 7 % 1000}." for i in range(SPOKEN // 20)), 8),
        "han": (han, 6),
        "letters": (letters, 6),
        "again": (("All of it is said again, and then it is said once more. " * 18000)[:SPOKEN], 8),
    }
    return {
        f"{name}/{i}.txt": copy.encode()
        for name, (base, count) in bases.items()
        for i, copy in enumerate(near_copies(base, count))
    }


def bombs() -> dict[str, bytes]:
    """A gigabyte of nothing in every wrapping."""
    from fuzz_seeds import compressed_zeros

    made = {
        f"bomb{ending}": compressed_zeros(ending.rpartition(".")[2], BOMB_MB)
        for ending in (".html.gz", ".txt.bz2", ".csv.xz", ".jsonl.zst")
    }
    made["bomb.json.gz"] = gzip.compress(b"[" + b" " * (300 * MB))
    made["bomb.zip"] = zip_of({"a.html": bytes(300 * MB), "b.txt.gz": made["bomb.html.gz"]})
    made["overlap.zip"] = overlapping(2000, 40 * MB)
    made["bomb.tar.gz"] = gzip.compress(tar_of({f"{i}.txt.gz": made["bomb.html.gz"] for i in range(40)}))
    made["pax.tar.gz"] = gzip.compress(long_header(600 * MB))
    made["sparse.tar"] = sparse()
    return made


def zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tar_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def overlapping(count: int, size: int) -> bytes:
    """A zip file whose ``count`` members all are the same ``size`` bytes (Fifield, "A better zip bomb",
    WOOT 2019, in its simplest form)."""
    data = zlib.compressobj(9, wbits=-15)
    packed = data.compress(bytes(size)) + data.flush()
    name = b"a.txt"
    crc = zlib.crc32(bytes(size))
    sizes = struct.pack("<LLL", crc, len(packed), size)
    local = (
        b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0) + name
    )
    entry = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, 0) + name
    directory = entry * count
    begin = len(local) + len(packed)
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), begin, 0)
    return local + packed + directory + end


def long_header(size: int) -> bytes:
    """A tar file whose first name has so many bytes."""
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, size
    return header.tobuf() + bytes(size)


def sparse() -> bytes:
    """A tar file with a member of 8 GB, none of which is there."""
    info = tarfile.TarInfo("holes.jsonl")
    info.type = tarfile.GNUTYPE_SPARSE
    buffer = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    buffer[483:495] = b"%011o\0" % (8 * 2**30 - 1)
    buffer[148:156] = b"%06o\0 " % sum(buffer[:148] + b" " * 8 + buffer[156:512])
    return bytes(buffer) + bytes(1024)


def shapes() -> dict[str, bytes]:
    """Records of the wrong shape: too deep, too wide, without an end."""
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    entities = f'<!DOCTYPE r [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">{laughs}]>'
    item = f"<item><title>&l9;</title><description>&x; &l9; {prose(5, 300)}</description></item>"
    story = prose(6, 900)
    return {
        "deep.json": b'{"a":' * 200_000,
        "deep-item.json": b'[{"text":' + b"[" * 200_000 + b"]" * 200_000 + b"}]",
        "deep.jsonl": b'{"text":' * 100_000 + b"1" + b"}" * 100_000,
        "title.jsonl": json.dumps({"title": "T" * 20 * MB, "text": story}).encode(),
        "byline.jsonl": json.dumps({"author": "B " * 10 * MB, "text": story, "source": "S" * MB}).encode(),
        "url.jsonl": json.dumps({"url": "https://a.example/" + "u" * MB, "text": story}).encode(),
        "wide.jsonl": json.dumps({f"k{i}": i for i in range(500_000)}).encode(),
        "laughs.xml": f'<?xml version="1.0"?>{entities}<rss><channel>{item}</channel></rss>'.encode(),
        "open-items.rss": b"<rss><channel>" + b"<item " * 3_000_000,
        "open-titles.rss": b"<rss><item>" + b"<title>" * 1_000_000 + b"</item></rss>",
        "cdata.rss": b"<rss><item><description>" + b"<![CDATA[" * 1_000_000 + b"</description></item></rss>",
        "endless.atom": b"<feed><entry><title>" + b"x" * 40 * MB,
        "comments.mbox": b"From a\nFrom: " + b"(" * 200_000 + b"\nSubject: " + b"=?u?q?" * 9999 + b"\n\nx\n",
        "parts.mbox": b"From a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 500_000,
        "row.csv": b"text,url\n" + b"a," * 25 * MB,
        "quoted.csv": b'text,url\n"' + b"a line\n" * 6 * MB,
        "one-host.jsonl": b"".join(host_lines(100_000)),
        "claims.jsonl": b"".join(claiming()),
        **{f"noise.{ending}": random.Random(ending).randbytes(MB) for ending in (
            "html", "txt", "jsonl", "json", "csv", "xml", "mbox", "warc", "warc.gz", "zip", "tar", "parquet",
            "arrow", "gz", "txt.gz", "txt.xz", "txt.bz2", "txt.zst", "wacz",
        )},
    }  # fmt: skip


def host_lines(count: int) -> Iterable[bytes]:
    """Pages of one host under as many titles, with the same three lines and a few words of their own."""
    draw = random.Random(8)
    shared = "Sign up for our letters\nAll the news that we can carry, every day of the year.\nContact us"
    for i in range(count):
        own = " ".join(str(draw.randrange(10**6)) for _ in range(12))
        yield (
            json.dumps(
                {
                    "url": f"https://one.example/{i}",
                    "title": f"Number {own[:20]}",
                    "text": f"{own}.\n{shared}",
                }
            ).encode()
            + b"\n"
        )


def claiming() -> Iterable[bytes]:
    """One story on two sites that say it is from everybody."""
    for host in ("a", "b"):
        text = f"{prose(9, 1500)}\n(AP) (Reuters) (AFP) (dpa) (ANSA) (EFE) (TASS) (Xinhua) (Kyodo)"
        yield json.dumps({"url": f"https://{host}.example/1", "title": "All", "text": text}).encode() + b"\n"


PARTS: dict[str, Callable[[], dict[str, bytes]]] = {
    "pages": lambda: {
        f"{re.sub('[^a-z0-9]+', '-', name.lower())}.html": page if isinstance(page, bytes) else page.encode()
        for name, make in PAGES.items()
        for page in [make()]
    },
    "texts": long_texts,
    "bombs": bombs,
    "columns": lambda: {name: make() for name, make in column_bombs(COLUMN_MB).items()},
    "shapes": shapes,
}


def make(folder: Path) -> int:
    """Write all of it; how many files. Where that is interrupted there is no ``folder``, not a part of it."""
    with scratch("hostile", folder.parent) as making:
        count = _fill(making / "crawl")
        (making / "crawl").replace(folder)
    return count


def _fill(folder: Path) -> int:
    count = 0
    for part, make_part in PARTS.items():
        for name, content in make_part().items():
            path = folder / part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            count += 1
    return count


class Watch(threading.Thread):
    """Notes the most memory that a process and each of its children have held, by their numbers."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self.peaks: dict[int, int] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            for process in [self._root, *children(self._root)]:
                try:
                    status = Path(f"/proc/{process}/status").read_text()
                except OSError:
                    continue
                if found := re.search(r"VmHWM:\s*(\d+) kB", status):
                    self.peaks[process] = max(self.peaks.get(process, 0), int(found[1]) * 1024)


def children(process: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{process}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def run(folder: Path, workers: int) -> bool:
    """Index the crawl; whether every process kept to its limit and the run ended well."""
    with scratch("hostile") as place:
        db = place / "hostile.db"
        command = [*DEDUPE, "index", str(folder), "--db", str(db), "--workers", str(workers)]
        begin = time.monotonic()
        with subprocess.Popen(command) as process:
            watch = Watch(process.pid)
            watch.start()
            code = process.wait()
        watch.stopped.set()
        took = time.monotonic() - begin
        main = watch.peaks.pop(process.pid, 0)
        most = max(watch.peaks.values(), default=0)
        print(f"exit code {code} after {took:.1f} s; index {db.stat().st_size / MB:.1f} MB")
        print(f"main process {main / MB:.0f} MB, {len(watch.peaks)} workers, the largest {most / MB:.0f} MB")
        subprocess.run([*DEDUPE, "stats", "--db", str(db)], check=False)
        subprocess.run([*DEDUPE, "skipped", "--db", str(db)], check=False)
    return code == 0 and max(main, most) <= LIMIT


def main() -> None:
    command = parser(__doc__)
    command.add_argument("folder", type=Path)
    command.add_argument("--run", action="store_true")
    command.add_argument("--workers", type=int, default=2)
    options = command.parse_args()
    if not options.folder.exists():
        print(f"{make(options.folder)} files in {options.folder}")
    if options.run and not run(options.folder, options.workers):
        sys.exit(1)


if __name__ == "__main__":
    main()
