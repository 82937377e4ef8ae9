"""What does this policy do against none, paired replicate by replicate?

    platform-lab compare policy=commission_cap population=town
    platform-lab compare 'policy=[commission_cap]' policy.commission_cap.ceiling=0.06 replicates=16 seed=100
    platform-lab compare policy=commission_cap population=town uncertainty=assumptions
    platform-lab compare policy=commission_cap population=town uncertainty=strategies
    platform-lab compare policy=commission_cap population=town 'precision={consumer_surplus: 40}'
    platform-lab compare preview=true policy=commission_cap platforms=gradient

Every replicate is run twice with the same random draws, with the policy and without; effects are differences within
pairs, averaged over the weeks under the policy, with 95% intervals over replicates. Where platforms respond to rules
(any strategy but fixed), every replicate is run a third time, with the policy and with the conduct of platforms fixed
at what it would be without it. This splits every effect into the direct effect of the rule and the behavioural effect
of platforms' response (decomposition.parquet); waterbed.parquet says how much of the revenue that the rule takes from
an order platforms win back. Writes effects.parquet, trajectories.parquet, distribution.parquet (who gains and loses
within each party), moments.parquet, config.yaml, record.json and report.html under outputs/compare/. Where rules ask
something of platforms, it reports their enforcement, from inspections to fines, and writes enforcement.parquet.

With uncertainty=assumptions every replicate (32 unless you say how many) also draws the assumptions of the market from
their ranges, so that the spread of effects reflects uncertain assumptions as well as chance: the table adds the range
of 95% of the draws and how many have the same sign, and says to which assumptions the effect is most sensitive. Each
draw is run with uncertainty.seeds_per_draw seeds (2), which separates chance from assumptions. Values you name are not
drawn; 'uncertainty.assumptions=[price_speed]' draws only that one. Also writes draws.parquet and
sensitivity_of_effects.parquet.

With uncertainty=strategies the policy is run under every strategy of platforms with the same random draws, or under
those that 'uncertainty.strategies=[fixed, gradient]' names; the headline is under the one that platforms=... chooses.
The table says for every measure whether the strategies agree. Also writes strategies.parquet.

With precision='{consumer_surplus: 5}' replicates are added until the 95% interval of that effect has a half-width of at
most 5, in the metric's unit; with precision=0.05, until the half-widths of the effects on the parties' money are at
most a twentieth of these effects. It starts with `replicates`, at most doubles them at a time, ends with
most_replicates (256 unless you say how many), and reports the precision reached. With intervals=bootstrap the intervals
of effects are BCa bootstrap intervals; else they are Student's t. docs/inference.md compares them.

With --brief only the answer and the parties' money are printed; every table is in the report.

With preview=true no agents are simulated: the mean-field model forecasts within seconds the long-run effects of the
policy, direct and with platforms' response, and reports how far the agents' effects were from such a forecast the last
time these rules were compared. Writes preview.parquet and record.json under outputs/preview/. Every comparison with
agents also stores its forecast (agents_against_mean_field.json).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from analysis.statistics.effects import METHODS
from analysis.wording import behaviour, chance, enforcement
from analysis.wording.findings import FAMILY
from experiments.request import build, labels, refusals, suggestions
from experiments.request.request import Request
from experiments.results import answering, forecast_gaps
from experiments.results.forecast_answer import preview, show_beside_agents, show_preview
from experiments.results.forecast_gaps import Gaps
from experiments.results.keeping import Answer
from experiments.storage.results import load_result
from experiments.terminal import meanwhile, sections
from experiments.terminal.tables import say, show_answer_first, show_chance, show_key_measures, show_money

BRIEF = "--brief"
FLAGS = {BRIEF: BRIEF}


def ask(overrides: list[str], extra: Path | None = None) -> Request:
    """What is compared; raises `RefusedScenario` for what cannot be."""
    request = build.ask(overrides, extra)
    refusals.refuse_sweep(request, "compare")
    return request


def compute(request: Request, started: datetime, say: Callable[[str], None] = print) -> tuple[Answer, Gaps]:
    """Run pairs and keep what they say, and how far it is from what the preview expects."""
    answer = answering.answer("compare", request, started, say)
    return answer, forecast_gaps.keep(answer.folder, answer.effects, request)


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run pairs, print, keep, report."""
    started = answering.now()
    request = ask([word for word in overrides if word != BRIEF], extra)
    if request.asking.preview:
        meanwhile.notes(request.notes)
        show_preview(preview(request, started), request)
    elif request.asking.runner.shard is not None:
        answering.do_shard("compare", request)
    else:
        _show(request, *compute(request, started), is_brief=BRIEF in overrides)


def _show(request: Request, found: Answer, gaps: Gaps, *, is_brief: bool) -> None:
    show_answer_first(load_result(found.folder))
    label = f"{labels.labels(request)[0]}, {behaviour.how_platforms_act(request.scenarios[0].platforms.strategy)}"
    show_money(found.effects, found.decomposition, label)
    say(FAMILY)
    if found.enforcement is not None:
        say(enforcement.incomplete(found.enforcement))
    if is_brief:
        say("Intervals: " + METHODS[request.asking.intervals] + ". All other tables are in the report.")
        _show_end(request, found)
        return
    show_key_measures(found.effects, found.folder)
    n, method = int(found.effects["n_replicates"].max()), request.asking.intervals
    show_chance(found.effects, {"n_replicates": n, "intervals": {"method": method}})
    sections.show(found.table, found.record)
    show_beside_agents(gaps)
    print()
    say(*(chance.reached({"precision": found.precision}) or [chance.more(found.effects)]))
    _show_end(request, found)


def _show_end(request: Request, found: Answer) -> None:
    report, following = found.folder / "report.html", suggestions.other_values(request)
    print(f"\nResult: {found.folder}\nReport: {report}\nNext: {following}")
