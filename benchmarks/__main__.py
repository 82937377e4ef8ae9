"""Run the benchmarks: `python -m benchmarks` for all of them, `python -m benchmarks weeks memory` for some.

Prints a table. A full run also leaves outputs/bench.json: name -> value, unit, target, met. A target that is missed is
reported, never an error; a benchmark that breaks is.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable

from benchmarks import (
    commands,
    consumer_step,
    coupling,
    learning,
    memory,
    mesa_tools,
    pages,
    pairing,
    reviews,
    rooms,
    scale,
    sweeps,
    weeks,
)
from benchmarks.row import Row
from experiments.storage import places, writing

BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "commands": commands.rows,
    "consumer_step": consumer_step.rows,
    "coupling": coupling.rows,
    "weeks": weeks.rows,
    "reviews": reviews.rows,
    "learning": learning.rows,
    "scale": scale.rows,
    "memory": memory.rows,
    "mesa_tools": mesa_tools.rows,
    "pages": pages.rows,
    "pairing": pairing.rows,
    "rooms": rooms.rows,
    "sweeps": sweeps.rows,
}
WIDTH = 130
"""Characters a line where there is no terminal to ask."""
SIGNS = {"at least": "≥", "at most": "≤"}


def show(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "value", "unit", "target", "met", title="Benchmarks")
    for row in rows:
        target = "" if row.target is None else f"{SIGNS[row.bound]} {row.target:g}"
        met = {None: "", True: "yes", False: "[bold]no[/bold]"}[row.is_met]
        table.add_row(row.name, f"{row.value:,.4g}", row.unit, target, met)
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    rows, broken = [], []
    for name in wanted or BENCHMARKS:
        started = time.perf_counter()
        try:
            rows += BENCHMARKS[name]()
        except Exception:  # the other benchmarks still have something to say
            traceback.print_exc()
            broken.append(name)
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    show(rows)
    if not wanted:
        writing.write_json(places.output_folder() / "bench.json", {row.name: row.as_json() for row in rows})
    if broken:
        print(f"Broken: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
