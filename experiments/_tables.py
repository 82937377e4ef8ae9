"""Tables on the terminal."""

from __future__ import annotations

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


def show_moments(moments: Any) -> None:
    """Print the moment table: how the market compares with the facts."""
    if not len(moments):
        print("\nNo moments: they need four weeks before horizon.policy_week.")
        return
    print()
    show_table(
        "The market against the facts",
        ["moment", "target", "simulated", "error", "role", "verdict"],
        [
            [
                row.title,
                f"{row.target:,.4g}",
                f"{row.simulated:,.4g}",
                f"{100 * row.error:+.1f} {'points' if row.error_kind == 'points' else '%'}",
                row.role.replace("_", " "),
                row.verdict,
            ]
            for row in moments.itertuples()
        ],
    )


def show_effects(effects: Any, label: str) -> None:
    """Print paired effects with 95% intervals."""
    show_table(
        f"{label}: paired differences, mean week under the policy",
        ["", "without", "effect", "95% interval", "unit"],
        [
            [row.title, f"{row.baseline:,.4g}", f"{row.effect:+,.3g}", f"[{row.low:+,.3g}, {row.high:+,.3g}]", row.unit]
            for row in effects.itertuples()
        ],
    )
