"""Precision in words: how intervals are made, what pairing gains, and how many replicates would do."""

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
    "Replicates were added until the intervals were narrow enough. Such intervals contain the true value a little less "
    "often than 95%: t-intervals in 93 to 95 of 100 cases with 8 replicates to start with, in 92 with 4."
)
ENOUGH = 40
"""Replicates from which on bootstrap intervals are about as wide as they should be."""
NARROW = (
    "With so few replicates they are too narrow: for normal differences they contain the mean in 87 of 100 cases "
    "with 8, in 93 with 32."
)
OF_A_SHARE = " A precision stated as a share of the effect is reached sooner where the effect is large by chance."
NEVER = f"not even {number(MOST / 1_000_000, 0)} million replicates would do"
FEWEST_PAIRS = 8
"""Replicates below which it is not said what pairing gains."""
LOSES = "Below 1 pairing does not help: chance that the two runs share makes their difference no smaller."


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
    """How many times the replicates independent runs would need, by the title of the parties' money.

    None below `FEWEST_PAIRS`: a ratio of two variances over so few replicates can be anything.
    """
    rows = est.money(effects)
    rows = rows[rows["n_replicates"] >= FEWEST_PAIRS]
    by_title = zip(rows["title"], rows["pairing_gain"], strict=True)
    return {str(title): float(gain) for title, gain in by_title if math.isfinite(gain)}


def pairing(effects: Frame) -> str:
    """What common random numbers gain for the parties' money; empty where no spread is known."""
    text = [
        f"{number(gain, 0 if gain >= 10 else 1)} times {'as many replicates ' if not i else ''}for {uncapital(title)}"
        for i, (title, gain) in enumerate(gains(effects).items())
    ]
    shared = "random draws and assumptions" if "draw_low" in effects.columns else "random draws"
    lead = f"The runs with and without the policy share their {shared}; for the same precision, independent runs"
    below = f" {LOSES}" if any(gain < 1.0 for gain in gains(effects).values()) else ""
    return f"{lead} would need {listed(text)}.{below}" if text else ""


def more(effects: Frame) -> str:
    """How many replicates would halve the widest interval of the parties' money; empty where there is none."""
    rows = [row for row in est.money(effects).to_dict("records") if _half(row) > 0.0]
    if not rows:
        return ""
    row = max(rows, key=_half)
    half, n = _half(row), int(row["n_replicates"])
    narrow = half_width(row["paired_sd"], n) / 2  # by t, as it would be calculated beforehand
    needed = replicates_needed(row["paired_sd"], narrow)
    has_draws = "draw_low" in effects.columns
    what, word = ("interval of a mean over draws", "draw") if has_draws else ("interval", "replicate")
    how = f"replicates={needed:.0f}"
    if not has_draws:
        how += f", or 'precision={{{row['metric']}: {float(f'{half / 2:.2g}'):g}}}'"
    return (
        f"Among the effects on the parties’ money, the widest {what} is that of {uncapital(str(row['title']))}, "
        f"±{number(half, decimals_for(half, spread=half))} with {counted(n, word)}; halving it takes about "
        f"{number(needed, 0)} {word}s ({how})."
    )


def _half(row: Mapping[str, Any]) -> float:
    half = (float(row["high"]) - float(row["low"])) / 2
    return half if math.isfinite(half) else 0.0


def sequential(record: Mapping[str, Any]) -> str:
    """How stopping at a requested precision affects the intervals; empty where none was requested."""
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
        f"{counted(n, 'replicate')}: {uncapital(row['title'])} ±{_digits(row['half'])}, requested "
        f"±{_digits(row['wanted'])} ({takes}): on to {following}."
    )


def reached(record: Mapping[str, Any]) -> list[str]:
    """Whether the requested precision was reached, and for each effect how near it; empty where none was requested."""
    text = record.get("precision")
    if not text:
        return []
    rows, n = text["effects"], counted(int(text["n_replicates"]), "replicate")
    open_ones = [row for row in rows if not row["is_reached"]]
    if not open_ones:
        lead = f"The requested precision is reached with {n}."
    else:
        capped = f", the most allowed (most_replicates={text['most_replicates']})"
        most = capped if int(text["n_replicates"]) >= int(text["most_replicates"]) else ""
        titles = listed([uncapital(str(row["title"])) for row in open_ones])
        lead = f"The requested precision is not reached for {titles} with {n}{most}."
    return [lead, *map(_reached, rows)]


def _reached(row: Mapping[str, Any]) -> str:
    title = str(row["title"])
    if row["half"] is None:
        return f"{title}: it has no value in this market."
    numbers = f"{title}: ±{_digits(row['half'])}, requested ±{_digits(row['wanted'])}"
    if row["is_reached"]:
        return f"{numbers}."
    if row["n_needed"] is None:
        return f"{numbers}; {NEVER}."
    return f"{numbers}; about {number(row['n_needed'], 0)} replicates would do."


def _digits(value: float) -> str:
    return number(value)  # three digits: two would call what just misses reached
