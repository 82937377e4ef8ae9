"""A comparison in a process of its own, how it is ended, and why it failed, in words for whoever asked."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from experiments.dashboard.job_process import FULL_DISK
from experiments.request import naming
from experiments.storage import places

CHECK_EVERY = 0.1
"""Seconds between two checks whether a job is to be stopped."""
MOST_READ = 64_000
"""Bytes at the end of a log that are read."""
MOST_LINES, LONGEST = 12, 300
"""Lines of an error that are shown, and characters of one."""
UNWRITTEN = 120
"""Exit code of a Python that could not write its last lines."""
SECRETS = ("PLATFORM_LAB_TOKEN",)
"""What a job need not know."""
KEPT = "Finished runs are kept: ask the same again, and it goes on from there."


class Child:
    """A process group: an errand (`compare`, `people`) and its workers, told by arguments alone, never by a shell."""

    def __init__(self, errand: str, words: list[str], log: Path) -> None:
        module = f"{__package__}.job_process"
        command = [sys.executable, "-P", "-m", module, str(os.getpid()), errand, *words]
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as file:
            self.begun_ns = os.fstat(file.fileno()).st_mtime_ns
            """When it began, by the clock of the disk."""
            how: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": subprocess.STDOUT}
            self._process = subprocess.Popen(command, env=environment(), start_new_session=True, **how)

    @property
    def pid(self) -> int:
        """The process, and the group that it leads."""
        return self._process.pid

    def wait(self, is_stopped: threading.Event, grace: float) -> int:
        """Exit code. What is to be stopped is interrupted, and killed if that does not help; no worker outlives it."""
        end = None
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return self._process.wait(CHECK_EVERY)
                if end is None and is_stopped.is_set():
                    end = time.monotonic() + grace
                    self._signal(signal.SIGINT)
                elif end is not None and time.monotonic() > end:
                    self._signal(signal.SIGKILL)
        finally:
            self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left
            os.killpg(self.pid, number)


def environment() -> dict[str, str]:
    """As here, with the folder of results by its full name, and with the code that runs here wherever it lies."""
    home = str(Path(__file__).resolve().parents[__name__.count(".")])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])] if not _is_installed(home) else []
    kept = {key: value for key, value in os.environ.items() if key not in SECRETS}
    kept |= {places.OUTPUTS: str(places.output_folder().absolute()), "PYTHONIOENCODING": "utf-8"}
    return kept | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {})


def _is_installed(home: str) -> bool:
    """Whether a child finds the code in this folder by itself: to put it in front would hide the standard library."""
    import sysconfig

    return Path(home) in {Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")}


def why_failed(code: int, log: Path) -> str:
    """Why a job has no result, without a word for programmers."""
    if code == -signal.SIGKILL:
        return f"Its process was killed, perhaps for want of memory. {KEPT}"
    if code in (FULL_DISK, UNWRITTEN):
        return "The disk is full. Finished runs are kept: make room, then ask the same again."
    if code in (130, -signal.SIGINT, -signal.SIGTERM):
        return f"Somebody else stopped its process. {KEPT}"
    text = _end_of(log)
    if code == 2 and (lines := _refusal(text)):
        return "\n".join(naming.shown(line, LONGEST) for line in lines[-MOST_LINES:])
    return f"The program failed, through no fault of the question (exit code {code}). Its log is {log.name}. {KEPT}"


def _refusal(text: list[str]) -> list[str]:
    """What follows `Cannot compare:` at the end of a log."""
    starts = [i for i, line in enumerate(text) if line.startswith("Cannot compare:")]
    return [line for line in text[starts[-1] + 1 :] if line.strip()] if starts else []


def _end_of(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - MOST_READ))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
