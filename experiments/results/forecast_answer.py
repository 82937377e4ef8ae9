"""A preview from question to result: computed, printed, kept, and held against the agents of last time."""

from __future__ import annotations

import textwrap
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.statistics import estimates as est
from analysis.wording import behaviour
from experiments.request import labels, refusals
from experiments.request.request import Request
from experiments.results import forecast, forecast_gaps, records, stopping
from experiments.storage import places, run_store, writing
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
    "A forecast by averages, without agents and without chance: the long run, when everything has come to rest and "
    "every rule is fully in force. Nobody opens or closes a business in it.",
    "All parties together leaves out what owners spend to open businesses, and tax inside merchants' fixed costs. What "
    "rules on taxes and grants do, and platforms that fail, averages do not know.",
)
UNKNOWN = "Agents were never asked about these rules in this sector: there is no telling yet how far off this is."


def preview(request: Request, started: datetime) -> None:
    """Answer a comparison from the market of averages; print and keep it."""
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
    show(frame, found, labels.labels(request)[0], is_corrected=bool(bias))
    show_gaps(gaps, "Agents last time, against the averages of the same question")
    print(f"\nResult: {folder}\nNext: {forecast.command(request)}  (the same, with agents)")


def _keep(request: Request, started: datetime, found: Forecast, frame: Any, is_corrected: bool) -> Path:
    digest = run_store.run_name(request.scenarios[0])
    folder = places.result_folder("preview", request.asking.name or labels.default_name(request), digest)
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
    return folder


def show(frame: Any, found: Forecast, label: str, *, is_corrected: bool) -> None:
    """Print the parties' money and the key measures, with the rule's own part and that of platforms' answer."""
    parts = list(PARTS) if found.is_answered else ["total"]
    columns = ["effect" if part == "total" else part for part in parts] + (["corrected"] if is_corrected else [])
    heads = ["", "without", *(plain(PARTS[part]) for part in parts), *(["corrected"] if is_corrected else []), ""]
    rows = frame.set_index("metric", drop=False)
    money = [name for name in est.MONEY.values() if name in rows.index]
    key = [name for name in (*est.KEY_METRICS, FEE) if name in rows.index]
    unit = rows.loc[money[0], "unit"]
    title = f"{label}, by averages: money, {unit}"
    show_table(title, heads, [_row(rows.loc[name], columns, rows.loc[name, "title"]) for name in money])
    print()
    named = [(rows.loc[name], f"{rows.loc[name, 'title']}, {rows.loc[name, 'unit']}") for name in key]
    kept = [_row(row, columns, words) for row, words in named if row["baseline"] or row["policy"]]
    show_table("Besides money: the key measures", heads, kept)
    if not found.has_converged:
        print(f"Platforms' answer had not come to rest after {found.n_reviews} reviews: it is where it was then.")
    if is_corrected:
        print("corrected: effect x level of agents over level of averages, as last measured (docs/reports)")
    print(textwrap.fill(CAVEATS[0], WIDTH))


def _row(row: Any, columns: list[str], words: str) -> list[str]:
    return [words, number(row["baseline"]), *(number(_rid(row[c]), signed=True) for c in columns), ""]


def _rid(value: float) -> float:
    """What rounding of sums leaves is nothing."""
    return round(value, 9) + 0.0


def show_gaps(gaps: forecast_gaps.Gaps | None, title: str) -> None:
    """Print how far agents' effects were from those of averages, headline by headline, or that nobody knows."""
    print()
    if gaps is None:
        print(UNKNOWN)
        return
    if gaps.problem:
        print(_filled(f"Averages have no answer to compare with: {' '.join(gaps.problem.split())}"))
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
    show_table(title, ["", "averages", "agents", "95% interval", "agents / averages", ""], rows)
    print(_filled(f"x: ratio, where agents' effect can be told from zero; else the difference. From: {gaps.command}"))


def _filled(words: str) -> str:
    """Lines that fit; words of a command stay whole."""
    return textwrap.fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)
