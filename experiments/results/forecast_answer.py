"""A preview from question to result: computed, printed, kept, and compared with the last run of agents."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.statistics import estimates as est
from analysis.wording import behaviour
from analysis.wording.numbers import uncapital
from experiments.request import labels, refusals
from experiments.request.request import Request
from experiments.results import forecast, forecast_gaps, records, stopping
from experiments.storage import checksums, places, run_store, writing
from experiments.terminal.tables import WIDTH, number, plain, show_table
from sim.forecast import long_run
from sim.forecast.long_run import Forecast

PARTS = {
    "total": "effect",
    "direct": behaviour.HEADS["direct"].lower(),
    "behavioural": behaviour.HEADS["behavioural"].lower(),
}
FEE = "platform_fee_per_order"
CAVEATS = (
    "A forecast of the mean-field model, without agents and without chance: the long run, in a steady state with every "
    "rule fully in force. Nobody opens or closes a business in it.",
    "Total welfare is the sum of the five parties: the mean-field model leaves out what owners spend to open "
    "businesses, rules on taxes and grants, and platforms that fail.",
)
UNKNOWN = "These rules have not been compared with agents in this sector yet: the error of this forecast is unknown."


@dataclass(frozen=True)
class Preview:
    """A forecast of the mean-field model, and where it is kept."""

    folder: Path
    frame: Any
    """A row a metric: baseline, policy, effect and its parts."""
    found: Forecast
    is_corrected: bool
    gaps: forecast_gaps.Gaps | None
    """How far agents were from the forecast the last time these rules were compared."""


def preview(request: Request, started: datetime) -> Preview:
    """Forecast a comparison by the mean-field model, and keep it; raises `RefusedScenario`."""
    refusals.refuse_snapshots(request, "compare")
    stopping.refuse_conflicts(request)
    forecast.refuse_conflicts(request)
    scenario = request.scenarios[0]
    forecast.choose_kernels(request.asking.runner, scenario)
    found = long_run.forecast(scenario)
    frame, bias = forecast.table(found, scenario), forecast_gaps.level_bias(scenario.sector.name)
    frame["corrected"] = [row.effect * bias.get(row.metric, 1.0) for row in frame.itertuples()]
    gaps = forecast_gaps.last(request)
    folder = _keep(request, started, found, frame, bool(bias))
    return Preview(folder, frame, found, bool(bias), gaps)


def show_preview(one: Preview, request: Request) -> None:
    """Print a preview, where it is, and how to ask agents the same."""
    show(one.frame, one.found, labels.labels(request)[0], is_corrected=one.is_corrected)
    show_gaps(one.gaps, "Agents in the last comparison, against its mean-field model")
    print(f"\nResult: {one.folder}\nNext: {forecast.command(request)}  (the same, with agents)")


def _keep(request: Request, started: datetime, found: Forecast, frame: Any, is_corrected: bool) -> Path:
    digest = run_store.run_name(request.scenarios[0])
    folder = places.result_folder("preview", request.asking.name or labels.default_name(request), digest)
    checksums.begin(folder)
    writing.write_table(folder / "preview.parquet", frame)
    writing.write_config(folder, request)
    more = {
        "n_replicates": 0,
        "seeds": [],
        "caveats": list(CAVEATS),
        "is_answered": found.is_answered,
        "has_converged": found.has_converged,
        "n_reviews": found.n_reviews,
        "is_corrected": is_corrected,
        "seconds_by_part": found.seconds,
    }
    writing.write_json(folder / "record.json", records.record("compare", request, digest, started, **more))
    checksums.finish(folder, ["preview.parquet", "config.yaml", "record.json"])
    return folder


def show(frame: Any, found: Forecast, label: str, *, is_corrected: bool) -> None:
    """Print the parties' money and the key measures, with the direct effect of the rule and the behavioural effect."""
    parts = list(PARTS) if found.is_answered else ["total"]
    columns = ["effect" if part == "total" else part for part in parts] + (["corrected"] if is_corrected else [])
    heads = ["", "without", *(plain(PARTS[part]) for part in parts), *(["corrected"] if is_corrected else []), ""]
    rows = frame.set_index("metric", drop=False)
    money = [name for name in est.MONEY.values() if name in rows.index]
    key = [name for name in (*est.KEY_METRICS, FEE) if name in rows.index]
    unit = rows.loc[money[0], "unit"]
    title = f"{label}, mean-field model: money, {unit}"
    show_table(title, heads, [_row(rows.loc[name], columns, rows.loc[name, "title"]) for name in money])
    print()
    named = [(rows.loc[name], f"{rows.loc[name, 'title']}, {rows.loc[name, 'unit']}") for name in key]
    kept = [_row(row, columns, words) for row, words in named if row["baseline"] or row["policy"]]
    show_table("Besides money: the key measures", heads, kept)
    if not found.has_converged:
        print(f"Platforms' response had not converged after {found.n_reviews} reviews; the last values are shown.")
    if is_corrected:
        print("corrected: effect x (level of agents / level of the mean-field model), as last measured (docs/reports)")
    print(textwrap.fill(CAVEATS[0], WIDTH))
    print(textwrap.fill(CAVEATS[1], WIDTH))


def _row(row: Any, columns: list[str], words: str) -> list[str]:
    return [words, number(row["baseline"]), *(number(_rid(row[c]), signed=True) for c in columns), ""]


def _rid(value: float) -> float:
    """Zero for what rounding of sums leaves."""
    return round(value, 9) + 0.0


def show_beside_agents(gaps: forecast_gaps.Gaps | None) -> None:
    """Print how far agents' effects are from the forecast in a comparison, and what total welfare holds in both."""
    show_gaps(gaps, "Agents against the long run of the mean-field model")
    if gaps is not None and not gaps.problem:
        print(_filled(f"Forecast: {uncapital(CAVEATS[1])}"))


def show_gaps(gaps: forecast_gaps.Gaps | None, title: str) -> None:
    """Print how far agents' effects were from those of the mean-field model, or that this is unknown."""
    print()
    if gaps is None:
        print(UNKNOWN)
        return
    if gaps.problem:
        print(_filled(f"The mean-field model has no forecast to compare with: {' '.join(gaps.problem.split())}"))
        return
    rows = [
        [
            f"{row['title']}, {row['unit']}",
            number(row["mean_field"], signed=True),
            number(row["agents"], signed=True),
            f"[{number(row['low'], signed=True)}, {number(row['high'], signed=True)}]",
            forecast_gaps.verdict(row),
            "",
        ]
        for row in forecast_gaps.headlines(gaps.rows)
        if row["mean_field"] or row["agents"]
    ]
    show_table(title, ["", "mean field", "agents", "95% interval", "agents / mean field", ""], rows)
    where = "agents' effect is statistically distinguishable from zero and has the sign of the forecast"
    print(_filled(f"x: ratio, where {where}; else the difference. From: {gaps.command}"))


def _filled(words: str) -> str:
    """Lines that fit; words of a command stay whole."""
    return textwrap.fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)
