"""The command line: ``dedupe COMMAND …``.

:func:`main` is the one place where an error becomes a message: an ``error:`` line that names the
value, a ``hint:`` line with the next step, and a traceback only with ``--debug``.

Exit codes: 0 ok; 1 failed; 2 unusable arguments; 3 ran, but the asked bar was not met
(``--fail-on``), or found damage (``dedupe check``); 130 interrupted.
"""

from __future__ import annotations

import sys

from dedupe.cli.exits import FAILED, INTERRUPTED


def main() -> None:
    """Run the command line and exit."""
    from dedupe.cli.app import app
    from dedupe.errors import DedupeError

    try:
        app()
    except DedupeError as error:
        if "--debug" in sys.argv:
            raise
        _complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except SystemExit as ended:
        # typer turns an interrupt into this exit, and says nothing.
        if ended.code == INTERRUPTED:
            _complain("interrupted", "run the command again; an index goes on where it stopped")
        raise
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does.
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as error:
        if "--debug" in sys.argv:
            raise
        _complain(str(error), None)
        sys.exit(FAILED)


def _complain(message: str, hint: str | None) -> None:
    sys.stderr.write(f"error: {message}\n")
    if hint:
        sys.stderr.write(f"hint: {hint}\n")
