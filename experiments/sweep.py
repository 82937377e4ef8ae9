"""How does the effect of a policy change over a grid of values?

    platform-lab sweep policy=commission_cap policy.commission_cap.ceiling=0.12,0.10,0.08 population=town
    platform-lab sweep experiment=commission_cap_heights
    platform-lab sweep policy=commission_cap 'policy.commission_cap.ceiling=range(0.05,0.12,0.01)'

Every key with several values is an axis of the grid; an experiment file names its axes under `sweep`. Each point is
compared, paired by replicate, with the same market without the policy. A stopped sweep goes on where it stopped.
Leaves effects.parquet (one row a point and metric), trajectories.parquet, moments.parquet, config.yaml, record.json
and report.html under outputs/sweep/.
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments import _build, _effects
from experiments._tables import show_moments, show_table

HEADLINE = (
    "consumer_surplus",
    "merchant_profit",
    "worker_surplus",
    "platform_profit",
    "state_net",
    "welfare_total",
)


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run the grid, print, keep, report."""
    started = _effects.now()
    request = _build.ask(overrides, extra)
    folder, effects, moments = _effects.answer("sweep", request, started)
    show_moments(moments)
    headline = effects[effects["metric"].isin(HEADLINE)]
    print()
    for title, unit, rows in _by_metric(headline):
        show_table(f"{title}, {unit}", ["", "effect", "95% interval"], rows)
        print()
    print(
        f"Result: {folder}\nReport: {folder / 'report.html'}\n"
        "Next: open the report in a browser, or platform-lab compare one point of the grid"
    )


def _by_metric(effects):
    for metric in HEADLINE:
        mine = effects[effects["metric"] == metric]
        rows = [[row.label, f"{row.effect:+,.1f}", f"[{row.low:+,.1f}, {row.high:+,.1f}]"] for row in mine.itertuples()]
        yield mine["title"].iloc[0], mine["unit"].iloc[0], rows


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["sweep", *sys.argv[1:]])
