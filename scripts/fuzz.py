"""Coverage-guided fuzzing of everything that reads what others wrote, with atheris.

    scripts/fuzz TARGET --seconds 600

The inputs that reach new code stay in ``--corpus`` (a folder under the system's temporary one), and a
next run goes on from there. A fault ends the run with its input in ``crash-…`` in that folder: make it
small with ``scripts/fuzz TARGET --replay FILE``, mend, and write it down in ``tests/fuzz/test_found.py``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HANG_SECONDS = 20  # one input may take; the largest are a few KB
MEMORY_MB = 2048


def main() -> None:
    """Run one target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="where inputs are kept")
    parser.add_argument("--replay", type=Path, nargs="+", help="only check these inputs")
    asked = parser.parse_args()
    if asked.replay:
        _replay(asked.target, asked.replay)
    else:
        _fuzz(
            asked.target, asked.seconds, asked.corpus or Path(tempfile.gettempdir()) / f"fuzz-{asked.target}"
        )


def _replay(name: str, files: list[Path]) -> None:
    from fuzz_targets import TARGETS

    for file in files:
        TARGETS[name].check(file.read_bytes())
        print(f"{file}: nothing wrong")


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
        sys.exit(f"error: no target {name!r}\nhint: one of {', '.join(TARGETS)}")
    target = TARGETS[name]
    bound_memory(target.memory)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
        target.check(seed)  # and whatever is loaded late is loaded before it counts
    options = {
        "max_total_time": seconds,
        "timeout": HANG_SECONDS,
        "rss_limit_mb": MEMORY_MB,
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
