"""Coverage-guided fuzzing of everything that reads what others wrote, with atheris.

    scripts/fuzz TARGET --seconds 600

The inputs that reach new code stay in ``--corpus`` (a folder under the system's temporary one), and a
next run goes on from there. A fault ends the run with its input in ``crash-…`` in that folder: make it
small with ``scripts/fuzz TARGET --replay FILE``, mend, and write it down among what was found before in
``tests/hostile/test_fuzz_targets.py``.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from commandline import parser
from scratch import scratch

MEMORY = Path("/dev/shm")  # where there is one: every input is written to a file
HANG_SECONDS = 20  # one input may take; the largest are a few KB
LIMIT_MB = 2048


def main() -> None:
    """Run one target."""
    command = parser(__doc__)
    command.add_argument("target")
    command.add_argument("--seconds", type=int, default=600)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="where inputs are kept")
    command.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="only check these inputs")
    options = command.parse_args()
    corpus = options.corpus or Path(tempfile.gettempdir()) / f"fuzz-{options.target}"
    with scratch("fuzz", MEMORY if MEMORY.is_dir() else None):
        if options.replay:
            _replay(options.target, options.replay)
        else:
            sys.exit(_ended(options.target, options.seconds, corpus))


def _replay(name: str, files: list[Path]) -> None:
    from fuzz_targets import TARGETS

    if name not in TARGETS:
        sys.exit(_no_target(name, TARGETS))
    for file in files:
        TARGETS[name].check(file.read_bytes())
        print(f"{file}: nothing wrong")


def _no_target(name: str, targets: Iterable[str]) -> str:
    return f"error: no target {name!r}\nhint: one of {', '.join(targets)}"


def _ended(name: str, seconds: int, corpus: Path) -> int | None:
    """How the fuzzing ends. libFuzzer leaves its process without a farewell, so it gets one of its own."""
    fuzzing = multiprocessing.Process(target=_fuzz, args=(name, seconds, corpus))
    fuzzing.start()
    try:
        fuzzing.join()
    finally:
        fuzzing.kill()
        fuzzing.join()
    return fuzzing.exitcode


def _fuzz(name: str, seconds: int, corpus: Path) -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("error: atheris is not installed\nhint: pip install atheris (Linux and macOS)")

    with atheris.instrument_imports(
        include=["dedupe", "email", "json", "html", "tarfile", "zipfile", "csv", "reference"]
    ):
        from fuzz_targets import TARGETS

        from dedupe.crawl.serving import bound_memory
    if name not in TARGETS:
        sys.exit(_no_target(name, TARGETS))
    target = TARGETS[name]
    bound_memory(target.memory)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
        target.check(seed)  # and whatever is loaded late is loaded before it counts
    options = {
        "max_total_time": seconds,
        "timeout": HANG_SECONDS,
        "rss_limit_mb": LIMIT_MB,
        "max_len": target.longest,
        "keep_seed": 1,  # where the code is compiled, coverage does not say what they are good for
        "print_final_stats": 1,
        "artifact_prefix": f"{corpus}/",
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)], target.check
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
