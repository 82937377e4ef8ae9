"""What replicates say of themselves: how intervals are made, what pairing is worth, how many would do, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.effects import METHODS
from analysis.statistics.precision import MOST, half_width, replicates_needed
from analysis.wording.numbers import counted, decimals_for, listed, number, uncapital

SEQUENTIAL = (
    "Replicates were added until the intervals were narrow enough. Such intervals hold the truth a little less often "
    "than they say: those by t in 93 to 95 of 100 cases with 8 replicates to start with, in 92 with 4."
)
ENOUGH = 40
"""Replicates from which on bootstrap intervals are about as wide as they should be."""
NARROW = (
    "With so few replicates they are too narrow: of normal differences they hold the mean in 87 of 100 cases with 8, "
    "in 93 with 32."
)
OF_A_SHARE = " A share of the effect is reached sooner where the effect comes out large by luck."
NEVER = f"not even {number(MOST / 1_000_000, 0)} million replicates would do"


def method(record: Mapping[str, Any]) -> str:
    """How the intervals of effects are made."""
    if _method(record) == "t":
        return f"Intervals of effects: {METHODS['t']}."
    few = f" {NARROW}" if 1 < int(record.get("n_replicates") or 0) < ENOUGH else ""
    rest = "those of weeks, groups and moments are t-intervals"
    return f"Intervals of effects: {METHODS['bootstrap']}; {rest}.{few}"


def kind(record: Mapping[str, Any]) -> str:
    """What an interval is called inside a sentence: `95% interval`, `95% bootstrap interval`."""
    return "95% interval" if _method(record) == "t" else "95% bootstrap interval"


def _method(record: Mapping[str, Any]) -> str:
    return str((record.get("intervals") or {}).get("method") or "t")


def gains(effects: Frame) -> dict[str, float]:
    """What pairing is worth in replicates, by the title of the parties' money, of one scenario."""
    rows = est.money(effects)
    found = zip(rows["title"], rows["pairing_gain"], strict=True)
    return {str(title): float(gain) for title, gain in found if math.isfinite(gain)}


def pairing(effects: Frame) -> str:
    """What the same luck on both sides is worth for the parties' money; empty where no spread is known."""
    text = [
        f"{number(gain, 0 if gain >= 10 else 1)} {'times the replicates ' if not i else ''}for {uncapital(title)}"
        for i, (title, gain) in enumerate(gains(effects).items())
    ]
    shared = "luck and assumptions" if "draw_low" in effects.columns else "luck"
    return f"The same {shared} on both sides {_is(shared)} worth {listed(text)}." if text else ""


def _is(shared: str) -> str:
    return "are" if " and " in shared else "is"


def more(effects: Frame) -> str:
    """What it takes to halve the widest interval of the parties' money; empty where there is none."""
    rows = [row for row in est.money(effects).to_dict("records") if _half(row) > 0.0]
    if not rows:
        return ""
    row = max(rows, key=_half)
    half, n = _half(row), int(row["n_replicates"])
    narrow = half_width(row["paired_sd"], n) / 2  # by t, as it would be reckoned beforehand
    needed = replicates_needed(row["paired_sd"], narrow)
    has_draws = "draw_low" in effects.columns
    what, word = ("interval of a mean over draws", "draw") if has_draws else ("interval", "replicate")
    how = f"replicates={needed:.0f}"
    if not has_draws:
        how += f", or 'precision={{{row['metric']}: {float(f'{half / 2:.2g}'):g}}}'"
    return (
        f"The widest {what} among the parties’ money is that of {uncapital(str(row['title']))}, "
        f"±{number(half, decimals_for(half, spread=half))} with {counted(n, word)}; half of that takes about "
        f"{number(needed, 0)} ({how})."
    )


def _half(row: Mapping[str, Any]) -> float:
    half = (float(row["high"]) - float(row["low"])) / 2
    return half if math.isfinite(half) else 0.0


def sequential(record: Mapping[str, Any]) -> str:
    """What stopping at the precision wanted does to the intervals; empty where none was wanted."""
    text = record.get("precision")
    return SEQUENTIAL + (OF_A_SHARE if text.get("share") else "") if text else ""


def going_on(rows: Sequence[Mapping[str, Any]], n: int, following: int) -> str:
    """Where replicates stand while more are run; `rows` as the record has them."""
    waiting = [row for row in rows if not row["is_reached"] and row["half"] is not None]
    if not waiting:
        return f"{counted(n, 'replicate')}: no interval yet, on to {following}."
    row = max(waiting, key=lambda row: math.inf if row["n_needed"] is None else row["n_needed"])
    takes = NEVER if row["n_needed"] is None else f"about {number(row['n_needed'], 0)} would do"
    return (
        f"{counted(n, 'replicate')}: {uncapital(row['title'])} ±{_digits(row['half'])}, wanted "
        f"±{_digits(row['wanted'])} ({takes}): on to {following}."
    )


def reached(record: Mapping[str, Any]) -> list[str]:
    """Whether the precision wanted was reached, and effect by effect how near it; empty where none was wanted."""
    text = record.get("precision")
    if not text:
        return []
    rows, n = text["effects"], counted(int(text["n_replicates"]), "replicate")
    open_ones = [row for row in rows if not row["is_reached"]]
    if not open_ones:
        lead = f"The precision wanted is reached with {n}."
    else:
        capped = f", the most allowed (most_replicates={text['most_replicates']})"
        most = capped if int(text["n_replicates"]) >= int(text["most_replicates"]) else ""
        titles = listed([uncapital(str(row["title"])) for row in open_ones])
        lead = f"The precision wanted is not reached for {titles} with {n}{most}."
    return [lead, *map(_reached, rows)]


def _reached(row: Mapping[str, Any]) -> str:
    title = str(row["title"])
    if row["half"] is None:
        return f"{title}: it has no value in this market."
    numbers = f"{title}: ±{_digits(row['half'])}, wanted ±{_digits(row['wanted'])}"
    if row["is_reached"]:
        return f"{numbers}."
    if row["n_needed"] is None:
        return f"{numbers}; {NEVER}."
    return f"{numbers}; about {number(row['n_needed'], 0)} replicates would do."


def _digits(value: float) -> str:
    return number(value)  # three digits: two would call what just misses reached
