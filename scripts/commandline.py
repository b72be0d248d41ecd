"""The command lines of these scripts, and the one of dedupe, for processes that they start."""

from __future__ import annotations

import argparse
import sys

# By the function and not the script on the PATH: it is the dedupe of the interpreter that runs this.
DEDUPE = (sys.executable, "-c", "from dedupe.cli import main; main()")


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A parser whose ``--help`` is a module's docstring, in which examples stand."""
    return argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
