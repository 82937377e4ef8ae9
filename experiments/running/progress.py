"""Progress of a request: a bar on a terminal, else a line from time to time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

from experiments.running.sessions import Session
from experiments.terminal import meanwhile

A_LOOK = 0.25
A_LINE = 30.0
"""Seconds between two readings of the counts, and between two lines where no bar can be drawn."""


def progress_line(what: str, n_done: int, n_runs: int, n_failed: int, seconds: float) -> str:
    """`sweep: 120 of 400 runs, 13.2 a second, 0:21 left, 2 failed`."""
    rate = n_done / seconds if seconds > 0 else 0.0
    left = f"{clock((n_runs - n_done) / rate)} left" if rate else "time left unknown"
    failed = f", {n_failed} failed" if n_failed else ""
    return f"{what}: {n_done:,} of {n_runs:,} runs, {rate:.3g} a second, {left}{failed}"


def clock(seconds: float) -> str:
    """`0:21`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@contextlib.contextmanager
def shown(what: str, n_runs: int, session: Session) -> Iterator[None]:
    """Show runs as they end, whichever process ends them, until the block is left."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    out = meanwhile.stream()
    console = Console(file=out)
    columns = (TextColumn("{task.fields[line]}"), BarColumn(bar_width=20))
    is_over, started = threading.Event(), time.monotonic()
    progress = Progress(*columns, console=console, disable=not console.is_terminal)
    with progress:
        bar = progress.add_task(what, total=n_runs, line=what)
        last = [started]

        def look(*, is_last: bool = False) -> None:
            n_done, n_failed = session.count()
            now = time.monotonic()
            words = progress_line(what, min(n_done, n_runs), n_runs, n_failed, now - started)
            progress.update(bar, completed=n_done, line=words)
            if not console.is_terminal and (is_last or now - last[0] >= A_LINE):
                last[0] = now
                print(words, file=out, flush=True)

        def watch() -> None:
            while not is_over.wait(A_LOOK):
                with contextlib.suppress(OSError):
                    look()

        watcher: Any = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()
            with contextlib.suppress(OSError):
                look(is_last=True)
