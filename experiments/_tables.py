"""Tables on the terminal."""

from __future__ import annotations

import math
from typing import Any


def show_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table; numbers to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 or i == len(columns) - 1 else "right", no_wrap=i < 1)
    for row in rows:
        table.add_row(*row)
    console = Console()
    console.width = max(console.width, 118)  # a pipe has no width; a table cut at 80 columns is no use
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
    """Print paired effects with 95% intervals."""
    rows = []
    for row in effects.itertuples():
        interval = f"[{number(row.low, signed=True)}, {number(row.high, signed=True)}]"
        rows.append([row.title, number(row.baseline), number(row.effect, signed=True), interval, row.unit])
    columns = ["", "without", "effect", "95% interval", "unit"]
    show_table(f"{label}: paired differences, mean week under the policy", columns, rows)
