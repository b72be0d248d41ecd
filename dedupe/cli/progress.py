"""How far long work has come: a bar a step on a terminal, cleared at the end; in a log a line a minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

STEPS = {
    "check": "looking",
    "read": "reading",
    "sign": "signing",
    "match": "comparing",
    "cluster": "clustering",
    "keep": "deciding",
    "write": "writing",
}
EVERY = 60.0  # seconds between lines in a log
_OF = {"read": "of some"}  # what lies in the files that are not read yet is guessed


@contextmanager
def progress_bars(first: str, *outputs: str | None) -> Iterator[Callable[[str, int, int | None], None]]:
    """Takes ``(step, done, total)``; a total that is not known is None. ``first`` is shown at once, for a
    large crawl is a while in being listed. Nothing is where one of ``outputs`` goes to the terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lines(partial(print, file=console.file, flush=True))
        return
    hidden = "-" in outputs and sys.stdout.isatty()
    columns = (TextColumn("{task.description}"), BarColumn(), _Count(), _Time())
    with Progress(*columns, console=console, disable=hidden, transient=True) as bars:
        tasks = {
            step: bars.add_task(label, total=None, visible=step == first, of=_OF.get(step, "of"))
            for step, label in STEPS.items()
        }

        def show(step: str, done: int, total: int | None) -> None:
            for task in bars.tasks:
                if task.id != tasks[step] and task.visible:
                    bars.update(task.id, total=task.completed)  # another step has begun: this one is over
            bars.update(tasks[step], completed=done, total=total and max(done, total), visible=True)

        yield show


def lines(
    write: Callable[[str], None], clock: Callable[[], float] = time.monotonic
) -> Callable[[str, int, int | None], None]:
    """Takes the same; writes a plain line each EVERY seconds, so none of what is done sooner."""
    due = clock() + EVERY

    def show(step: str, done: int, total: int | None) -> None:
        nonlocal due
        if clock() >= due:
            due = clock() + EVERY
            of = "" if total is None else f" {_OF.get(step, 'of')} {max(done, total):,}"
            write(f"{STEPS[step]}: {done:,}{of}")

    return show


class _Count(ProgressColumn):
    """``1,024 of 20,000``; where nobody knows of how many, how fast."""

    def render(self, task: Task) -> Text:
        done = f"{int(task.completed):,}"
        if task.total is not None:
            return Text(f"{done} {task.fields['of']} {int(task.total):,}", style="progress.download")
        return Text(f"{done}, {task.speed:,.0f}/s" if task.speed else done, style="progress.download")


class _Time(ProgressColumn):
    """What is left, by the pace of the last half minute; where that cannot be told, what has passed."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        left = None if task.finished else task.time_remaining
        seconds = (task.finished_time if task.finished else task.elapsed) if left is None else left
        told = str(timedelta(seconds=int(seconds or 0)))
        return Text(told if left is None else f"{told} left", style="progress.remaining")
