"""What a year of a metropolis takes, and how cost and memory grow with the number of people."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time

from benchmarks import workload
from benchmarks.commands import ROOT
from benchmarks.row import Row

WEEKS = {"city": 40, "metropolis": 10, "megacity": 5}
GIB = 1024.0**3


def rows() -> list[Row]:
    """Each size in a process of its own, on two threads."""
    measured = {size: in_own_process(size) for size in WEEKS}
    week, people = {s: m[0] for s, m in measured.items()}, {s: m[2] for s, m in measured.items()}
    each = {size: week[size] / people[size] for size in WEEKS}
    how = "two threads, a process of its own"
    return [
        Row(
            "a year of a metropolis, all phases",
            52 * week["metropolis"],
            "s",
            5.0,
            "at most",
            f"52 median weeks, {how}",
        ),
        Row("a year of a megacity, all phases", 52 * week["megacity"], "s", how=f"52 median weeks, {how}"),
        Row("megacity: most memory", measured["megacity"][1] / GIB, "GiB", 4.0, "at most", how),
        Row("cost a consumer-week, megacity over city", each["megacity"] / each["city"], "times", 1.3, "at most", how),
        *(Row(f"{size}: a consumer-week, all phases", 1e9 * each[size], "ns", how=how) for size in WEEKS),
    ]


def in_own_process(size: str) -> tuple[float, float, int]:
    """Median seconds of a week, most bytes of memory, consumers."""
    code = f"from benchmarks import scale; scale.measure({size!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    words = done.stdout.split()
    return float(words[0]), float(words[1]), int(words[2])


def measure(size: str) -> None:
    """Walk some weeks and print what `in_own_process` reads."""
    model = workload.open_economy(f"population={size}", n_threads=2)
    for _ in range(3):
        model.step()
    seconds = []
    for _ in range(WEEKS[size]):
        started = time.perf_counter()
        model.step()
        seconds.append(time.perf_counter() - started)
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(statistics.median(seconds), peak, len(model.world.consumers))
