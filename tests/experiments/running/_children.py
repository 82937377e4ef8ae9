"""Requests in processes of their own, which tests kill, starve and interrupt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 120.0
"""Seconds after which a test gives up waiting."""


def start(*words: str, before: str = "") -> subprocess.Popen[str]:
    """A request in a process of its own; `before` is code that this process runs first."""
    command = [sys.executable, "-m", "experiments.cli", *words]
    if before:
        command = [sys.executable, "-c", f"{before}\nfrom experiments.cli import main\nmain({list(words)!r})"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, preexec_fn=_hears_ctrl_c, **pipes)  # pyright: ignore


def _hears_ctrl_c() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and so would our children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(is_so: Callable[[], object], child: subprocess.Popen[str]) -> None:
    """Wait for a condition; fail when the process ends first, or after long."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if child.poll() is not None:
            raise AssertionError(f"ended too early: {child.communicate()}")
        if time.monotonic() > deadline:
            child.kill()
            raise AssertionError(f"waited in vain: {child.communicate()}")
        time.sleep(0.005)


def ended(child: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, output and errors of a process that has ended."""
    out, err = child.communicate(timeout=PATIENCE)
    return child.returncode, out, err


def busy(outputs: Path) -> dict[str, int]:
    """Runs that have begun and not ended, and the process of each."""
    found = {}
    for path in (outputs / "runs" / "sessions").glob("*/begun/*"):
        try:
            found[path.name] = int(path.read_text().split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return found


def kill(pid: int) -> None:
    """As the kernel does when memory runs out."""
    os.kill(pid, signal.SIGKILL)
