"""How does the effect of a policy change over a grid of values, or over points that a design picks?

    platform-lab sweep policy=commission_cap policy.commission_cap.ceiling=0.12,0.10,0.08 population=town
    platform-lab sweep experiment=commission_cap_heights
    platform-lab sweep policy=commission_cap 'policy.commission_cap.ceiling=range(0.05,0.12,0.01)'
    platform-lab sweep 'policy=[commission_cap],[minimum_pay],[commission_cap,minimum_pay]' population=town

Every key with several values is an axis of the grid, and so are several policies; an experiment file names its axes
under `levers` and `uncertainties`. Each point is compared, paired by replicate, with the same market without the
policy. A sweep that was interrupted continues where it stopped.
Writes effects.parquet (one row per point and metric), trajectories.parquet, moments.parquet, config.yaml, record.json
and report.html under outputs/sweep/. Where platforms respond to rules, decomposition.parquet splits every effect into
the direct effect of the rule and the behavioural effect of the response, and waterbed.parquet says how much of what the
rule takes platforms win back; with uncertainty=strategies, strategies.parquet holds the effects under every strategy.
"""

from __future__ import annotations

from pathlib import Path

from analysis.statistics.effects import METHODS
from experiments.request import build, refusals, suggestions
from experiments.request.request import Request
from experiments.results import answering
from experiments.storage.results import load_result
from experiments.terminal.sweep_tables import CORRECTED, moments_in_short, show_points, won_back
from experiments.terminal.tables import say, show_answer_first


def ask(overrides: list[str], extra: Path | None = None) -> Request:
    """What is swept; raises `RefusedScenario` for what cannot be."""
    request = build.ask(overrides, extra)
    refusals.refuse_preview(request, "sweep")
    return request


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run the grid, print, keep, report."""
    started = answering.now()
    request = ask(overrides, extra)
    if request.asking.runner.shard is not None:
        answering.do_shard("sweep", request)
        return
    found = answering.answer("sweep", request, started)
    folder = found.folder
    if found.n_draws:
        print(f"{found.n_failed_draws} of {found.n_draws} draws failed and are left out (record.json says why).")
    show_answer_first(load_result(folder))
    show_points(found.effects, found.outcomes, folder)
    say(f"Intervals: {METHODS[request.asking.intervals]}. {CORRECTED}")
    if found.waterbed is not None:
        say(won_back(found.waterbed))
    say(moments_in_short(found.moments))
    print(f"\nResult: {folder}\nReport: {folder / 'report.html'}\nNext: {suggestions.one_point(request)}")
