"""Tables on the terminal."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

from analysis.wording.numbers import sentence

WIDTH = 100
"""Columns that a terminal is taken to have at least."""


def show_table(title: str, columns: list[str], rows: list[list[str]], width: int = WIDTH) -> None:
    """Print a table at least so wide; numbers to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(
            column,
            justify="left" if i == 0 or i == len(columns) - 1 else "right",
            no_wrap=i > 0 and i < len(columns) - 1,
        )
    for row in rows:
        table.add_row(*row)
    console = Console()
    console.width = max(console.width, width)  # a pipe has no width; a table cut at 80 columns is no use
    console.print(table)


def wrapped(text: str, indent: str) -> None:
    """Print a text in lines of the width of a table."""
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False))


def number(value: float, *, signed: bool = False) -> str:
    """A number with four digits that count, never in powers of ten."""
    if value != value:
        return "-"
    sign = "+" if signed else ""
    if abs(value) >= 1000 or value == 0:
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.{max(0, 3 - math.floor(math.log10(abs(value)))) if abs(value) > 1e-5 else 6}f}"


def show_moments(moments: Any) -> None:
    """Print the moment table: how the simulated market compares with the observed one."""
    from analysis.wording.evidence import role_title

    if not len(moments):
        print("\nNo moments: they need four weeks before horizon.policy_week.")
        return
    print()
    rows = []
    for row in moments.itertuples():
        error = f"{100 * row.error:+.1f} {'points' if row.error_kind == 'points' else '%'}"
        role = role_title(row.role).lower()
        rows.append([row.title, number(row.target), number(row.simulated), error, role, row.verdict])
    show_table("Simulated and observed moments", ["moment", "target", "simulated", "error", "role", "verdict"], rows)


def show_money(effects: Any, decomposition: Any, label: str) -> None:
    """Print the parties' money with 95% intervals, and beside an effect its direct part and platforms' response.

    Where assumptions were drawn: how the effects spread over draws instead.
    """
    from analysis.statistics import estimates as est
    from analysis.wording import behaviour

    money = est.money(effects)
    unit = money["unit"].iloc[0] if len(money) else ""
    parts: dict[str, list[str]] = {}
    if decomposition is not None and "draw_low" not in effects.columns:
        for found in behaviour.parts_of(decomposition, list(est.MONEY.values())):
            parts[found["total"].metric] = [short(found[part]) for part in ("direct", "behavioural")]
    heads = [*_heads(effects)[:-1], *(("if platforms stay put", "their response") if parts else ()), ""]
    rows = [
        [row.title, *_cells(row), *parts.get(str(row.metric), ["-", "-"] if parts else []), ""]
        for row in money.itertuples()
    ]
    show_table(f"{label}: the parties' money, {unit}, mean week under the policy", ["", *heads], rows)


def show_key_measures(effects: Any, folder: Path) -> None:
    """Print the key measures, party by party, with 95% intervals; the rest is in the files."""
    from analysis.statistics import estimates as est

    money = est.money(effects)
    key = est.measures(effects)
    key = key[key["metric"].isin(list(est.KEY_METRICS)) & key["effect"].notna()]
    rows = []
    for party in (*est.PARTIES, "market"):
        mine = key[key["party"] == party]
        rows += [[f"{row.title}, {row.unit}", *_cells(row), ""] for row in mine.itertuples()]
    print()
    has_draws = "draw_low" in effects.columns  # the interval of the mean gives way to the range of the draws
    title, heads = "Other outcomes: key measures", ["", *_heads(effects)]
    show_table(title, _narrowed(heads, has_draws), [_narrowed(row, has_draws) for row in rows])
    n, n_flows = len(est.tabled(effects)) - len(money) - len(key), len(est.flows(effects))
    if n:
        print(f"{n} more measures: {folder / 'effects.parquet'}, and the table in the report")
    if n_flows:
        print(f"{n_flows} kinds of payments between parties: in the same file, and in a figure of the report")


def _narrowed(cells: list[str], has_draws: bool) -> list[str]:
    return [*cells[:3], *cells[4:]] if has_draws else cells


def _heads(effects: Any) -> list[str]:
    spread = ["95% of draws", "same sign"] if "draw_low" in effects.columns else []
    return ["without", "effect", "95% interval", *spread, ""]


def _cells(row: Any) -> list[str]:
    cells = [number(row.baseline), number(row.effect, signed=True), _interval(row.low, row.high)]
    if hasattr(row, "draw_low"):
        cells += [_interval(row.draw_low, row.draw_high), f"{100 * row.sign_share:.0f}%"]
    return cells


def show_chance(effects: Any, about: dict[str, Any]) -> None:
    """Print how the intervals are made, what pairing gains, and how much of the uncertainty is chance."""
    from analysis.wording import chance, draws

    say(chance.method(about), chance.pairing(effects))
    if parts := draws.parts(effects):
        print()
        heads = ["", "assumptions [95%]", "chance", "sd, assumptions", "sd, chance", ""]
        title = f"Sources of uncertainty about an effect, from run to run, {parts[0].unit}"
        show_table(title, heads, [[*map(plain, row), ""] for row in draws.split_table(parts)])
        say(draws.split_sentence(parts))


def say(*sentences: str) -> None:
    """Print sentences of a report, each from the beginning of a line."""
    for words in filter(None, sentences):
        print(textwrap.fill(plain(words), WIDTH))


def show_answer(decomposition: Any, waterbed: Any) -> None:
    """Print the direct effect, the behavioural response of platforms, and how much of what is taken they win back."""
    from analysis.statistics import estimates as est
    from analysis.wording import behaviour

    print()
    heads = ["", *(plain(head).lower() for head in behaviour.HEADS.values()), ""]
    for title, metrics in (
        ("Direct effect and behavioural response of platforms: {}, mean week", list(est.MONEY.values())),
        ("Platforms' revenue, cost and profit per order: {}", behaviour.PER_ORDER),
    ):
        found = behaviour.parts_of(decomposition, metrics)
        rows = [[parts["total"].title, *(short(parts[part]) for part in behaviour.HEADS), ""] for parts in found]
        if rows:
            show_table(title.format(found[0]["total"].unit), heads, rows)
    print("\u00b1 half of the 95% interval; * the whole interval lies on one side of zero")
    shares = waterbed[waterbed["is_main"]].to_dict("records")
    say(behaviour.waterbed(shares), behaviour.waterbed_components(shares), behaviour.recovered(shares))


def show_answer_first(result: Any) -> None:
    """Print the question, and its answer in words."""
    from analysis.wording.findings import headline

    print()
    say(str(result.record["title"] or ""), str(result.record["question"] or ""), f"Answer: {headline(result)}")
    print()


VERDICTS = {"firm": "same sign*", "same": "same sign", "differ": "signs differ", "none": "no effect"}


def show_strategies(strategies: Any) -> None:
    """Print the effects on money and on the key measures under every strategy, and whether they agree."""
    from analysis.statistics import estimates as est
    from analysis.wording import conduct

    names = conduct.tried(strategies)
    heads = ["", *map(conduct.strategy_title, names), "verdict"]
    money, rest, unit = [], [], ""
    for by_strategy, verdict in conduct.rows_of(strategies):
        first = next(iter(by_strategy.values()))
        is_money = first.metric in est.MONEY.values()
        unit = first.unit if is_money else unit
        cells = [short(by_strategy[name]) if name in by_strategy else "-" for name in names]
        words = first.title if is_money else f"{first.title}, {first.unit}"
        (money if is_money else rest).append([words, *cells, VERDICTS[verdict]])
    print()
    show_table(f"Effects under each strategy of platforms: {unit}, mean week", heads, money)
    show_table("Effects under each strategy of platforms: other outcomes", heads, rest)
    print("\u00b1 half of the 95% interval; * the whole interval lies on one side of zero; same sign*: under each")


def plain(words: str) -> str:
    """A sentence of a report with the signs that every terminal has."""
    for sign, other in (("\u202f", ","), ("\u00a0", " "), ("\u2212", "-"), ("\u2019", "'")):
        words = words.replace(sign, other)
    return words


def short(e: Any, factor: float = 1.0) -> str:
    """An effect and half of its interval, in the digits that count: `+412 \u00b1 32*`."""
    from analysis.wording import numbers

    half = factor * (e.high - e.low) / 2
    effect, half = round(factor * e.effect, 9), round(half, 9)  # what rounding of sums leaves is nothing
    decimals = numbers.decimals_for(effect, spread=half)
    around = f" \u00b1 {numbers.number(half, decimals)}" if e.has_interval else ""
    return plain(f"{numbers.number(effect, decimals, signed=True)}{around}") + ("*" if e.sign and effect else " ")


def show_enforcement(frame: Any) -> None:
    """Print how rules are enforced: from inspections to fines, errors, and what is left of practices."""
    from analysis.wording import enforcement

    print()
    for of_one in (enforcement.table(frame), enforcement.practice_table(frame)):
        rows = [[plain(row[0]), *map(plain, row[-2:])] for row in of_one["rows"]]
        if rows:
            heads = [of_one["heads"][0].lower(), *(head.lower() for head in of_one["heads"][-2:])]
            show_table(enforcement.TOPIC if "Unit" in of_one["heads"] else "Practices", heads, rows)
    found = enforcement.rows_of(frame)
    say(
        *(
            sentence(words)
            for words in (enforcement.lead(found), enforcement.errors(found), enforcement.given_up(found))
            if words
        )
    )


def show_distribution(frame: Any) -> None:
    """Print who gains and who loses within each party."""
    from analysis.wording.groups import TABLE_HEADS, table_rows

    rows = table_rows(frame)
    if rows:
        print()
        show_table("Within each party", ["", *TABLE_HEADS[1:], ""], [[*row, ""] for row in rows])


def _interval(low: float, high: float) -> str:
    return f"[{number(low, signed=True)}, {number(high, signed=True)}]"


def show_sensitivity(
    sensitivity: Any, meanings: dict[str, str], n_draws: int, n_failed: int, metric: str = "welfare_total", n: int = 5
) -> None:
    """Print on which assumptions the effect on a metric depends most, and which correlations are significant."""
    from sim.metrics.registry import REGISTRY

    print(f"\n{n_draws} draws of the assumptions; {n_failed} failed and are left out (record.json says why).")
    found = sensitivity[sensitivity["metric"] == metric]
    if not len(found):
        print("Too few draws to test which assumptions matter.")
        return
    largest = found.loc[found["correlation"].abs().sort_values(ascending=False, kind="stable").index[:n]]
    rows = [
        [
            f"{row.assumption}: {meanings.get(row.assumption, '')} ({row.parameter})",
            f"{row.correlation:+.2f}",
            "not significant" if row.p_value > 0.05 / len(found) else "",
        ]
        for row in largest.itertuples()
    ]
    whose, n_whole = REGISTRY[metric].title.lower(), found["n_draws"].max()
    title = f"Assumptions on which the effect on {whose} depends most (rank correlation over {n_whole} draws)"
    show_table(title, ["assumption", "correlation", ""], rows)
