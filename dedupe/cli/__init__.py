"""The command line: ``dedupe COMMAND …``.

:func:`main` is the one place where an error becomes a message: an ``error:`` line that names the
value, a ``hint:`` line with the next step, and a traceback only with ``--debug``.

Exit codes: 0 ok; 1 failed; 2 unusable arguments; 3 ran, but the asked bar was not met
(``--fail-on``), or found damage (``dedupe check``); 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from typing import TYPE_CHECKING

from dedupe.cli.exits import FAILED, INTERRUPTED, OK, USAGE
from dedupe.errors import DedupeError

if TYPE_CHECKING:
    from typer._click.exceptions import UsageError


def main() -> None:
    """Run the command line and exit."""
    # As Ctrl-C: what was begun beside its place is taken away, and a terminal gets its cursor back.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED  # before the command began: typer catches those that come later
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does.
        sys.stderr.close()
        code = FAILED
    except (DedupeError, OSError, UnicodeEncodeError) as error:
        if "--debug" in sys.argv:
            raise
        code = _explain(error)
    if code == INTERRUPTED:
        _complain("interrupted", "run the command again; an index goes on where it stopped")
    sys.exit(code)


def _run() -> int:
    """The exit code of a command that came to its end, or was not understood."""
    # typer has a click of its own, and no public name for this.
    from typer._click.exceptions import NoArgsIsHelpError, UsageError

    from dedupe.cli.app import app

    try:
        return app(standalone_mode=False) or OK
    except NoArgsIsHelpError as error:
        error.show()
    except UsageError as error:
        _explain_usage(error)
    return USAGE


def _explain(error: DedupeError | OSError | UnicodeEncodeError) -> int:
    """What ended a command; its exit code."""
    if isinstance(error, DedupeError):
        _complain(error.message, error.hint)
        return error.exit_code
    if isinstance(error, UnicodeEncodeError):
        if error.object not in sys.argv:
            raise error
        _complain(f"{os.fsencode(error.object)!r} is not UTF-8", "names in an index are; write it in UTF-8")
        return USAGE
    where = "" if error.filename is None else f"{error.filename}: "
    full = error.errno == errno.ENOSPC
    hint = (
        "make room, and run the command again"
        if full
        else "dedupe --debug COMMAND … shows where it came from"
    )
    _complain(where + (error.strerror or str(error)), hint)
    return FAILED


def _explain_usage(error: UsageError) -> None:
    message = error.format_message().rstrip(".")
    command = error.ctx.command_path if error.ctx else "dedupe"
    hint = f"{command} --help lists what it takes"
    if getattr(error, "option_name", None) == "--debug":
        hint = "it stands before the command: dedupe --debug COMMAND …"
    _complain(message[:1].lower() + message[1:], hint)


def _complain(message: str, hint: str | None) -> None:
    from dedupe.cli.answers import plain

    sys.stderr.write(plain(f"error: {message}\n"))
    if hint:
        sys.stderr.write(plain(f"hint: {hint}\n"))
