"""What does this policy do against none, paired replicate by replicate?

    platform-lab compare policy=commission_cap population=town
    platform-lab compare 'policy=[commission_cap]' policy.commission_cap.ceiling=0.06 replicates=16 seed=100
    platform-lab compare policy=commission_cap population=town uncertainty=assumptions
    platform-lab compare policy=commission_cap population=town uncertainty=strategies
    platform-lab compare policy=commission_cap population=town 'precision={consumer_surplus: 40}'
    platform-lab compare preview=true policy=commission_cap platforms=gradient

Every replicate is run twice with the same draws, with the policy and without; effects are differences within pairs,
averaged over the weeks under the policy, with 95% intervals over replicates. Where platforms answer rules (any
strategy but fixed), it is run a third time, with the policy and platforms that do as they would without it: that part
of an effect is the rule's own, the rest is what the answer adds (decomposition.parquet), and waterbed.parquet says how
much of the revenue that the rule takes from an order platforms win back. Leaves effects.parquet,
trajectories.parquet, distribution.parquet (who gains and loses within each party), moments.parquet, config.yaml,
record.json and report.html under outputs/compare/. Where rules ask something of platforms, it says how far the law
reaches, from looks to fines, and leaves enforcement.parquet.

With uncertainty=assumptions every replicate (32 unless you say how many) also draws the assumptions of the market from
their ranges, so that the spread of effects holds what we do not know besides chance: the table adds the range of 95%
of the draws and how many have the same sign, and says which assumptions the effect follows most. Each draw is run with
uncertainty.seeds_per_draw seeds (2), so that chance can be told from assumptions. Values you name are not drawn;
'uncertainty.assumptions=[price_speed]' draws only that one. Leaves draws.parquet and sensitivity_of_effects.parquet.

With uncertainty=strategies the policy is run under every strategy of platforms with the same luck, or under those that
'uncertainty.strategies=[fixed, gradient]' names; the headline is under the one that platforms=... chooses. The table
says for every measure whether the strategies agree. Leaves strategies.parquet too.

With precision='{consumer_surplus: 5}' it goes on until the 95% interval of that effect reaches no further than 5 to
either side, in the metric's unit; with precision=0.05, until those of the parties' money reach no further than a
twentieth of their effects. It starts with `replicates`, at most doubles them at a time, ends with most_replicates (256
unless you say how many), and says what was reached. With intervals=bootstrap the intervals of effects are BCa bootstrap
intervals; else they are Student's t. docs/inference.md says what either is worth.

With preview=true no agent is asked: the market of averages answers within seconds what the policy does in the long
run, by itself and with platforms' answer, and says how far agents were from such an answer the last time they were
asked about these rules. Leaves preview.parquet and record.json under outputs/preview/. Every comparison by agents
keeps what its preview expects (agents_against_averages.json).
"""

from __future__ import annotations

from pathlib import Path

from analysis.wording import chance
from experiments.request import build, labels, refusals
from experiments.results import answering, forecast_gaps
from experiments.results.forecast_answer import preview, show_gaps
from experiments.terminal import sections
from experiments.terminal.tables import (
    say,
    show_chance,
    show_effects,
)


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run pairs, print, keep, report."""
    started = answering.now()
    request = build.ask(overrides, extra)
    refusals.refuse_sweep(request, "compare")
    if request.asking.preview:
        preview(request, started)
        return
    if request.asking.runner.shard is not None:
        answering.do_shard("compare", request)
        return
    found = answering.answer("compare", request, started)
    show_effects(found.effects, labels.labels(request)[0], found.folder)
    n, method = int(found.effects["n_replicates"].max()), request.asking.intervals
    show_chance(found.effects, {"n_replicates": n, "intervals": {"method": method}})
    sections.show(found.table, found.record)
    show_gaps(forecast_gaps.keep(found.folder, found.effects, request), "Agents against averages in the long run")
    print()
    say(*(chance.reached({"precision": found.precision}) or [chance.more(found.effects)]))
    print(
        f"\nResult: {found.folder}\nReport: {found.folder / 'report.html'}\n"
        "Next: platform-lab sweep with several values of a parameter, key=a,b,c"
    )
