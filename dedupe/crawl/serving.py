"""The life of a worker process, and how it is talked to: length-prefixed pickles over its pipes.

What it is at, the worker notes in a file in shared memory, without a system call, so that its parent
can tell the item that hangs or kills it from the others of the batch.
"""

from __future__ import annotations

import gc
import mmap
import os
import pickle
import re
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

from dedupe.errors import DedupeError

T = TypeVar("T")
PROGRESS = struct.Struct("<qq")  # are items watched; how many are done. One a worker, in the shared file
_LENGTH = struct.Struct("<Q")
# When to look for cycles of garbage: records make none, and looking for them took a worker a twentieth of its
# time and the process that writes a tenth.
_COLLECT = (100_000, 20, 20)
_note: Callable[[bool, int], None] | None = None  # in a worker: writes its PROGRESS


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told first."""

    path: list[str]  # sys.path
    progress: str  # the name of the shared file


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What a worker is told before the first batch that it is for."""

    function: bytes  # pickled
    memory: int | None  # bytes


def serve() -> None:
    """The life of a worker process: told what to do, it works batches until the pipe closes."""
    global _note
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent decides what these mean
        signal.signal(number, signal.SIG_IGN)
    stream_in, stream_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the function prints must not get among the answers
    index = int(sys.argv[1])
    setup: Setup = receive(stream_in)
    sys.path[:] = setup.path
    with Path(setup.progress).open("r+b") as file, mmap.mmap(file.fileno(), 0) as progress:
        _note = partial(PROGRESS.pack_into, progress, index * PROGRESS.size)
        try:
            _answer(stream_in, stream_out)
        except EOFError:
            return


def _answer(stream_in: IO[bytes], stream_out: IO[bytes]) -> None:
    """Take tasks and batches, in the order they come.

    Raises:
        EOFError: the parent has closed the pipe.
    """
    gc.set_threshold(*_COLLECT)
    function: Callable[[Sequence[Any]], Iterable[Any]] = list
    memory: int | None = None
    while True:
        message = receive(stream_in)
        if isinstance(message, Task):
            try:
                function, memory = pickle.loads(message.function), message.memory
                bound_memory(memory)
                gc.freeze()  # what was imported stays: the collector need not look at it again
            except Exception:
                send(stream_out, traceback.format_exc())
                return
            send(stream_out, None)
        else:
            results, fault = _worked(function, message)
            send(stream_out, (results, fault, _is_bloated(memory)))


@contextmanager
def rare_collections() -> Iterator[None]:
    """Inside, this process looks for cycles of garbage as rarely as a worker does."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def watched(items: Iterable[T]) -> Iterator[T]:
    """``items``, while the pool is told which of them the function is at; elsewhere just ``items``.

    For a function that goes through its batch item by item and then does more with the whole.
    """
    if _note is None:
        yield from items
        return
    for at, item in enumerate(items):
        _note(True, at)
        yield item
    _note(False, 0)


def _worked(
    function: Callable[[Sequence[Any]], Iterable[Any]], items: Sequence[Any]
) -> tuple[list[Any], str | DedupeError | None]:
    """The results and None, or as far as it came and what was raised."""
    assert _note is not None
    results: list[Any] = []
    _note(False, 0)
    try:
        produced = function(items)
        if not isinstance(produced, Iterator):
            return list(produced), None
        _note(True, 0)
        for done, result in enumerate(produced, 1):
            results.append(result)
            _note(True, done)
    except DedupeError as error:  # no fault of an item: the parent raises it
        return results, error
    except Exception as error:  # of whatever kind: the parent blames the item and goes on
        return results, f"{type(error).__name__}: {error}"
    return results, None


def send(stream: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value.

    Raises:
        EOFError: the other side has closed.
    """
    head = stream.read(_LENGTH.size)
    size = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else -1
    data = stream.read(size) if size >= 0 else b""
    if size < 0 or len(data) < size:
        raise EOFError
    return pickle.loads(data)


def bound_memory(memory: int | None) -> None:
    """Bound this process to so many bytes: RLIMIT_DATA leaves mapped files alone (Linux >= 4.7)."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = [limit for limit in (memory, hard) if limit not in (None, resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(wanted, default=resource.RLIM_INFINITY), hard))


def _is_bloated(memory: int | None) -> bool:
    """Has this process ever held more than half of what it may? Allocators rarely give it back."""
    return memory is not None and 2 * peak_memory() > memory


def peak_memory() -> int:
    """The most memory this process has held, in bytes; 0 where the system does not tell."""
    if sys.platform == "linux":
        # Not getrusage: what it gives a child begins with the peak of the parent.
        status = Path("/proc/self/status").read_bytes()
        found = re.search(rb"VmHWM:\s*(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
