"""Every error the package raises on purpose, in one tree.

    DedupeError                 message: what happened, naming the value; hint: the next step
    ├── InputError              a path or an option that cannot be used (exit 2)
    ├── ConfigMismatch          an index made with other parameters; both values are in the message
    ├── NotAnIndex              the file is not ours
    │   └── NeverFilled         it is, and its first writer was killed before it wrote anything
    ├── Damaged                 the file is ours, and something in it is not what was written
    ├── StorageFault            the disk is full, or does not read or write
    ├── NewerIndex              the file was written by a newer version
    ├── IndexBusy               another process is writing this index
    ├── NotFound                no document or cluster has this id
    └── MissingExtra            an optional package is needed for this

The command line turns any of them into an ``error:`` line and a ``hint:`` line, in one place
(``dedupe.cli.main``). A document that cannot be read is not an error: it becomes a
:class:`dedupe.model.Skipped` with its reason, is counted, and the run goes on.
"""

from __future__ import annotations


class DedupeError(Exception):
    """The root. ``exit_code`` is what the command line returns for it."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(DedupeError):
    """A path or an option that cannot be used as given."""

    exit_code = 2

    @classmethod
    def unreadable(cls, what: str, error: Exception) -> InputError:
        """``what`` the user named cannot be read; the message says why without naming the file again."""
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return cls(f"cannot read {what}: {why}", hint="check the path, and that this user may read it")


class ConfigMismatch(DedupeError):
    """An index was made with parameters that give other bits than the ones asked for now."""


class NotAnIndex(DedupeError):
    """The file is no index of ours."""


class NeverFilled(NotAnIndex):
    """The file was made for an index, and nothing was written to it."""


class Damaged(DedupeError):
    """Something in the index is not what was written to it."""


class StorageFault(DedupeError):
    """What holds the index, or a file beside it, does not read or write, or is full."""


class NewerIndex(DedupeError):
    """The index was written by a newer version than this one."""


class IndexBusy(DedupeError):
    """Another process is writing this index; there is one writer at a time."""


class NotFound(DedupeError):
    """No document or cluster has this id."""


class MissingExtra(DedupeError):
    """A feature needs an optional package that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the extra {extra!r}",
            hint=f"pip install 'dedupe-news[{extra}]'",
        )
