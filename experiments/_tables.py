"""Tables on the terminal."""

from __future__ import annotations

import math
from typing import Any


def show_table(title: str, columns: list[str], rows: list[list[str]], width: int = 118) -> None:
    """Print a table at least so wide; numbers to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 or i == len(columns) - 1 else "right", no_wrap=i < 1)
    for row in rows:
        table.add_row(*row)
    console = Console()
    console.width = max(console.width, width)  # a pipe has no width; a table cut at 80 columns is no use
    console.print(table)


def number(value: float, *, signed: bool = False) -> str:
    """A number with four digits that count, never in powers of ten."""
    if value != value:
        return "-"
    sign = "+" if signed else ""
    if abs(value) >= 1000 or value == 0:
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.{max(0, 3 - math.floor(math.log10(abs(value)))) if abs(value) > 1e-5 else 6}f}"


def show_moments(moments: Any) -> None:
    """Print the moment table: how the market compares with the facts."""
    if not len(moments):
        print("\nNo moments: they need four weeks before horizon.policy_week.")
        return
    print()
    rows = []
    for row in moments.itertuples():
        error = f"{100 * row.error:+.1f} {'points' if row.error_kind == 'points' else '%'}"
        role = row.role.replace("_", " ")
        rows.append([row.title, number(row.target), number(row.simulated), error, role, row.verdict])
    show_table("The market against the facts", ["moment", "target", "simulated", "error", "role", "verdict"], rows)


def show_effects(effects: Any, label: str) -> None:
    """Print paired effects with 95% intervals, and how they spread over draws if assumptions were drawn."""
    has_draws, rows = "draw_low" in effects.columns, []
    for row in effects.itertuples():
        cells = [row.title, number(row.baseline), number(row.effect, signed=True), _interval(row.low, row.high)]
        if has_draws:
            cells += [_interval(row.draw_low, row.draw_high), f"{100 * row.sign_share:.0f}%"]
        rows.append([*cells, row.unit])
    spread = ["95% of draws", "same sign"] if has_draws else []
    columns = ["", "without", "effect", "95% interval", *spread, "unit"]
    title = f"{label}: paired differences, mean week under the policy"
    show_table(title, columns, rows, width=150 if has_draws else 118)


def _interval(low: float, high: float) -> str:
    return f"[{number(low, signed=True)}, {number(high, signed=True)}]"


def show_sensitivity(sensitivity: Any, n_draws: int, n_failed: int, metric: str = "welfare_total", n: int = 5) -> None:
    """Print which assumptions the effect on a metric follows most, and how much of that may be luck."""
    from sim.metrics.registry import REGISTRY

    print(f"\n{n_draws} draws of the assumptions; {n_failed} failed and are left out (record.json says why).")
    found = sensitivity[sensitivity["metric"] == metric]
    if not len(found):
        print("Too few draws to say which assumptions matter.")
        return
    largest = found.loc[found["correlation"].abs().sort_values(ascending=False, kind="stable").index[:n]]
    rows = [
        [
            row.number,
            row.parameter,
            f"{row.correlation:+.2f}",
            "luck can do that" if row.p_value > 0.05 / len(found) else "",
        ]
        for row in largest.itertuples()
    ]
    whose, n_whole = REGISTRY[metric].title.lower(), found["n_draws"].max()
    title = f"What the effect on {whose} follows (rank correlation over {n_whole} draws)"
    show_table(title, ["assumption", "value", "correlation", ""], rows)
