"""Signs of life for long work: on standard error, only for a person at a terminal, only when it takes long."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["Progress", "at_work"]

Progress = Callable[[int, int], object]
"""Called with what is done and what there is to do, as the library's ``progress`` wants it."""

PATIENCE = 0.5
"""Seconds before anything is shown: what is done by then needs no sign."""


class _Sign:
    """One line that comes after a while and goes when the work is done."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._lock = threading.Lock()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._ended = False
        self._timer = threading.Timer(PATIENCE, self._show)
        self._timer.daemon = True

    def begin(self) -> None:
        """Start waiting."""
        self._timer.start()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn("line"), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        with self._lock:
            if not self._ended:
                self._task = bar.add_task(self._label, total=None)
                self._bar = bar
                bar.start()

    def advance(self, done: int, total: int) -> None:
        """Show how far the work has come."""
        with self._lock:
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=done, total=total)

    def end(self) -> None:
        """Take the line away."""
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._bar is not None:
                self._bar.stop()


@contextmanager
def at_work(label: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show that something is going on while the body runs.

    Parameters
    ----------
    label : str
        What is going on.
    quiet : bool
        Show nothing, as for JSON.

    Yields
    ------
    callable or None
        To be handed to the library as ``progress``; None where nobody looks.
    """
    if quiet or not _is_watched():
        yield None
        return
    sign = _Sign(label)
    sign.begin()
    try:
        yield sign.advance
    finally:
        sign.end()


def _is_watched() -> bool:
    """Whether a person sees both streams, on a terminal that can take a line back."""
    return sys.stdout.isatty() and sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in {"dumb", "unknown"}
